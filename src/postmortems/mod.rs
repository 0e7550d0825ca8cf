//! Post-mortems: what is learnt from what happened, and the action items that come of it.
//!
//! A post-mortem is over one incident or several. Those who were there write it together, section by
//! section, agree on the *facts*, and somebody who wrote nothing of it *reviews* and publishes it; then a
//! copy is frozen, and it is *closed* when every action item was *verified* or *declined*. Its *timeline*
//! is read from the journals of the linked records, with what people annotate; its seven *instants* give
//! the durations. The words are checked to be blameless, which suggests and never forbids.

mod actions;
mod besides;
mod frozen;
mod item;
mod items_beside;
mod labels;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod verify;
pub mod verify_items;

pub use actions::{
    Annotate, Line, People, Raise, RuleForm, SaveSection, SayInstant, add_rule, agree_facts,
    annotate, counted, decline_actions, dismiss, edit_people, export, import, incident_resolved,
    incident_restricted, lines, overdue, publish, raise, remove_rule, return_to_draft, revise,
    save_section, say_instant, say_of_facts, settled, submit, tell_overdue,
};
pub use actions::{
    Pair, PlanItem, RaiseItem, carrier_ended, carrier_reopened, carry_item, incident_reported,
    item_assigned, item_moved, items_to_remind, plan_item, postmortem_restricted, raise_item,
    recurrences, remind_of_item, verify_item,
};
pub use item::Listed;
pub use items_beside::INCIDENT;
pub use rules::actions::PRACTICE as ACTION;
pub use rules::life::PRACTICE;
pub use store::{
    Asked, Whose, erase_authored, erase_texts, erase_written, items_besides, items_by_due,
    linked_to, moved_between, shelves, standing_at,
};
