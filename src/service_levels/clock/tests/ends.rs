//! Ends without a stop, other kinds, imported records, dated-back instants.

use super::sample::*;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn resolution(hours: u32) -> Agreement {
    sla(0, &[(Target::Resolution, &format!("{hours} clock hours"))])
}

#[test]
fn cancelled_before_due_is_no_result_a_breach_that_came_first_stays() {
    let book = book(&[resolution(4)]);
    let cancelled = |at| Story::portal(mon("09:00"), 3).then(at, [Happened::Cancelled]);
    for at in [mon("12:00"), mon("13:00")] {
        let clock = cancelled(at).clock(&book, mon("18:00"));
        assert_eq!((clock.outcome, clock.outcome_at), (Outcome::Ended, at));
        assert_eq!((clock.stopped_at, clock.ended_by), (None, Some(2)));
    }
    let clock = cancelled(mon("13:01")).clock(&book, mon("18:00"));
    assert_eq!(
        (clock.outcome, clock.phase),
        (Outcome::Breached, Phase::Ended)
    );
    assert_eq!(clock.outcome_at, mon("13:00"));
}

#[test]
fn another_kind_starts_anew_from_the_report() {
    let mut requests = sla(0, &[(Target::Resolution, "10 clock hours")]);
    requests.covers.record = "request".to_owned();
    let book = book(&[resolution(4), requests]);
    let kind = |at| {
        Story::portal(mon("09:00"), 3)
            .hold(mon("10:00"), "requester")
            .hold_ended(mon("11:00"))
            .then(at, [Happened::Kind("request".to_owned())])
    };
    let clocks = kind(mon("13:00")).clocks(&book, mon("13:30"));
    let [incident, request] = &clocks[..] else {
        panic!()
    };
    assert_eq!(
        (incident.outcome, incident.outcome_at),
        (Outcome::Ended, mon("13:00"))
    );
    assert_eq!(
        (incident.record_kind.as_str(), incident.is_counted),
        ("incident", false)
    );
    assert_eq!(
        (request.cycle, request.record_kind.as_str()),
        (2, "request")
    );
    assert_eq!(
        (request.started_at, request.due_at),
        (mon("09:00"), mon("20:00"))
    );
    assert!(request.is_counted);
    let clocks = kind(mon("15:00")).clocks(&book, mon("15:30"));
    assert_eq!(clocks[0].breached_at, Some(mon("14:00")), "it came first");
    assert!(clocks[0].is_counted, "the worst cycle");
}

#[test]
fn a_kind_that_was_answered_is_not_answered_again() {
    let mut requests = sla(0, &[(Target::FirstResponse, "10 clock minutes")]);
    requests.covers.record = "request".to_owned();
    let book = book(&[sla(0, &[(Target::FirstResponse, "1 clock hour")]), requests]);
    let clock = Story::portal(mon("09:00"), 3)
        .replied(mon("09:30"))
        .then(mon("10:00"), [Happened::Kind("request".to_owned())])
        .clock(&book, mon("12:00"));
    assert_eq!(
        (clock.record_kind.as_str(), clock.outcome),
        ("incident", Outcome::Met)
    );
}

#[test]
fn an_imported_record_stops_at_the_value_of_resolved_at() {
    let mut closing = resolution(4);
    closing.stops_at = StopsAt::Closed;
    let book = book(&[closing]);
    let story = Story::portal(mon("09:00"), 3)
        .then(mon("18:00"), [Happened::Resolved(mon("12:00"))])
        .then(mon("20:00"), [Happened::Closed]);
    let clock = story.clone().imported().clock(&book, mon("21:00"));
    assert_eq!(
        (clock.outcome, clock.stopped_at),
        (Outcome::Met, Some(mon("12:00")))
    );
    assert!(clock.is_imported && clock.steps.is_empty());
    let clock = story.clock(&book, mon("21:00"));
    assert_eq!(
        clock.stopped_at,
        Some(mon("20:00")),
        "here the agreement decides"
    );
}

#[test]
fn an_imported_record_closed_without_resolved_at_has_no_result_however_old() {
    let book = book(&[sla(
        0,
        &[
            (Target::Resolution, "4 clock hours"),
            (Target::FirstResponse, "1 clock hour"),
        ],
    )]);
    let clocks = Story::portal(mon("09:00"), 3)
        .imported()
        .then(at("2026-11-20 09:00"), [Happened::Closed])
        .clocks(&book, at("2026-11-21 09:00"));
    for clock in clocks {
        assert_eq!((clock.outcome, clock.breached_at), (Outcome::Ended, None));
    }
    let clock = Story::portal(mon("09:00"), 3)
        .then(at("2026-11-20 09:00"), [Happened::Closed])
        .clocks(&book, at("2026-11-21 09:00"))
        .remove(0);
    assert_eq!(
        clock.outcome,
        Outcome::Breached,
        "only of an imported one is it unknown"
    );
}

#[test]
fn an_imported_resolution_belongs_to_the_last_reopening() {
    let mut counts = resolution(4);
    counts.reopening = Reopening::NewCycle;
    let book = book(&[counts]);
    let last = mon("15:00");
    let clock = Story::portal(mon("09:00"), 3)
        .imported()
        .then(mon("10:00"), [Happened::Resolved(last)])
        .reopened(mon("11:00"))
        .then(mon("15:10"), [Happened::Resolved(last)])
        .clock(&book, mon("20:00"));
    assert_eq!((clock.cycle, clock.stopped_at), (1, Some(last)));
}

#[test]
fn a_stop_may_be_dated_back_but_not_before_the_reopening() {
    let book = book(&[resolution(4)]);
    let clock = Story::portal(mon("09:00"), 3)
        .priority(mon("14:00"), 2)
        .then(mon("15:00"), [Happened::Resolved(mon("12:00"))])
        .clock(&book, mon("20:00"));
    assert_eq!(
        (clock.outcome, clock.stopped_at),
        (Outcome::Met, Some(mon("12:00")))
    );
    assert_eq!(clock.priority, 3, "as it was at the stop");
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("10:00"))
        .reopened(mon("11:00"))
        .then(mon("15:00"), [Happened::Resolved(mon("09:30"))])
        .clock(&book, mon("20:00"));
    assert_eq!(clock.stopped_at, Some(mon("11:00")));
}

#[test]
fn logged_and_resolved_afterwards_in_one_go() {
    let book = book(&[resolution(4)]);
    let mut story = Story::begun(mon("09:00"), mon("12:00"), 3, false);
    story.0.events[0]
        .changes
        .push(Happened::Resolved(mon("10:00")));
    let clock = story.clock(&book, mon("20:00"));
    assert_eq!(
        (clock.stopped_at, clock.elapsed_micros),
        (Some(mon("10:00")), HOUR)
    );
}

#[test]
fn closed_as_the_agreement_says() {
    let mut closing = resolution(4);
    closing.stops_at = StopsAt::Closed;
    let book = book(&[closing]);
    let story = Story::portal(mon("09:00"), 3).resolved(mon("10:00"));
    assert_eq!(story.clock(&book, mon("11:00")).phase, Phase::Running);
    let clock = story
        .then(mon("14:00"), [Happened::Closed])
        .clock(&book, mon("15:00"));
    assert_eq!(
        (clock.breached_at, clock.stopped_at),
        (Some(mon("13:00")), Some(mon("14:00")))
    );
}

#[test]
fn a_priority_that_nothing_covers_ends_the_clock() {
    let book = book(&[sla(1, &[(Target::Resolution, "2 clock hours")])]);
    let story = Story::portal(mon("09:00"), 1).priority(mon("10:00"), 4);
    let clock = story.clock(&book, mon("20:00"));
    assert_eq!(
        (clock.outcome, clock.outcome_at),
        (Outcome::Ended, mon("10:00"))
    );
    let clock = story.priority(mon("10:30"), 1).clock(&book, mon("10:40"));
    assert_eq!((clock.part, clock.due_at), (1, mon("11:00")), "it goes on");
}

#[test]
fn late_under_both_priorities_is_one_breach_with_its_first_instant() {
    let p1 = sla(1, &[(Target::Resolution, "2 clock hours")]);
    let book = book(&[resolution(4), p1]);
    let clock = Story::portal(mon("09:00"), 3)
        .priority(mon("18:00"), 1)
        .clock(&book, mon("20:00"));
    assert_eq!((clock.part, clock.breached_at), (1, Some(mon("13:00"))));
    assert_eq!(
        (clock.priority, clock.agreement),
        (3, id(10)),
        "as it was then"
    );
}

#[test]
fn without_a_beginning_there_is_no_clock() {
    let history = History {
        events: vec![Event {
            at: mon("09:00"),
            position: 1,
            changes: vec![Happened::Priority(1), Happened::StaffReply],
        }],
        imported: false,
    };
    assert!(clocks(&history, &book(&[resolution(4)]), mon("10:00")).is_empty());
    assert!(clocks(&History::default(), &book(&[]), mon("10:00")).is_empty());
}
