//! The verbs of every record: find it through the person, ask the policy, ask the rules, write,
//! append the fact. What follows from a fact elsewhere is `follow`'s, never written here.

mod clocks;
mod connect;
mod contact;
mod duplicate;
mod edit;
mod erase;
mod family;
mod handoff;
pub mod history;
mod kind;
mod leave;
mod log;
mod moves;
mod next;
mod recur;
mod restrict;
mod talk;
mod tasks;
mod together;

pub use clocks::{clocks_due, explain_breaches, settle_clocks, unexplained};
pub use connect::{link, link_by_itself, unlink, unwatch, watch};
pub use contact::{Contact, Received, add_affected, answered, contact, remove_affected, write_own};
pub use duplicate::duplicate;
pub use edit::{Assign, Edit, assign, edit, overlap};
pub use erase::{Texts, erase_endings, erase_texts};
pub use family::{add_child, family_plan, resume_followers, set_parent};
pub use handoff::{
    HandOff, SendBack, Sentence, before_handoff, before_return, hand_off, send_back,
};
pub use kind::{Becoming, before_kind_change, change_kind};
pub use leave::{GiveTo, Held, give_away, release};
pub use log::{Log, Proposed, log, log_for, propose_team};
pub use moves::{
    HoldCommand, Reopen, Resolve, advance, advance_by_itself, cancel, close, close_by_itself, hold,
    hold_family, moved, reopen, reopen_by_itself, reopen_window, resolve, resolve_by_itself,
    resolve_family, resume, resume_by_itself, withdraw,
};
pub use next::{Next, fair_teams_of, next, take_next};
pub use recur::{Recur, may_recur, recur};
pub use restrict::{
    Losses, Lost, Restrict, let_in, lift_restriction, loses, restrict,
    restrict_record as restrict_by_itself,
};
pub use talk::{Say, attach, note, reply, reply_and_resolve};
pub use tasks::{
    AddTask, EditTask, add_task, cancel_open_tasks, edit_task, finish_task, place_task, skip_task,
    unblocked,
};
pub use together::{resolve_together, together_plan};

use super::life_cycle::{Move, Practice, Verb};
use super::model::{Kind, Record};
use super::number::Number;
use super::rules::PriorityWish;
use super::{policy, store};
use crate::items::{self, Item};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::services::Scale;

/// A fact's name: `incident.resolved`.
pub fn fact(kind: Kind, what: &str) -> String {
    format!("{}.{what}", kind.word())
}

/// A record as the form of a move needs it: found through the person, and the move is theirs to
/// make now.
pub fn before_move(
    conn: &mut Db,
    visitor: &Visitor,
    practice: &'static Practice,
    number: Number,
    verb: Verb,
    to: Option<&str>,
) -> Result<Record> {
    step(conn, visitor, practice, number, verb, to).map(|(record, _)| record)
}

/// Finds a record through the person and the move they ask for, and asks the policy.
fn step(
    conn: &mut Db,
    visitor: &Visitor,
    practice: &'static Practice,
    number: Number,
    verb: Verb,
    to: Option<&str>,
) -> Result<(Record, &'static Move)> {
    let record = store::find_visible(conn, visitor, number)?;
    let found = practice
        .find(verb, &record.state, to)
        .ok_or_else(|| not_from(&record))?;
    policy::may_move(visitor, &record, found)?;
    Ok((record, found))
}

fn not_from(record: &Record) -> Error {
    Error::refused(
        Message::new("move-not-possible")
            .arg("number", record.number())
            .arg("state", &record.state),
    )
}

/// What a form refers to: something that is not there (any more) is said beside the field, so that
/// nothing typed is lost.
fn chosen<T>(field: &'static str, found: Result<T>) -> Result<T> {
    match found {
        Err(Error::NotFound) => Err(Error::invalid(field, "error-no-longer-there")),
        found => found,
    }
}

/// A person, team, service or category chosen anew must not be disabled.
fn enabled(field: &'static str, disabled_at: Option<Utc>) -> Result<()> {
    match disabled_at {
        Some(_) => Err(Error::invalid(field, "error-no-longer-there")),
        None => Ok(()),
    }
}

/// The configuration item of a typed name. The present one may stay though it is disabled.
pub fn item_meant(
    conn: &mut Db,
    typed: &str,
    present: Option<Id<Item>>,
) -> Result<Option<Id<Item>>> {
    const FOUND: i64 = 20;
    if typed.trim().is_empty() {
        return Ok(None);
    }
    if let Some(id) = present
        && items::item_name(conn, id)? == typed.trim()
    {
        return Ok(present);
    }
    let found = items::find_items_named(conn, typed, FOUND)?;
    let meant = items::rules::meant(typed, &found).map_err(|why| Error::invalid("item", why))?;
    Ok(Some(meant.id))
}

/// Impact, urgency and priority are levels of the desk's own scales.
fn known_levels(conn: &mut Db, wish: &PriorityWish) -> Result<()> {
    let asked = [
        ("impact", Scale::Impact, wish.impact),
        ("urgency", Scale::Urgency, wish.urgency),
        ("priority", Scale::Priority, wish.priority),
    ];
    let mut invalid = Invalid::default();
    for (field, scale, level) in asked {
        if let Some(level) = level
            && !store::levels(conn, scale)?.iter().any(|l| l.level == level)
        {
            invalid.add(field, "error-unknown-choice");
        }
    }
    invalid.or(())
}

/// Closed is final: what comes later is a record of its own, a recurrence. (Notes, links and
/// watchers may still be added: they do not speak to the requester.)
pub fn not_closed(record: &Record) -> Result<()> {
    match record.closed_at {
        Some(_) if !record.is_open => {
            let message = Message::new("record-closed").arg("number", record.number());
            Err(Error::refused(message))
        }
        _ => Ok(()),
    }
}

/// Puts a record into a state of its practice.
fn enter(record: &mut Record, practice: &Practice, word: &str) -> Result<()> {
    let state = practice
        .state(word)
        .ok_or_else(|| Error::inward(format!("{} has no state {word}", practice.kind)))?;
    record.state = state.word.to_owned();
    record.state_group = state.group;
    record.is_open = state.group != super::Group::Done;
    Ok(())
}
