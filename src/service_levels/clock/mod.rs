//! Clocks: what the facts of a record come to.
//!
//! [`clocks`] is a pure function of a record's facts, of the catalogue of agreements and calendars
//! with all their versions, and of the present instant. Nothing else counts time.

mod catalogue;
mod considered;
mod count;
mod cycles;
mod explain;
mod history;
mod lamp;
mod model;
mod named;
mod preview;
mod reach;
mod run;
mod tell;
mod track;

#[cfg(test)]
mod prove;
#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, NoCatalogue, StoredAgreement, StoredCalendar};
pub use considered::{Considered, Why, considered};
pub use count::clocks;
pub use explain::{Explanation, Segment, What, explain};
pub use history::{Event, Happened, History, ON_REQUESTER};
pub use lamp::{Lamp, Standing};
pub use model::{Clock, ClockState, DueStep, Outcome, Phase};
pub use preview::{Move, Moves, preview};
