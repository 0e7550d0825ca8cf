//! The seven instants of what happened, and the durations between them as the page defines them. Pure.
//!
//! Definitions (field notes 4.4; nothing is left to the reader): detect = detected − impact began;
//! acknowledge = acknowledged − first page, or − detected where nobody was paged; engage = engaged −
//! detected; mitigate = mitigated − detected; resolve = resolved − detected; and how long it hurt =
//! mitigated (resolved, where nothing mitigated it before) − impact began, which is what the reports
//! call time to restore. A duration whose ends stand the other way round is not shown as a number.

use time::Duration;

use crate::platform::db::Utc;

crate::text_enum! {
    pub enum Moment {
        ImpactBegan = "impact_began",
        Detected = "detected",
        FirstPage = "first_page",
        Acknowledged = "acknowledged",
        /// Somebody led: the first person with the role took it up.
        Engaged = "engaged",
        Mitigated = "mitigated",
        Resolved = "resolved",
    }
}

crate::text_enum! {
    /// How an instant is known.
    pub enum Source {
        /// As the incident has it, by itself or by what somebody said there.
        Incident = "incident",
        Person = "person",
        Monitoring = "monitoring",
        Log = "log",
        Estimate = "estimate",
    }
}

crate::text_enum! {
    /// A duration; its definition is the key `postmortem-duration-` with this.
    pub enum Measure {
        Hurt = "hurt",
        Detect = "detect",
        Acknowledge = "acknowledge",
        Engage = "engage",
        Mitigate = "mitigate",
        Resolve = "resolve",
    }
}

/// What is known of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub at: Utc,
    pub source: Source,
}

/// The seven, in the order of [`Moment::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Instants([Option<Known>; 7]);

impl Instants {
    pub fn get(&self, which: Moment) -> Option<Known> {
        self.0.get(which as usize).copied().flatten()
    }

    pub fn set(&mut self, which: Moment, known: Option<Known>) {
        if let Some(place) = self.0.get_mut(which as usize) {
            *place = known;
        }
    }

    fn at(&self, which: Moment) -> Option<Utc> {
        self.get(which).map(|known| known.at)
    }
}

/// The instants of several incidents as one: it began with the first and was over with the last. What
/// the post-mortem says itself stands before both.
pub fn joined(said: &Instants, incidents: &[Instants]) -> Instants {
    let mut all = Instants::default();
    for which in Moment::ALL.iter().copied() {
        let known = incidents.iter().filter_map(|of| of.get(which));
        let own = match which {
            // Nothing is over while one of them is not.
            Moment::Mitigated | Moment::Resolved
                if incidents.iter().any(|of| of.get(which).is_none()) =>
            {
                None
            }
            Moment::Mitigated | Moment::Resolved => known.max_by_key(|known| known.at),
            _ => known.min_by_key(|known| known.at),
        };
        all.set(which, said.get(which).or(own));
    }
    all
}

/// What a duration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    Micros(i64),
    /// Its ends stand the other way round; somebody should look.
    Backwards,
    /// One of its ends is not known.
    Unknown,
}

/// Every duration with the two instants it is counted between.
pub fn durations(of: &Instants) -> Vec<(Measure, Moment, Moment, Took)> {
    use Moment::*;
    let paged = if of.at(FirstPage).is_some() {
        FirstPage
    } else {
        Detected
    };
    let restored = if of.at(Mitigated).is_some() {
        Mitigated
    } else {
        Resolved
    };
    [
        (Measure::Hurt, ImpactBegan, restored),
        (Measure::Detect, ImpactBegan, Detected),
        (Measure::Acknowledge, paged, Acknowledged),
        (Measure::Engage, Detected, Engaged),
        (Measure::Mitigate, Detected, Mitigated),
        (Measure::Resolve, Detected, Resolved),
    ]
    .into_iter()
    .map(|(measure, from, to)| {
        let took = match (of.at(from), of.at(to)) {
            (Some(a), Some(b)) if a <= b => Took::Micros(b.micros() - a.micros()),
            (Some(_), Some(_)) => Took::Backwards,
            _ => Took::Unknown,
        };
        (measure, from, to, took)
    })
    .collect()
}

impl Instants {
    /// Whether two of them contradict each other: what ended before it began, or was acknowledged before
    /// anybody could know.
    pub fn is_backwards(&self) -> bool {
        durations(self)
            .iter()
            .any(|(.., took)| *took == Took::Backwards)
    }
}

/// What is odd about a time somebody gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Never: nothing of this has happened yet.
    InTheFuture,
    /// Asked once: so long before it began is mostly a slip of the hand.
    LongBefore,
    /// Asked once: what comes after the end is rarely of the incident.
    LongAfter,
}

impl Odd {
    pub fn is_refused(self) -> bool {
        self == Odd::InTheFuture
    }
}

/// So far outside the incident a time is asked about. A cause may well lie before.
pub const ASKED_BEYOND: Duration = Duration::days(30);

/// What is odd about a time, given when the incident began and was over as far as that is known.
pub fn odd(at: Utc, began: Option<Utc>, over: Option<Utc>, now: Utc) -> Option<Odd> {
    if at > now {
        return Some(Odd::InTheFuture);
    }
    let before = began.is_some_and(|began| at < began.minus(ASKED_BEYOND));
    let after = over.is_some_and(|over| at > over.plus(ASKED_BEYOND));
    match (before, after) {
        (true, _) => Some(Odd::LongBefore),
        (_, true) => Some(Odd::LongAfter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minute(n: i64) -> Utc {
        Utc::from_micros(n * 60_000_000)
    }

    fn instants(minutes: [Option<i64>; 7]) -> Instants {
        let mut all = Instants::default();
        for (which, at) in Moment::ALL.iter().zip(minutes) {
            all.set(
                *which,
                at.map(|n| Known {
                    at: minute(n),
                    source: Source::Log,
                }),
            );
        }
        all
    }

    fn took(of: &Instants, measure: Measure) -> Took {
        durations(of)
            .into_iter()
            .find(|(m, ..)| *m == measure)
            .unwrap()
            .3
    }

    /// The example of the design: began 08:11, phoned 08:16, acknowledged 08:22, over at 10:04.
    #[test]
    fn durations_are_what_the_page_says_they_are() {
        let of = instants([
            Some(0),
            Some(5),
            None,
            Some(11),
            Some(20),
            Some(113),
            Some(150),
        ]);
        let m = |n: i64| Took::Micros(n * 60_000_000);
        assert_eq!(took(&of, Measure::Hurt), m(113));
        assert_eq!(took(&of, Measure::Detect), m(5));
        assert_eq!(took(&of, Measure::Acknowledge), m(6));
        assert_eq!(took(&of, Measure::Mitigate), m(108));
        assert_eq!(took(&of, Measure::Resolve), m(145));
        let paged = instants([Some(0), Some(5), Some(9), Some(11), None, None, None]);
        assert_eq!(took(&paged, Measure::Acknowledge), m(2));
        assert_eq!(took(&paged, Measure::Hurt), Took::Unknown);
        let odd = instants([Some(9), Some(5), None, None, None, None, None]);
        assert_eq!(took(&odd, Measure::Detect), Took::Backwards);
    }

    #[test]
    fn several_incidents_begin_with_the_first_and_end_with_the_last() {
        let a = instants([Some(0), Some(5), None, None, None, Some(50), Some(60)]);
        let b = instants([Some(3), Some(4), Some(6), None, None, None, Some(90)]);
        let one = joined(&Instants::default(), &[a, b]);
        assert_eq!(
            one,
            instants([Some(0), Some(4), Some(6), None, None, None, Some(90)])
        );
        let said = instants([None, None, None, None, None, Some(70), None]);
        assert_eq!(
            joined(&said, &[a, b]).get(Moment::Mitigated).unwrap().at,
            minute(70)
        );
    }

    #[test]
    fn the_future_is_refused_and_far_away_is_asked_about() {
        let (now, began, over) = (
            minute(500_000),
            Some(minute(100_000)),
            Some(minute(100_100)),
        );
        let of = |n| odd(minute(n), began, over, now);
        assert_eq!(of(500_001), Some(Odd::InTheFuture));
        assert_eq!(of(99_000), None);
        assert_eq!(of(100_000 - 43_201), Some(Odd::LongBefore));
        assert_eq!(of(100_100 + 43_201), Some(Odd::LongAfter));
        assert_eq!(odd(minute(1), None, None, now), None);
        assert!(Odd::InTheFuture.is_refused() && !Odd::LongBefore.is_refused());
    }

    proptest! {
        #[test]
        fn no_duration_is_negative_and_what_was_said_stands(
            minutes in prop::array::uniform7(prop::option::of(0i64..100)),
            said in prop::array::uniform7(prop::option::of(0i64..100)),
        ) {
            let said = instants(said);
            let one = joined(&said, &[instants(minutes)]);
            for (_, _, _, took) in durations(&one) {
                prop_assert!(!matches!(took, Took::Micros(n) if n < 0));
            }
            for which in Moment::ALL.iter().copied() {
                prop_assert!(said.get(which).is_none() || one.get(which) == said.get(which));
            }
        }
    }
}
