//! The row of an action item, and how the journal says it.

use diesel::prelude::*;

use super::rules::actions::ActionKind;
use crate::journal::{Change as Said, Value};
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::{Kind, Number, Record};
use crate::schema::action_items;

/// What only an action item has.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = action_items, primary_key(record_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ActionItem {
    pub record_id: Id<Record>,
    pub postmortem_id: Id<Record>,
    pub action_kind: ActionKind,
    /// How it will be verified.
    pub verification: String,
    /// What was seen when it was.
    pub seen: String,
    /// The change, request or problem that carries it.
    pub carrier_id: Option<Id<Record>>,
    pub due_at: Option<Utc>,
    /// When it was done; not while somebody works on it.
    pub done_at: Option<Utc>,
    pub verified_at: Option<Utc>,
    pub verified_by_id: Option<Id<Person>>,
    /// When the end of its carrier asked for its verification.
    pub asked_at: Option<Utc>,
    /// The action that was done and did not prevent what happened again.
    pub recurrence_of_id: Option<Id<Record>>,
    /// The instant of the newest reminder.
    pub reminded_at: Option<Utc>,
    /// Somebody has to do something about it yet. It follows from the state.
    pub is_awaited: bool,
}

impl ActionItem {
    pub fn new(record: Id<Record>, postmortem: Id<Record>, kind: ActionKind) -> Self {
        Self {
            record_id: record,
            postmortem_id: postmortem,
            action_kind: kind,
            verification: String::new(),
            seen: String::new(),
            carrier_id: None,
            due_at: None,
            done_at: None,
            verified_at: None,
            verified_by_id: None,
            asked_at: None,
            recurrence_of_id: None,
            reminded_at: None,
            is_awaited: true,
        }
    }
}

/// Whether somebody has to do something about an action in this state.
pub fn is_awaited(state: &str) -> bool {
    matches!(state, "open" | "in_progress")
}

/// Every plain field of an action item's own row, by name. `verify` compares exactly these and those
/// below.
pub fn plain(of: &ActionItem) -> [(&'static str, Value); 8] {
    [
        ("action_kind", Value::word(of.action_kind.word())),
        ("action_verification", Value::text(&of.verification)),
        ("action_seen", Value::text(&of.seen)),
        ("action_due_at", Value::at(of.due_at)),
        ("action_done_at", Value::at(of.done_at)),
        ("action_verified_at", Value::at(of.verified_at)),
        ("action_asked_at", Value::at(of.asked_at)),
        ("action_reminded_at", Value::at(of.reminded_at)),
    ]
}

type RecordOf = fn(&ActionItem) -> Option<Id<Record>>;

/// The records an action item names.
pub const RECORDS: [(&str, RecordOf); 3] = [
    ("action_postmortem", |one| Some(one.postmortem_id)),
    ("action_carrier", |one| one.carrier_id),
    ("action_recurrence_of", |one| one.recurrence_of_id),
];

/// Whoever verified it.
pub const VERIFIED_BY: &str = "action_verified_by";

/// What differs between two versions of a row, or what a new one says, but for whom and what it names.
pub fn changes(before: Option<&ActionItem>, after: &ActionItem) -> Vec<Said> {
    let were = before.map(plain);
    plain(after)
        .into_iter()
        .enumerate()
        .map(|(place, (field, is))| {
            let was = were.as_ref().and_then(|were| were.get(place));
            let was = was.map_or(Value::Nothing, |(_, was)| was.clone());
            Said::new(field, was, is)
        })
        .filter(|said| said.before != said.after)
        .collect()
}

/// An action item as a list of work shows it.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Listed {
    pub id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub kind: ActionKind,
    pub due_at: Option<Utc>,
    pub created_at: Utc,
    pub owner: Option<String>,
    pub team: Option<String>,
    pub done_at: Option<Utc>,
    pub closed_at: Option<Utc>,
}

impl Listed {
    pub fn number(&self) -> Number {
        Number {
            kind: Kind::Action,
            n: self.n,
        }
    }
}
