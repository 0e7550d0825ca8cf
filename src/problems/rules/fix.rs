//! What follows for a problem from its fix, from time without recurrence, and from an accepted risk. Pure.

use time::Duration;

use crate::platform::db::Utc;
use crate::platform::kernel::error::{Invalid, Message};

/// How long a fix is watched, until somebody sets another.
pub const WATCHED: Duration = Duration::days(14);

crate::text_enum! {
    /// What the codes of the list "problem resolution" do, whatever they are called.
    pub enum Resolution {
        /// A fix removed it.
        Fixed = "fixed",
        /// It is lived with: the workaround stays, and somebody looks again.
        RiskAccepted = "risk_accepted",
        /// It went away, was no problem, is another one.
        Other = "other",
    }
}

/// How a change that is to fix a problem ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Successful,
    Failed,
    BackedOut,
    /// Rejected or cancelled: it was never tried.
    NotDone,
}

/// What follows for the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// It is watched until then.
    Verify { until: Utc },
    /// The next fix is to be planned, and those who wait are told.
    PlanAgain,
    /// Somebody has to say: nothing moves by itself.
    Nothing,
}

/// What the end of a fix means for a problem in a state. While another change that is to fix it is under
/// way, success is not yet everything.
pub fn after_fix(
    state: &str,
    ended: Ended,
    others_open: usize,
    watched: Duration,
    now: Utc,
) -> Follows {
    match (state, ended) {
        ("closed" | "cancelled", _) => Follows::Nothing,
        // What was thought fixed is not.
        (_, Ended::Failed | Ended::BackedOut)
            if state != "new" && state != "under_investigation" =>
        {
            Follows::PlanAgain
        }
        ("fix_planned" | "fix_in_progress", Ended::Successful) if others_open == 0 => {
            Follows::Verify {
                until: now.plus(watched),
            }
        }
        ("fix_in_progress", Ended::NotDone) if others_open == 0 => Follows::PlanAgain,
        _ => Follows::Nothing,
    }
}

/// Whether a problem that is watched is resolved: its time is over and nothing recurred in it.
pub fn is_verified(state: &str, until: Option<Utc>, recurred: bool, now: Utc) -> bool {
    state == "verifying" && !recurred && until.is_some_and(|until| until <= now)
}

/// What an accepted risk needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted<'a> {
    pub has_owner: bool,
    pub reason: &'a str,
    pub review_at: Option<Utc>,
}

/// The latest review of an accepted risk.
pub const REVIEW_WITHIN: Duration = Duration::days(366);

/// What is missing of it, by the field.
pub fn check_accepted(of: &Accepted<'_>, now: Utc, invalid: &mut Invalid) {
    if !of.has_owner {
        invalid.add("assignee", "risk-owner-needed");
    }
    if of.reason.trim().is_empty() {
        invalid.add("text", "risk-reason-needed");
    }
    match of.review_at {
        None => invalid.add("review_at", "risk-review-needed"),
        Some(at) if at <= now => invalid.add("review_at", "risk-review-in-the-past"),
        Some(at) if at > now.plus(REVIEW_WITHIN) => {
            let days = REVIEW_WITHIN.whole_days();
            invalid.add(
                "review_at",
                Message::new("risk-review-too-far").arg("days", days),
            );
        }
        Some(_) => {}
    }
}

/// Whether an accepted risk comes back into the queue now.
pub fn is_due_for_review(state: &str, code: Resolution, review_at: Option<Utc>, now: Utc) -> bool {
    state == "resolved" && code == Resolution::RiskAccepted && review_at.is_some_and(|at| at <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::rules::life::PRACTICE;
    use crate::records::Verb;

    fn day(n: i64) -> Utc {
        Utc::from_micros(0).plus(Duration::days(n))
    }

    fn follows(state: &str, ended: Ended) -> Follows {
        after_fix(state, ended, 0, WATCHED, day(0))
    }

    #[test]
    fn a_fix_that_held_is_watched_and_one_that_did_not_is_planned_again() {
        use Ended::*;
        let watched = Follows::Verify { until: day(14) };
        for state in ["fix_planned", "fix_in_progress"] {
            assert_eq!(follows(state, Successful), watched, "{state}");
            assert_eq!(follows(state, BackedOut), Follows::PlanAgain, "{state}");
            assert_eq!(follows(state, Failed), Follows::PlanAgain, "{state}");
        }
        assert_eq!(follows("verifying", BackedOut), Follows::PlanAgain);
        assert_eq!(follows("resolved", BackedOut), Follows::PlanAgain);
        assert_eq!(follows("closed", BackedOut), Follows::Nothing);
        assert_eq!(follows("under_investigation", Successful), Follows::Nothing);
        assert_eq!(follows("under_investigation", Failed), Follows::Nothing);
        assert_eq!(follows("fix_in_progress", NotDone), Follows::PlanAgain);
        assert_eq!(
            after_fix("fix_in_progress", Successful, 1, WATCHED, day(0)),
            Follows::Nothing
        );
    }

    /// Whatever follows by itself is a way the life cycle has.
    #[test]
    fn what_follows_is_in_the_table() {
        for state in PRACTICE.states.iter().map(|s| s.word) {
            for ended in [
                Ended::Successful,
                Ended::Failed,
                Ended::BackedOut,
                Ended::NotDone,
            ] {
                let found = |to| {
                    // A resolved problem is re-opened first.
                    let from = PRACTICE
                        .find(Verb::Reopen, state, None)
                        .map_or(state, |m| m.to);
                    from == to || PRACTICE.find(Verb::Advance, from, Some(to)).is_some()
                };
                let fits = match follows(state, ended) {
                    Follows::Verify { .. } => found("verifying"),
                    Follows::PlanAgain => state == "fix_planned" || found("fix_planned"),
                    Follows::Nothing => true,
                };
                assert!(fits, "{state} {ended:?}");
            }
        }
    }

    #[test]
    fn it_is_resolved_after_its_time_without_recurrence() {
        assert!(is_verified("verifying", Some(day(14)), false, day(14)));
        assert!(!is_verified("verifying", Some(day(14)), false, day(13)));
        assert!(!is_verified("verifying", Some(day(14)), true, day(14)));
        assert!(!is_verified("fix_planned", Some(day(14)), false, day(14)));
        assert!(!is_verified("verifying", None, false, day(14)));
    }

    #[test]
    fn an_accepted_risk_has_an_owner_a_reason_and_a_day_to_look_again() {
        let wrong = |of: Accepted<'_>| -> Vec<_> {
            let mut invalid = Invalid::default();
            check_accepted(&of, day(0), &mut invalid);
            invalid.0.into_iter().map(|(_, m)| m.key).collect()
        };
        let fine = Accepted {
            has_owner: true,
            reason: "Replaced in May",
            review_at: Some(day(90)),
        };
        assert_eq!(wrong(fine), Vec::<&str>::new());
        let none = Accepted {
            has_owner: false,
            reason: " ",
            review_at: None,
        };
        assert_eq!(
            wrong(none),
            [
                "risk-owner-needed",
                "risk-reason-needed",
                "risk-review-needed"
            ]
        );
        assert_eq!(
            wrong(Accepted {
                review_at: Some(day(0)),
                ..fine
            }),
            ["risk-review-in-the-past"]
        );
        assert_eq!(
            wrong(Accepted {
                review_at: Some(day(400)),
                ..fine
            }),
            ["risk-review-too-far"]
        );
    }

    #[test]
    fn an_accepted_risk_comes_back_on_its_day() {
        use Resolution::*;
        assert!(is_due_for_review(
            "resolved",
            RiskAccepted,
            Some(day(3)),
            day(3)
        ));
        assert!(!is_due_for_review(
            "resolved",
            RiskAccepted,
            Some(day(3)),
            day(2)
        ));
        assert!(!is_due_for_review("resolved", Fixed, Some(day(3)), day(3)));
        assert!(!is_due_for_review(
            "under_investigation",
            RiskAccepted,
            Some(day(3)),
            day(3)
        ));
    }
}
