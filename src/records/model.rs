//! Rows, ids and enums of the spine.

use diesel::prelude::*;

use super::number::Number;
use crate::entries::Entry;
use crate::items::{Item, Supplier};
use crate::people::{Location, Person, Team};
use crate::platform::db::{Id, Utc};
use crate::schema::{handoffs, holds, records, resolutions};
use crate::service_levels::ClockState;
use crate::services::{Category, Service};

crate::text_enum! {
    /// The kinds of record. Each is a row of `kinds` too, so a new one needs no migration of the spine.
    pub enum Kind {
        Incident = "incident",
        Request = "request",
        Problem = "problem",
        Change = "change",
        Postmortem = "postmortem",
        Action = "action",
    }
}

impl Kind {
    /// What somebody logs, or raises from a record, by the general form. The others have doors of their
    /// own.
    pub const LOGGED: [Kind; 4] = [Kind::Incident, Kind::Request, Kind::Problem, Kind::Change];

    pub const fn prefix(self) -> &'static str {
        match self {
            Kind::Incident => "INC",
            Kind::Request => "REQ",
            Kind::Problem => "PRB",
            Kind::Change => "CHG",
            Kind::Postmortem => "PM",
            Kind::Action => "ACT",
        }
    }

    /// The first part of its pages' paths.
    pub const fn path(self) -> &'static str {
        match self {
            Kind::Incident => "incidents",
            Kind::Request => "requests",
            Kind::Problem => "problems",
            Kind::Change => "changes",
            Kind::Postmortem => "postmortems",
            Kind::Action => "actions",
        }
    }
}

crate::text_enum! {
    /// How a record reached the desk.
    pub enum Channel {
        Phone = "phone",
        WalkUp = "walk_up",
        Mail = "mail",
        Portal = "portal",
        Chat = "chat",
        Monitoring = "monitoring",
    }
}

crate::text_enum! {
    /// Where a record's priority comes from. An imported one is the source's and is never recomputed.
    pub enum PrioritySource {
        Matrix = "matrix",
        Override = "override",
        Imported = "imported",
    }
}

crate::text_enum! {
    /// What a link says of the record it goes from.
    pub enum LinkType {
        Related = "related",
        CausedBy = "caused_by",
        /// A problem by the change that is to remove it.
        FixedBy = "fixed_by",
        RecurrenceOf = "recurrence_of",
        /// How a record ended. It comes and goes with that, never by itself.
        DuplicateOf = "duplicate_of",
    }
}

/// A row of the spine.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = records, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Record {
    pub id: Id<Record>,
    pub kind: Kind,
    pub number: i64,
    pub title: String,
    pub requester_id: Option<Id<Person>>,
    pub service_id: Option<Id<Service>>,
    pub category_id: Option<Id<Category>>,
    pub team_id: Option<Id<Team>>,
    pub assignee_id: Option<Id<Person>>,
    pub channel: Channel,
    pub impact: i32,
    pub urgency: i32,
    pub priority: i32,
    pub priority_source: PrioritySource,
    pub priority_reason: String,
    pub state: String,
    pub state_group: super::Group,
    pub is_open: bool,
    pub created_at: Utc,
    pub reported_at: Utc,
    pub updated_at: Utc,
    /// When the earliest promise is due; the far future when none runs. The clocks' consequence alone
    /// writes it and the two beside it, from the facts.
    #[diesel(skip_update)]
    pub next_due_at: Utc,
    /// From when on that one is at risk.
    #[diesel(skip_update)]
    pub next_risk_at: Utc,
    #[diesel(skip_update)]
    pub clock_state: ClockState,
    pub resolved_at: Option<Utc>,
    pub closed_at: Option<Utc>,
    pub reassignments: i32,
    pub reopens: i32,
    pub version: i64,
    /// Count and hash of the head of this record's chain in the journal.
    pub facts: i64,
    pub facts_head: Vec<u8>,
    pub description: String,
    pub item_id: Option<Id<Item>>,
    pub location_id: Option<Id<Location>>,
    /// The record it stands under.
    pub parent_id: Option<Id<Record>>,
    /// How many records stand under it. Moved when those are written, never with the record itself,
    /// which may have been read before.
    #[diesel(skip_update)]
    pub children: i32,
    /// How many of them are open.
    #[diesel(skip_update)]
    pub open_children: i32,
    /// How often its kind was changed: so many former numbers lead to it.
    pub kind_changes: i32,
    /// Above the matrix: an incident that somebody with the right declared major.
    pub is_major: bool,
    /// Whether there is anything to ask its practice about when things happened.
    pub has_instants: bool,
    /// It exists for the people named and one team only.
    pub is_restricted: bool,
    /// The team that answers to the caller; `team_id` is the one that works on it.
    pub owner_team_id: Option<Id<Team>>,
    /// How often it was handed from one working team to another.
    pub handoffs: i32,
    /// Its place in the fair order: since when it waits, until when it may, and since when it is paused.
    /// Written with the row, by what the facts say of its state.
    pub entered_at: Utc,
    pub virtual_deadline: Utc,
    pub paused_since: Option<Utc>,
}

impl Record {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.number,
        }
    }
}

/// One handing of a record from one working team to another. Its words are an internal note.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = handoffs, treat_none_as_default_value = false)]
pub struct Handoff {
    pub record_id: Id<Record>,
    /// The first of its record is 1.
    pub n: i32,
    pub from_team_id: Id<Team>,
    pub to_team_id: Id<Team>,
    pub entry_id: Id<Entry>,
    /// So many characters of the note say what was tried, the rest what is wanted.
    pub tried_chars: i32,
    /// The note that says why it was sent back.
    pub returned_entry_id: Option<Id<Entry>>,
}

/// One stay in waiting.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = holds, treat_none_as_default_value = false)]
pub struct Hold {
    pub id: Id<Hold>,
    pub record_id: Id<Record>,
    pub reason: String,
    pub behaviour: String,
    /// The supplier's name as it was then; of one on no list, all there is.
    pub supplier: String,
    pub supplier_case: String,
    pub for_record_id: Option<Id<Record>>,
    /// [`Utc::FAR`] when no date was given.
    pub resume_at: Utc,
    pub state_before: String,
    pub started_at: Utc,
    pub ended_at: Option<Utc>,
    pub supplier_id: Option<Id<Supplier>>,
    /// The record above whose hold it follows.
    pub because_id: Option<Id<Record>>,
    /// Whether records below follow it.
    pub flows_down: bool,
}

/// How a record was resolved or cancelled.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = resolutions, treat_none_as_default_value = false)]
pub struct Resolution {
    pub id: Id<Resolution>,
    pub record_id: Id<Record>,
    /// `resolution` or `cancellation`: the list its code is from.
    pub list: String,
    pub code: String,
    pub code_label: String,
    pub text: String,
    pub by_id: Option<Id<Person>>,
    pub team_id: Option<Id<Team>>,
    pub at: Utc,
    /// When a re-opening made it history.
    pub superseded_at: Option<Utc>,
}
