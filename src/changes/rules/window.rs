//! When a change is to happen: its window and the outage in it.

use time::Duration;

use crate::platform::db::Utc;

/// A span of time: `starts` belongs to it, `ends` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub starts: Utc,
    pub ends: Utc,
}

/// The longest window. What takes longer is several changes.
pub const LONGEST: Duration = Duration::days(31);
/// How far ahead one may be planned.
pub const FARTHEST: Duration = Duration::days(730);

impl Span {
    pub const fn new(starts: Utc, ends: Utc) -> Self {
        Self { starts, ends }
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }

    pub fn has(self, at: Utc) -> bool {
        self.starts <= at && at < self.ends
    }

    /// What both have in common.
    pub fn shared(self, other: Span) -> Option<Span> {
        self.overlaps(other)
            .then(|| Span::new(self.starts.max(other.starts), self.ends.min(other.ends)))
    }

    pub fn minutes(self) -> i64 {
        (self.ends.micros() - self.starts.micros()) / 60_000_000
    }
}

/// What is wrong with a window, by the field that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    EndsBeforeItStarts,
    TooLong,
    InThePast,
    TooFar,
    OutageOutside,
    OutageNegative,
    InTheFuture,
}

impl Wrong {
    /// The field and the key of what is said there.
    pub const fn said(self) -> (&'static str, &'static str) {
        match self {
            Wrong::EndsBeforeItStarts => ("window_ends_at", "change-window-ends-before"),
            Wrong::TooLong => ("window_ends_at", "change-window-too-long"),
            Wrong::InThePast => ("window_starts_at", "change-window-past"),
            Wrong::TooFar => ("window_starts_at", "change-window-far"),
            Wrong::OutageOutside => ("outage_minutes", "change-outage-outside"),
            Wrong::OutageNegative => ("outage_minutes", "change-outage-negative"),
            Wrong::InTheFuture => ("actual_ended_at", "change-actual-future"),
        }
    }
}

/// A window that is planned. One in the past is refused: what is over is written up, not planned.
pub fn planned(span: Span, outage_minutes: i64, now: Utc) -> Result<(), Wrong> {
    if span.ends <= span.starts {
        return Err(Wrong::EndsBeforeItStarts);
    }
    if span.ends > span.starts.plus(LONGEST) {
        return Err(Wrong::TooLong);
    }
    if span.starts < now {
        return Err(Wrong::InThePast);
    }
    if span.starts > now.plus(FARTHEST) {
        return Err(Wrong::TooFar);
    }
    outage(span, outage_minutes)
}

/// Times that are over: of a change written up after the work.
pub fn happened(span: Span, now: Utc) -> Result<(), Wrong> {
    if span.ends <= span.starts {
        return Err(Wrong::EndsBeforeItStarts);
    }
    if span.ends > span.starts.plus(LONGEST) {
        return Err(Wrong::TooLong);
    }
    if span.ends > now {
        return Err(Wrong::InTheFuture);
    }
    Ok(())
}

fn outage(span: Span, minutes: i64) -> Result<(), Wrong> {
    match minutes {
        ..0 => Err(Wrong::OutageNegative),
        _ if minutes > span.minutes() => Err(Wrong::OutageOutside),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(hours: i64) -> Utc {
        Utc::from_micros(1_000_000_000_000_000 + hours * 3_600_000_000)
    }

    fn span(from: i64, to: i64) -> Span {
        Span::new(at(from), at(to))
    }

    #[test]
    fn windows_that_cannot_be() {
        let now = at(0);
        for (given, outage, wrong) in [
            (span(2, 1), 0, Some(Wrong::EndsBeforeItStarts)),
            (span(2, 2), 0, Some(Wrong::EndsBeforeItStarts)),
            (span(2, 2 + 24 * 365), 0, Some(Wrong::TooLong)),
            (span(-2, 1), 0, Some(Wrong::InThePast)),
            (span(24 * 1000, 24 * 1000 + 1), 0, Some(Wrong::TooFar)),
            (span(1, 2), 61, Some(Wrong::OutageOutside)),
            (span(1, 2), -1, Some(Wrong::OutageNegative)),
            (span(1, 2), 60, None),
            (span(0, 24 * 31), 0, None),
        ] {
            assert_eq!(planned(given, outage, now).err(), wrong, "{given:?}");
        }
    }

    #[test]
    fn what_is_written_up_is_over() {
        assert_eq!(happened(span(-3, -2), at(0)), Ok(()));
        assert_eq!(happened(span(-3, 1), at(0)), Err(Wrong::InTheFuture));
        assert_eq!(
            happened(span(-2, -3), at(0)),
            Err(Wrong::EndsBeforeItStarts)
        );
    }

    proptest! {
        #[test]
        fn two_spans_overlap_when_some_instant_is_in_both(a in -20i64..20, la in 1i64..9, b in -20i64..20, lb in 1i64..9) {
            let (one, two) = (span(a, a + la), span(b, b + lb));
            let slow = (-60..60).any(|h| one.has(at(h)) && two.has(at(h)));
            prop_assert_eq!(one.overlaps(two), slow);
            prop_assert_eq!(one.shared(two).is_some(), slow);
            prop_assert_eq!(one.overlaps(two), two.overlaps(one));
        }
    }
}
