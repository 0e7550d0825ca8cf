//! Writing a record's row: with the fact that says so, and with the tallies moved.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::tallies::{retally, tally, tally_key};
use crate::journal::{self, Change, Head, NewFact, Subject};
use crate::platform::db::{Db, Id, Utc, Write, dialect};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::labels;
use crate::records::model::Record;
use crate::schema::records;

/// Inserts a new record with its first fact. `extra` are changes that stand outside the record's row.
pub fn insert(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &mut Record,
    fact: String,
    extra: Vec<Change>,
) -> Result<()> {
    insert_as_of(w, ctx, record, fact, extra, None)
}

/// [`insert`] of something that happened elsewhere at its own time.
pub fn insert_as_of(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &mut Record,
    fact: String,
    extra: Vec<Change>,
    occurred_at: Option<Utc>,
) -> Result<()> {
    let mut changes = labels::changes(w, None, record)?;
    changes.extend(extra);
    let fact = NewFact {
        occurred_at,
        ..NewFact::new(fact, changes)
    };
    // The row goes first, so that everything else may refer to it; its head is set right after.
    insert_row(w, record)?;
    let head = journal::append(w, ctx, subject(record.id), &Head::empty(), &fact)?;
    record.facts = head.count;
    record.facts_head = head.hash;
    diesel::update(records::table.find(record.id))
        .set((
            records::facts.eq(record.facts),
            records::facts_head.eq(&record.facts_head),
        ))
        .execute(&mut **w)?;
    tally(w, record, 1)
}

/// Writes a changed record with the fact that says so, and gives it back as it now stands.
pub fn save(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Record,
    after: Record,
    fact: String,
    extra: Vec<Change>,
) -> Result<Record> {
    save_as_of(w, ctx, before, after, fact, extra, None)
}

/// [`save`] of something that happened elsewhere at its own time.
pub fn save_as_of(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Record,
    mut after: Record,
    fact: String,
    extra: Vec<Change>,
    occurred_at: Option<Utc>,
) -> Result<Record> {
    let mut changes = labels::changes(w, Some(before), &after)?;
    changes.extend(extra);
    let fact = NewFact {
        occurred_at,
        ..NewFact::new(fact, changes)
    };
    let head = Head {
        count: before.facts,
        hash: before.facts_head.clone(),
    };
    let head = journal::append(w, ctx, subject(before.id), &head, &fact)?;
    after.facts = head.count;
    after.facts_head = head.hash;
    after.version = before.version + 1;
    after.updated_at = occurred_at.unwrap_or(ctx.now);
    let changed = diesel::update(
        records::table
            .find(before.id)
            .filter(records::version.eq(before.version)),
    )
    .set(&after)
    .execute(&mut **w)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    retally(w, before, &after)?;
    Ok(after)
}

/// Writes new records whose facts are told besides, as [`insert`] would have after each of them: for
/// history that happened elsewhere, many facts at a time.
pub(in crate::records) fn insert_told(w: &mut Write<'_>, told: &[Record]) -> Result<()> {
    dialect::insert_many!(&mut **w, records::table, told.iter().collect::<Vec<_>>());
    let mut tallies: BTreeMap<_, (&Record, i64)> = BTreeMap::new();
    for record in told {
        let place = (
            record.kind.word(),
            record.state_group.word(),
            record.team_id.map(Id::uuid),
            record.assignee_id.map(Id::uuid),
            record.owner_team_id.map(Id::uuid),
        );
        if tally_key(record).is_some() {
            tallies.entry(place).or_insert((record, 0)).1 += 1;
        }
    }
    tallies
        .values()
        .try_for_each(|(record, n)| tally(w, record, *n))
}

/// Writes a record that was there before, as [`save`] would have after each of its facts.
pub(in crate::records) fn update_told(
    w: &mut Write<'_>,
    before: &Record,
    after: &Record,
) -> Result<()> {
    let unchanged = records::table
        .find(before.id)
        .filter(records::version.eq(before.version));
    if diesel::update(unchanged).set(after).execute(&mut **w)? == 0 {
        return Err(Error::Raced);
    }
    retally(w, before, after)
}

pub fn subject(id: Id<Record>) -> Subject {
    Subject {
        kind: "record",
        id: id.uuid(),
    }
}

fn insert_row(conn: &mut Db, record: &Record) -> Result<()> {
    diesel::insert_into(records::table)
        .values(record)
        .execute(conn)?;
    Ok(())
}
