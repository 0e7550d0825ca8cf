//! All diesel of erasing a person: what is left of their row, and the end of what was only theirs.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::people::model::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{
    one_time_links, parked_forms, people, person_words, sessions, submissions, uploads,
};

/// The number that the next person who is erased gets.
pub fn next_erased(conn: &mut Db) -> Result<i32> {
    let last: Option<i32> = people::table
        .select(diesel::dsl::max(people::erased))
        .first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Leaves of a person what is no text of theirs, under a number, and gives back the contents of
/// files that were kept for their forms.
pub fn erase_person(conn: &mut Db, id: Id<Person>, number: i32) -> Result<Vec<String>> {
    diesel::update(people::table.find(id))
        .set((
            people::erased.eq(number),
            people::password_hash.eq(None::<String>),
            people::theme.eq("auto"),
            people::single_keys.eq(true),
        ))
        .execute(conn)
        .map_err(|e| match e {
            // Two are erased at once: the second takes the next number.
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    let kept: Vec<String> = uploads::table
        .filter(uploads::person_id.eq(id))
        .select(uploads::content)
        .load(conn)?;
    diesel::delete(person_words::table.filter(person_words::person_id.eq(id))).execute(conn)?;
    diesel::delete(sessions::table.filter(sessions::person_id.eq(id))).execute(conn)?;
    diesel::delete(one_time_links::table.filter(one_time_links::person_id.eq(id))).execute(conn)?;
    diesel::delete(submissions::table.filter(submissions::person_id.eq(id))).execute(conn)?;
    diesel::delete(parked_forms::table.filter(parked_forms::person_id.eq(id))).execute(conn)?;
    diesel::delete(uploads::table.filter(uploads::person_id.eq(id))).execute(conn)?;
    Ok(kept)
}
