//! The verbs only incidents have, and logging a call, which is several verbs at once.

mod first_contact;
mod instants;
mod log_call;
mod majors;

pub use first_contact::{mark_first_contact, unmark_first_contact};
pub use instants::{SetInstant, SetInstants, acknowledge, set_instants};
pub use log_call::{Call, Caller, Join, Place, join_call, log_call};
pub use majors::{
    Declare, PlanMajor, before_major, declare_major, found_major, plan_major, withdraw_major,
};
