//! Erasing what a person wrote in rounds, and what was asked about their records.

use diesel::prelude::*;

use crate::approvals::model::{Happening, Round};
use crate::approvals::terms::Part;
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
    let met: Vec<(Id<Round>, Option<i32>, Id<Record>)> = round_events::table
        .inner_join(rounds::table.on(rounds::id.eq(round_events::round_id)))
        .filter(round_events::person_id.eq(person))
        .filter(round_events::what.eq(Happening::Met))
        .select((
            round_events::round_id,
            round_events::stage,
            rounds::record_id,
        ))
        .load(conn)?;
    for (round, stage, record) in met {
        let texts: Vec<String> = round_conditions::table
            .filter(round_conditions::round_id.eq(round))
            .filter(round_conditions::stage.eq(stage.unwrap_or_default()))
            .select(round_conditions::text)
            .load(conn)?;
        // Where their yes was carried, so were its conditions.
        let all = rounds_of(conn, &[record])?;
        let carried = round_conditions::table
            .filter(round_conditions::round_id.eq_any(all))
            .filter(round_conditions::text.eq_any(texts));
        diesel::update(carried)
            .set(round_conditions::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

fn rounds_of(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Id<Round>>> {
    Ok(rounds::table
        .filter(rounds::record_id.eq_any(records.to_vec()))
        .select(rounds::id)
        .load(conn)?)
}

/// Erases what was asked about some records. Its digest stays; nothing can be compared with it.
pub fn erase_content(conn: &mut Db, records: &[Id<Record>]) -> Result<()> {
    for some in records.chunks(BATCH) {
        let asked = rounds_of(conn, some)?;
        let contents = round_contents::table
            .filter(round_contents::round_id.eq_any(asked))
            .filter(round_contents::text.ne(""));
        diesel::update(contents)
            .set(round_contents::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

/// Erases somebody where they are named as carrying something out: the whole line, which says nothing else.
pub fn erase_named(conn: &mut Db, person: Id<Person>, name: &str) -> Result<()> {
    let id = person.to_string();
    let lines: Vec<(Id<Round>, i32, String)> = round_contents::table
        .filter(round_contents::part.eq(Part::Implementer))
        .filter(
            (round_contents::text.like(format!("%{id}%")))
                .or(round_contents::text.like(format!("%{name}%"))),
        )
        .select((
            round_contents::round_id,
            round_contents::place,
            round_contents::text,
        ))
        .load(conn)?;
    let theirs = |text: &String| text.contains(&id) || text.contains(name);
    for (round, place, _) in lines.into_iter().filter(|(_, _, text)| theirs(text)) {
        diesel::update(round_contents::table.find((round, place)))
            .set(round_contents::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

/// Erases texts that somebody wrote of records, whosever they are, where approvers were asked about them.
pub fn erase_texts(conn: &mut Db, record: Id<Record>, texts: &[String]) -> Result<()> {
    let asked = rounds_of(conn, &[record])?;
    for some in texts.chunks(BATCH) {
        let contents = round_contents::table
            .filter(round_contents::round_id.eq_any(asked.clone()))
            .filter(round_contents::text.eq_any(some.to_vec()));
        diesel::update(contents)
            .set(round_contents::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}
