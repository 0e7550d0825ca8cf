//! How a change ended, whether it must be looked back on, and what must be so before it may be closed.

use time::Duration;

use super::emergency::Standing;
use super::steps::ChangeType;

crate::text_enum! {
    pub enum Outcome {
        Successful = "successful",
        WithIssues = "with_issues",
        BackedOut = "backed_out",
        Failed = "failed",
    }
}

impl Outcome {
    /// Whether the report counts it as a failure.
    pub const fn is_failure(self) -> bool {
        matches!(self, Outcome::BackedOut | Outcome::Failed)
    }
}

crate::text_enum! {
    /// What the change manager decides of work whose authority was refused.
    pub enum Verdict {
        BackOut = "back_out",
        Keep = "keep",
    }
}

/// By when it must be reviewed, counted from its end; nothing where nobody need look back.
pub fn review_within(
    change_type: ChangeType,
    outcome: Outcome,
    standing: Standing,
) -> Option<Duration> {
    let must = change_type == ChangeType::Emergency
        || outcome.is_failure()
        || matches!(standing, Standing::Unauthorised | Standing::Refused);
    must.then_some(Duration::days(5))
}

/// What a change in review is, as closing sees it.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub must_review: bool,
    pub reviewed: bool,
    pub standing: Standing,
    pub verdict: Option<Verdict>,
}

crate::text_enum! {
    /// Why one cannot be closed yet; each is a key of the catalogue.
    pub enum NotYet {
        Verdict = "change-close-verdict-missing",
        Confirmation = "change-close-confirmation-missing",
        Review = "change-close-review-missing",
    }
}

/// Whether it may be closed.
pub fn may_close(ended: Ended) -> Result<(), NotYet> {
    match ended.standing {
        Standing::Refused if ended.verdict.is_none() => return Err(NotYet::Verdict),
        Standing::Due => return Err(NotYet::Confirmation),
        _ => {}
    }
    if ended.must_review && !ended.reviewed {
        return Err(NotYet::Review);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_emergency_and_unauthorised_ones_are_looked_back_on() {
        use ChangeType::*;
        for (of, outcome, standing, must) in [
            (Normal, Outcome::Successful, Standing::None, false),
            (Normal, Outcome::WithIssues, Standing::None, false),
            (Normal, Outcome::BackedOut, Standing::None, true),
            (Standard, Outcome::Failed, Standing::None, true),
            (Emergency, Outcome::Successful, Standing::Given, true),
            (Emergency, Outcome::Successful, Standing::Unauthorised, true),
        ] {
            assert_eq!(
                review_within(of, outcome, standing).is_some(),
                must,
                "{of:?} {outcome:?}"
            );
        }
    }

    #[test]
    fn what_was_refused_afterwards_needs_a_verdict_and_a_review() {
        let ended = Ended {
            must_review: true,
            reviewed: false,
            standing: Standing::Refused,
            verdict: None,
        };
        assert_eq!(may_close(ended), Err(NotYet::Verdict));
        let judged = Ended {
            verdict: Some(Verdict::Keep),
            ..ended
        };
        assert_eq!(may_close(judged), Err(NotYet::Review));
        assert_eq!(
            may_close(Ended {
                reviewed: true,
                ..judged
            }),
            Ok(())
        );
        let due = Ended {
            standing: Standing::Due,
            reviewed: true,
            ..ended
        };
        assert_eq!(may_close(due), Err(NotYet::Confirmation));
    }
}
