//! All diesel of erasing what somebody wrote of a problem.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{factors, known_error_versions, known_errors, problems};

/// Puts what stands for an erased text in the place of a problem's, by the name the journal knows it by.
pub fn erase_written(conn: &mut Db, record: Id<Record>, field: &str) -> Result<()> {
    match field {
        "workaround" => {
            let own = problems::table
                .find(record)
                .filter(problems::workaround.ne(""));
            diesel::update(own)
                .set(problems::workaround.eq(ERASED))
                .execute(conn)?;
        }
        "factor_text" | "factor_evidence" => {
            let own = factors::table.filter(factors::record_id.eq(record));
            diesel::update(own)
                .set((factors::text.eq(ERASED), factors::evidence.eq(ERASED)))
                .execute(conn)?;
        }
        "known_error_symptoms" => {
            let own =
                known_error_versions::table.filter(known_error_versions::problem_id.eq(record));
            diesel::update(own)
                .set(known_error_versions::symptoms.eq(ERASED))
                .execute(conn)?;
        }
        "known_error_workaround" => {
            let own =
                known_error_versions::table.filter(known_error_versions::problem_id.eq(record));
            diesel::update(own)
                .set(known_error_versions::workaround.eq(ERASED))
                .execute(conn)?;
        }
        "known_error_reason" => {
            let own = known_errors::table
                .find(record)
                .filter(known_errors::retired_reason.ne(""));
            diesel::update(own)
                .set(known_errors::retired_reason.eq(ERASED))
                .execute(conn)?;
        }
        _ => {}
    }
    Ok(())
}
