//! Erasing: which texts of which facts are about one person, and their end. A fact itself is never
//! touched: it keeps the hash of what was erased, and its chain stays whole.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

use super::model::Fact;
use super::store;
use super::verify::TextRow;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{fact_texts, facts};

/// How many facts are looked through by one statement.
const SPAN: i64 = 20_000;
/// How many facts one statement names.
const AT_ONCE: usize = 500;

/// Facts that name one person: as who did it, for whom, or by their id in what changed.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// Everything up to this `seq` was looked through.
    pub upto: i64,
    pub facts: BTreeSet<i64>,
}

impl Naming {
    /// Looks through what was written since: the whole journal the first time, which nobody has to
    /// wait for, and what little came since while they do.
    pub fn look_on(&mut self, conn: &mut Db, person: Uuid) -> Result<()> {
        let last = last_seq(conn)?;
        let id = Id::<Fact>::from_uuid(person);
        let pattern = format!("%{person}%");
        while self.upto < last {
            let to = self.upto.saturating_add(SPAN).min(last);
            let found: Vec<i64> = facts::table
                .filter(facts::seq.gt(self.upto))
                .filter(facts::seq.le(to))
                .filter(
                    facts::actor_id
                        .eq(id)
                        .or(facts::behalf_id.eq(id))
                        .or(facts::data.like(&pattern))
                        .or(facts::subject_id.eq(id)),
                )
                .select(facts::seq)
                .load(conn)?;
            self.facts.extend(found);
            self.upto = to;
        }
        Ok(())
    }

    /// How many facts name them, besides those of some subjects.
    pub fn count_besides(&self, conn: &mut Db, subjects: &HashSet<Uuid>) -> Result<usize> {
        let subjects: Vec<Id<Fact>> = subjects.iter().map(|id| Id::from_uuid(*id)).collect();
        let mut besides = self.facts.clone();
        for some in subjects.chunks(AT_ONCE) {
            let theirs: Vec<i64> = facts::table
                .filter(facts::subject_id.eq_any(some))
                .select(facts::seq)
                .load(conn)?;
            for seq in theirs {
                besides.remove(&seq);
            }
        }
        Ok(besides.len())
    }
}

fn last_seq(conn: &mut Db) -> Result<i64> {
    let last: Option<i64> = facts::table
        .select(diesel::dsl::max(facts::seq))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

/// Reads facts by their `seq`, in order, each with its texts.
pub fn facts_with_texts(
    conn: &mut Db,
    seqs: &BTreeSet<i64>,
    mut each: impl FnMut(&Fact, &[TextRow]),
) -> Result<()> {
    let seqs: Vec<i64> = seqs.iter().copied().collect();
    for some in seqs.chunks(AT_ONCE) {
        let found: Vec<Fact> = facts::table
            .filter(facts::seq.eq_any(some))
            .order(facts::seq)
            .select(Fact::as_select())
            .load(conn)?;
        let mut texts: HashMap<i64, Vec<TextRow>> = HashMap::with_capacity(found.len());
        for text in store::text_rows_of(conn, some)? {
            texts.entry(text.fact_seq).or_default().push(text);
        }
        for fact in &found {
            each(fact, texts.get(&fact.seq).map_or(&[], Vec::as_slice));
        }
    }
    Ok(())
}

/// Erases texts with their salts, by slot and `seq`.
pub fn delete_texts(conn: &mut Db, texts: &BTreeSet<(i32, i64)>) -> Result<()> {
    let mut by_slot: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for (slot, seq) in texts {
        by_slot.entry(*slot).or_default().push(*seq);
    }
    for (slot, seqs) in by_slot {
        for some in seqs.chunks(AT_ONCE) {
            let gone = fact_texts::table
                .filter(fact_texts::slot.eq(slot))
                .filter(fact_texts::fact_seq.eq_any(some));
            diesel::delete(gone).execute(conn)?;
        }
    }
    Ok(())
}

/// Which side of a change a text stands on; who did it stands on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Actor,
    Before,
    After,
}

/// Where a text stands in a fact that has not been erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot<'t> {
    pub slot: i32,
    pub side: Side,
    /// Empty for the actor.
    pub field: String,
    /// Whose or what's label it is; `None` for a text.
    pub of: Option<String>,
    pub text: &'t str,
}

/// A fact taken apart: what it refers to by field and id, and every text of it that is still there.
#[derive(Debug, Clone, Default)]
pub struct Parts<'t> {
    pub refs: Vec<(String, String)>,
    pub spots: Vec<Spot<'t>>,
}

impl<'t> Parts<'t> {
    pub fn of(fact: &Fact, texts: &'t [TextRow]) -> Self {
        let data: Json = serde_json::from_str(&fact.data).unwrap_or_default();
        let mut parts = Self::default();
        for (who, id) in [("by", fact.actor_id), ("for", fact.behalf_id)] {
            let id = id.map(|id| id.to_string()).unwrap_or_default();
            parts.put(data.get(who), texts, Side::Actor, "", Some(id));
        }
        let changes = data.get("set").and_then(Json::as_object);
        for (field, pair) in changes.into_iter().flatten() {
            for (at, side) in [(0, Side::Before), (1, Side::After)] {
                let Some(value) = pair.get(at) else { continue };
                match value.get("id").and_then(Json::as_str) {
                    Some(id) => {
                        parts.refs.push((field.clone(), id.to_owned()));
                        parts.put(value.get("label"), texts, side, field, Some(id.to_owned()));
                    }
                    None => parts.put(value.get("text"), texts, side, field, None),
                }
            }
        }
        parts
    }

    fn put(
        &mut self,
        stored: Option<&Json>,
        texts: &'t [TextRow],
        side: Side,
        field: &str,
        of: Option<String>,
    ) {
        let slot = stored.and_then(|s| s.get("slot")).and_then(Json::as_i64);
        let text = slot.and_then(|slot| texts.iter().find(|t| i64::from(t.slot) == slot));
        if let Some(text) = text {
            self.spots.push(Spot {
                slot: text.slot,
                side,
                field: field.to_owned(),
                of,
                text: &text.text,
            });
        }
    }
}
