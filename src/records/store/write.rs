//! Writing a record's row: with the fact that says so, and with the tallies moved.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::family;
use super::tallies::{TallyKey, handover_key, retally, tally, tally_at, tally_key};
use crate::journal::{self, Change, Facts, Head, NewFact, Subject};
use crate::platform::db::{Db, Id, Utc, Write, dialect};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::family::standing;
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
    update_row(w, before.version, &after)?;
    retally(w, before, &after)?;
    count_family(w, before, &after)?;
    Ok(after)
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
/// it, facts are written together, and each tally and each parent's counts are moved once.
pub(in crate::records) fn save_many(
    w: &mut Write<'_>,
    ctx: &Ctx,
    changed: Vec<Changed>,
) -> Result<()> {
    let mut labels = HashMap::new();
    let mut facts = Facts::default();
    let mut tallies: BTreeMap<_, (TallyKey, i64)> = BTreeMap::new();
    let mut handovers: BTreeMap<_, i64> = BTreeMap::new();
    let mut families: BTreeMap<Id<Record>, (i32, i32)> = BTreeMap::new();
    let mut rows = Vec::with_capacity(changed.len());
    for Changed {
        before,
        mut after,
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
        let head = Head {
            count: before.facts,
            hash: before.facts_head.clone(),
        };
        let head = facts.append(ctx, subject(before.id), &head, &NewFact::new(fact, changes))?;
        after.facts = head.count;
        after.facts_head = head.hash;
        after.version = before.version + 1;
        after.updated_at = ctx.now;
        for (record, by) in [(&before, -1), (&after, 1)] {
            if let Some(key) = tally_key(record) {
                let (kind, group, team, assignee) = key;
                let place = (kind.word(), group.word(), team, assignee);
                tallies.entry(place).or_insert((key, 0)).1 += by;
            }
            if let Some(key) = handover_key(record) {
                *handovers.entry(key).or_default() += by;
            }
            if let Some((parent, open)) = standing(record) {
                let counts = families.entry(parent).or_default();
                counts.0 += by as i32;
                counts.1 += by as i32 * i32::from(open);
            }
        }
        rows.push((before.version, after));
    }
    facts.write(w)?;
    for (version, after) in &rows {
        update_row(w, *version, after)?;
    }
    for (key, n) in tallies.into_values().filter(|(_, n)| *n != 0) {
        tally_at(w, key, n)?;
    }
    for ((owner, team), n) in handovers.into_iter().filter(|(_, n)| *n != 0) {
        dialect::add_to_handover_tally(w, owner.uuid(), team.uuid(), n)?;
    }
    for (parent, (children, open)) in families {
        family::count(w, parent, children, open)?;
    }
    Ok(())
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
    let mut after = before.clone();
    let mut facts = Facts::default();
    for fact in &told {
        let head = Head {
            count: after.facts,
            hash: after.facts_head,
        };
        let head = facts.append(ctx, subject(before.id), &head, fact)?;
        after.facts = head.count;
        after.facts_head = head.hash;
        after.version += 1;
    }
    after.updated_at = ctx.now;
    facts.write(w)?;
    update_row(w, before.version, &after)?;
    Ok(after)
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
/// and nothing is read.
pub(in crate::records) fn save_all(w: &mut Write<'_>, ctx: &Ctx, all: &[Steps]) -> Result<()> {
    let mut facts = Facts::default();
    let mut moved: BTreeMap<_, (&Record, i64)> = BTreeMap::new();
    let mut rows = Vec::with_capacity(all.len());
    for Steps {
        before,
        after,
        facts: said,
    } in all
    {
        let mut head = Head {
            count: before.facts,
            hash: before.facts_head.clone(),
        };
        for fact in said {
            head = facts.append(ctx, subject(before.id), &head, fact)?;
        }
        let mut row = after.clone();
        row.version = before.version + (head.count - before.facts);
        row.facts = head.count;
        row.facts_head = head.hash;
        row.updated_at = ctx.now;
        rows.push((before, row));
        if tally_key(before) != tally_key(after) {
            for (record, n) in [(before, -1), (after, 1)] {
                if record.is_open {
                    moved.entry(place(record)).or_insert((record, 0)).1 += n;
                }
            }
        }
    }
    facts.write(w)?;
    for (before, row) in rows {
        let unchanged = records::table
            .find(before.id)
            .filter(records::version.eq(before.version));
        if diesel::update(unchanged).set(&row).execute(&mut **w)? == 0 {
            return Err(Error::Raced);
        }
    }
    moved
        .values()
        .filter(|(_, n)| *n != 0)
        .try_for_each(|(record, n)| tally(w, record, *n))
}

/// Where a record stands, in an order.
fn place(
    record: &Record,
) -> (
    &'static str,
    &'static str,
    Option<uuid::Uuid>,
    Option<uuid::Uuid>,
    Option<uuid::Uuid>,
    bool,
) {
    (
        record.kind.word(),
        record.state_group.word(),
        record.team_id.map(Id::uuid),
        record.assignee_id.map(Id::uuid),
        record.owner_team_id.map(Id::uuid),
        record.is_restricted,
    )
}

/// Writes new records whose facts are told besides, as [`insert`] would have after each of them: for
/// history that happened elsewhere, many facts at a time.
pub(in crate::records) fn insert_told(w: &mut Write<'_>, told: &[Record]) -> Result<()> {
    dialect::insert_many!(&mut **w, records::table, told.iter().collect::<Vec<_>>());
    let mut tallies: BTreeMap<_, (&Record, i64)> = BTreeMap::new();
    for record in told {
        if tally_key(record).is_some() {
            tallies.entry(place(record)).or_insert((record, 0)).1 += 1;
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
