//! Clocks: what the facts of a record come to.
//!
//! [`clocks`] is a pure function of a record's facts, of the catalogue of agreements and calendars
//! with all their versions, and of the present instant. Nothing else counts time.

mod catalogue;
mod count;
mod cycles;
mod history;
mod lamp;
mod measure;
mod model;
mod named;
mod reach;
mod run;
mod tell;
mod track;

#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, NoCatalogue, StoredAgreement, StoredCalendar};
pub use count::clocks;
pub use history::{Event, Happened, History, ON_REQUESTER};
pub use lamp::{Lamp, Standing};
pub use model::{Clock, ClockState, DueStep, Outcome, Phase};
