//! Service levels: what was agreed, in which hours, and the clocks that follow from the facts.
//!
//! An *agreement* (SLA, OLA, underpinning contract) promises *targets* for what it covers, counted in
//! the open hours of a *calendar*. A *clock* is one target of one record: a pure function of the
//! record's facts and of the versions of agreements and calendars; its row keeps that answer and can
//! be thrown away. A breach is a fact with its own instant, beside the state.

pub mod actions;
mod ask;
mod calendar;
mod clock;
mod compiled;
pub mod fields;
pub mod file;
mod histories;
mod kept;
mod path;
pub mod proof;
pub mod results;
mod rules;
mod settle;
mod store;
mod terms;
pub mod told;
mod trial;
pub mod verify;
pub mod written;

pub use ask::{Explained, Inputs, explain_record, most_used, promised, version_names};
pub use calendar::{
    BusinessDay, Calendar, CalendarVersion, Exception, Fault, Holiday, Hours, LocalDate,
    LocalMinute, NotATime, Timeline, Week, Window, faults,
};
pub use clock::{
    Catalogue, Clock, ClockState, Considered, DueStep, Event, Explanation, Happened, History, Lamp,
    Move, Moves, NoCatalogue, ON_REQUESTER, Outcome, Phase, Segment, Standing, StoredAgreement,
    StoredCalendar, What, Why, clocks, considered, explain, preview,
};
pub use compiled::{RECOUNT, catalogue, next_beginning};
pub use histories::moves_clocks;
pub use kept::{All, Kept, Version};
pub use path::Overrun;
pub use rules::{Saving, Wanted, users_of};
pub use settle::{BREACH, Fired, Settled, settle};
pub use store::clocks::{ClockRow, clocks_of, due as clocks_due};
pub use store::definitions::{agreements, all, calendars, find, revision};
pub use terms::{
    Agreement, AgreementKind, Covers, Example, NotASpan, PriorityChange, Reopening, Shows, Span,
    Step, StopsAt, Target, Tell, TooLong, When, agreement_faults, clash, examples, too_long,
};
pub use trial::Trial;
