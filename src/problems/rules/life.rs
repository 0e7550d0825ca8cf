//! The life cycle of a problem. What a fix and what an accepted risk do to it is in [`super::fix`].

use crate::records::{Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

const fn step(
    verb: Verb,
    from: &'static [&'static str],
    to: &'static str,
    needs: &'static [Need],
) -> Move {
    Move {
        verb,
        from,
        to,
        who: Who::Agent,
        needs,
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
/// that does not hold leads back. A known error is no state: it is a publication on a problem.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Problem,
    first: "new",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::problems::besides::of,
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
        step(
            Verb::Advance,
            &["new", "fix_planned", "fix_in_progress", "verifying"],
            "under_investigation",
            &[],
        ),
        step(
            Verb::Advance,
            &["new", "under_investigation", "fix_in_progress", "verifying"],
            "fix_planned",
            &[],
        ),
        step(Verb::Advance, &["fix_planned"], "fix_in_progress", &[]),
        step(
            Verb::Advance,
            &["fix_planned", "fix_in_progress"],
            "verifying",
            &[],
        ),
        step(
            Verb::Resolve,
            UNRESOLVED,
            "resolved",
            &[Need::ResolutionCode, Need::ResolutionText, Need::TasksDone],
        ),
        step(Verb::Close, &["resolved"], "closed", &[]),
        step(
            Verb::Reopen,
            &["resolved"],
            "under_investigation",
            &[Need::Reason],
        ),
        step(
            Verb::Cancel,
            UNRESOLVED,
            "cancelled",
            &[Need::CancellationCode],
        ),
    ],
};
