//! Appending: the one way a fact comes into being.

use serde_json::{Map, Value as Json, json};

use super::chain::{Head, Sealed, hex, text_hash};
use super::model::{NewFact, Subject, Value};
use super::store;
use crate::platform::db::store::Emitted;
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// A fact made ready to be written: what its row holds, and the texts that stand apart from it.
pub struct Prepared {
    pub occurred_at: Utc,
    /// The data, as consequences read it and as the row keeps it.
    pub data: Json,
    pub text: String,
    /// The chain's head once this fact is its last.
    pub head: Head,
    /// Slot, salt and text of everything the data holds only by hash.
    pub kept: Vec<(i32, [u8; 16], String)>,
}

/// Works a fact out without a database: numbers its texts, salts and hashes them, seals it.
pub fn prepare(ctx: &Ctx, subject: Subject, head: &Head, fact: &NewFact) -> Result<Prepared> {
    let mut slots = Slots::default();
    let actor = slots.put(&ctx.actor.label)?;
    let behalf = ctx
        .on_behalf_of
        .as_ref()
        .map(|a| slots.put(&a.label))
        .transpose()?;
    let mut changes = Map::new();
    for change in &fact.changes {
        let pair = json!([slots.stored(&change.before)?, slots.stored(&change.after)?]);
        if changes.insert(change.field.to_owned(), pair).is_some() {
            // One of the two would be lost from history without a trace.
            return Err(Error::inward(format!(
                "{} changes {} twice in one fact",
                fact.name, change.field
            )));
        }
    }
    let mut data = json!({ "by": actor, "set": changes });
    if let (Some(behalf), Json::Object(map)) = (behalf, &mut data) {
        map.insert("for".to_owned(), behalf);
    }
    let text = data.to_string();
    let occurred_at = fact.occurred_at.unwrap_or(ctx.now);
    let hash = seal(ctx, subject, head, fact, occurred_at, &text).hash();
    Ok(Prepared {
        occurred_at,
        data,
        text,
        head: Head {
            count: head.count + 1,
            hash: hash.to_vec(),
        },
        kept: slots.kept,
    })
}

fn seal<'a>(
    ctx: &'a Ctx,
    subject: Subject,
    head: &'a Head,
    fact: &'a NewFact,
    occurred_at: Utc,
    data: &'a str,
) -> Sealed<'a> {
    Sealed {
        previous: &head.hash,
        subject_kind: subject.kind,
        subject_id: subject.id,
        position: head.count + 1,
        name: &fact.name,
        version: fact.version,
        occurred_at,
        recorded_at: ctx.now,
        actor_id: ctx.actor.id,
        behalf_id: ctx.on_behalf_of.as_ref().and_then(|a| a.id),
        door: ctx.door.word(),
        data,
    }
}

/// Appends a fact to a subject's chain and gives back the chain's new head. The caller knows the
/// head (a record's row holds it); a stale one breaks on the chain's unique position.
pub fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    subject: Subject,
    head: &Head,
    fact: &NewFact,
) -> Result<Head> {
    let mut facts = Facts::default();
    let head = facts.append(ctx, subject, head, fact)?;
    facts.write(w)?;
    Ok(head)
}

/// Facts that are written together: many to a statement, where the database takes many.
#[derive(Default)]
#[must_use]
pub struct Facts(Vec<Waiting>);

/// A fact with what it was made of.
pub(super) struct Waiting {
    pub ctx: Ctx,
    pub subject: Subject,
    pub fact: NewFact,
    /// The head before it.
    pub before: Head,
    pub ready: Prepared,
}

impl Waiting {
    pub(super) fn sealed(&self) -> Sealed<'_> {
        let (at, text) = (self.ready.occurred_at, &self.ready.text);
        seal(&self.ctx, self.subject, &self.before, &self.fact, at, text)
    }
}

impl Facts {
    /// [`append`], written later. Nothing that reads the journal sees it before.
    pub fn append(
        &mut self,
        ctx: &Ctx,
        subject: Subject,
        head: &Head,
        fact: &NewFact,
    ) -> Result<Head> {
        let ready = prepare(ctx, subject, head, fact)?;
        let head_now = ready.head.clone();
        self.0.push(Waiting {
            ctx: ctx.clone(),
            subject,
            fact: fact.clone(),
            before: head.clone(),
            ready,
        });
        Ok(head_now)
    }

    /// Writes them in the order they were appended in.
    pub fn write(self, w: &mut Write<'_>) -> Result<()> {
        let seqs = store::insert_facts(w, &self.0)?;
        let texts = self.0.iter().zip(seqs);
        let texts = texts.flat_map(|(fact, seq)| {
            let kept = fact.ready.kept.iter();
            kept.map(move |(slot, salt, text)| (seq, *slot, salt.as_slice(), text.as_str()))
        });
        store::insert_texts(w, texts.collect())?;
        for waiting in self.0 {
            w.emit(Emitted {
                ctx: waiting.ctx,
                name: waiting.fact.name,
                subject: waiting.subject.id,
                occurred_at: waiting.ready.occurred_at,
                data: waiting.ready.data,
            });
        }
        Ok(())
    }
}

/// Appends to a subject whose head nobody keeps (people, teams, settings).
pub fn append_to(w: &mut Write<'_>, ctx: &Ctx, subject: Subject, fact: &NewFact) -> Result<()> {
    let head = store::head_of(w, Id::from_uuid(subject.id))?;
    append(w, ctx, subject, &head, fact).map(drop)
}

/// The texts of one fact, each in a numbered slot with its own salt.
#[derive(Default)]
struct Slots {
    kept: Vec<(i32, [u8; 16], String)>,
}

impl Slots {
    /// Keeps a text apart and gives back what stands for it: slot and hash.
    fn put(&mut self, text: &str) -> Result<Json> {
        let mut salt = [0u8; 16];
        getrandom::fill(&mut salt).map_err(|e| Error::inward(format!("no randomness: {e}")))?;
        let slot = self.kept.len() as i32;
        self.kept.push((slot, salt, text.to_owned()));
        Ok(json!({ "slot": slot, "hash": hex(&text_hash(&salt, text)) }))
    }

    fn stored(&mut self, value: &Value) -> Result<Json> {
        Ok(match value {
            Value::Nothing => Json::Null,
            Value::Flag(flag) => json!(flag),
            Value::Number(n) => json!(n),
            Value::Word(word) => json!(word),
            Value::At(at) => json!({ "at": at.rfc3339_micros() }),
            Value::Code(code, label) => json!({ "id": code, "label": self.put(label)? }),
            Value::Ref(id, label) => json!({ "id": id, "label": self.put(label)? }),
            Value::Text(text) => json!({ "text": self.put(text)? }),
        })
    }
}
