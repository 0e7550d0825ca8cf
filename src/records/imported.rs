//! All diesel of what is known of imported records: the number each has in its source, and the rows
//! of the source that have been taken.

use std::collections::HashSet;

use diesel::prelude::*;

use super::model::Record;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{external_ids, imported_rows};

/// The record that a number of a source became.
pub fn find(conn: &mut Db, source: &str, external_id: &str) -> Result<Option<Id<Record>>> {
    Ok(external_ids::table
        .filter(external_ids::source.eq(source))
        .filter(external_ids::external_id.eq(external_id))
        .select(external_ids::record_id)
        .first(conn)
        .optional()?)
}

pub fn insert_external_id(
    conn: &mut Db,
    record: Id<Record>,
    source: &str,
    external_id: &str,
) -> Result<()> {
    diesel::insert_into(external_ids::table)
        .values((
            external_ids::record_id.eq(record),
            external_ids::source.eq(source),
            external_ids::external_id.eq(external_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// The rows of a number that have been taken, by revision and hash.
pub fn known_rows(
    conn: &mut Db,
    source: &str,
    external_id: &str,
) -> Result<HashSet<(String, Vec<u8>)>> {
    let rows: Vec<(String, Vec<u8>)> = imported_rows::table
        .filter(imported_rows::source.eq(source))
        .filter(imported_rows::external_id.eq(external_id))
        .select((imported_rows::revision, imported_rows::row_hash))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub fn insert_row(
    conn: &mut Db,
    source: &str,
    external_id: &str,
    revision: &str,
    hash: &[u8],
) -> Result<()> {
    diesel::insert_into(imported_rows::table)
        .values((
            imported_rows::source.eq(source),
            imported_rows::external_id.eq(external_id),
            imported_rows::revision.eq(revision),
            imported_rows::row_hash.eq(hash),
        ))
        .execute(conn)?;
    Ok(())
}
