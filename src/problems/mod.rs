//! Problems: why something keeps failing, and what helps until it does not.
//!
//! A problem is opened from one incident or many, which stay linked to it as *caused by* it. What
//! *contributed* is a list of factors, each of a kind of the desk's own vocabulary; there is no single
//! cause. A *workaround* is enough for a *known error*: a publication on the problem with versions,
//! offered on incidents like it, with the reason, until it is retired, whatever state the problem is in.
//! The permanent *fix* is a change: when it succeeds, the problem is *verified* for some days, and only
//! then resolved. A *risk* may be accepted instead, by somebody, for a reason, until a day.
//!
//! Stands before incidents, which are offered known errors; it knows changes by their links alone.

mod actions;
mod besides;
mod labels;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod verify;

pub use actions::{
    Asked, EditFactor, OpenFrom, Publish, Tell, accept_risk, add_factor, edit_factor, fix_ended,
    fix_linked, fix_started, known_for, link_incidents, linked, offer, open_from, plan_fix,
    publish, published, remove_factor, resolve_linked, retire, retitled, review_risk,
    save_workaround, settled, standing_factors, tell_incidents, unlink_incidents, use_workaround,
    verified, watch_for, worked,
};
pub use besides::{because, helps};
pub use model::Factor;
pub use rules::fix::Ended;
pub use rules::life::PRACTICE;
pub use rules::why::Why;
pub use store::{
    erase_authored, erase_reasons, erase_texts, erase_written, resolved_before, risks_due,
    verified_due,
};
