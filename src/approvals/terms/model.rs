//! A policy as its version keeps it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

crate::text_enum! {
    /// A part of what is approved. Each has a hash of its own, so that it is known what changed.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Part {
        Scope = "scope",
        Items = "items",
        Plans = "plans",
        Risk = "risk",
        Implementer = "implementer",
        Window = "window",
    }
}

impl Part {
    /// What re-opens a stage unless its policy says otherwise.
    pub const USUAL: [Part; 5] = [
        Part::Scope,
        Part::Items,
        Part::Plans,
        Part::Risk,
        Part::Window,
    ];
}

/// Whom a stage asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Person(Uuid),
    /// Everybody of a team.
    Team(Uuid),
    /// Everybody of a board, a change advisory board for example.
    Board(Uuid),
    /// Whoever owns a service that is touched.
    ServiceOwner,
    /// The teams that look after what is touched.
    ItemsTeam,
    /// The requester's.
    LineManager,
}

impl Who {
    /// Whether it means certain people rather than whoever is in a group.
    pub fn is_named(&self) -> bool {
        matches!(self, Who::Person(_) | Who::ServiceOwner | Who::LineManager)
    }
}

/// Seats of a stage, and what they weigh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub who: Who,
    /// Without their yes it is not approved, however many others say it.
    #[serde(default)]
    pub mandatory: bool,
    /// Their no decides, however many others say yes.
    #[serde(default)]
    pub veto: bool,
}

/// How many must say yes: of people named, never a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Any,
    All,
    Of(u32),
}

/// One question to some people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// By which other stages name it.
    pub key: String,
    pub name: String,
    /// It is asked when all of these have said yes; at once where there are none.
    #[serde(default)]
    pub after: Vec<String>,
    pub seats: Vec<Entry>,
    pub count: Count,
    /// Who takes a seat that nobody can sit on, in this order.
    #[serde(default)]
    pub alternates: Vec<Who>,
    /// Whether the chair of its board may decide it as one meeting decision.
    #[serde(default)]
    pub meeting: bool,
    /// What asks it again when it changes.
    pub reopened_by: Vec<Part>,
    /// Hours from when it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<u32>,
    /// Hours before the window in which whoever has not answered is reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<u32>,
    /// Whether a vote asks for the password once more.
    #[serde(default)]
    pub reauthenticate: bool,
}

impl Stage {
    /// The board whose chair may decide it.
    pub fn board(&self) -> Option<Uuid> {
        self.seats.iter().find_map(|entry| match entry.who {
            Who::Board(id) if self.meeting => Some(id),
            _ => None,
        })
    }
}

/// What it is for. What is not said is any; the more is said, the more specific it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Covers {
    /// A kind of record.
    pub record: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criticality: Option<i32>,
}

/// Who approves what it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    pub covers: Covers,
    pub stages: Vec<Stage>,
}
