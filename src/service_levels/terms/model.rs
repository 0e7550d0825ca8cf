//! What an agreement says, as it is kept: in a version's definition (JSON) and in a file (TOML).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

crate::text_enum! {
    /// Between whom something is agreed.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum AgreementKind {
        /// Service level agreement: with those who use the service.
        Sla = "sla",
        /// Operational level agreement: with a working team, for each of its stays.
        Ola = "ola",
        /// Underpinning contract: with a supplier, for each hold on it.
        Underpinning = "underpinning",
    }
}

crate::text_enum! {
    /// What is promised. A clock is one target of one record.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Target {
        FirstResponse = "first_response",
        Resolution = "resolution",
        NextUpdate = "next_update",
        /// A stay with a working team.
        Ola = "ola",
        /// A hold on a supplier.
        Supplier = "supplier",
    }
}

/// How much time there is. Units say what they mean; a plain "day" does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Span {
    /// Minutes of the calendar's open hours.
    Business { minutes: u32 },
    /// Minutes whether open or not.
    Clock { minutes: u32 },
    /// Until the last closing of the `days`th business day that opens at or after the start.
    EndOfDay { days: u32 },
    /// Until this local time of that day.
    ByTime { days: u32, hour: u8, minute: u8 },
}

/// What an agreement covers. What is not said is any; the more is said, the more specific it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Covers {
    /// A kind of record: `incident`, `request`, `problem`, `change`.
    pub record: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Uuid>,
    /// The requester's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Uuid>,
    /// The working team: of an OLA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Uuid>,
    /// Whom a hold waits for: of an underpinning contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Uuid>,
}

/// When a resolution is met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopsAt {
    #[default]
    Resolved,
    Closed,
}

/// What a re-opening does to the resolution clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopening {
    /// It goes on; the time it was resolved does not count.
    #[default]
    ContinueTimeOff,
    /// It goes on as if it had never stopped.
    ContinueTimeCounts,
    NewCycle,
}

/// From where another priority's target counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityChange {
    /// From the clock's start, with the pauses there were.
    #[default]
    FromStart,
    FromChange,
}

/// When a step of the escalation is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Of the target's time, 1 to 300.
    Percent(u32),
    /// Minutes of the clock's own time before it is due.
    Before(u32),
    /// Minutes of the clock's own time after it was due.
    After(u32),
}

/// Whom a step tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    Assignee,
    Team,
    TeamLead,
    Managers,
    Person(Uuid),
}

/// A step of the escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub target: Target,
    pub when: When,
    #[serde(default)]
    pub tell: Vec<Tell>,
    /// Whether the record is flagged, so that the team lead's list has it.
    #[serde(default)]
    pub flag: bool,
}

/// One version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    pub name: String,
    pub kind: AgreementKind,
    pub covers: Covers,
    pub targets: BTreeMap<Target, Span>,
    /// The calendar its business time is counted in.
    pub calendar: Uuid,
    /// Codes of the hold reasons that pause it.
    #[serde(default)]
    pub pauses: Vec<String>,
    /// Major incidents are never paused.
    #[serde(default)]
    pub never_pauses_major: bool,
    #[serde(default)]
    pub stops_at: StopsAt,
    #[serde(default)]
    pub reopening: Reopening,
    #[serde(default)]
    pub priority_change: PriorityChange,
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The share that should be met, in percent.
    pub goal: u32,
}
