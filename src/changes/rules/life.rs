//! The life cycle of a change as the spine sees it: which states there are, and that nobody moves a
//! change from one to another by a button of the spine. Its own acts do ([`super::steps`]), which look
//! at its authority, freezes and its type first. Cancelling is everybody's own who works on it.

use crate::changes::besides;
use crate::records::{Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

const fn by_itself(verb: Verb, from: &'static [&'static str], to: &'static str) -> Move {
    Move {
        verb,
        from,
        to,
        who: Who::System,
        needs: &[],
    }
}

/// draft → assessment → awaiting approval → scheduled → implementing → review → closed; rejected,
/// cancelled.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Change,
    first: "draft",
    marks: crate::records::no_marks,
    becomes: None,
    besides: besides::of,
    cells: crate::records::no_cells,
    states: &[
        state("draft", Group::Open, true),
        state("assessment", Group::Open, true),
        state("awaiting_approval", Group::Waiting, true),
        state("scheduled", Group::Open, true),
        state("implementing", Group::Open, true),
        state("review", Group::Open, true),
        state("closed", Group::Done, true),
        state("rejected", Group::Done, false),
        state("cancelled", Group::Done, false),
    ],
    moves: &[
        by_itself(Verb::Advance, &["draft"], "assessment"),
        by_itself(
            Verb::Advance,
            &["draft", "assessment", "scheduled"],
            "awaiting_approval",
        ),
        by_itself(
            Verb::Advance,
            &["assessment", "awaiting_approval", "rejected", "scheduled"],
            "draft",
        ),
        by_itself(Verb::Advance, &["draft", "awaiting_approval"], "scheduled"),
        by_itself(Verb::Reject, &["awaiting_approval"], "rejected"),
        by_itself(
            Verb::Advance,
            &["draft", "awaiting_approval", "scheduled"],
            "implementing",
        ),
        by_itself(Verb::Advance, &["draft", "implementing"], "review"),
        Move {
            needs: &[Need::TasksDone],
            ..by_itself(Verb::Close, &["review"], "closed")
        },
        Move {
            verb: Verb::Cancel,
            from: &["draft", "assessment", "awaiting_approval", "scheduled"],
            to: "cancelled",
            who: Who::Agent,
            needs: &[Need::CancellationCode],
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::rules::steps::{Act, STEPS};

    /// What the types of change do is what the spine knows, and the other way round.
    #[test]
    fn the_spines_table_is_the_sum_of_the_types() {
        for step in STEPS {
            let verb = match step.act {
                Act::Reject => Verb::Reject,
                Act::Close => Verb::Close,
                _ => Verb::Advance,
            };
            let found = PRACTICE.find(verb, step.from, Some(step.to));
            assert!(found.is_some_and(|m| m.who == Who::System), "{step:?}");
        }
        for step in PRACTICE.moves.iter().filter(|m| m.who == Who::System) {
            for from in step.from {
                let there = STEPS.iter().any(|s| s.from == *from && s.to == step.to);
                assert!(there, "{from} to {}", step.to);
            }
        }
    }
}
