//! Resolutions and cancellations: how a record ended, each time it did.

use diesel::prelude::*;

use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::records::model::{Record, Resolution};
use crate::schema::resolutions;

pub(in crate::records) fn insert_resolution(conn: &mut Db, resolution: &Resolution) -> Result<()> {
    diesel::insert_into(resolutions::table)
        .values(resolution)
        .execute(conn)?;
    Ok(())
}

pub(in crate::records) fn insert_resolutions(conn: &mut Db, told: &[Resolution]) -> Result<()> {
    dialect::insert_many!(conn, resolutions::table, told.iter().collect::<Vec<_>>());
    Ok(())
}

/// Marks the present resolution as history.
pub(in crate::records) fn supersede_resolution(
    conn: &mut Db,
    record: Id<Record>,
    at: Utc,
) -> Result<()> {
    diesel::update(
        resolutions::table
            .filter(resolutions::record_id.eq(record))
            .filter(resolutions::superseded_at.is_null()),
    )
    .set(resolutions::superseded_at.eq(at))
    .execute(conn)?;
    Ok(())
}

/// Every resolution and cancellation of a record, newest first.
pub fn resolutions_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Resolution>> {
    Ok(resolutions::table
        .filter(resolutions::record_id.eq(record))
        .order(resolutions::at.desc())
        .select(Resolution::as_select())
        .load(conn)?)
}
