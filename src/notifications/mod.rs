//! Notices: what somebody is told here about promises on the records they work on.
//!
//! Who is told follows from facts (`follow`); `people` keeps what each was told. What they were told at
//! one instant is one notice, with the true time of each thing in it: after an hour without power there
//! is one, not fifty. A notice names records by id only: whoever may no longer see one no longer reads
//! of it.

mod escalate;
mod model;
mod pages;
mod store;

pub use escalate::escalated;
pub use pages::routes;
