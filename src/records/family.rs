//! Families: what flows down from a record to those under it, and why some are left as they are. Pure.
//!
//! A record has at most one *parent*. The end of a parent flows down to its open *children*, and so
//! does a hold for a supplier, a change or a problem; never one for the requester, which is between
//! one record and one person. What a press will do is a *plan*, shown before; the press names the plan
//! it was shown, and another one is shown first. Other links carry nothing.

use super::life_cycle::{Practices, Verb};
use super::model::Record;
use super::number::Number;
use super::policy;
use crate::people::Visitor;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::secrets;

/// Open records under one. More are one trouble with that many contacts.
pub const MOST: usize = 500;
/// So many children that have ended are counted.
pub const FINISHED: usize = 100;
/// How many records stand above one another over the lowest of a family.
pub const DEEPEST: usize = 10;

/// What flows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    End,
    Hold,
}

impl Flow {
    pub const fn verb(self) -> Verb {
        match self {
            Flow::End => Verb::Resolve,
            Flow::Hold => Verb::Hold,
        }
    }
}

/// Whether a hold of this behaviour flows down.
pub fn flows_down(behaviour: &str) -> bool {
    matches!(behaviour, "supplier" | "change" | "problem")
}

/// Why a child is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Its state has no such move.
    NotFromHere,
    /// The move is not this person's to make.
    NotTheirs,
    /// Everybody sees it, and what is written above is restricted.
    SeenByAll,
    /// Others stand under it, and end with it alone.
    LeadsOthers,
    /// Tasks that block it are open: their titles.
    Blocked(Vec<String>),
}

/// An open record under the one that moves.
#[derive(Debug, Clone)]
pub struct Member {
    pub record: Record,
    pub requester: Option<String>,
    /// Why nothing happens to it; `None` where the move flows down to it.
    pub left: Option<Left>,
}

/// What a move would do to the family.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub members: Vec<Member>,
    /// Children that have ended already; one more than [`FINISHED`] where there are more.
    pub finished: usize,
}

impl Plan {
    pub fn carried(&self) -> impl Iterator<Item = &Record> {
        let carried = self.members.iter().filter(|m| m.left.is_none());
        carried.map(|m| &m.record)
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Names what the plan does. Another plan has another name, whatever became different.
    pub fn token(&self) -> String {
        let ids: Vec<u8> = self
            .carried()
            .flat_map(|record| *record.id.uuid().as_bytes())
            .collect();
        let hash = secrets::hex(&secrets::sha256(&ids));
        hash.chars().take(16).collect()
    }
}

/// What becomes of the open children of a record that moves.
#[derive(Debug, Clone, Default)]
pub enum Children {
    /// Nobody asked: then there must be none.
    #[default]
    Unasked,
    /// They stay as they are.
    Alone,
    /// The move flows down, as the plan of this name says.
    With(Practices, String),
}

/// Whether a move flows down from one record to another below it.
pub fn verdict(
    visitor: &Visitor,
    practices: Practices,
    above: &Record,
    record: &Record,
    flow: Flow,
    blocking: Vec<String>,
) -> Option<Left> {
    let found = practices
        .of(record.kind)
        .find(flow.verb(), &record.state, None);
    match found {
        None => Some(Left::NotFromHere),
        Some(step) if policy::may_move(visitor, record, step).is_err() => Some(Left::NotTheirs),
        Some(_) if above.is_restricted && !record.is_restricted => Some(Left::SeenByAll),
        Some(_) if flow == Flow::End && !blocking.is_empty() => Some(Left::Blocked(blocking)),
        Some(_) => None,
    }
}

/// Refuses a circle, and names the way it would go: `up` are the records above, nearest first, as far
/// as this person may know them.
pub fn circle(record: Number, parent: Number, up: &[Option<Number>]) -> Error {
    let mut way = vec![parent.to_string()];
    way.extend(up.iter().map(|number| match number {
        Some(number) => number.to_string(),
        None => "…".to_owned(),
    }));
    Error::refused(
        Message::new("family-circle")
            .arg("number", record)
            .arg("parent", parent)
            .arg("way", way.join(" → ")),
    )
}

/// Refuses a family that would reach too far: so many stand above the parent, and so many levels below
/// what is put under it.
pub fn depth(above: usize, below: usize) -> Result<()> {
    if above + 1 + below <= DEEPEST {
        Ok(())
    } else {
        let message = Message::new("family-too-deep").arg("max", DEEPEST);
        Err(Error::refused(message))
    }
}

/// Refuses one open child too many.
pub fn room(there: i32, more: usize) -> Result<()> {
    if there.max(0) as usize + more <= MOST {
        Ok(())
    } else {
        Err(Error::refused(
            Message::new("family-too-many").arg("max", MOST),
        ))
    }
}

/// What counts for a parent: where a record stands, and whether it is open.
pub fn standing(record: &Record) -> Option<(crate::platform::db::Id<Record>, bool)> {
    record.parent_id.map(|parent| (parent, record.is_open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_for_the_requester_stay_where_they_are() {
        for (behaviour, flows) in [
            ("supplier", true),
            ("change", true),
            ("problem", true),
            ("requester", false),
            ("other", false),
            ("appointment", false),
            ("", false),
        ] {
            assert_eq!(flows_down(behaviour), flows, "{behaviour}");
        }
    }

    #[test]
    fn a_circle_is_named_as_far_as_one_may_know_it() {
        let n = |n: i64| Number {
            kind: super::super::Kind::Incident,
            n,
        };
        match circle(n(1), n(3), &[None, Some(n(1))]) {
            Error::Refused(message) => {
                let way = message.args.iter().find(|(name, _)| *name == "way");
                assert_eq!(way.unwrap().1, "INC-3 → … → INC-1");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn so_many_open_children_and_no_more() {
        assert!(room(MOST as i32 - 1, 1).is_ok());
        assert!(room(MOST as i32, 1).is_err());
        assert!(room(0, MOST + 1).is_err());
    }

    #[test]
    fn so_deep_and_no_deeper_from_above_and_from_below() {
        for (above, below, fits) in [
            (0, 0, true),
            (DEEPEST - 1, 0, true),
            (DEEPEST, 0, false),
            (0, DEEPEST - 1, true),
            (0, DEEPEST, false),
            (4, 5, true),
            (5, 5, false),
        ] {
            assert_eq!(depth(above, below).is_ok(), fits, "{above} {below}");
        }
    }

    /// Nothing ends well or waits twice: what has ended has neither move, in any practice.
    #[test]
    fn what_has_ended_is_never_carried_along() {
        for kind in super::super::Kind::ALL {
            let practice = crate::follow::practice_of(*kind);
            for state in practice.states {
                let ended = state.group == super::super::Group::Done;
                for flow in [Flow::End, Flow::Hold] {
                    let moves = practice.find(flow.verb(), state.word, None).is_some();
                    assert!(!(ended && moves), "{kind} {} {flow:?}", state.word);
                }
                // A duplicate that was cancelled stays one.
                let again = practice.find(Verb::Reopen, state.word, None);
                assert!(state.word != "cancelled" || again.is_none());
            }
        }
    }
}
