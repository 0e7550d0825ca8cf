//! The life cycle of a change. Approval rounds take over the decision when they exist; until then a
//! manager makes it by hand.

use crate::records::{Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

/// draft → assessment → awaiting approval → scheduled → implementing → review → closed; rejected,
/// cancelled. A change that is not approved as it stands goes back to draft.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Change,
    first: "draft",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::records::nothing_besides,
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
        Move {
            verb: Verb::Advance,
            from: &["draft"],
            to: "assessment",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["assessment"],
            to: "awaiting_approval",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["assessment", "awaiting_approval", "scheduled"],
            to: "draft",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["awaiting_approval"],
            to: "scheduled",
            who: Who::Manager,
            needs: &[],
        },
        Move {
            verb: Verb::Reject,
            from: &["awaiting_approval"],
            to: "rejected",
            who: Who::Manager,
            needs: &[Need::Reason],
        },
        Move {
            verb: Verb::Advance,
            from: &["scheduled"],
            to: "implementing",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["implementing"],
            to: "review",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Close,
            from: &["review"],
            to: "closed",
            who: Who::Agent,
            needs: &[Need::TasksDone],
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
