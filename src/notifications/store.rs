//! What notices read of records.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Number, Record};
use crate::schema::records;

/// Number and title of those records that this person may see.
pub fn named(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, (Number, String)>> {
    let query = records::table
        .filter(records::id.eq_any(ids))
        .select((records::id, records::kind, records::number, records::title))
        .into_boxed();
    let rows: Vec<(Id<Record>, Kind, i64, String)> = crate::visible!(query, visitor).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, n, title)| (id, (Number { kind, n }, title)))
        .collect())
}
