//! Service levels: what was agreed, in which hours, and the clocks that follow from the facts.
//!
//! An *agreement* (SLA, OLA, underpinning contract) promises *targets* for what it covers, counted in
//! the open hours of a *calendar*. A *clock* is one target of one record: a pure function of the
//! record's facts and of the versions of agreements and calendars; its row keeps that answer and can
//! be thrown away. A breach is a fact with its own instant, beside the state.

mod clock;
pub mod results;
mod terms;

pub use clock::ClockState;
pub use terms::{
    Agreement, AgreementKind, Covers, NotASpan, PriorityChange, Reopening, Span, Step, StopsAt,
    Target, Tell, When,
};
