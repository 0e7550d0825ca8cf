//! Risk: what people answer and what the desk knows by itself. The higher of the two counts.

crate::text_enum! {
    pub enum Risk {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

/// A question with its answers, each with its points. Words are keys of the catalogue:
/// `risk-q-reach`, `risk-a-reach-team`.
#[derive(Debug)]
pub struct Question {
    pub key: &'static str,
    pub answers: &'static [(&'static str, i32)],
}

/// Four questions that anybody who plans a change can answer; 20 points at most.
pub const QUESTIONS: [Question; 4] = [
    Question {
        key: "reach",
        answers: &[("few", 0), ("team", 2), ("site", 4), ("all", 6)],
    },
    Question {
        key: "reversible",
        answers: &[("tested", 0), ("untested", 3), ("partly", 5), ("no", 6)],
    },
    Question {
        key: "done_before",
        answers: &[("often", 0), ("once", 2), ("elsewhere", 3), ("never", 4)],
    },
    Question {
        key: "steps",
        answers: &[("one", 0), ("several", 2), ("teams", 4)],
    },
];

/// The most that can be reached.
pub const MOST: i32 = 20;

/// The points of an answer; nothing for one that there is not.
pub fn points(question: &str, answer: &str) -> Option<i32> {
    let asked = QUESTIONS.iter().find(|q| q.key == question)?;
    let given = asked.answers.iter().find(|(word, _)| *word == answer)?;
    Some(given.1)
}

/// The level of so many points.
pub fn level(points: i32) -> Risk {
    match points {
        ..=5 => Risk::Low,
        6..=11 => Risk::Medium,
        _ => Risk::High,
    }
}

/// What the desk knows by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Of the most critical service, 1 to 4; 0 when there is none.
    pub criticality: i32,
    /// How many items depend on those changed.
    pub dependents: usize,
    pub outage_minutes: i64,
    /// Changes of the same services that failed or were backed out within a year.
    pub failures: i64,
    pub has_backout: bool,
    pub backout_rehearsed: bool,
    /// Minutes of the outage that may fall into hours somebody was promised.
    pub outage_in_hours: i64,
    /// How much of the time in which an outage is to be over it takes, in percent; 0 where nothing is
    /// promised.
    pub outage_share: i64,
}

crate::text_enum! {
    /// Why the desk's own rules say a level. Each is a key of the catalogue.
    pub enum Reason {
        CriticalOutage = "critical_outage",
        CriticalService = "critical_service",
        ManyDependents = "many_dependents",
        SomeDependents = "some_dependents",
        FailedOften = "failed_often",
        FailedBefore = "failed_before",
        OutageOverTarget = "outage_over_target",
        OutageOfTarget = "outage_of_target",
        OutageInHours = "outage_in_hours",
        NoBackout = "no_backout",
        BackoutUnrehearsed = "backout_unrehearsed",
    }
}

/// Every rule that speaks, with what it says.
pub fn reasons(known: &Known) -> Vec<(Risk, Reason)> {
    let critical = known.criticality == 1;
    let rules = [
        (
            critical && known.outage_minutes > 0,
            Risk::High,
            Reason::CriticalOutage,
        ),
        (
            critical && known.outage_minutes <= 0,
            Risk::Medium,
            Reason::CriticalService,
        ),
        (known.dependents >= 20, Risk::High, Reason::ManyDependents),
        (
            (5..20).contains(&known.dependents),
            Risk::Medium,
            Reason::SomeDependents,
        ),
        (known.failures >= 3, Risk::High, Reason::FailedOften),
        (
            (1..3).contains(&known.failures),
            Risk::Medium,
            Reason::FailedBefore,
        ),
        (
            known.outage_share >= 100,
            Risk::High,
            Reason::OutageOverTarget,
        ),
        (
            (50..100).contains(&known.outage_share),
            Risk::Medium,
            Reason::OutageOfTarget,
        ),
        (
            known.outage_in_hours > 0 && known.outage_share < 50,
            Risk::Medium,
            Reason::OutageInHours,
        ),
        (!known.has_backout, Risk::High, Reason::NoBackout),
        (
            known.has_backout && !known.backout_rehearsed && critical,
            Risk::Medium,
            Reason::BackoutUnrehearsed,
        ),
    ];
    rules
        .into_iter()
        .filter(|(speaks, ..)| *speaks)
        .map(|(_, risk, reason)| (risk, reason))
        .collect()
}

/// What is known of a change's risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    pub risk: Risk,
    pub points: i32,
    pub reasons: Vec<(Risk, Reason)>,
}

/// The higher of questionnaire and rules. Nothing until every question is answered.
pub fn assess<'a>(answers: impl Fn(&str) -> Option<&'a str>, known: &Known) -> Option<Assessment> {
    let mut sum = 0;
    for question in &QUESTIONS {
        sum += points(question.key, answers(question.key)?)?;
    }
    let reasons = reasons(known);
    let by_rules = reasons.iter().map(|(risk, _)| *risk).max();
    let risk = level(sum).max(by_rules.unwrap_or(Risk::Low));
    Some(Assessment {
        risk,
        points: sum,
        reasons,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calm() -> Known {
        Known {
            criticality: 3,
            has_backout: true,
            backout_rehearsed: true,
            ..Known::default()
        }
    }

    fn mild(question: &str) -> Option<&'static str> {
        let asked = QUESTIONS.iter().find(|q| q.key == question)?;
        Some(asked.answers[0].0)
    }

    #[test]
    fn the_questions_reach_the_most_and_begin_at_nothing() {
        let most: i32 = QUESTIONS
            .iter()
            .map(|q| q.answers.iter().map(|(_, n)| *n).max().unwrap())
            .sum();
        assert_eq!(most, MOST);
        assert!(QUESTIONS.iter().all(|q| q.answers[0].1 == 0));
    }

    #[test]
    fn the_higher_of_questions_and_rules_wins_and_says_why() {
        let low = assess(mild, &calm()).unwrap();
        assert_eq!((low.risk, low.points), (Risk::Low, 0));
        assert!(low.reasons.is_empty());
        let known = Known {
            has_backout: false,
            ..calm()
        };
        let high = assess(mild, &known).unwrap();
        assert_eq!(high.risk, Risk::High);
        assert_eq!(high.reasons, [(Risk::High, Reason::NoBackout)]);
        let worst = |q: &str| Some(QUESTIONS.iter().find(|x| x.key == q)?.answers.last()?.0);
        assert_eq!(assess(worst, &calm()).unwrap().risk, Risk::High);
    }

    /// An outage in hours that were promised weighs by its share of the promise.
    #[test]
    fn an_outage_inside_service_hours_counts_by_its_share_of_the_target() {
        let risk = |in_hours, share| {
            let known = Known {
                outage_minutes: 30,
                outage_in_hours: in_hours,
                outage_share: share,
                ..calm()
            };
            let found = assess(mild, &known).unwrap();
            (found.risk, found.reasons.first().map(|(_, reason)| *reason))
        };
        assert_eq!(risk(0, 0), (Risk::Low, None));
        let in_hours = Some(Reason::OutageInHours);
        assert_eq!(risk(30, 10), (Risk::Medium, in_hours));
        let of = Some(Reason::OutageOfTarget);
        assert_eq!(risk(30, 50), (Risk::Medium, of));
        let over = Some(Reason::OutageOverTarget);
        assert_eq!(risk(30, 100), (Risk::High, over));
    }

    #[test]
    fn an_unanswered_question_leaves_it_unassessed() {
        assert_eq!(assess(|q| mild(q).filter(|_| q != "steps"), &calm()), None);
        assert_eq!(assess(|_| Some("nonsense"), &calm()), None);
    }

    proptest! {
        #[test]
        fn no_rule_and_no_answer_lowers_the_risk(
            criticality in 0i32..5, dependents in 0usize..40, outage in 0i64..600,
            failures in 0i64..6, has in any::<bool>(), rehearsed in any::<bool>(), picks in prop::array::uniform4(0usize..3)
        ) {
            let known = Known { criticality, dependents, outage_minutes: outage, failures, has_backout: has, backout_rehearsed: rehearsed, ..Known::default() };
            let pick = |q: &str| {
                let at = QUESTIONS.iter().position(|x| x.key == q)?;
                Some(QUESTIONS[at].answers[picks[at]].0)
            };
            let found = assess(pick, &known).unwrap();
            prop_assert!(found.risk >= level(found.points));
            for (risk, _) in &found.reasons {
                prop_assert!(found.risk >= *risk);
            }
            let worse = Known { failures: failures + 1, dependents: dependents + 5, ..known };
            prop_assert!(assess(pick, &worse).unwrap().risk >= found.risk);
        }
    }
}
