//! All diesel of the journal. There is no update and no delete here, and the database has none
//! either.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::append::Waiting;
use super::chain::Head;
use super::checkpoint::HeadFact;
use super::model::{Checkpoint, Fact};
use super::read::FactData;
use super::verify::TextRow;
use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{checkpoints, fact_texts, facts, people};

/// A fact's row, but for its `seq`, which the database gives.
#[derive(Insertable)]
#[diesel(table_name = facts, treat_none_as_default_value = false)]
struct FactRow<'a> {
    subject_kind: &'a str,
    subject_id: Id<Fact>,
    position: i64,
    name: &'a str,
    version: i32,
    occurred_at: Utc,
    recorded_at: Utc,
    actor_id: Option<Id<Fact>>,
    behalf_id: Option<Id<Fact>>,
    door: &'a str,
    data: &'a str,
    previous: &'a [u8],
    hash: &'a [u8],
}

impl<'a> FactRow<'a> {
    fn of(waiting: &'a Waiting) -> Self {
        let fact = waiting.sealed();
        Self {
            subject_kind: fact.subject_kind,
            subject_id: Id::from_uuid(fact.subject_id),
            position: fact.position,
            name: fact.name,
            version: fact.version,
            occurred_at: fact.occurred_at,
            recorded_at: fact.recorded_at,
            actor_id: fact.actor_id.map(Id::from_uuid),
            behalf_id: fact.behalf_id.map(Id::from_uuid),
            door: fact.door,
            data: fact.data,
            previous: fact.previous,
            hash: &waiting.ready.head.hash,
        }
    }
}

/// Writes facts and gives back the `seq` of each, in the same order.
pub(super) fn insert_facts(conn: &mut Db, waiting: &[Waiting]) -> Result<Vec<i64>> {
    let rows: Vec<FactRow<'_>> = waiting.iter().map(FactRow::of).collect();
    dialect::insert_returning!(conn, facts::table, rows, facts::seq).map_err(|e| match e {
        // Somebody appended to the same chain: the whole action runs again.
        diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::UniqueViolation,
            _,
        ) => Error::Raced,
        e => e.into(),
    })
}

/// Writes texts by fact, slot, salt and text.
pub(super) fn insert_texts(conn: &mut Db, texts: Vec<(i64, i32, &[u8], &str)>) -> Result<()> {
    let rows: Vec<_> = texts
        .into_iter()
        .map(|(seq, slot, salt, text)| {
            (
                fact_texts::fact_seq.eq(seq),
                fact_texts::slot.eq(slot),
                fact_texts::salt.eq(salt),
                fact_texts::text.eq(text),
            )
        })
        .collect();
    dialect::insert_many!(conn, fact_texts::table, rows);
    Ok(())
}

pub(super) fn head_of(conn: &mut Db, subject: Id<Fact>) -> Result<Head> {
    let last: Option<(i64, Vec<u8>)> = facts::table
        .filter(facts::subject_id.eq(subject))
        .order(facts::position.desc())
        .select((facts::position, facts::hash))
        .first(conn)
        .optional()?;
    Ok(last.map_or_else(Head::empty, |(count, hash)| Head { count, hash }))
}

/// The facts of a subject, newest first; `before` is a position to read on from.
pub fn list_facts(
    conn: &mut Db,
    subject: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Fact>> {
    Ok(facts::table
        .filter(facts::subject_id.eq(Id::<Fact>::from_uuid(subject)))
        .filter(facts::position.lt(before.unwrap_or(i64::MAX)))
        .order(facts::position.desc())
        .limit(limit)
        .select(Fact::as_select())
        .load(conn)?)
}

/// A fact as those read it who count from it: its data as it is kept, without the texts.
#[derive(Debug, Clone, Queryable)]
pub struct Moment {
    pub subject: Id<Fact>,
    pub position: i64,
    pub name: String,
    pub occurred_at: Utc,
    pub actor_id: Option<Id<Fact>>,
    pub door: String,
    pub data: String,
}

/// The facts of subjects, each chain in its order, but for those whose names end in one of `not`.
pub fn moments(conn: &mut Db, subjects: &[Uuid], not: &[&str]) -> Result<Vec<Moment>> {
    let mut found = facts::table
        .order((facts::subject_id, facts::position))
        .select((
            facts::subject_id,
            facts::position,
            facts::name,
            facts::occurred_at,
            facts::actor_id,
            facts::door,
            facts::data,
        ))
        .into_boxed();
    let ids: Vec<Id<Fact>> = subjects.iter().map(|id| Id::from_uuid(*id)).collect();
    found = match ids.as_slice() {
        // A statement that is kept prepared; a list is prepared anew.
        [one] => found.filter(facts::subject_id.eq(*one)),
        many => found.filter(facts::subject_id.eq_any(many.to_vec())),
    };
    for name in not {
        found = found.filter(facts::name.not_like(format!("%.{name}")));
    }
    Ok(found.load(conn)?)
}

/// Facts of a subject by their positions.
pub fn facts_at(conn: &mut Db, subject: Uuid, positions: &[i64]) -> Result<Vec<Fact>> {
    Ok(facts::table
        .filter(facts::subject_id.eq(Id::<Fact>::from_uuid(subject)))
        .filter(facts::position.eq_any(positions))
        .select(Fact::as_select())
        .load(conn)?)
}

/// Facts by where they stand among all, in that order.
pub fn facts_by_seq(conn: &mut Db, seqs: &[i64]) -> Result<Vec<Fact>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(facts::table
        .filter(facts::seq.eq_any(seqs))
        .order(facts::seq)
        .select(Fact::as_select())
        .load(conn)?)
}

/// Who began a subject, through which door, and when: its first fact.
#[derive(Debug, Clone, Queryable)]
pub struct Begun {
    pub by_id: Option<Id<Fact>>,
    /// Their name as it is now.
    pub by: Option<String>,
    pub door: String,
    pub at: Utc,
}

pub fn begun(conn: &mut Db, subject: Uuid) -> Result<Option<Begun>> {
    Ok(facts::table
        .left_join(people::table.on(facts::actor_id.eq(people::id.nullable())))
        .filter(facts::subject_id.eq(Id::<Fact>::from_uuid(subject)))
        .filter(facts::position.eq(1))
        .select((
            facts::actor_id,
            people::name.nullable(),
            facts::door,
            facts::recorded_at,
        ))
        .first(conn)
        .optional()?)
}

/// The texts of facts that have not been erased, by fact and slot.
pub fn texts_of(conn: &mut Db, seqs: &[i64]) -> Result<HashMap<(i64, i32), String>> {
    let rows: Vec<(i64, i32, String)> = fact_texts::table
        .filter(fact_texts::fact_seq.eq_any(seqs))
        .select((fact_texts::fact_seq, fact_texts::slot, fact_texts::text))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(seq, slot, text)| ((seq, slot), text))
        .collect())
}

/// A field that somebody changed, with the newest value it was given.
#[derive(Debug, Clone)]
pub struct Missed {
    pub field: String,
    /// The value as a form would post it: an id, a code, a text.
    pub value: String,
    /// The value as a person reads it.
    pub label: String,
    pub by: String,
    pub at: Utc,
}

/// What changed on a subject after its first `seen` facts, newest value of each field.
pub fn fields_changed_since(conn: &mut Db, subject: Uuid, seen: i64) -> Result<Vec<Missed>> {
    changed_since(conn, subject, seen, |_| true)
}

/// [`fields_changed_since`], of those facts only that name one thing: a field that refers to it, and
/// its id.
pub fn fields_changed_about(
    conn: &mut Db,
    subject: Uuid,
    seen: i64,
    (field, id): &(&str, String),
) -> Result<Vec<Missed>> {
    changed_since(conn, subject, seen, |read| {
        let named = read.changes.iter().find(|c| c.field == *field);
        named.is_some_and(|c| c.after.posted() == *id)
    })
}

fn changed_since(
    conn: &mut Db,
    subject: Uuid,
    seen: i64,
    counts: impl Fn(&FactData) -> bool,
) -> Result<Vec<Missed>> {
    let mut missed: Vec<Missed> = Vec::new();
    facts_since(conn, subject, seen, |fact, read| {
        if !counts(&read) {
            return;
        }
        for change in read.changes {
            if missed.iter().all(|m| m.field != change.field) {
                missed.push(Missed {
                    value: change.after.posted(),
                    label: change.after.shown(),
                    field: change.field,
                    by: read.by.clone(),
                    at: fact.occurred_at,
                });
            }
        }
    })?;
    Ok(missed)
}

/// When a field of each of these subjects was last set, where it ever was. The names of fields stand in
/// a fact as they are; nothing anybody typed does.
pub fn last_changed(
    conn: &mut Db,
    subjects: &[Uuid],
    field: &'static str,
) -> Result<Vec<(Uuid, Utc)>> {
    let ids: Vec<Id<Fact>> = subjects.iter().map(|id| Id::from_uuid(*id)).collect();
    let found: Vec<(Id<Fact>, Option<Utc>)> = facts::table
        .filter(facts::subject_id.eq_any(ids))
        .filter(facts::data.like(format!("%\"{field}\":[%")))
        .group_by(facts::subject_id)
        .select((facts::subject_id, diesel::dsl::max(facts::occurred_at)))
        .load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(id, at)| Some((id.uuid(), at?)))
        .collect())
}

/// A field of a subject as one fact set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Where the fact stands among all.
    pub seq: i64,
    pub subject: Uuid,
    pub at: Utc,
    pub by: String,
    /// As a form would post it.
    pub before: String,
    pub after: String,
}

/// Every time a field of these subjects was set, in order, subject by subject.
pub fn changes_of(conn: &mut Db, subjects: &[Uuid], field: &'static str) -> Result<Vec<Told>> {
    let ids: Vec<Id<Fact>> = subjects.iter().map(|id| Id::from_uuid(*id)).collect();
    let found: Vec<Fact> = facts::table
        .filter(facts::subject_id.eq_any(ids))
        .filter(facts::data.like(format!("%\"{field}\":[%")))
        .order((facts::subject_id, facts::position))
        .select(Fact::as_select())
        .load(conn)?;
    let seqs: Vec<i64> = found.iter().map(|fact| fact.seq).collect();
    let texts = texts_of(conn, &seqs)?;
    let told = found.iter().filter_map(|fact| {
        let read = FactData::read(fact, &texts);
        let change = read.changes.into_iter().find(|c| c.field == field)?;
        Some(Told {
            seq: fact.seq,
            subject: fact.subject_id.uuid(),
            at: fact.occurred_at,
            by: read.by,
            before: change.before.posted(),
            after: change.after.posted(),
        })
    });
    Ok(told.collect())
}

/// The entries that somebody else added after the first `seen` facts of a subject, newest first.
pub fn entries_since(conn: &mut Db, subject: Uuid, seen: i64, not_by: Uuid) -> Result<Vec<Uuid>> {
    let mut entries = Vec::new();
    facts_since(conn, subject, seen, |fact, read| {
        if fact.actor_id.map(Id::uuid) != Some(not_by) {
            let entry = read.changes.iter().find(|c| c.field == "entry");
            entries.extend(entry.and_then(|c| Uuid::parse_str(&c.after.posted()).ok()));
        }
    })?;
    Ok(entries)
}

/// Reads every fact of a subject after its first `seen`, newest first, a page at a time: however
/// long somebody left a form open, nothing they missed is missed here.
fn facts_since(
    conn: &mut Db,
    subject: Uuid,
    seen: i64,
    mut each: impl FnMut(&Fact, FactData),
) -> Result<()> {
    const PAGE: i64 = 200;
    let mut before = i64::MAX;
    loop {
        let page: Vec<Fact> = facts::table
            .filter(facts::subject_id.eq(Id::<Fact>::from_uuid(subject)))
            .filter(facts::position.gt(seen))
            .filter(facts::position.lt(before))
            .order(facts::position.desc())
            .limit(PAGE)
            .select(Fact::as_select())
            .load(conn)?;
        let seqs: Vec<i64> = page.iter().map(|f| f.seq).collect();
        let texts = texts_of(conn, &seqs)?;
        for fact in &page {
            each(fact, FactData::read(fact, &texts));
        }
        match page.last() {
            Some(last) if page.len() as i64 == PAGE => before = last.position,
            _ => return Ok(()),
        }
    }
}

/// The last `seq` below which no fact can appear any more. Only in a short writing transaction.
pub(super) fn settled_seq(conn: &mut Db) -> Result<i64> {
    dialect::wait_for_writers(conn)?;
    let last: Option<i64> = facts::table
        .select(diesel::dsl::max(facts::seq))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

/// The heads, up to `upto`, of the chains that grew in the next `span` after `after`, in the order
/// of their facts, and where that span ends; `None` when there are no facts left.
pub(super) fn heads(
    conn: &mut Db,
    after: i64,
    upto: i64,
    span: i64,
) -> Result<Option<(i64, Vec<HeadFact>)>> {
    let first: Option<i64> = facts::table
        .filter(facts::seq.gt(after))
        .filter(facts::seq.le(upto))
        .order(facts::seq)
        .select(facts::seq)
        .first(conn)
        .optional()?;
    let Some(first) = first else {
        return Ok(None);
    };
    let last = first.saturating_add(span).min(upto);
    let later = diesel::alias!(facts as later);
    let next = later
        .filter(later.field(facts::subject_id).eq(facts::subject_id))
        .filter(later.field(facts::position).eq(facts::position + 1))
        .filter(later.field(facts::seq).le(upto));
    let rows: Vec<(i64, Id<Fact>, i64, Vec<u8>)> = facts::table
        .filter(facts::seq.ge(first))
        .filter(facts::seq.le(last))
        .filter(diesel::dsl::not(diesel::dsl::exists(next)))
        .order(facts::seq)
        .select((facts::seq, facts::subject_id, facts::position, facts::hash))
        .load(conn)?;
    let heads = rows
        .into_iter()
        .map(|(seq, subject, position, hash)| HeadFact {
            seq,
            subject: subject.uuid(),
            position,
            hash,
        })
        .collect();
    Ok(Some((last, heads)))
}

pub(super) fn last_checkpoint(conn: &mut Db) -> Result<Option<Checkpoint>> {
    Ok(checkpoints::table
        .order(checkpoints::number.desc())
        .select(Checkpoint::as_select())
        .first(conn)
        .optional()?)
}

/// Inserts a checkpoint unless somebody else made it meanwhile; says whether it did.
pub(super) fn insert_checkpoint(conn: &mut Db, checkpoint: &Checkpoint) -> Result<bool> {
    let last = last_checkpoint(conn)?.map_or(0, |last| last.number);
    if last >= checkpoint.number {
        return Ok(false);
    }
    diesel::insert_into(checkpoints::table)
        .values(checkpoint)
        .execute(conn)
        .map_err(|e| match e {
            diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UniqueViolation,
                _,
            ) => Error::Raced,
            e => e.into(),
        })?;
    Ok(true)
}

/// The checkpoints after a number, in order.
pub(super) fn checkpoints_after(conn: &mut Db, number: i64, limit: i64) -> Result<Vec<Checkpoint>> {
    Ok(checkpoints::table
        .filter(checkpoints::number.gt(number))
        .order(checkpoints::number)
        .limit(limit)
        .select(Checkpoint::as_select())
        .load(conn)?)
}

/// Ids of subjects that have facts, after one, in order.
pub(super) fn subjects_after(conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let mut query = facts::table
        .select(facts::subject_id)
        .distinct()
        .order(facts::subject_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(facts::subject_id.gt(Id::<Fact>::from_uuid(after)));
    }
    let ids: Vec<Id<Fact>> = query.load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// The facts of a subject after a position, in the order of its chain.
pub(super) fn facts_after(
    conn: &mut Db,
    subject: Uuid,
    position: i64,
    limit: i64,
) -> Result<Vec<Fact>> {
    Ok(facts::table
        .filter(facts::subject_id.eq(Id::<Fact>::from_uuid(subject)))
        .filter(facts::position.gt(position))
        .order(facts::position)
        .limit(limit)
        .select(Fact::as_select())
        .load(conn)?)
}

/// The facts of some subjects, chain by chain.
pub(super) fn facts_of_all(conn: &mut Db, subjects: &[Id<Fact>], limit: i64) -> Result<Vec<Fact>> {
    Ok(facts::table
        .filter(facts::subject_id.eq_any(subjects))
        .order((facts::subject_id, facts::position))
        .limit(limit)
        .select(Fact::as_select())
        .load(conn)?)
}

/// The texts of facts with their salts.
pub(super) fn text_rows_of(conn: &mut Db, seqs: &[i64]) -> Result<Vec<TextRow>> {
    Ok(fact_texts::table
        .filter(fact_texts::fact_seq.eq_any(seqs))
        .select(TextRow::as_select())
        .load(conn)?)
}
