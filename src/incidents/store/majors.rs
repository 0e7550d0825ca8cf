//! All diesel of major incidents.

use diesel::prelude::*;

use crate::incidents::model::Major;
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
