//! Facts as actions state them, and as the database keeps them.

use diesel::prelude::*;
use uuid::Uuid;

use crate::platform::db::Utc;
use crate::schema::{checkpoints, facts};

/// What a fact is about: a record, a person, a team, a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
}

/// One side of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Nothing,
    Flag(bool),
    Number(i64),
    /// A word of ours that nobody can rename: a state, a channel, an audience. Never personal.
    Word(String),
    /// A code of an administrator's list, with the label it had at this time (hashed).
    Code(String, String),
    At(Utc),
    /// Something else's id, with the label it had at this time (personal, so hashed).
    Ref(Uuid, String),
    /// A text somebody wrote, or a label without an id (hashed).
    Text(String),
}

impl Value {
    pub fn word(word: impl Into<String>) -> Self {
        Value::Word(word.into())
    }

    /// A text, where an empty one is nothing.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Value::Nothing
        } else {
            Value::Text(text.to_owned())
        }
    }

    pub fn at(at: Option<Utc>) -> Self {
        at.map_or(Value::Nothing, Value::At)
    }

    pub fn reference(what: Option<(Uuid, String)>) -> Self {
        what.map_or(Value::Nothing, |(id, label)| Value::Ref(id, label))
    }
}

/// A field with its value before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    pub before: Value,
    pub after: Value,
}

impl Change {
    pub fn new(field: &'static str, before: Value, after: Value) -> Self {
        Self {
            field,
            before,
            after,
        }
    }

    /// A field that had no value before.
    pub fn set(field: &'static str, after: Value) -> Self {
        Self::new(field, Value::Nothing, after)
    }
}

/// The fields that differ, each with its value before and after.
pub fn differences<const N: usize>(
    fields: &[&'static str],
    before: [Value; N],
    after: [Value; N],
) -> Vec<Change> {
    fields
        .iter()
        .zip(before)
        .zip(after)
        .filter(|((_, before), after)| before != after)
        .map(|((field, before), after)| Change::new(field, before, after))
        .collect()
}

/// A fact about to be appended.
#[derive(Debug, Clone)]
pub struct NewFact {
    /// Dotted and in the past tense: `incident.resolved`.
    pub name: String,
    /// Raised when the meaning of the fact's fields changes.
    pub version: i32,
    /// When it happened, where that is not now (imports).
    pub occurred_at: Option<Utc>,
    pub changes: Vec<Change>,
}

impl NewFact {
    pub fn new(name: impl Into<String>, changes: Vec<Change>) -> Self {
        Self {
            name: name.into(),
            version: 1,
            occurred_at: None,
            changes,
        }
    }
}

/// A fact's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = facts)]
pub struct Fact {
    pub seq: i64,
    pub subject_kind: String,
    pub subject_id: crate::platform::db::Id<Fact>,
    pub position: i64,
    pub name: String,
    pub version: i32,
    pub occurred_at: Utc,
    pub recorded_at: Utc,
    pub actor_id: Option<crate::platform::db::Id<Fact>>,
    pub behalf_id: Option<crate::platform::db::Id<Fact>>,
    pub door: String,
    pub data: String,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

/// A checkpoint's row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkpoints)]
pub struct Checkpoint {
    pub number: i64,
    /// It covers every fact up to this one.
    pub last_seq: i64,
    /// How many chains had grown.
    pub chains: i64,
    pub at: Utc,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}
