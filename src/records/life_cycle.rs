//! Life cycles as tables: the states of a practice and the moves between them.
//!
//! The table says who may make a move and what it needs; the pages draw their buttons from it and
//! the tests are made from it. What is not in the table cannot happen.

use super::besides::{Besides, Cells};
use super::model::{Kind, Record};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

crate::text_enum! {
    /// All the spine knows of a state.
    pub enum Group {
        Open = "open",
        Waiting = "waiting",
        Done = "done",
    }
}

/// A state of one practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    pub word: &'static str,
    pub group: Group,
    /// Whether the ordinary way through the practice passes here (shown as a step).
    pub on_the_way: bool,
}

/// What a person does to a record's state. Each is a resource of its own in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Follows from the first assignment to a person or by hand to a team.
    Assign,
    /// To the next working state by hand.
    Advance,
    Hold,
    Resume,
    Resolve,
    Close,
    Reopen,
    Reject,
    Cancel,
}

/// Who may make a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever works on records.
    Agent,
    /// Whoever works on records, and the requester of this one.
    AgentOrRequester,
    /// Managers and administrators (approval rounds take this over for changes and requests).
    Manager,
    /// Nobody by hand: it follows from something else.
    System,
}

/// What a move must bring, or find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    ResolutionCode,
    ResolutionText,
    CancellationCode,
    HoldReason,
    /// No task that blocks is open.
    TasksDone,
    /// Who asked for it and why.
    Reason,
}

/// A move from any of some states to another.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    pub verb: Verb,
    pub from: &'static [&'static str],
    /// Where it leads; [`BACK`] for a resume.
    pub to: &'static str,
    pub who: Who,
    pub needs: &'static [Need],
}

/// The state of a hold, of whichever practice.
pub const ON_HOLD: &str = "waiting";

/// The target of a resume: the state the hold began in.
pub const BACK: &str = "(state before the hold)";

/// A practice as the spine sees it.
#[derive(Debug)]
pub struct Practice {
    pub kind: Kind,
    pub states: &'static [State],
    pub moves: &'static [Move],
    /// The state a new record begins in.
    pub first: &'static str,
    /// What a finished record's page says besides: keys of the catalogue.
    pub marks: Marks,
    /// What its records may be turned into, if into anything.
    pub becomes: Option<Becomes>,
    /// What its page shows besides, and which cells an export has of it.
    pub besides: Besides,
    pub cells: Cells,
}

/// The kind a record may be turned into while it is open.
#[derive(Debug, Clone, Copy)]
pub struct Becomes {
    pub kind: Kind,
    /// What each open state of the one is in the other.
    pub states: &'static [(&'static str, &'static str)],
}

/// Reads what only a practice knows of a finished record.
pub type Marks = fn(&mut Db, Id<Record>) -> Result<Vec<&'static str>>;

/// The marks of a practice that has none.
pub fn no_marks(_: &mut Db, _: Id<Record>) -> Result<Vec<&'static str>> {
    Ok(Vec::new())
}

impl Move {
    /// Whether whoever makes it has to say something.
    pub fn asks(&self) -> bool {
        self.needs.iter().any(|need| *need != Need::TasksDone)
    }
}

impl Practice {
    pub fn state(&self, word: &str) -> Option<&'static State> {
        self.states.iter().find(|s| s.word == word)
    }

    /// The move of this verb from this state; for [`Verb::Advance`] and [`Verb::Reject`] to `to`.
    pub fn find(&self, verb: Verb, from: &str, to: Option<&str>) -> Option<&'static Move> {
        self.moves
            .iter()
            .find(|m| m.verb == verb && m.from.contains(&from) && to.is_none_or(|to| m.to == to))
    }

    /// Every move that leaves a state, in the table's order.
    pub fn moves_from<'a>(&'a self, from: &'a str) -> impl Iterator<Item = &'static Move> + 'a {
        self.moves.iter().filter(move |m| m.from.contains(&from))
    }

    /// What a state of this practice is in `other`, if its records may become such: by the table, and
    /// what has a person there is assigned, where that is a state of its own.
    pub fn state_in(&self, other: &Practice, word: &str, has_person: bool) -> Option<&'static str> {
        let becomes = self.becomes.filter(|b| b.kind == other.kind)?;
        let (_, to) = becomes.states.iter().find(|(from, _)| *from == word)?;
        let given = other
            .find(Verb::Assign, to, None)
            .filter(|_| has_person)
            .map(|step| step.to);
        Some(given.unwrap_or(to))
    }

    /// The state of a finished record that may still be re-opened and closes by itself.
    pub fn resolved_state(&self) -> Option<&'static str> {
        self.moves
            .iter()
            .find(|m| m.verb == Verb::Resolve)
            .map(|m| m.to)
    }
}

/// The practice of each kind, given at assembly: the spine knows none by name.
#[derive(Debug, Clone, Copy)]
pub struct Practices(pub fn(Kind) -> &'static Practice);

impl Practices {
    pub fn of(self, kind: Kind) -> &'static Practice {
        (self.0)(kind)
    }
}
