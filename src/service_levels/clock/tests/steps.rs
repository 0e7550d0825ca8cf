//! Steps of the escalation: when each is due.

use super::sample::*;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn with_steps(mut agreement: Agreement, whens: &[When]) -> Agreement {
    agreement.steps = whens
        .iter()
        .map(|when| Step {
            target: Target::Resolution,
            when: *when,
            tell: vec![Tell::Assignee],
            flag: false,
        })
        .collect();
    agreement
}

fn stepped(priority: i32, hours: u32, whens: &[When]) -> Agreement {
    let span = format!("{hours} clock hours");
    with_steps(sla(priority, &[(Target::Resolution, &span)]), whens)
}

fn short(clock: &Clock) -> Vec<(usize, Utc, bool)> {
    let step = |s: &DueStep| (s.index, s.at, s.is_overtaken);
    clock.steps.iter().map(step).collect()
}

#[test]
fn steps_are_due_at_shares_and_before_and_after() {
    let whens = [
        When::After(30),
        When::Percent(75),
        When::Before(60),
        When::Percent(200),
    ];
    let book = book(&[stepped(0, 8, &whens)]);
    let story = Story::portal(mon("09:00"), 3);
    let clock = story.clock(&book, mon("09:00"));
    assert_eq!(
        short(&clock),
        [
            (1, mon("15:00"), false),
            (2, mon("16:00"), false),
            (0, mon("17:30"), false),
            (3, at("2026-11-03 01:00"), false),
        ]
    );
    assert_eq!(clock.steps[0].key, format!("percent-75-{}", id(10)));
    assert_eq!(clock.wake_at, Some(mon("15:00")));
    let wakes = |now| story.clock(&book, now).wake_at;
    assert_eq!(wakes(mon("15:00")), Some(mon("16:00")));
    assert_eq!(
        wakes(mon("16:30")),
        Some(Utc::from_micros(mon("17:00").micros() + 1))
    );
    assert_eq!(
        wakes(mon("17:15")),
        Some(mon("17:30")),
        "the breach is known"
    );
    assert_eq!(wakes(at("2026-11-04 00:00")), None);
}

#[test]
fn steps_wait_while_paused() {
    let book = book(&[stepped(0, 8, &[When::Percent(50)])]);
    let story = Story::portal(mon("09:00"), 3).hold(mon("10:00"), "requester");
    let clock = story.clock(&book, mon("11:00"));
    assert_eq!((short(&clock), clock.wake_at), (vec![], None));
    let clock = story.hold_ended(mon("12:00")).clock(&book, mon("12:00"));
    assert_eq!(short(&clock), [(0, mon("15:00"), false)]);
}

#[test]
fn steps_that_a_raised_priority_has_passed_are_told_once() {
    let whens = [When::Percent(50), When::Percent(75), When::After(240)];
    let book = book(&[stepped(3, 8, &whens), stepped(1, 2, &whens)]);
    let story = Story::portal(mon("09:00"), 3).priority(mon("12:00"), 1);
    let clock = story.clock(&book, mon("12:00"));
    // The breach itself is what is told; the two steps before it are overtaken.
    assert_eq!(
        short(&clock),
        [
            (0, mon("12:00"), true),
            (1, mon("12:00"), true),
            (2, mon("15:00"), false),
        ]
    );
    let early = Story::portal(mon("09:00"), 3).priority(mon("10:40"), 1);
    let clock = early.clock(&book, mon("10:40"));
    assert_eq!(
        short(&clock),
        [
            (0, mon("10:40"), true),
            (1, mon("10:40"), false),
            (2, mon("15:00"), false),
        ]
    );
}

#[test]
fn steps_of_time_that_was_counted_afterwards_come_with_the_reopening() {
    let mut agreement = stepped(0, 4, &[When::Percent(75)]);
    agreement.reopening = Reopening::ContinueTimeCounts;
    let book = book(&[agreement]);
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("11:00"))
        .reopened(mon("12:30"))
        .clock(&book, mon("12:30"));
    assert_eq!(short(&clock), [(0, mon("12:30"), false)]);
    assert_eq!(clock.due_at, mon("13:00"));
}

#[test]
fn imported_records_wake_nobody_but_for_their_result() {
    let book = book(&[stepped(0, 8, &[When::Percent(50)])]);
    let clock = Story::portal(mon("09:00"), 3)
        .imported()
        .clock(&book, mon("09:00"));
    assert!(clock.steps.is_empty());
    assert_eq!(
        clock.wake_at,
        Some(Utc::from_micros(mon("17:00").micros() + 1))
    );
}

#[test]
fn a_stopped_clock_has_no_more_steps() {
    let book = book(&[stepped(0, 8, &[When::Percent(50)])]);
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("10:00"))
        .clock(&book, mon("10:00"));
    assert_eq!((clock.steps, clock.wake_at), (vec![], None));
}

/// The pitfall: workers that find the same clock due, count it, and find it due.
#[test]
fn whoever_counts_a_clock_waits_for_an_instant_to_come() {
    let book = book(&[
        sla(1, &[(Target::Resolution, "2 business hours")]),
        sla(3, &[(Target::Resolution, "8 business hours")]),
    ]);
    let story = Story::portal(mon("09:00"), 3).priority(mon("12:00"), 1);
    // The time is set back after the priority was raised: what makes it late is still to come.
    for now in ["10:30", "11:30", "11:59", "12:00", "12:30"] {
        let clock = story.clock(&book, mon(now));
        assert!(
            clock.wake_at.is_none_or(|at| at > mon(now)),
            "{now}: {clock:?}"
        );
    }
}
