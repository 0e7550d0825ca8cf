//! Try before saving: the same facts under two catalogues.

use super::catalogue::Catalogue;
use super::count::clocks;
use super::history::History;
use super::model::{Clock, Outcome, Phase};
use crate::platform::db::Utc;

/// What a change of definitions does to one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moves {
    /// No agreement covered it before.
    Starts,
    /// None covers it any more.
    Ends,
    /// It is due at another instant, or under another agreement.
    Due,
    /// It would be breached that is not now.
    Breaches,
    /// A closed result would be another one. Saving never does that.
    Closed,
}

/// A clock that would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub moves: Moves,
    pub before: Option<Clock>,
    pub after: Option<Clock>,
}

/// What would be different for one record at an instant: now, or when the new version begins.
pub fn preview(history: &History, is: &Catalogue, would_be: &Catalogue, at: Utc) -> Vec<Move> {
    let current = |clocks: Vec<Clock>| clocks.into_iter().filter(|c| !c.is_superseded);
    let mut after: Vec<_> = current(clocks(history, would_be, at)).collect();
    let mut found = Vec::new();
    for before in current(clocks(history, is, at)) {
        let same = |c: &Clock| (c.target, c.cycle) == (before.target, before.cycle);
        let after = after.iter().position(same).map(|n| after.remove(n));
        if let Some(moves) = between(&before, after.as_ref()) {
            let before = Some(before);
            found.push(Move {
                moves,
                before,
                after,
            });
        }
    }
    for after in after {
        let moves = match after.outcome {
            Outcome::Breached => Moves::Breaches,
            _ if is_open(&after) => Moves::Starts,
            _ => Moves::Closed,
        };
        found.push(Move {
            moves,
            before: None,
            after: Some(after),
        });
    }
    found
}

fn is_open(clock: &Clock) -> bool {
    matches!(clock.phase, Phase::Running | Phase::Paused)
}

fn between(before: &Clock, after: Option<&Clock>) -> Option<Moves> {
    let Some(after) = after else {
        return Some(if is_open(before) {
            Moves::Ends
        } else {
            Moves::Closed
        });
    };
    let result = |c: &Clock| (c.phase, c.outcome, c.outcome_at, c.agreement_version);
    if !is_open(before) {
        return (result(before) != result(after)).then_some(Moves::Closed);
    }
    if after.outcome == Outcome::Breached && before.outcome != Outcome::Breached {
        return Some(Moves::Breaches);
    }
    if after.phase == Phase::Ended {
        return Some(Moves::Ends);
    }
    let stands = |c: &Clock| (c.due_at, c.agreement, c.phase, c.outcome);
    (stands(before) != stands(after)).then_some(Moves::Due)
}
