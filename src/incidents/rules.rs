//! The life cycle of an incident, and what may be logged.

pub mod instants;
pub mod majors;

use crate::platform::kernel::error::Message;
use crate::records::{Becomes, Channel, Group, Kind, Move, Need, Practice, State, Verb, Who};

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

const UNRESOLVED: &[&str] = &["new", "assigned", "in_progress", "waiting"];

/// new → assigned → in progress → (waiting) → resolved → closed; new → resolved is allowed.
pub const PRACTICE: Practice = Practice {
    kind: Kind::Incident,
    first: "new",
    marks: super::store::marks,
    // Assigned is not begun: a request that is only assigned is still new, and may need approval.
    becomes: Some(Becomes {
        kind: Kind::Request,
        states: &[
            ("new", "new"),
            ("assigned", "new"),
            ("in_progress", "in_fulfilment"),
            ("waiting", "waiting"),
        ],
    }),
    besides: super::besides::of,
    cells: super::store::cells,
    states: &[
        state("new", Group::Open, true),
        state("assigned", Group::Open, true),
        state("in_progress", Group::Open, true),
        state("waiting", Group::Waiting, true),
        state("resolved", Group::Done, true),
        state("closed", Group::Done, true),
        state("cancelled", Group::Done, false),
    ],
    moves: &[
        Move {
            verb: Verb::Assign,
            from: &["new"],
            to: "assigned",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Advance,
            from: &["new", "assigned"],
            to: "in_progress",
            who: Who::Agent,
            needs: &[],
        },
        Move {
            verb: Verb::Hold,
            from: &["new", "assigned", "in_progress"],
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
            from: UNRESOLVED,
            to: "resolved",
            who: Who::Agent,
            needs: &[Need::ResolutionCode, Need::ResolutionText, Need::TasksDone],
        },
        Move {
            verb: Verb::Close,
            from: &["resolved"],
            to: "closed",
            who: Who::AgentOrRequester,
            needs: &[],
        },
        Move {
            verb: Verb::Reopen,
            from: &["resolved"],
            to: "in_progress",
            who: Who::AgentOrRequester,
            needs: &[Need::Reason],
        },
        Move {
            verb: Verb::Cancel,
            from: UNRESOLVED,
            to: "cancelled",
            who: Who::AgentOrRequester,
            needs: &[Need::CancellationCode],
        },
    ],
};

/// Whether a record of a practice may be resolved while it is logged: its table says so.
pub fn solvable_at_once(practice: &Practice) -> bool {
    practice.kind == Kind::Incident && practice.find(Verb::Resolve, practice.first, None).is_some()
}

/// Somebody must be asked whether it works again; only a machine reports for nobody. Problems and
/// changes are the desk's own.
pub fn nobody_calls(kind: Kind, channel: Channel) -> Option<Message> {
    let asked = matches!(kind, Kind::Incident | Kind::Request) && channel != Channel::Monitoring;
    asked.then(|| Message::new("call-who"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_may_be_solved_while_it_is_logged() {
        assert!(solvable_at_once(&PRACTICE));
    }

    #[test]
    fn only_monitoring_reports_for_nobody() {
        for channel in Channel::ALL {
            for kind in [Kind::Incident, Kind::Request] {
                assert_eq!(
                    nobody_calls(kind, *channel).is_none(),
                    *channel == Channel::Monitoring
                );
            }
            assert_eq!(nobody_calls(Kind::Problem, *channel), None);
            assert_eq!(nobody_calls(Kind::Change, *channel), None);
        }
    }
}
