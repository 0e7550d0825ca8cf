//! The life cycle of a request. Approval rounds and fulfilment tasks take over some of these moves
//! when they exist; until then a manager decides by hand.

use crate::records::{Becomes, Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

/// new → (awaiting approval) → in fulfilment → (waiting) → fulfilled → closed; rejected, cancelled.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Request,
    first: "new",
    marks: crate::records::no_marks,
    // Nobody approves that something broken is repaired.
    becomes: Some(Becomes {
        kind: Kind::Incident,
        states: &[
            ("new", "new"),
            ("awaiting_approval", "new"),
            ("in_fulfilment", "in_progress"),
            ("waiting", "waiting"),
        ],
    }),
    besides: crate::records::nothing_besides,
    cells: crate::records::no_cells,
    states: &[
        state("new", Group::Open, true),
        state("awaiting_approval", Group::Waiting, true),
        state("in_fulfilment", Group::Open, true),
        state("waiting", Group::Waiting, true),
        state("fulfilled", Group::Done, true),
        state("closed", Group::Done, true),
        state("rejected", Group::Done, false),
        state("cancelled", Group::Done, false),
    ],
    moves: &[
        Move {
            verb: Verb::Advance,
            from: &["new"],
            to: "awaiting_approval",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["new"],
            to: "in_fulfilment",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["awaiting_approval"],
            to: "in_fulfilment",
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
            verb: Verb::Hold,
            from: &["in_fulfilment"],
            to: "waiting",
            who: Who::Agent,
            needs: &[Need::HoldReason],
        },
        Move {
            verb: Verb::Resume,
            from: &["waiting"],
            to: crate::records::BACK,
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Resolve,
            from: &["in_fulfilment", "waiting"],
            to: "fulfilled",
            who: Who::Agent,
            needs: &[Need::ResolutionCode, Need::ResolutionText, Need::TasksDone],
        },
        Move {
            verb: Verb::Close,
            from: &["fulfilled"],
            to: "closed",
            who: Who::AgentOrRequester,
            needs: &[],
        },
        Move {
            verb: Verb::Reopen,
            from: &["fulfilled"],
            to: "in_fulfilment",
            who: Who::AgentOrRequester,
            needs: &[Need::Reason],
        },
        Move {
            verb: Verb::Cancel,
            from: &["new", "awaiting_approval", "in_fulfilment", "waiting"],
            to: "cancelled",
            who: Who::AgentOrRequester,
            needs: &[Need::CancellationCode],
        },
    ],
};
