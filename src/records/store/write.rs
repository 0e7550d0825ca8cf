//! Writing a record's row: with the fact that says so, and with the tallies moved.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use time::Duration;
use uuid::Uuid;

use super::family;
use super::tallies::{TallyKey, handover_key, retally, tally, tally_at, tally_key};
use crate::journal::{self, Change, Facts, Head, NewFact, Subject};
use crate::platform::db::{Db, Id, Utc, Write, dialect};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::fair::{self, Class};
use crate::records::family::standing;
use crate::records::labels;
use crate::records::model::{Kind, Record};
use crate::schema::records;
use crate::services;

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
    place(w, None, record, occurred_at.unwrap_or(ctx.now))?;
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
    place(w, Some(before), &mut after, occurred_at.unwrap_or(ctx.now))?;
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
    update_row(w, before.version, &after)?;
    retally(w, before, &after)?;
    count_family(w, before, &after)?;
    Ok(after)
}

/// Gives a record its place in the fair order, after what happened to it at an instant.
fn place(conn: &mut Db, before: Option<&Record>, record: &mut Record, at: Utc) -> Result<()> {
    let allowance = match fair::enters(before, record) {
        true => allowance(conn, record.kind)?,
        false => None,
    };
    fair::place(before, record, at, allowance);
    Ok(())
}

/// How long a kind of work may wait, as it is set; of what is of no class there is nothing to say.
pub fn allowance(conn: &mut Db, kind: Kind) -> Result<Option<Duration>> {
    let class = Class::of(kind);
    let hours = class.map(|class| services::allowance_hours(conn, class.word()));
    Ok(hours.transpose()?.map(Duration::hours))
}

/// Moves the counts of the parents between which a record moves, or under which it ends or goes on.
fn count_family(conn: &mut Db, before: &Record, after: &Record) -> Result<()> {
    let (was, is) = (standing(before), standing(after));
    if was == is {
        return Ok(());
    }
    if let Some((parent, open)) = was {
        family::count(conn, parent, -1, -i32::from(open))?;
    }
    if let Some((parent, open)) = is {
        family::count(conn, parent, 1, i32::from(open))?;
    }
    Ok(())
}

/// A record's change, with the fact that says so.
pub(in crate::records) struct Changed {
    pub before: Record,
    pub after: Record,
    pub fact: String,
    pub extra: Vec<Change>,
}

/// [`save`] of many records at once, each once: a label is looked up once however many changes name
/// it.
pub(in crate::records) fn save_many(
    w: &mut Write<'_>,
    ctx: &Ctx,
    changed: Vec<Changed>,
) -> Result<()> {
    let mut labels = HashMap::new();
    let mut all = Vec::with_capacity(changed.len());
    for Changed {
        before,
        after,
        fact,
        extra,
    } in changed
    {
        let mut changes = labels::changes_with(Some(&before), &after, |field, id| {
            if let Some(label) = labels.get(&(field, id)) {
                return Ok(String::clone(label));
            }
            let label = labels::label_of(w, field, id)?;
            labels.insert((field, id), label.clone());
            Ok(label)
        })?;
        changes.extend(extra);
        let facts = vec![NewFact::new(fact, changes)];
        all.push(Steps {
            before,
            after,
            facts,
        });
    }
    save_all(w, ctx, &all).map(drop)
}

/// Appends several facts to one record, whose row they leave as it is but for its head.
pub(in crate::records) fn save_chain(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: Record,
    told: Vec<NewFact>,
) -> Result<Record> {
    if told.is_empty() {
        return Ok(before);
    }
    let after = before.clone();
    let steps = Steps {
        before,
        after,
        facts: told,
    };
    let written = save_all(w, ctx, &[steps])?.pop();
    written.ok_or_else(|| Error::inward("one record went in, and none came out"))
}

fn update_row(w: &mut Write<'_>, version: i64, after: &Record) -> Result<()> {
    let unchanged = records::table
        .find(after.id)
        .filter(records::version.eq(version));
    if diesel::update(unchanged).set(after).execute(&mut **w)? == 0 {
        return Err(Error::Raced);
    }
    Ok(())
}

/// A record before and after some facts about it.
pub(in crate::records) struct Steps {
    pub before: Record,
    pub after: Record,
    pub facts: Vec<NewFact>,
}

/// [`save`] of many records at once, for whoever knows what the facts say: they are written together,
/// each count is moved once, and nothing is read. Gives the records back as they now stand.
pub(in crate::records) fn save_all(
    w: &mut Write<'_>,
    ctx: &Ctx,
    all: &[Steps],
) -> Result<Vec<Record>> {
    let mut facts = Facts::default();
    let mut moved = Moved::default();
    let mut rows = Vec::with_capacity(all.len());
    for steps in all {
        let before = &steps.before;
        let mut head = Head {
            count: before.facts,
            hash: before.facts_head.clone(),
        };
        for fact in &steps.facts {
            head = facts.append(ctx, subject(before.id), &head, fact)?;
        }
        let mut row = steps.after.clone();
        place(w, Some(before), &mut row, ctx.now)?;
        row.version = before.version + (head.count - before.facts);
        row.facts = head.count;
        row.facts_head = head.hash;
        row.updated_at = ctx.now;
        moved.count(before, -1);
        moved.count(&row, 1);
        rows.push(row);
    }
    facts.write(w)?;
    for (steps, row) in all.iter().zip(&rows) {
        update_row(w, steps.before.version, row)?;
    }
    moved.write(w)?;
    Ok(rows)
}

/// The counts that many records move, each moved once.
#[derive(Default)]
struct Moved {
    tallies: BTreeMap<(&'static str, &'static str, Uuid, Uuid), (TallyKey, i64)>,
    handovers: BTreeMap<(Uuid, Uuid), i64>,
    families: BTreeMap<Uuid, (Id<Record>, i64, i64)>,
}

impl Moved {
    fn count(&mut self, record: &Record, by: i64) {
        if let Some(key) = tally_key(record) {
            let (kind, group, team, assignee) = key;
            let place = (kind.word(), group.word(), team.uuid(), assignee.uuid());
            self.tallies.entry(place).or_insert((key, 0)).1 += by;
        }
        if let Some((owner, team)) = handover_key(record) {
            *self
                .handovers
                .entry((owner.uuid(), team.uuid()))
                .or_default() += by;
        }
        if let Some((parent, open)) = standing(record) {
            let counts = self.families.entry(parent.uuid()).or_insert((parent, 0, 0));
            counts.1 += by;
            counts.2 += by * i64::from(open);
        }
    }

    fn write(self, conn: &mut Db) -> Result<()> {
        for (key, n) in self.tallies.into_values().filter(|(_, n)| *n != 0) {
            tally_at(conn, key, n)?;
        }
        for ((owner, team), n) in self.handovers.into_iter().filter(|(_, n)| *n != 0) {
            dialect::add_to_handover_tally(conn, owner, team, n)?;
        }
        for (parent, children, open) in self.families.into_values() {
            if (children, open) != (0, 0) {
                family::count(conn, parent, children as i32, open as i32)?;
            }
        }
        Ok(())
    }
}

/// Writes new records whose facts are told besides, as [`insert`] would have after each of them: for
/// history that happened elsewhere, many facts at a time.
pub(in crate::records) fn insert_told(w: &mut Write<'_>, told: &[Record]) -> Result<()> {
    dialect::insert_many!(&mut **w, records::table, told.iter().collect::<Vec<_>>());
    let mut moved = Moved::default();
    for record in told {
        moved.count(record, 1);
    }
    moved.write(w)
}

/// Writes a record that was there before, as [`save`] would have after each of its facts.
pub(in crate::records) fn update_told(
    w: &mut Write<'_>,
    before: &Record,
    after: &Record,
) -> Result<()> {
    update_row(w, before.version, after)?;
    retally(w, before, after)?;
    count_family(w, before, after)
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
