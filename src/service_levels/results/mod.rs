//! What people add to a clock's result: why it was missed, and that it shall not count.
//!
//! A *reason* of a breach is a code and a sentence; whoever works may give it, and give another one
//! later. An *exemption* is asked for with a reason and counts only once a second person approved it. Neither
//! takes anything away: the clock and its breach stay, and both are told in the record's journal.
//! A record's chain of facts is written by the record's own room; what is to be said there is given back.

mod actions;
mod model;
mod store;
pub mod verify;

pub use actions::{approve_exemption, ask_exemption, explain_breach};
pub use model::{BreachCode, Explain, Which};
pub use store::{Waiting, explained, waiting};
