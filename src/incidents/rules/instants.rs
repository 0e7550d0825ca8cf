//! What may be said of when things happened. Pure.
//!
//! An instant lies in the past and has a source. The ordinary order is: impact began, detected,
//! mitigated. Another one is possible (monitoring notices a full disk before it hurts anybody; what
//! mended itself is noticed afterwards), but mostly a slip of the hand that would turn a duration
//! negative: so it is asked once and then stands.

use super::super::model::{Source, Which};
use crate::platform::db::Utc;
use crate::platform::kernel::error::{Invalid, Message};
use crate::records::reported_at_problem;

/// What is said of one instant: nothing clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub at: Option<Utc>,
    pub source: Option<Source>,
    pub note: String,
}

/// The field whose tick says that an odd order is meant.
pub const CONFIRM: &str = "odd_order";

/// The instants that stand in an order, each pair with the one that is ordinarily first.
const ORDER: [(Which, Which); 3] = [
    (Which::ImpactBegan, Which::Detected),
    (Which::Detected, Which::Mitigated),
    (Which::ImpactBegan, Which::Mitigated),
];

/// What is wrong with one instant as it is to be, beside its fields.
pub fn check(which: Which, before: &Said, after: &Said, now: Utc, invalid: &mut Invalid) {
    let names = which.names();
    let Some(at) = after.at else {
        if after.source.is_some() || !after.note.is_empty() {
            invalid.add(names.at, "instant-without-time");
        }
        return;
    };
    if let Some(problem) = reported_at_problem(at, now) {
        invalid.add(names.at, problem);
    }
    match after.source {
        None => invalid.add(names.source, "instant-source-needed"),
        // What somebody says instead of the assignment has a source of its own.
        Some(Source::FirstAssignment)
            if which != Which::Acknowledged || before.at != after.at || before.source.is_none() =>
        {
            invalid.add(names.source, "instant-source-own");
        }
        Some(_) => {}
    }
}

/// The pairs that are newly out of their ordinary order. What was confirmed once and is left alone
/// is not asked again.
pub fn out_of_order(
    before: impl Fn(Which) -> Option<Utc>,
    after: impl Fn(Which) -> Option<Utc>,
) -> Vec<(Which, Which)> {
    ORDER
        .into_iter()
        .filter(|(first, then)| match (after(*first), after(*then)) {
            (Some(a), Some(b)) => a > b && (before(*first), before(*then)) != (Some(a), Some(b)),
            _ => false,
        })
        .collect()
}

/// What is asked about a pair, beside the later field.
pub fn order_question(first: Which, then: Which) -> (&'static str, Message) {
    let key = match (first, then) {
        (Which::ImpactBegan, Which::Detected) => "instant-detected-before-impact",
        (Which::Detected, _) => "instant-mitigated-before-detected",
        _ => "instant-mitigated-before-impact",
    };
    (then.names().at, Message::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Utc {
        Utc::from_micros(minute * 60_000_000)
    }

    fn said(minute: i64, source: Source) -> Said {
        Said {
            at: Some(at(minute)),
            source: Some(source),
            note: String::new(),
        }
    }

    fn wrong(which: Which, before: &Said, after: &Said) -> Vec<(&'static str, &'static str)> {
        let mut invalid = Invalid::default();
        check(which, before, after, at(100), &mut invalid);
        invalid.0.iter().map(|(f, m)| (*f, m.key)).collect()
    }

    #[test]
    fn an_instant_has_a_past_time_and_a_source() {
        let none = Said::default();
        let fine = said(99, Source::Log);
        assert_eq!(wrong(Which::Detected, &none, &fine), []);
        assert_eq!(wrong(Which::Detected, &fine, &none), []);
        let future = said(200, Source::Log);
        let told = wrong(Which::Detected, &none, &future);
        assert_eq!(told, [("detected_at", "reported-in-the-future")]);
        let unsourced = Said {
            source: None,
            ..fine.clone()
        };
        let told = wrong(Which::Mitigated, &none, &unsourced);
        assert_eq!(told, [("mitigated_source", "instant-source-needed")]);
        let timeless = Said { at: None, ..fine };
        let told = wrong(Which::ImpactBegan, &none, &timeless);
        assert_eq!(told, [("impact_began_at", "instant-without-time")]);
    }

    #[test]
    fn nobody_says_first_assignment_of_a_time_of_their_own() {
        let itself = said(50, Source::FirstAssignment);
        let noted = Said {
            note: "By phone before".into(),
            ..itself.clone()
        };
        assert_eq!(wrong(Which::Acknowledged, &itself, &noted), []);
        let moved = said(40, Source::FirstAssignment);
        let own = [("acknowledged_source", "instant-source-own")];
        assert_eq!(wrong(Which::Acknowledged, &itself, &moved), own);
        assert_eq!(wrong(Which::Acknowledged, &Said::default(), &moved), own);
        let told = wrong(Which::Detected, &Said::default(), &moved);
        assert_eq!(told, [("detected_source", "instant-source-own")]);
    }

    #[test]
    fn an_odd_order_is_asked_about_once() {
        let times = |b: Option<i64>, d: Option<i64>, m: Option<i64>| {
            move |which: Which| match which {
                Which::ImpactBegan => b.map(at),
                Which::Detected => d.map(at),
                Which::Acknowledged => Some(at(0)),
                Which::Mitigated => m.map(at),
            }
        };
        let nothing = times(None, None, None);
        let asked = |after| out_of_order(nothing, after);
        assert_eq!(asked(times(Some(1), Some(1), Some(2))), []);
        assert_eq!(
            asked(times(Some(2), Some(1), None)),
            [(Which::ImpactBegan, Which::Detected)]
        );
        assert_eq!(
            asked(times(Some(3), None, Some(2))),
            [(Which::ImpactBegan, Which::Mitigated)]
        );
        assert_eq!(asked(times(Some(3), Some(2), Some(1))).len(), 3);
        let odd = times(Some(2), Some(1), None);
        assert_eq!(out_of_order(odd, odd), []);
        assert_eq!(out_of_order(odd, times(Some(3), Some(1), None)).len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_asked_about_is_exactly_what_would_be_negative(
            t in proptest::array::uniform3(proptest::option::of(0i64..5))
        ) {
            let [b, d, m] = t.map(|t| t.map(at));
            let after = |which: Which| match which {
                Which::ImpactBegan => b,
                Which::Detected => d,
                Which::Mitigated => m,
                Which::Acknowledged => None,
            };
            let pairs = [(b, d), (d, m), (b, m)];
            let negative = pairs.iter().filter(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a > b));
            prop_assert_eq!(out_of_order(|_| None, after).len(), negative.count());
        }
    }
}
