//! How a clock's own time passes, and how much of it a target gives.

use super::Span;
use crate::platform::db::Utc;
use crate::service_levels::calendar::Timeline;

const MINUTE: i64 = 60_000_000;

/// In which time a clock runs.
#[derive(Debug, Clone, Copy)]
pub(in crate::service_levels) enum Pace<'a> {
    /// Always.
    Always,
    /// In a calendar's open hours.
    Open(&'a Timeline),
}

impl Pace<'_> {
    /// Own time between two instants, with the versions of the calendar that had begun by `known`.
    pub(in crate::service_levels) fn between(self, from: Utc, to: Utc, known: Utc) -> i64 {
        match self {
            Self::Always => (to.micros() - from.micros()).max(0),
            Self::Open(timeline) => timeline.between(from, to, known),
        }
    }

    /// The first instant by which so much own time has passed since `from`.
    pub(in crate::service_levels) fn after(self, from: Utc, amount: i64, known: Utc) -> Utc {
        let at = match self {
            Self::Always => from.micros().checked_add(amount.max(0)),
            Self::Open(timeline) => timeline.after(from, amount, known).map(Utc::micros),
        };
        at.map_or(Utc::FAR, |at| Utc::from_micros(at).min(Utc::FAR))
    }
}

/// What a target comes to for a clock that counts from a certain instant.
#[derive(Debug, Clone, Copy)]
pub(in crate::service_levels) struct Goal {
    /// Own time.
    pub(in crate::service_levels) amount: i64,
    /// Never due before: of a target that names a time on the wall.
    pub(in crate::service_levels) not_before: Utc,
}

impl Span {
    pub(in crate::service_levels) fn pace(self, timeline: &Timeline) -> Pace<'_> {
        match self {
            Span::Clock { .. } => Pace::Always,
            _ => Pace::Open(timeline),
        }
    }

    /// A time on the wall is turned into the open time until then, which pauses prolong. `known` as
    /// in [`Pace`].
    pub(in crate::service_levels) fn goal(
        self,
        timeline: &Timeline,
        from: Utc,
        known: Utc,
    ) -> Goal {
        let until = match self {
            Span::Business { minutes } | Span::Clock { minutes } => {
                return Goal {
                    amount: i64::from(minutes) * MINUTE,
                    not_before: from,
                };
            }
            Span::EndOfDay { days } => timeline.day(from, days, known).map(|(day, _)| day.closes),
            Span::ByTime { days, hour, minute } => {
                let time = i64::from(hour) * 60 + i64::from(minute);
                timeline.day(from, days, known).map(|(day, version)| {
                    let at = version.hours.zone().and_then(|z| z.at(day.day, time));
                    // A time before anybody is there means when somebody is.
                    at.map_or(day.closes, |at| at.max(day.opens))
                })
            }
        };
        match until {
            Some(until) => Goal {
                amount: timeline.between(from, until, known),
                not_before: until,
            },
            // The calendar has no such day any more: never.
            None => Goal {
                amount: Utc::FAR.micros() - from.micros(),
                not_before: Utc::FAR,
            },
        }
    }

    /// When something that starts at an instant is due if nothing pauses it. The far future where
    /// the calendar does not open long enough.
    pub fn due(self, timeline: &Timeline, from: Utc) -> Utc {
        let goal = self.goal(timeline, from, Utc::FAR);
        let reached = self.pace(timeline).after(from, goal.amount, Utc::FAR);
        reached.max(goal.not_before)
    }
}
