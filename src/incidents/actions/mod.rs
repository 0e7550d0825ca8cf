//! The verbs only incidents have, and logging a call, which is several verbs at once.

mod first_contact;
mod log_call;

pub use first_contact::{mark_first_contact, unmark_first_contact};
pub use log_call::{Call, Caller, Join, Place, join_call, log_call};
