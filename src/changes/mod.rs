//! Changes: something is about to be altered, and nobody is to be surprised by it.
//!
//! A change has a *type*: *standard* (made from a template that was authorised once), *normal* (decided
//! by approval) or *emergency* (expedited, by word of mouth, or written up afterwards). Its *plan* says
//! what, when (the *window*, and the *outage* in it), how, how it is tested and how it is backed out;
//! its *risk* is the higher of a questionnaire and what the desk knows. A *freeze* stops changes from
//! beginning and never one that has begun; *maintenance windows* say when a service may be worked on;
//! *conflicts* are seen while planning. No change enters *implementing* without an *authority* for what
//! it says then ([`rules::authority`]).

mod actions;
mod besides;
mod chapters;
mod labels;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod verify;

pub use actions::{
    Authority, Ending, FreezeForm, MaintenanceForm, PolicyForm, Raise, add_freeze, add_maintenance,
    agree_pass, answer_authority, answer_remark, ask_authority, ask_pass, assess,
    authorise_template, changes_overrunning, close, contested, decided, deviate, edit_freeze,
    edit_maintenance, edit_parties, edit_plan, edit_policy, expect_end, finish, overran,
    policy_form, propose_template, raise, remark, review, revise, said_otherwise, schedule, start,
    start_verbally, submit, task_may_go_on, tell_implementer, tell_of_freeze, tell_parties,
    verdict, withdraw_template, words_stand, write_up,
};
pub use model::{Remark, Template};
pub use rules::life::PRACTICE;
pub use rules::outcome::{Outcome, Verdict};
pub use rules::parties::Party;
pub use rules::plan::PlanForm;
pub use rules::steps::{ChangeType, Mode};
pub use store::{erase_remarks, erase_written, has_ended, outcome_of};
