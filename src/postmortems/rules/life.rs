//! The life cycle of a post-mortem, as the spine sees it and as its own acts move it.
//!
//! draft → facts agreed → in review → published → closed. What has been published waits for its action
//! items: *closed* means published with every action verified or declined, and follows by itself; a new
//! action (a recurrence) takes it back to published. Nobody moves it by a button of the spine, except
//! cancelling: the acts below look at who and at what is missing first.

use crate::platform::kernel::error::{Error, Message, Result};
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

pub const PRACTICE: Practice = Practice {
    kind: Kind::Postmortem,
    first: "draft",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::postmortems::besides::of,
    cells: crate::records::no_cells,
    states: &[
        state("draft", Group::Open, true),
        state("facts_agreed", Group::Open, true),
        state("in_review", Group::Waiting, true),
        state("published", Group::Waiting, true),
        state("closed", Group::Done, true),
        state("cancelled", Group::Done, false),
    ],
    moves: &[
        by_itself(Verb::Advance, &["draft"], "facts_agreed"),
        by_itself(Verb::Advance, &["facts_agreed"], "in_review"),
        by_itself(
            Verb::Advance,
            &["facts_agreed", "in_review", "published"],
            "draft",
        ),
        by_itself(Verb::Advance, &["in_review"], "published"),
        by_itself(Verb::Close, &["published"], "closed"),
        by_itself(Verb::Reopen, &["closed"], "published"),
        Move {
            verb: Verb::Cancel,
            from: &["draft", "facts_agreed", "in_review"],
            to: "cancelled",
            who: Who::Agent,
            needs: &[Need::CancellationCode, Need::Reason],
        },
    ],
};

/// What moves a post-mortem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Those who were there agree on what happened.
    AgreeFacts,
    /// It goes to its reviewer.
    Submit,
    /// The reviewer asks for changes, or somebody takes it back.
    Return,
    /// The reviewer publishes it: a copy is frozen.
    Publish,
    /// What was published is taken up again; the copy stays, the next one is another edition.
    Revise,
    /// Every action is verified or declined.
    Close,
    /// It has an open action again.
    Reopen,
}

/// Every step there is.
pub const STEPS: [(Act, &str, &str); 8] = [
    (Act::AgreeFacts, "draft", "facts_agreed"),
    (Act::Submit, "facts_agreed", "in_review"),
    (Act::Return, "facts_agreed", "draft"),
    (Act::Return, "in_review", "draft"),
    (Act::Publish, "in_review", "published"),
    (Act::Revise, "published", "draft"),
    (Act::Close, "published", "closed"),
    (Act::Reopen, "closed", "published"),
];

/// Where an act leads. What two people do at once is done once: the second is told how it stands.
pub fn step(act: Act, from: &str) -> Result<&'static str> {
    let found = STEPS.iter().find(|(of, at, _)| *of == act && *at == from);
    found.map(|(_, _, to)| *to).ok_or_else(|| {
        let key = match (act, from) {
            (Act::Publish, "published" | "closed") => "postmortem-already-published",
            (Act::Publish | Act::Return, _) => "postmortem-not-in-review",
            (_, "cancelled") => "postmortem-cancelled",
            _ => "postmortem-not-from-here",
        };
        Error::Refused(Message::new(key))
    })
}

/// Whether somebody may review: whoever wrote of it, in any version of any section, is its author.
pub fn may_review<P: PartialEq>(person: &P, authors: &[P]) -> Result<()> {
    if authors.contains(person) {
        Err(Error::refused("postmortem-reviewer-is-author"))
    } else {
        Ok(())
    }
}

/// Where a post-mortem belongs when one of its actions began or ended.
pub fn settles(state: &str, open_actions: usize) -> Option<Act> {
    match (state, open_actions) {
        ("published", 0) => Some(Act::Close),
        ("closed", 1..) => Some(Act::Reopen),
        _ => None,
    }
}

/// One participant's word on the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// The version of the facts it was given for; none while there is no answer.
    pub of: Option<i64>,
    pub agrees: bool,
    /// Somebody who left is waited for no longer.
    pub has_left: bool,
}

/// What stands between the participants and agreed facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreeing {
    pub agreed: usize,
    pub waiting: usize,
    pub objecting: usize,
}

/// Counts the words on the facts as they are now: one given for an earlier version is asked for again.
pub fn agreeing(all: &[Agreement], facts: i64) -> Agreeing {
    let mut sum = Agreeing::default();
    for one in all {
        match (one.of == Some(facts), one.agrees) {
            (true, true) => sum.agreed += 1,
            _ if one.has_left => {}
            (true, false) => sum.objecting += 1,
            (false, _) => sum.waiting += 1,
        }
    }
    sum
}

impl Agreeing {
    /// Whether the facts are agreed: somebody agrees and nobody objects or is waited for. Whom the
    /// facilitator does not wait for any longer has to be said with a reason.
    pub fn is_reached(self, not_waiting: bool) -> bool {
        self.agreed > 0 && self.objecting == 0 && (self.waiting == 0 || not_waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ACTS: [Act; 7] = [
        Act::AgreeFacts,
        Act::Submit,
        Act::Return,
        Act::Publish,
        Act::Revise,
        Act::Close,
        Act::Reopen,
    ];

    #[test]
    fn the_spines_table_is_the_sum_of_the_acts() {
        for (act, from, to) in STEPS {
            let verb = match act {
                Act::Close => Verb::Close,
                Act::Reopen => Verb::Reopen,
                _ => Verb::Advance,
            };
            let found = PRACTICE.find(verb, from, Some(to));
            assert!(
                found.is_some_and(|m| m.who == Who::System),
                "{act:?} {from}"
            );
        }
        for known in PRACTICE.moves.iter().filter(|m| m.who == Who::System) {
            for from in known.from {
                assert!(
                    STEPS.iter().any(|(_, f, t)| f == from && *t == known.to),
                    "{from}"
                );
            }
        }
    }

    #[test]
    fn what_two_do_at_once_is_done_once() {
        assert_eq!(step(Act::Publish, "in_review").unwrap(), "published");
        for (from, key) in [
            ("published", "postmortem-already-published"),
            ("closed", "postmortem-already-published"),
            ("draft", "postmortem-not-in-review"),
        ] {
            match step(Act::Publish, from) {
                Err(Error::Refused(message)) => assert_eq!(message.key, key),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn nothing_leads_past_the_agreed_facts_or_the_review() {
        let mut reached = vec!["draft"];
        for without in [Act::AgreeFacts, Act::Submit, Act::Publish] {
            reached.truncate(1);
            let mut n = 0;
            while let Some(from) = reached.get(n).copied() {
                n += 1;
                for act in ACTS.into_iter().filter(|act| *act != without) {
                    let led = step(act, from).ok();
                    reached.extend(led.filter(|to| !reached.contains(to)));
                }
            }
            assert!(!reached.contains(&"published"), "{without:?}: {reached:?}");
        }
    }

    #[test]
    fn the_reviewer_is_not_an_author() {
        assert!(may_review(&1, &[2, 3]).is_ok());
        assert!(matches!(may_review(&2, &[2, 3]), Err(Error::Refused(_))));
    }

    #[test]
    fn facts_that_changed_are_agreed_again_and_whoever_left_is_not_waited_for() {
        let word = |of, agrees| Agreement {
            of,
            agrees,
            has_left: false,
        };
        let left = Agreement {
            of: None,
            agrees: false,
            has_left: true,
        };
        let all = [word(Some(3), true), word(Some(2), true), left];
        let now = agreeing(&all, 3);
        assert_eq!(
            now,
            Agreeing {
                agreed: 1,
                waiting: 1,
                objecting: 0
            }
        );
        assert!(!now.is_reached(false) && now.is_reached(true));
        assert!(agreeing(&all[..1], 3).is_reached(false));
        assert!(!agreeing(&[left], 3).is_reached(true));
        let objects = agreeing(&[word(Some(3), true), word(Some(3), false)], 3);
        assert!(!objects.is_reached(true));
    }

    proptest! {
        /// Closed exactly when published with nothing open, whatever actions come and go.
        #[test]
        fn closed_means_published_with_nothing_open(opened in prop::collection::vec(0usize..3, 1..30)) {
            let mut state = "published";
            for open in opened {
                if let Some(act) = settles(state, open) {
                    state = step(act, state).unwrap();
                }
                prop_assert_eq!(state == "closed", open == 0);
                prop_assert_eq!(settles(state, open), None);
            }
        }
    }
}
