//! A step-wise roll-out: one step after another, with a time of watching between.

use time::Duration;

use crate::platform::db::Utc;

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Open,
    Done(Utc),
    /// Nobody does it.
    Skipped,
}

/// Why a step could not be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// A step before it is open.
    OutOfOrder,
    /// What was done before it is watched until then.
    Watched(Utc),
}

/// Whether what was done at this very instant could be: after every step before it, and so long after
/// the one done last. The steps stand in their order, with what was just done among them.
pub fn step_by_step(steps: &[Step], watched: Duration, now: Utc) -> Result<(), NotYet> {
    let just_done = |step: &Step| *step == Step::Done(now);
    let last = steps.iter().rposition(just_done);
    let before = steps.iter().take(last.unwrap_or(0));
    if before.clone().any(|step| *step == Step::Open) {
        return Err(NotYet::OutOfOrder);
    }
    let earlier = steps.iter().filter_map(|step| match step {
        Step::Done(at) if *at < now => Some(*at),
        _ => None,
    });
    // Two at one instant are one too many.
    let at_once = steps.iter().filter(|step| just_done(step)).count() > 1;
    let since = if at_once { Some(now) } else { earlier.max() };
    match since.map(|at| at.plus(watched)) {
        Some(until) if last.is_some() && until > now => Err(NotYet::Watched(until)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{Done, Open, Skipped};

    fn at(minutes: i64) -> Utc {
        Utc::from_micros(1_000_000_000_000_000 + minutes * 60_000_000)
    }

    fn asked(steps: &[Step]) -> Result<(), NotYet> {
        step_by_step(steps, Duration::minutes(30), at(100))
    }

    #[test]
    fn steps_are_done_in_their_order() {
        assert_eq!(asked(&[Done(at(100)), Open, Open]), Ok(()));
        assert_eq!(asked(&[Open, Done(at(100))]), Err(NotYet::OutOfOrder));
        assert_eq!(asked(&[Skipped, Done(at(100)), Open]), Ok(()));
        assert_eq!(asked(&[Open, Open]), Ok(()));
        assert_eq!(asked(&[]), Ok(()));
    }

    #[test]
    fn each_step_is_watched_before_the_next() {
        let after = |minutes| asked(&[Done(at(minutes)), Done(at(100)), Open]);
        assert_eq!(after(70), Ok(()));
        assert_eq!(after(71), Err(NotYet::Watched(at(101))));
        assert_eq!(after(100), Err(NotYet::Watched(at(130))));
        // What was done long ago and what was put before it later is watched, too.
        let odd = [Done(at(90)), Done(at(10)), Done(at(100))];
        assert_eq!(asked(&odd), Err(NotYet::Watched(at(120))));
    }
}
