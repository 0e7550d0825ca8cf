//! Walking chains: does each fact follow the one before it, is its hash its own, are its texts the
//! ones it was written with, and does each value before agree with the facts before it.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

use super::held::Held;
use super::report::range;
use super::{Fields, Report, Seed, Standing};
use crate::journal::chain::{Sealed, ZERO, hex, text_hash};
use crate::journal::model::Fact;
use crate::journal::store;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::fact_texts;

/// How many facts are held in memory.
const PAGE: usize = 1_000;

/// A text of a fact that was not erased.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = fact_texts)]
pub struct TextRow {
    pub fact_seq: i64,
    pub slot: i32,
    pub salt: Vec<u8>,
    pub text: String,
}

/// A fact whose data could be read.
pub struct Checked<'a> {
    pub fact: &'a Fact,
    pub changes: Vec<Stated>,
    texts: &'a [TextRow],
}

/// A field with its values before and after, as a fact states them.
pub struct Stated {
    pub field: String,
    pub before: Held,
    pub after: Held,
    before_slot: Option<i32>,
}

impl Checked<'_> {
    pub fn change(&self, field: &str) -> Option<&Stated> {
        self.changes.iter().find(|c| c.field == field)
    }

    /// The value a field was given, if it was given one.
    pub fn after(&self, field: &str) -> Option<&Held> {
        let after = &self.change(field)?.after;
        (*after != Held::Nothing).then_some(after)
    }

    /// The value a field lost, if it had one.
    pub fn before(&self, field: &str) -> Option<&Held> {
        let before = &self.change(field)?.before;
        (*before != Held::Nothing).then_some(before)
    }
}

/// Reads the facts of some subjects in the order of their chains, each with its texts; never more
/// than a page of them at once, however long a chain is.
pub fn facts_of(
    conn: &mut Db,
    ids: &[Uuid],
    mut each: impl FnMut(&Fact, &[TextRow]),
) -> Result<()> {
    let mut from: Option<(Uuid, i64)> = None;
    loop {
        let mut page = match from {
            None => Vec::new(),
            Some((subject, position)) => store::facts_after(conn, subject, position, PAGE as i64)?,
        };
        if page.len() < PAGE {
            let rest: Vec<Id<Fact>> = ids
                .iter()
                .filter(|id| from.is_none_or(|(subject, _)| **id > subject))
                .map(|id| Id::from_uuid(*id))
                .collect();
            page.extend(store::facts_of_all(
                conn,
                &rest,
                (PAGE - page.len()) as i64,
            )?);
        }
        let seqs: Vec<i64> = page.iter().map(|f| f.seq).collect();
        let mut texts: HashMap<i64, Vec<TextRow>> = HashMap::with_capacity(page.len());
        for text in store::text_rows_of(conn, &seqs)? {
            texts.entry(text.fact_seq).or_default().push(text);
        }
        for fact in &page {
            each(fact, texts.get(&fact.seq).map_or(&[], Vec::as_slice));
        }
        match page.last() {
            Some(last) if page.len() == PAGE => {
                from = Some((last.subject_id.uuid(), last.position));
            }
            _ => return Ok(()),
        }
    }
}

/// One subject's chain, as far as it was walked.
pub(super) struct Chain {
    pub subject: Uuid,
    pub kind: String,
    pub name: String,
    pub fields: Fields,
    pub count: i64,
    pub began: Option<Utc>,
    pub last: Option<Utc>,
    pub last_recorded: Option<Utc>,
    /// Whether a field that no fact spoke of has no value.
    tells_all: bool,
    head: Vec<u8>,
    seq: i64,
}

impl Chain {
    pub fn new(first: &Fact, name: String, tells_all: bool, seed: Option<&Seed>) -> Self {
        let begins = seed.into_iter().flat_map(|seed| &seed.fields);
        Self {
            subject: first.subject_id.uuid(),
            kind: first.subject_kind.clone(),
            name,
            fields: begins
                .map(|(field, value)| ((*field).to_owned(), Held::known(value)))
                .collect(),
            count: 0,
            began: None,
            last: None,
            last_recorded: None,
            tells_all: tells_all || seed.is_some(),
            head: ZERO.to_vec(),
            seq: 0,
        }
    }

    /// Takes the next fact; gives it back when its data can be read.
    pub fn follow<'f>(
        &mut self,
        fact: &'f Fact,
        texts: &'f [TextRow],
        report: &mut Report<'_>,
    ) -> Option<Checked<'f>> {
        report.summary.facts += 1;
        let said = format!("fact {} ({})", fact.position, fact.name);
        let expected = self.count + 1;
        if fact.position != expected {
            let lost = range("fact", expected, fact.position - 1);
            report.differs(&self.name, format!("{lost} of its chain: missing"));
        } else if fact.previous != self.head {
            report.differs(
                &self.name,
                format!("{said}: it does not follow the fact before it"),
            );
        }
        if fact.seq <= self.seq {
            report.differs(
                &self.name,
                format!("{said}: out of order, it was recorded earlier"),
            );
        }
        if fact.subject_kind != self.kind {
            report.differs(
                &self.name,
                format!("{said}: it is about a {}", fact.subject_kind),
            );
        }
        if sealed(fact).hash().as_slice() != fact.hash {
            report.differs(&self.name, format!("{said}: edited, its hash is another"));
        }
        self.count = fact.position;
        self.head.clone_from(&fact.hash);
        self.seq = fact.seq;
        self.began = self.began.or(Some(fact.recorded_at));
        self.last = Some(fact.occurred_at);
        self.last_recorded = Some(fact.recorded_at);
        let changes = read(fact, texts, &self.name, report);
        if changes.is_none() {
            report.differs(&self.name, format!("{said}: its data cannot be read"));
        }
        changes.map(|changes| Checked {
            fact,
            changes,
            texts,
        })
    }

    /// Carries the subject's fields on; each value before must be the one the facts so far left.
    pub fn apply(&mut self, checked: &Checked<'_>, fields: &[&str], report: &mut Report<'_>) {
        for stated in &checked.changes {
            if !fields.contains(&stated.field.as_str()) {
                continue;
            }
            let known = self.fields.get(&stated.field);
            let running = known.unwrap_or(&Held::Nothing);
            let comparable = known.is_some() || self.tells_all;
            if comparable && !running.is_before(&stated.before, checked.texts, stated.before_slot) {
                let fact = checked.fact;
                report.differs(
                    &self.name,
                    format!(
                        "{}: fact {} ({}) says it was {} before, but the facts before it say {}",
                        stated.field,
                        fact.position,
                        fact.name,
                        stated.before.shown(),
                        running.shown()
                    ),
                );
            }
            self.fields
                .insert(stated.field.clone(), stated.after.clone());
        }
    }

    /// Compares the end of the chain with the subject's row.
    pub fn compare(&self, standing: &Standing, report: &mut Report<'_>) {
        if let Some(head) = &standing.head {
            if head.count > self.count {
                let lost = range("fact", self.count + 1, head.count);
                let said = format!("{lost} of its chain: cut off at the end");
                report.differs(&self.name, said);
            } else if head.count < self.count {
                let more = range("fact", head.count + 1, self.count);
                let said = format!("{more} of its chain: its row does not count them");
                report.differs(&self.name, said);
            } else if head.hash != self.head {
                report.differs(&self.name, "its row holds another head than its chain has");
            }
        }
        for (field, stands) in &standing.fields {
            let known = self.fields.get(*field);
            if known.is_some() || self.tells_all {
                let held = known.unwrap_or(&Held::Nothing);
                report.compares(&self.name, field, held, stands);
            }
        }
    }
}

/// Compares what stands with what it began as, for a subject that has no facts.
pub(super) fn compare_seed(seed: &Seed, standing: &Standing, report: &mut Report<'_>) {
    for (field, stands) in &standing.fields {
        let begun = seed.fields.iter().find(|(name, _)| name == field);
        let held = begun.map_or(Held::Nothing, |(_, value)| Held::known(value));
        report.compares(&standing.name, field, &held, stands);
    }
}

fn sealed(fact: &Fact) -> Sealed<'_> {
    Sealed {
        previous: &fact.previous,
        subject_kind: &fact.subject_kind,
        subject_id: fact.subject_id.uuid(),
        position: fact.position,
        name: &fact.name,
        version: fact.version,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        actor_id: fact.actor_id.map(Id::uuid),
        behalf_id: fact.behalf_id.map(Id::uuid),
        door: &fact.door,
        data: &fact.data,
    }
}

/// Reads a fact's data and checks its texts; `None` when it is not what we write.
fn read(
    fact: &Fact,
    texts: &[TextRow],
    name: &str,
    report: &mut Report<'_>,
) -> Option<Vec<Stated>> {
    let data: Json = serde_json::from_str(&fact.data).ok()?;
    let mut hashes: HashMap<i32, String> = HashMap::new();
    for who in ["by", "for"] {
        if let Some(stored) = data.get(who) {
            let (slot, mark) = super::Mark::read(stored, texts)?;
            hashes.insert(slot, mark.hash().to_owned());
        }
    }
    let mut changes = Vec::new();
    for (field, pair) in data.get("set")?.as_object()? {
        let mut before_slot = None;
        let before = Held::read(pair.get(0)?, texts, &mut |slot, mark| {
            before_slot = Some(slot);
            hashes.insert(slot, mark.hash().to_owned());
        })?;
        let after = Held::read(pair.get(1)?, texts, &mut |slot, mark| {
            hashes.insert(slot, mark.hash().to_owned());
        })?;
        changes.push(Stated {
            field: field.clone(),
            before,
            after,
            before_slot,
        });
    }
    check_texts(fact, texts, &hashes, name, report);
    Some(changes)
}

fn check_texts(
    fact: &Fact,
    texts: &[TextRow],
    hashes: &HashMap<i32, String>,
    name: &str,
    report: &mut Report<'_>,
) {
    let said = format!("fact {} ({})", fact.position, fact.name);
    let mut kept = 0;
    for text in texts {
        match hashes.get(&text.slot) {
            None => {
                let what = format!("{said}: text {}: the fact knows none", text.slot);
                report.differs(name, what);
            }
            Some(hash) => {
                kept += 1;
                if hex(&text_hash(&text.salt, &text.text)) != *hash {
                    let what = format!("{said}: text {}: edited, its hash is another", text.slot);
                    report.differs(name, what);
                }
            }
        }
    }
    report.summary.erased += hashes.len().saturating_sub(kept) as u64;
}
