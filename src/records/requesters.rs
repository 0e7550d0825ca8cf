//! How busy the desk already is for somebody who calls.

use std::collections::HashMap;

use diesel::prelude::*;

use super::involved::open_involving;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::records;

/// The number of open records in which each of some people is requester, caller or affected, as far
/// as the visitor may see them; who has none is left out.
pub fn open_counts(
    conn: &mut Db,
    visitor: &Visitor,
    people: &[Id<Person>],
) -> Result<HashMap<Id<Person>, i64>> {
    let query = records::table
        .filter(records::requester_id.eq_any(people.to_vec()))
        .filter(records::is_open.eq(true))
        .group_by(records::requester_id)
        .select((records::requester_id, diesel::dsl::count_star()))
        .into_boxed();
    let rows: Vec<(Option<Id<Person>>, i64)> = crate::visible!(query, visitor).load(conn)?;
    let mut counts = open_involving(conn, visitor, people)?;
    for (person, n) in rows {
        if let Some(person) = person {
            *counts.entry(person).or_default() += n;
        }
    }
    Ok(counts)
}
