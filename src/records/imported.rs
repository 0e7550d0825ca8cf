//! All diesel of what is known of imported records: the number each has in its source, and the rows
//! of the source that have been taken.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::model::Record;
use crate::platform::db::{Db, Id, dialect};
use crate::platform::kernel::error::Result;
use crate::schema::{external_ids, imported_rows, records};

/// What is known of some numbers of a source: the records they became, and the rows of each that
/// have been taken, by revision and hash.
#[derive(Debug, Default)]
pub struct Known {
    pub records: HashMap<String, Record>,
    pub rows: HashMap<String, HashSet<(String, Vec<u8>)>>,
}

impl Known {
    pub fn read(conn: &mut Db, source: &str, external_ids: &[&str]) -> Result<Self> {
        let found: Vec<(String, Record)> = external_ids::table
            .inner_join(records::table)
            .filter(external_ids::source.eq(source))
            .filter(external_ids::external_id.eq_any(external_ids))
            .select((external_ids::external_id, Record::as_select()))
            .load(conn)?;
        if found.is_empty() {
            return Ok(Self::default());
        }
        let there: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let taken: Vec<(String, String, Vec<u8>)> = imported_rows::table
            .filter(imported_rows::source.eq(source))
            .filter(imported_rows::external_id.eq_any(there))
            .select((
                imported_rows::external_id,
                imported_rows::revision,
                imported_rows::row_hash,
            ))
            .load(conn)?;
        let mut rows: HashMap<String, HashSet<_>> = HashMap::new();
        for (id, revision, hash) in taken {
            rows.entry(id).or_default().insert((revision, hash));
        }
        Ok(Self {
            records: found.into_iter().collect(),
            rows,
        })
    }
}

/// Records with the source and the number each has there.
pub fn insert_external_ids(conn: &mut Db, ids: &[(Id<Record>, &str, &str)]) -> Result<()> {
    let rows: Vec<_> = ids
        .iter()
        .map(|(record, source, external_id)| {
            (
                external_ids::record_id.eq(*record),
                external_ids::source.eq(*source),
                external_ids::external_id.eq(*external_id),
            )
        })
        .collect();
    dialect::insert_many!(conn, external_ids::table, rows);
    Ok(())
}

/// Rows that were taken, by source, number, revision and hash.
pub fn insert_rows(conn: &mut Db, taken: &[(&str, &str, &str, &[u8])]) -> Result<()> {
    let rows: Vec<_> = taken
        .iter()
        .map(|(source, external_id, revision, hash)| {
            (
                imported_rows::source.eq(*source),
                imported_rows::external_id.eq(*external_id),
                imported_rows::revision.eq(*revision),
                imported_rows::row_hash.eq(*hash),
            )
        })
        .collect();
    dialect::insert_many!(conn, imported_rows::table, rows);
    Ok(())
}
