//! What is read from the journal: the facts of a record that clocks follow from.

use uuid::Uuid;

use crate::platform::db::Utc;

/// The code of the hold that waits on the requester; the requester's contact ends it.
pub const ON_REQUESTER: &str = "requester";

/// What happened, as far as a clock is moved by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The record was logged. Everything else of a history without one is passed over.
    Begun {
        reported_at: Utc,
        /// By phone, at the desk, in a chat: whoever reported it was answered there and then.
        conversation: bool,
    },
    Kind(String),
    Priority(i32),
    Service(Option<Uuid>),
    /// The requester's.
    Organisation(Option<Uuid>),
    Category(Option<Uuid>),
    Team(Option<Uuid>),
    Assignee(Option<Uuid>),
    Major(bool),
    Hold {
        reason: String,
        /// Whom it waits for, when it is a supplier that is known here.
        supplier: Option<Uuid>,
    },
    HoldEnded,
    /// With the value of `resolved_at`, which may lie before the fact. Of an imported record the
    /// only stop there is.
    Resolved(Utc),
    Reopened,
    Closed,
    /// Any end without a stop: cancelled, a duplicate.
    Cancelled,
    /// A public entry of a member of staff who is not the requester.
    StaffReply,
    /// The requester was in touch, by any channel.
    RequesterContact,
}

/// One fact of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Utc,
    pub position: i64,
    pub changes: Vec<Happened>,
}

/// A record's facts in the order of its journal.
///
/// The journal's order is the truth of what came first; an instant before that of an earlier fact (a
/// clock that was set back) counts as that of the earlier one. Only the value of `resolved_at` may
/// lie before the facts that were written before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    pub events: Vec<Event>,
    pub imported: bool,
}
