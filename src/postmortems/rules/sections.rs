//! The sections of a post-mortem, and what of it is missing before it may be published.

use super::wording::Register;

crate::text_enum! {
    /// Each is written and versioned by itself. What the desk can tell (instants, timeline, similar
    /// incidents, action items) is no text and no section.
    pub enum Section {
        Summary = "summary",
        Impact = "impact",
        WhatHappened = "what_happened",
        Surprise = "surprise",
        WentWell = "went_well",
        DidNotGoWell = "did_not_go_well",
        Luck = "luck",
        Detection = "detection",
        Questions = "questions",
        Outside = "outside",
    }
}

impl Section {
    /// How its words are checked; the message for people outside has other readers and other rules.
    pub fn register(self) -> Option<Register> {
        match self {
            Section::Outside => None,
            Section::Luck => Some(Register::Luck),
            _ => Some(Register::Prose),
        }
    }

    /// Whether a change to it is one to what was agreed as fact.
    pub fn is_fact(self) -> bool {
        matches!(self, Section::Impact | Section::WhatHappened)
    }

    /// Whether it may be read outside the desk, once published and marked so.
    pub fn is_shareable(self) -> bool {
        self == Section::Outside
    }
}

/// The longest text of a section, in characters. A longer one comes back with every character.
pub const LONGEST: usize = 200_000;

/// The fewest contributing factors: there is rarely one cause (Cook).
pub const FACTORS: usize = 2;
/// More actions than this are not carried out (field notes, AI2).
pub const MANY_ACTIONS: usize = 10;

/// What is known of a post-mortem when somebody asks whether it is complete.
#[derive(Debug, Clone, Default)]
pub struct Standing<'a> {
    /// The sections with any words.
    pub written: &'a [Section],
    pub has_impact_interval: bool,
    pub timeline_rows: usize,
    pub factors: usize,
    pub has_facilitator: bool,
    pub has_reviewer: bool,
    /// The reviewer wrote in it since they were named.
    pub reviewer_wrote: bool,
    /// Two of the instants stand the other way round.
    pub is_backwards: bool,
    pub actions: &'a [Item],
    /// Why there is no action, where there is none.
    pub no_action_reason: &'a str,
    /// Hits of the language check that nobody took up or dismissed.
    pub open_hits: usize,
}

/// What completeness asks of an action item.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    pub kind: super::actions::ActionKind,
    pub has_owner: bool,
    pub has_due: bool,
    pub has_verification: bool,
}

crate::text_enum! {
    /// What is missing, or worth a second look: `postmortem-missing-` in the catalogue.
    pub enum Missing {
        Summary = "summary",
        Impact = "impact",
        ImpactInterval = "impact_interval",
        WhatHappened = "what_happened",
        Timeline = "timeline",
        Factors = "factors",
        Facilitator = "facilitator",
        Reviewer = "reviewer",
        ReviewerWrote = "reviewer_wrote",
        Actions = "actions",
        ActionOwner = "action_owner",
        ActionDue = "action_due",
        ActionVerification = "action_verification",
        // Advice from here on.
        Backwards = "backwards",
        Surprise = "surprise",
        WentWell = "went_well",
        DidNotGoWell = "did_not_go_well",
        Luck = "luck",
        Detection = "detection",
        ManyActions = "many_actions",
        OneKind = "one_kind",
        Wording = "wording",
    }
}

impl Missing {
    /// Whether it keeps the post-mortem from being published. Wording never does.
    pub fn stops(self) -> bool {
        self < Missing::Backwards
    }
}

/// Everything that is missing, what stops first.
pub fn missing(of: &Standing<'_>) -> Vec<Missing> {
    let without = |section| !of.written.contains(&section);
    let lacks = |has: fn(&Item) -> bool| of.actions.iter().any(|item| !has(item));
    let kinds = || of.actions.iter().map(|item| item.kind);
    let one_kind = of.actions.len() > 2 && kinds().min() == kinds().max();
    let rules = [
        (without(Section::Summary), Missing::Summary),
        (without(Section::Impact), Missing::Impact),
        (!of.has_impact_interval, Missing::ImpactInterval),
        (without(Section::WhatHappened), Missing::WhatHappened),
        (of.timeline_rows == 0, Missing::Timeline),
        (of.factors < FACTORS, Missing::Factors),
        (!of.has_facilitator, Missing::Facilitator),
        (!of.has_reviewer, Missing::Reviewer),
        (of.reviewer_wrote, Missing::ReviewerWrote),
        (
            of.actions.is_empty() && of.no_action_reason.trim().is_empty(),
            Missing::Actions,
        ),
        (lacks(|item| item.has_owner), Missing::ActionOwner),
        (lacks(|item| item.has_due), Missing::ActionDue),
        (
            lacks(|item| item.has_verification),
            Missing::ActionVerification,
        ),
        (of.is_backwards, Missing::Backwards),
        (without(Section::Surprise), Missing::Surprise),
        (without(Section::WentWell), Missing::WentWell),
        (without(Section::DidNotGoWell), Missing::DidNotGoWell),
        (without(Section::Luck), Missing::Luck),
        (without(Section::Detection), Missing::Detection),
        (of.actions.len() > MANY_ACTIONS, Missing::ManyActions),
        (one_kind, Missing::OneKind),
        (of.open_hits > 0, Missing::Wording),
    ];
    rules
        .into_iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, what)| what)
        .collect()
}

/// Whether nothing stops its publishing.
pub fn is_complete(of: &Standing<'_>) -> bool {
    !missing(of).into_iter().any(Missing::stops)
}

#[cfg(test)]
mod tests {
    use super::super::actions::ActionKind;
    use super::*;

    fn item(kind: ActionKind) -> Item {
        Item {
            kind,
            has_owner: true,
            has_due: true,
            has_verification: true,
        }
    }

    fn full<'a>(actions: &'a [Item]) -> Standing<'a> {
        Standing {
            written: Section::ALL,
            has_impact_interval: true,
            timeline_rows: 3,
            factors: 2,
            has_facilitator: true,
            has_reviewer: true,
            reviewer_wrote: false,
            is_backwards: false,
            actions,
            no_action_reason: "",
            open_hits: 0,
        }
    }

    #[test]
    fn each_thing_that_is_missing_is_named() {
        assert_eq!(missing(&Standing::default()).len(), 14);
        let one = [item(ActionKind::Detect)];
        assert_eq!(missing(&full(&one)), []);
        let single = Standing {
            factors: 1,
            ..full(&one)
        };
        assert_eq!(missing(&single), [Missing::Factors]);
        let bare = [Item {
            has_owner: false,
            has_due: false,
            has_verification: false,
            ..one[0]
        }];
        assert_eq!(
            missing(&full(&bare)),
            [
                Missing::ActionOwner,
                Missing::ActionDue,
                Missing::ActionVerification
            ]
        );
    }

    #[test]
    fn no_action_is_an_answer_when_it_has_a_reason() {
        assert_eq!(missing(&full(&[])), [Missing::Actions]);
        let said = Standing {
            no_action_reason: "Retired next week",
            ..full(&[])
        };
        assert_eq!(missing(&said), []);
    }

    #[test]
    fn a_reviewer_who_wrote_is_replaced_and_instants_that_contradict_are_looked_at() {
        let one = [item(ActionKind::Detect)];
        let odd = Standing {
            reviewer_wrote: true,
            is_backwards: true,
            ..full(&one)
        };
        assert_eq!(missing(&odd), [Missing::ReviewerWrote, Missing::Backwards]);
        assert!(Missing::ReviewerWrote.stops() && !Missing::Backwards.stops());
    }

    #[test]
    fn wording_and_advice_never_stop_it() {
        let many = [item(ActionKind::Detect); 11];
        let odd = Standing {
            open_hits: 40,
            written: &Section::ALL[..3],
            ..full(&many)
        };
        let advice = missing(&odd);
        assert!(advice.contains(&Missing::Wording) && advice.contains(&Missing::ManyActions));
        assert!(advice.contains(&Missing::OneKind) && advice.contains(&Missing::Luck));
        assert!(is_complete(&odd));
        assert!(!is_complete(&Standing {
            has_reviewer: false,
            ..odd
        }));
    }
}
