//! The life cycle of a problem.

use crate::records::{Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

const UNRESOLVED: &[&str] = &[
    "new",
    "under_investigation",
    "fix_planned",
    "fix_in_progress",
    "verifying",
];

/// new → under investigation → fix planned → fix in progress → verifying → resolved → closed. A fix
/// that does not hold leads back.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Problem,
    first: "new",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::records::nothing_besides,
    cells: crate::records::no_cells,
    states: &[
        state("new", Group::Open, true),
        state("under_investigation", Group::Open, true),
        state("fix_planned", Group::Open, true),
        state("fix_in_progress", Group::Open, true),
        state("verifying", Group::Open, true),
        state("resolved", Group::Done, true),
        state("closed", Group::Done, true),
        state("cancelled", Group::Done, false),
    ],
    moves: &[
        Move {
            verb: Verb::Advance,
            from: &["new", "fix_planned", "fix_in_progress", "verifying"],
            to: "under_investigation",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["under_investigation", "fix_in_progress", "verifying"],
            to: "fix_planned",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["fix_planned"],
            to: "fix_in_progress",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["fix_in_progress"],
            to: "verifying",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Resolve,
            from: UNRESOLVED,
            to: "resolved",
            who: Who::Agent,
            needs: &[Need::ResolutionCode, Need::ResolutionText, Need::TasksDone],
        },
        Move {
            verb: Verb::Close,
            from: &["resolved"],
            to: "closed",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Reopen,
            from: &["resolved"],
            to: "under_investigation",
            who: Who::Agent,
            needs: &[Need::Reason],
        },
        Move {
            verb: Verb::Cancel,
            from: UNRESOLVED,
            to: "cancelled",
            who: Who::Agent,
            needs: &[Need::CancellationCode],
        },
    ],
};
