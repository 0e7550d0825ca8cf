//! Facts as nobody expects them: out of order, all at once, ten in a second; targets beyond all years.

use super::sample::*;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn resolution(priority: i32, hours: u32) -> Agreement {
    sla(
        priority,
        &[(Target::Resolution, &format!("{hours} clock hours"))],
    )
}

#[test]
fn the_journals_order_is_the_truth_where_a_wall_clock_was_set_back() {
    let book = book(&[resolution(0, 8)]);
    // The hold ended after it began, whatever the clock on the wall said then.
    let clock = Story::portal(mon("09:00"), 3)
        .hold(mon("11:00"), "requester")
        .hold_ended(mon("10:30"))
        .clock(&book, mon("10:45"));
    assert_eq!((clock.phase, clock.paused_micros), (Phase::Running, 0));
    assert_eq!(clock.due_at, mon("17:00"));
}

#[test]
fn a_fact_before_the_report_counts_from_the_report() {
    let book = book(&[resolution(0, 8)]);
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("08:00"))
        .clock(&book, mon("12:00"));
    assert_eq!(
        (clock.stopped_at, clock.elapsed_micros),
        (Some(mon("09:00")), 0)
    );
}

#[test]
fn facts_of_one_microsecond_follow_each_other_and_take_no_time() {
    let book = book(&[resolution(3, 8), resolution(1, 1)]);
    let moment = mon("12:00");
    let story = Story::portal(mon("09:00"), 3)
        .priority(moment, 1)
        .priority(moment, 3);
    let clocks = story.clocks(&book, mon("13:00"));
    assert_eq!(clocks.len(), 1, "it was never P1 at any instant");
    assert_eq!(
        (clocks[0].due_at, clocks[0].breached_at),
        (mon("17:00"), None)
    );
    let both = Story::portal(mon("09:00"), 3)
        .priority(moment, 1)
        .resolved(moment)
        .clock(&book, mon("13:00"));
    assert_eq!(
        (both.outcome, both.breached_at),
        (Outcome::Breached, Some(moment))
    );
}

#[test]
fn ten_changes_of_priority_in_a_second() {
    let book = book(&[resolution(3, 8), resolution(1, 1)]);
    let mut story = Story::portal(mon("09:00"), 3);
    for n in 0..10 {
        let at = Utc::from_micros(mon("12:00").micros() + n * 100_000);
        story = story.priority(at, if n % 2 == 0 { 1 } else { 3 });
    }
    let clocks = story.clocks(&book, mon("13:00"));
    let (last, breached) = clocks.split_last().unwrap();
    assert_eq!(breached.len(), 5, "each time it was late as P1");
    for (n, clock) in breached.iter().enumerate() {
        let at = mon("12:00").micros() + n as i64 * 200_000;
        assert_eq!(clock.breached_at, Some(Utc::from_micros(at)));
        assert!(clock.is_superseded && !clock.is_counted);
        assert_eq!(clock.part, n as i32 + 1);
    }
    assert_eq!(
        (last.part, last.due_at, last.is_counted),
        (6, mon("17:00"), true)
    );
}

#[test]
fn absurd_targets_are_never_due_and_cost_nothing() {
    let mut long = sla(0, &[(Target::Resolution, "80000 business hours")]);
    long.calendar = id(9);
    let mut rare = calendars();
    rare.push(stored(9, calendar("Rare", "UTC", "1", &["08:00-08:01"])));
    long.steps = vec![Step {
        target: Target::Resolution,
        when: When::Percent(300),
        tell: vec![Tell::Team],
        flag: false,
    }];
    let book = Catalogue::of(&rare, &[agreed(10, long)]).unwrap();
    let clock = Story::portal(mon("09:00"), 3).clock(&book, at("2030-01-01 00:00"));
    assert_eq!((clock.due_at, clock.risk_at), (Utc::FAR, Utc::FAR));
    assert_eq!((clock.steps.len(), clock.wake_at), (0, None));
    let mut days = sla(0, &[(Target::Resolution, "end of business day 2000")]);
    days.calendar = id(9);
    let book = Catalogue::of(&rare, &[agreed(10, days)]).unwrap();
    let clock = Story::portal(mon("09:00"), 3).clock(&book, mon("09:00"));
    assert_eq!(clock.due_at, at("2065-03-02 08:01"), "2,000 Mondays");
}

#[test]
fn facts_after_now_are_facts_all_the_same() {
    // The clock on the wall jumped back an hour after these were written.
    let book = book(&[resolution(0, 8)]);
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("12:00"))
        .clock(&book, mon("11:00"));
    assert_eq!(
        (clock.outcome, clock.outcome_at),
        (Outcome::Met, mon("12:00"))
    );
}

#[test]
fn reported_in_the_future() {
    let book = book(&[resolution(0, 8)]);
    let story = Story::begun(mon("12:00"), mon("09:00"), 3, false);
    let clock = story.clock(&book, mon("09:30"));
    assert_eq!(
        (clock.started_at, clock.due_at),
        (mon("12:00"), mon("20:00"))
    );
    assert_eq!(clock.elapsed_micros, 0);
}

#[test]
fn what_is_over_hears_nothing_more() {
    let book = book(&[resolution(0, 2)]);
    let cancelled = Story::portal(mon("09:00"), 3).then(mon("10:00"), [Happened::Cancelled]);
    let now = mon("18:00");
    let before = cancelled.clock(&book, now);
    let after = cancelled
        .hold(mon("11:00"), "requester")
        .priority(mon("12:00"), 1)
        .then(mon("13:00"), [Happened::Closed])
        .clock(&book, now);
    assert_eq!(before, after);
    let resolved = Story::portal(mon("09:00"), 3).resolved(mon("10:00"));
    let before = resolved.clock(&book, now);
    let after = resolved
        .hold(mon("11:00"), "requester")
        .then(mon("13:00"), [Happened::Closed])
        .clock(&book, now);
    assert_eq!(before, after);
}

#[test]
fn the_same_facts_give_the_same_clocks() {
    let book = book(&[resolution(3, 8), resolution(1, 1)]);
    let story = Story::portal(mon("09:00"), 3)
        .hold(mon("10:00"), "requester")
        .hold_ended(mon("11:00"))
        .priority(mon("12:00"), 1);
    let row = |now| {
        let mut clocks = story.clocks(&book, now);
        clocks.iter_mut().for_each(|c| c.wake_at = None);
        clocks
    };
    assert_eq!(
        row(mon("12:10")),
        row(mon("23:00")),
        "now changes no settled row"
    );
}
