//! What notices read of records.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Number, Record, Visible, sight_of_asked};
use crate::schema::records;

/// Number and title of those records that this person may see.
pub fn named(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, (Number, String)>> {
    let query = records::table
        .filter(records::id.eq_any(ids))
        // Whoever is only asked about a record is told of that too.
        .filter(Visible(sight_of_asked(visitor)))
        .select((records::id, records::kind, records::number, records::title));
    let rows: Vec<(Id<Record>, Kind, i64, String)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, n, title)| (id, (Number { kind, n }, title)))
        .collect())
}
