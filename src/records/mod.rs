//! Records: what incidents, requests, problems and changes share.
//!
//! A *record* is one row of the spine with a number of its kind (INC-12). It has a *state*, which
//! belongs to its practice, and a state *group* (open, waiting, done), which is all the spine knows.
//! The *life cycle* of a practice is a table of moves; every verb here is told which practice it
//! works for. *Impact* and *urgency* give the *priority* by the matrix; a *hold* is one stay in
//! waiting; a *resolution* says with code and text how it ended; *links* and *watchers* connect it
//! to other records and to people.

pub mod actions;
mod besides;
mod detail;
pub mod export;
pub mod fair;
mod family;
mod imported;
mod involved;
mod labels;
mod life_cycle;
mod list;
mod model;
mod number;
pub mod pages;
mod policy;
mod requesters;
mod restrictions;
mod rules;
mod store;
pub mod verify;
mod view;
pub mod views;
mod visible;

pub use besides::{
    Banner, Beside, Besides, Cells, Chapter, Help, Link, Part, Section, Sheet, Step, Warning,
    no_cells, nothing_besides,
};
pub use detail::{Contact, Detail, Ending, ending_of, find_detail, other_open_of_requester};
pub use family::{Children, Flow, Left, Member, Plan};
pub use involved::{
    AffectedPerson, ContactCounts, DETAIL, Role, affected_of, caller_of, contact_counts,
    names_involved, writes_privately,
};
pub use labels::changes_with;
pub use life_cycle::{
    BACK, Becomes, Group, Marks, Move, Need, Practice, Practices, State, Verb, Who, no_marks,
};
pub use list::{
    Counts, ExportLine, ExportRow, Filter, HandedOver, Order, Row, Sort, WrongKindRate, counts,
    handed_over, is_key, lamps, line, list, list_for_export, open_of, open_tasks, wrong_kind_rates,
};
pub use model::{Channel, Handoff, Hold, Kind, LinkType, PrioritySource, Record, Resolution};
pub use number::Number;
pub use policy::{Sight, requester_may, sight, sight_of_asked};
pub use requesters::open_counts;
pub use restrictions::{
    Named, Restricted, hidden_from, is_open_to, list_restricted, named_of, naming, readers_of,
};
pub use rules::{
    Matrix, PriorityWish, prioritise, raised_link, reopens_until, reported_at_problem,
};
pub use store::{
    HandoffSeen, HeldRecord, LinkSeen, Oldest, Tally, asked_for_by, count_endings_by,
    count_watched, ended_last, fair_order, find_asked, find_asked_by_id, find_by_id, find_by_ids,
    find_meant, find_visible, find_visible_by_id, former_numbers_of, handoffs_of, hold_of,
    holds_due, holds_for, insert_as_of, involving, is_own, levels, links_of, matrix, oldest_open,
    oldest_waiting, open_among, resolutions_of, resolved_before, save, save_as_of, subject,
    tallies, to_recount, to_try, watchers_of,
};
pub use view::{lamp_key, priority_label, state_icon, state_label, target_key};
pub use visible::Visible;
