//! All diesel of erasing somebody from records, but for what is saved with a fact.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::model::Record;
use crate::schema::{involved, records, resolutions};

/// The records a person asked for, finished ones too.
pub fn asked_for_by(conn: &mut Db, person: Id<Person>) -> Result<Vec<Id<Record>>> {
    Ok(records::table
        .filter(records::requester_id.eq(person))
        .order(records::id)
        .select(records::id)
        .load(conn)?)
}

/// The records in which a person is caller or affected.
pub fn involving(conn: &mut Db, person: Id<Person>) -> Result<Vec<Id<Record>>> {
    Ok(involved::table
        .filter(involved::person_id.eq(person))
        .order(involved::record_id)
        .select(involved::record_id)
        .distinct()
        .load(conn)?)
}

/// How many endings of records a person wrote, of those the visitor may see.
pub fn count_endings_by(conn: &mut Db, visitor: &Visitor, person: Id<Person>) -> Result<i64> {
    let query = resolutions::table
        .inner_join(records::table.on(records::id.eq(resolutions::record_id)))
        .filter(resolutions::by_id.eq(person))
        .filter(resolutions::text.ne(ERASED))
        .select(diesel::dsl::count_star())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// Erases what a person wrote about how records ended.
pub fn erase_endings_by(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let theirs = resolutions::table
        .filter(resolutions::by_id.eq(person))
        .filter(resolutions::text.ne(""));
    diesel::update(theirs)
        .set(resolutions::text.eq(ERASED))
        .execute(conn)?;
    Ok(())
}
