//! The verbs of every record: find it through the person, ask the policy, ask the rules, write,
//! append the fact. What follows from a fact elsewhere is `follow`'s, never written here.

mod connect;
mod edit;
pub mod history;
mod log;
mod moves;
mod talk;

pub use connect::{link, unlink, unwatch, watch};
pub use edit::{Assign, Edit, assign, edit, take_next};
pub use log::{Log, log, propose_team};
pub use moves::{
    HoldCommand, Reopen, Resolve, advance, cancel, close, close_by_itself, hold, reopen,
    reopen_window, resolve, resume, resume_by_itself,
};
pub use talk::{Say, attach, note, reply};

use super::life_cycle::{Move, Practice, Verb};
use super::model::{Kind, Record};
use super::number::Number;
use super::{policy, store};
use crate::people::Visitor;
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Message, Result};

/// A fact's name: `incident.resolved`.
pub fn fact(kind: Kind, what: &str) -> String {
    format!("{}.{what}", kind.word())
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
