//! Erasing what a person wrote in rounds, and what was asked about their records.

use diesel::prelude::*;

use crate::approvals::model::{Happening, Round};
use crate::journal::ERASED;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{round_conditions, round_contents, round_events, rounds};

/// How many records are looked at together.
const BATCH: usize = 500;

/// Erases what somebody said in rounds, and the conditions they set for meetings.
pub fn erase_said(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let theirs = round_events::table
        .filter(round_events::person_id.eq(person))
        .filter(round_events::text.ne(""));
    diesel::update(theirs)
        .set(round_events::text.eq(ERASED))
        .execute(conn)?;
    let met: Vec<Id<Round>> = round_events::table
        .filter(round_events::person_id.eq(person))
        .filter(round_events::what.eq(Happening::Met))
        .select(round_events::round_id)
        .load(conn)?;
    let conditions = round_conditions::table.filter(round_conditions::round_id.eq_any(met));
    diesel::update(conditions)
        .set(round_conditions::text.eq(ERASED))
        .execute(conn)?;
    Ok(())
}

/// Erases what was asked about some records. Its digest stays; nothing can be compared with it.
pub fn erase_content(conn: &mut Db, records: &[Id<Record>]) -> Result<()> {
    for some in records.chunks(BATCH) {
        let asked: Vec<Id<Round>> = rounds::table
            .filter(rounds::record_id.eq_any(some.to_vec()))
            .select(rounds::id)
            .load(conn)?;
        let contents = round_contents::table
            .filter(round_contents::round_id.eq_any(asked))
            .filter(round_contents::text.ne(""));
        diesel::update(contents)
            .set(round_contents::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}
