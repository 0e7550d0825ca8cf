//! Watchers: people who follow a record.

use diesel::prelude::*;

use crate::people::{Person, PersonBrief};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::model::Record;
use crate::schema::{people, watchers};

pub fn watchers_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<PersonBrief>> {
    Ok(watchers::table
        .inner_join(people::table)
        .filter(watchers::record_id.eq(record))
        .order((people::name, people::id))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

/// Adds a watcher unless they watch already; says whether they were added.
pub(in crate::records) fn insert_watcher(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
    at: Utc,
) -> Result<bool> {
    let there: i64 = watchers::table
        .find((record, person))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    diesel::insert_into(watchers::table)
        .values((
            watchers::record_id.eq(record),
            watchers::person_id.eq(person),
            watchers::at.eq(at),
        ))
        .execute(conn)?;
    Ok(true)
}

pub(in crate::records) fn delete_watcher(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
) -> Result<bool> {
    Ok(diesel::delete(watchers::table.find((record, person))).execute(conn)? > 0)
}
