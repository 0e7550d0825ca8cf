//! All diesel of erasing what somebody wrote of an incident.

use diesel::prelude::*;

use crate::incidents::model::Which;
use crate::journal::ERASED;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{incident_instants, majors};

/// Puts what stands for an erased text in the place of some of an incident's: its reason for being
/// major, or the note of an instant, by the name the journal knows it by.
pub fn erase_written(conn: &mut Db, record: Id<Record>, field: &str) -> Result<()> {
    if field == "major_reason" {
        let reason = majors::table.find(record).filter(majors::reason.ne(""));
        diesel::update(reason)
            .set(majors::reason.eq(ERASED))
            .execute(conn)?;
    }
    for which in Which::ALL {
        if which.names().note == field {
            let note = incident_instants::table
                .find((record, *which))
                .filter(incident_instants::note.ne(""));
            diesel::update(note)
                .set(incident_instants::note.eq(ERASED))
                .execute(conn)?;
        }
    }
    Ok(())
}
