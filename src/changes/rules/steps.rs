//! The life of each type of change as one table: what is not in it cannot happen.

crate::text_enum! {
    /// What kind of change it is, which decides the way it goes.
    pub enum ChangeType {
        /// Made from a template that was authorised once for all.
        Standard = "standard",
        Normal = "normal",
        /// Something is down or about to be.
        Emergency = "emergency",
    }
}

crate::text_enum! {
    /// How an emergency change is authorised.
    pub enum Mode {
        /// By few people in minutes, before the work.
        Expedited = "expedited",
        /// By word of mouth; whoever gave it confirms afterwards.
        Verbal = "verbal",
        /// Written up after the work was done.
        Retrospective = "retrospective",
    }
}

/// What moves a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// It was judged: parties, risk and plans are in order.
    Assess,
    /// It goes to those who decide.
    Submit,
    /// It comes back for rework, or could not be decided in time.
    Return,
    Reject,
    /// Its requester takes up what was rejected, or somebody what was assessed or scheduled.
    Revise,
    Schedule,
    /// A meeting's decision was contested: it is asked about again.
    Contest,
    Start,
    Finish,
    /// It is written up after the work was done.
    WriteUp,
    Close,
}

#[cfg(test)]
impl Act {
    const ALL: [Act; 11] = [
        Act::Assess,
        Act::Submit,
        Act::Return,
        Act::Reject,
        Act::Revise,
        Act::Schedule,
        Act::Contest,
        Act::Start,
        Act::Finish,
        Act::WriteUp,
        Act::Close,
    ];
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub act: Act,
    pub of: ChangeType,
    pub from: &'static str,
    pub to: &'static str,
}

const fn step(act: Act, of: ChangeType, from: &'static str, to: &'static str) -> Step {
    Step { act, of, from, to }
}

use Act::*;
use ChangeType::{Emergency, Normal, Standard};

/// Every step there is.
pub const STEPS: [Step; 32] = [
    step(Schedule, Standard, "draft", "scheduled"),
    step(Revise, Standard, "scheduled", "draft"),
    step(Start, Standard, "scheduled", "implementing"),
    step(Finish, Standard, "implementing", "review"),
    step(Close, Standard, "review", "closed"),
    step(Assess, Normal, "draft", "assessment"),
    step(Revise, Normal, "assessment", "draft"),
    step(Submit, Normal, "assessment", "awaiting_approval"),
    step(Return, Normal, "awaiting_approval", "draft"),
    step(Reject, Normal, "awaiting_approval", "rejected"),
    step(Revise, Normal, "awaiting_approval", "draft"),
    step(Revise, Normal, "rejected", "draft"),
    step(Schedule, Normal, "awaiting_approval", "scheduled"),
    step(Revise, Normal, "scheduled", "draft"),
    step(Contest, Normal, "scheduled", "awaiting_approval"),
    step(Start, Normal, "scheduled", "implementing"),
    step(Finish, Normal, "implementing", "review"),
    step(Close, Normal, "review", "closed"),
    step(Submit, Emergency, "draft", "awaiting_approval"),
    step(Return, Emergency, "awaiting_approval", "draft"),
    step(Reject, Emergency, "awaiting_approval", "rejected"),
    step(Revise, Emergency, "awaiting_approval", "draft"),
    step(Revise, Emergency, "rejected", "draft"),
    // By a verbal authority; an expedited one is decided first.
    step(Start, Emergency, "draft", "implementing"),
    step(Start, Emergency, "awaiting_approval", "implementing"),
    step(Schedule, Emergency, "awaiting_approval", "scheduled"),
    step(Revise, Emergency, "scheduled", "draft"),
    step(Contest, Emergency, "scheduled", "awaiting_approval"),
    step(Start, Emergency, "scheduled", "implementing"),
    step(WriteUp, Emergency, "draft", "review"),
    step(Finish, Emergency, "implementing", "review"),
    step(Close, Emergency, "review", "closed"),
];

/// Where an act leads from a state, if this type of change goes there.
pub fn leads(act: Act, of: ChangeType, from: &str) -> Option<&'static str> {
    let found = STEPS
        .iter()
        .find(|s| s.act == act && s.of == of && s.from == from);
    found.map(|s| s.to)
}

/// The states of the practice that a change of this type and mode never enters.
pub fn passes_by(of: ChangeType, mode: Option<Mode>) -> &'static [&'static str] {
    match (of, mode) {
        (Normal, _) => &[],
        (Standard, _) => &["assessment", "awaiting_approval"],
        (Emergency, None | Some(Mode::Expedited)) => &["assessment"],
        (Emergency, Some(Mode::Verbal)) => &["assessment", "awaiting_approval", "scheduled"],
        (Emergency, Some(Mode::Retrospective)) => &[
            "assessment",
            "awaiting_approval",
            "scheduled",
            "implementing",
        ],
    }
}

/// Whether the content may still be edited as the plan; after that an edit is a deviation beside it.
pub fn is_planning(state: &str) -> bool {
    ["draft", "assessment", "awaiting_approval", "scheduled"].contains(&state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_way() {
        assert_eq!(leads(Schedule, Standard, "draft"), Some("scheduled"));
        assert_eq!(leads(Submit, Standard, "draft"), None);
        assert_eq!(leads(Assess, Normal, "draft"), Some("assessment"));
        assert_eq!(leads(Schedule, Normal, "draft"), None);
        assert_eq!(leads(Start, Normal, "draft"), None);
        assert_eq!(leads(Start, Normal, "awaiting_approval"), None);
        assert_eq!(leads(WriteUp, Normal, "draft"), None);
        assert_eq!(leads(WriteUp, Emergency, "draft"), Some("review"));
        assert_eq!(leads(Start, Emergency, "draft"), Some("implementing"));
    }

    /// What is left out of a change's way is what no step of its type leads to; of an emergency, what its
    /// mode goes around.
    #[test]
    fn a_way_leaves_out_what_it_never_enters() {
        let on_the_way = [
            "assessment",
            "awaiting_approval",
            "scheduled",
            "implementing",
        ];
        for of in ChangeType::ALL {
            let entered = |word: &str| STEPS.iter().any(|s| s.of == *of && s.to == word);
            let passed = passes_by(*of, None);
            for word in on_the_way {
                assert_eq!(passed.contains(&word), !entered(word), "{of:?} {word}");
            }
        }
        assert!(passes_by(Emergency, Some(Mode::Verbal)).contains(&"awaiting_approval"));
        assert!(passes_by(Emergency, Some(Mode::Retrospective)).contains(&"implementing"));
        assert!(!passes_by(Emergency, Some(Mode::Expedited)).contains(&"awaiting_approval"));
    }

    #[test]
    fn no_act_leads_to_two_states() {
        for (i, a) in STEPS.iter().enumerate() {
            for b in &STEPS[i + 1..] {
                assert!(
                    a.act != b.act || a.of != b.of || a.from != b.from,
                    "{a:?} {b:?}"
                );
            }
        }
    }

    /// Only starting enters implementing, and nothing leaves it but finishing: neither a freeze nor an
    /// approval that came undone can take the work out of somebody's hands.
    #[test]
    fn implementing_is_entered_by_starting_and_left_by_finishing() {
        for step in STEPS {
            assert_eq!(step.to == "implementing", step.act == Start, "{step:?}");
            assert_eq!(step.from == "implementing", step.act == Finish, "{step:?}");
        }
    }

    #[test]
    fn nothing_leaves_what_is_closed_or_cancelled() {
        for act in Act::ALL {
            for of in ChangeType::ALL {
                for from in ["closed", "cancelled", "nonsense", ""] {
                    assert_eq!(leads(act, *of, from), None);
                }
            }
        }
    }

    #[test]
    fn rejected_goes_only_back_to_draft() {
        for step in STEPS.iter().filter(|s| s.from == "rejected") {
            assert_eq!((step.act, step.to), (Revise, "draft"));
        }
    }
}
