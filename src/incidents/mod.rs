//! Incidents: something that worked does not, and somebody is waiting.
//!
//! An incident is logged (mostly with the caller on the line), worked on, perhaps put on hold, and
//! resolved; one resolved while it was logged is *solved at first contact*.
//!
//! Its *instants* say when its impact began, when it was detected, acknowledged and mitigated, each
//! with the *source* that is known by. One that is *major* stands above the priority matrix: it has a
//! reason, a lead, and a time by which the next word is promised.

mod actions;
mod besides;
pub mod import;
mod model;
pub mod pages;
mod rules;
mod store;
pub mod verify;

pub use actions::{
    Call, Caller, Declare, Join, Place, PlanMajor, SetInstant, SetInstants, acknowledge,
    declare_major, join_call, log_call, mark_first_contact, plan_major, set_instants,
    unmark_first_contact, withdraw_major,
};
pub use model::{Instant, Source, Which};
pub use rules::PRACTICE;
pub use store::{
    DETAIL, erase_written, hurt_between, instants_of_many, instants_since, is_first_contact,
    lead_of,
};
