//! Incidents: something that worked does not, and somebody is waiting.
//!
//! An incident is logged (mostly with the caller on the line), worked on, perhaps put on hold, and
//! resolved; one resolved while it was logged is *solved at first contact*.

mod actions;
pub mod import;
pub mod pages;
mod rules;
mod store;

pub use actions::{
    Call, Caller, Join, Place, join_call, log_call, mark_first_contact, unmark_first_contact,
};
pub use rules::PRACTICE;
pub use store::{DETAIL, is_first_contact};
