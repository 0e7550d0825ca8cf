//! All diesel of major incidents.

use diesel::prelude::*;

use crate::incidents::model::Major;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::records::Record;
use crate::schema::{majors, people};

/// A major incident with the name of whoever leads it, who may have left meanwhile.
#[derive(Debug, Clone, Queryable)]
pub struct MajorSeen {
    pub major: Major,
    pub lead: String,
}

/// What makes an incident major; nothing when it is none.
pub fn find_major(conn: &mut Db, record: Id<Record>) -> Result<Option<MajorSeen>> {
    Ok(majors::table
        .inner_join(people::table)
        .filter(majors::record_id.eq(record))
        .select((Major::as_select(), people::name))
        .first(conn)
        .optional()?)
}

/// Who led an incident: whoever leads a major one, and of any other whoever has it.
pub fn lead_of(conn: &mut Db, record: &Record) -> Result<Option<Id<Person>>> {
    let lead = match record.is_major {
        true => find_major(conn, record.id)?.map(|seen| seen.major.lead_id),
        false => None,
    };
    Ok(lead.or(record.assignee_id))
}

/// These of them.
pub fn majors_of_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Major>> {
    Ok(majors::table
        .filter(majors::record_id.eq_any(records))
        .select(Major::as_select())
        .load(conn)?)
}

pub fn insert_major(conn: &mut Db, major: &Major) -> Result<()> {
    diesel::insert_into(majors::table)
        .values(major)
        .execute(conn)?;
    Ok(())
}

pub fn update_major(conn: &mut Db, major: &Major) -> Result<()> {
    let changed = diesel::update(majors::table.find(major.record_id))
        .set(major)
        .execute(conn)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    Ok(())
}

pub fn delete_major(conn: &mut Db, record: Id<Record>) -> Result<()> {
    diesel::delete(majors::table.find(record)).execute(conn)?;
    Ok(())
}
