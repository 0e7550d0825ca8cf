//! The words of a clock, and what is known of one.

use uuid::Uuid;

use crate::platform::db::Utc;
use crate::service_levels::terms::Target;

crate::text_enum! {
    /// How the clocks of a record stand that its list shows; whether the earliest is at risk or
    /// breached follows from its two instants.
    pub enum ClockState {
        /// No agreement covers it, or nothing of it runs any more.
        None = "none",
        Running = "running",
        Paused = "paused",
        Met = "met",
    }
}

crate::text_enum! {
    /// What a clock does.
    pub enum Phase {
        Running = "running",
        Paused = "paused",
        /// What it waited for has come, in time or late.
        Stopped = "stopped",
        /// Nothing it waits for can come any more.
        Ended = "ended",
    }
}

crate::text_enum! {
    /// What came of a clock, beside what it does: a breached one may still run.
    pub enum Outcome {
        Running = "running",
        Met = "met",
        Breached = "breached",
        /// Ended without a stop: in no attainment.
        Ended = "ended",
        /// Breached, and two people agreed that it doesn't count. The engine never says so.
        Exempt = "exempt",
    }
}

/// A step of the escalation, and when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueStep {
    /// Names the step for good: by its time and its agreement, not by its place in the list.
    pub key: String,
    /// Its place among the steps of the agreement's version.
    pub index: usize,
    pub at: Utc,
    /// Its time had passed before the terms that know it came, and a later step or the breach came
    /// with them: only the last of these is told.
    pub is_overtaken: bool,
}

/// One cycle of one target of a record, or the part of it that breached under earlier terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub target: Target,
    /// From 1: again when the promise was made again.
    pub cycle: i32,
    /// From 1: again when a breach stood before the terms changed.
    pub part: i32,
    pub agreement: Uuid,
    pub agreement_version: Uuid,
    /// In force at the outcome; until then, the one in force now.
    pub calendar_version: Uuid,
    pub phase: Phase,
    /// From where its time counts.
    pub started_at: Utc,
    /// The far future while paused before it was due.
    pub due_at: Utc,
    /// When a third of the target is left.
    pub risk_at: Utc,
    pub stopped_at: Option<Utc>,
    pub breached_at: Option<Utc>,
    pub target_micros: i64,
    /// Of its own time: until its stop, or until the last fact.
    pub elapsed_micros: i64,
    /// Of its own time, not counted because it was paused.
    pub paused_micros: i64,
    /// Position of the fact that stopped it.
    pub met_by: Option<i64>,
    /// Position of the fact that made these terms its own; `None` where a version began.
    pub terms_by: Option<i64>,
    /// Position of the fact that ended it or put other terms in place of these.
    pub ended_by: Option<i64>,
    /// The next instant at which somebody must look: a step, the first instant of the breach, or
    /// a version of an agreement that begins.
    pub wake_at: Option<Utc>,
    /// Steps in the order of their times, of a clock that has not stopped. None for imported records.
    pub steps: Vec<DueStep>,
    pub outcome: Outcome,
    /// The far future while running.
    pub outcome_at: Utc,
    /// Whether it is the one that counts for its record.
    pub is_counted: bool,
    pub is_superseded: bool,
    pub is_imported: bool,
    // As they were at the outcome.
    pub record_kind: String,
    pub priority: i32,
    pub service: Option<Uuid>,
    pub team: Option<Uuid>,
    pub organisation: Option<Uuid>,
    pub category: Option<Uuid>,
    pub assignee: Option<Uuid>,
    /// Of a hold on one.
    pub supplier: Option<Uuid>,
    pub reported_at: Utc,
}
