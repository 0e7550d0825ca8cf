//! Laws that hold to the microsecond.

use std::sync::Arc;

use proptest::prelude::*;

use super::draw::{Case, case};
use super::random::prove;
use crate::platform::db::Utc;
use crate::service_levels::calendar::Timeline;
use crate::service_levels::clock::*;

/// So many cases when nobody says another number.
const CASES: u32 = 2_000;

fn micros(at: Utc, plus: i64) -> Utc {
    Utc::from_micros(at.micros() + plus)
}

fn parts() -> impl Strategy<Value = [i64; 3]> {
    let day = 86_400_000_000i64;
    prop::array::uniform3(-6 * day..400 * day)
}

fn timeline(case: &Case) -> Arc<Timeline> {
    let catalogue = case.catalogue();
    Arc::new(
        catalogue
            .calendar(uuid::Uuid::from_u128(0))
            .unwrap()
            .clone(),
    )
}

#[test]
fn splitting_an_interval_never_changes_the_time_consumed() {
    prove(
        "splitting",
        CASES,
        &(case(), parts()),
        |(case, mut parts)| {
            let timeline = timeline(&case);
            parts.sort_unstable();
            let [a, b, c] = parts.map(|p| micros(case.instant(), p));
            let open = |from, to| timeline.between(from, to, Utc::FAR);
            prop_assert_eq!(open(a, b) + open(b, c), open(a, c));
            prop_assert!(open(a, c) <= c.micros() - a.micros());
            prop_assert_eq!(open(b, a), 0);
            Ok(())
        },
    );
}

#[test]
fn the_instant_an_amount_is_reached_is_the_first() {
    prove("reaching", CASES, &(case(), parts()), |(case, parts)| {
        let timeline = timeline(&case);
        let from = micros(case.instant(), parts[0]);
        let amount = parts[1].abs() / 40 + 1;
        let Some(at) = timeline.after(from, amount, Utc::FAR) else {
            return Ok(());
        };
        prop_assert_eq!(timeline.between(from, at, Utc::FAR), amount);
        let just_before = timeline.between(from, micros(at, -1), Utc::FAR);
        prop_assert_eq!(just_before, amount - 1, "the microsecond before was open");
        Ok(())
    });
}

/// A due instant, or never.
fn dues(history: &History, catalogue: &Catalogue, now: Utc) -> Vec<Utc> {
    let clocks = clocks(history, catalogue, now);
    clocks.iter().map(|c| c.due_at).collect()
}

#[test]
fn a_pause_never_makes_a_clock_due_earlier() {
    let day = 86_400_000_000i64;
    let hold = (0..4 * day, 0..2 * day);
    prove(
        "pausing",
        CASES,
        &(case(), hold),
        |(case, (from, length))| {
            let case = case.steady();
            let catalogue = case.catalogue();
            let mut history = case.history();
            history.events.truncate(1);
            let start = history.events[0].at;
            let without = dues(&history, &catalogue, case.instant());
            for (at, change) in [
                (
                    from,
                    Happened::Hold {
                        reason: "requester".to_owned(),
                        supplier: None,
                    },
                ),
                (from + length, Happened::HoldEnded),
            ] {
                history.events.push(Event {
                    at: micros(start, at),
                    position: history.events.len() as i64 + 1,
                    changes: vec![change],
                });
                let with = dues(&history, &catalogue, case.instant());
                if without.len() == with.len() {
                    for (without, with) in without.iter().zip(&with) {
                        prop_assert!(with >= without, "{:?} before {:?}", with, without);
                    }
                }
            }
            Ok(())
        },
    );
}
