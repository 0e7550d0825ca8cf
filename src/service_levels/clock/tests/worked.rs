//! The worked cases of the issue.

use super::sample::*;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn response() -> Catalogue {
    book(&[sla(0, &[(Target::FirstResponse, "30 clock minutes")])])
}

#[test]
fn a_record_logged_by_phone_is_answered_at_once() {
    let story = Story::begun(mon("09:00"), mon("09:04"), 3, true);
    let clock = story.clock(&response(), mon("12:00"));
    assert_eq!((clock.outcome, clock.elapsed_micros), (Outcome::Met, 0));
    assert_eq!(clock.stopped_at, Some(mon("09:00")));
    assert_eq!((clock.met_by, clock.phase), (Some(1), Phase::Stopped));
}

#[test]
fn neither_automatic_reply_nor_note_nor_assignment_answers() {
    // Automatic messages and notes are no StaffReply: nothing but the assignment comes here.
    let story = Story::portal(mon("09:00"), 3)
        .then(mon("09:01"), [])
        .then(mon("09:10"), [Happened::Assignee(Some(id(7)))])
        .then(mon("09:12"), [Happened::RequesterContact]);
    let clock = story.clock(&response(), mon("12:00"));
    assert_eq!(clock.outcome, Outcome::Breached);
    assert_eq!(clock.breached_at, Some(mon("09:30")));
    assert_eq!(clock.outcome_at, mon("09:30"));
    assert_eq!(clock.phase, Phase::Running);
}

#[test]
fn resolution_answers_as_well_and_is_named() {
    let story = Story::portal(mon("09:00"), 3).resolved(mon("09:20"));
    let clock = story.clock(&response(), mon("12:00"));
    assert_eq!(clock.outcome, Outcome::Met);
    assert_eq!(clock.met_by, Some(2));
    assert_eq!(clock.elapsed_micros, 20 * MINUTE);
}

fn p3_and_p1(change: PriorityChange) -> Catalogue {
    let mut p3 = sla(3, &[(Target::Resolution, "8 clock hours")]);
    let mut p1 = sla(1, &[(Target::Resolution, "2 clock hours")]);
    (p3.priority_change, p1.priority_change) = (change, change);
    book(&[p3, p1])
}

#[test]
fn raised_late_lowered_by_a_manager() {
    let book = p3_and_p1(PriorityChange::FromStart);
    let raised = Story::portal(mon("09:00"), 3).priority(mon("12:00"), 1);
    let clock = raised.clock(&book, mon("12:00"));
    assert_eq!(clock.due_at, mon("11:00"));
    assert_eq!(clock.breached_at, Some(mon("12:00")));
    assert_eq!((clock.priority, clock.part), (1, 1));

    let lowered = raised.priority(mon("12:05"), 3);
    let clocks = lowered.clocks(&book, mon("12:06"));
    assert_eq!(clocks.len(), 2);
    assert_eq!(clocks[1].due_at, mon("17:00"));
    assert_eq!(clocks[1].outcome, Outcome::Running);

    let clocks = lowered.resolved(mon("16:00")).clocks(&book, mon("20:00"));
    let [p1, p3] = &clocks[..] else { panic!() };
    assert_eq!((p1.outcome, p1.priority), (Outcome::Breached, 1));
    assert_eq!(p1.breached_at, Some(mon("12:00")));
    assert_eq!((p1.is_superseded, p1.is_counted), (true, false));
    assert_eq!((p1.part, p1.ended_by, p1.agreement), (1, Some(3), id(11)));
    assert_eq!((p3.outcome, p3.priority), (Outcome::Met, 3));
    assert_eq!(p3.elapsed_micros, 7 * HOUR);
    assert_eq!((p3.part, p3.is_superseded, p3.is_counted), (2, false, true));
    assert_eq!(p3.outcome_at, mon("16:00"));
}

#[test]
fn raised_with_the_target_from_the_change() {
    let book = p3_and_p1(PriorityChange::FromChange);
    let raised = Story::portal(mon("09:00"), 3).priority(mon("12:00"), 1);
    let clock = raised.clock(&book, mon("12:00"));
    assert_eq!((clock.due_at, clock.breached_at), (mon("14:00"), None));
    let clocks = raised.priority(mon("12:05"), 3).clocks(&book, mon("12:06"));
    assert_eq!(clocks.len(), 1, "no breach stood");
    assert_eq!(clocks[0].due_at, mon("20:05"));
}

fn reopened(reopening: Reopening) -> Vec<Clock> {
    let mut agreement = sla(0, &[(Target::Resolution, "4 clock hours")]);
    agreement.reopening = reopening;
    Story::portal(mon("09:00"), 3)
        .resolved(mon("11:00"))
        .reopened(mon("15:00"))
        .resolved(mon("16:00"))
        .clocks(&book(&[agreement]), mon("18:00"))
}

#[test]
fn reopened_with_the_resolved_time_off() {
    let clocks = reopened(Reopening::ContinueTimeOff);
    let [clock] = &clocks[..] else { panic!() };
    assert_eq!(clock.outcome, Outcome::Met);
    assert_eq!(clock.elapsed_micros, 3 * HOUR);
    assert_eq!(clock.due_at, mon("17:00"));
    assert_eq!(clock.stopped_at, Some(mon("16:00")));
}

#[test]
fn reopened_with_the_resolved_time_counted() {
    let clocks = reopened(Reopening::ContinueTimeCounts);
    let [clock] = &clocks[..] else { panic!() };
    assert_eq!(clock.outcome, Outcome::Breached);
    assert_eq!(clock.breached_at, Some(mon("15:00")));
    assert_eq!(clock.elapsed_micros, 7 * HOUR);
}

#[test]
fn reopened_as_a_new_cycle() {
    let clocks = reopened(Reopening::NewCycle);
    let [first, second] = &clocks[..] else {
        panic!()
    };
    let short = |c: &Clock| (c.cycle, c.outcome, c.elapsed_micros);
    assert_eq!(short(first), (1, Outcome::Met, 2 * HOUR));
    assert_eq!(short(second), (2, Outcome::Met, HOUR));
    let counted = clocks.iter().filter(|c| c.is_counted).count();
    assert_eq!(counted, 1, "one record in n");
}

#[test]
fn a_breach_belongs_to_its_month_also_while_running_and_after() {
    let book = book(&[sla(0, &[(Target::Resolution, "8 clock hours")])]);
    let story = Story::portal(at("2026-10-31 23:50"), 3);
    let clock = story.clock(&book, at("2026-10-31 23:59"));
    assert_eq!(clock.outcome, Outcome::Running);
    assert_eq!(clock.outcome_at, crate::platform::db::Utc::FAR);
    let breach = at("2026-11-01 07:50");
    let clock = story.clock(&book, at("2026-11-30 12:00"));
    assert_eq!(
        (clock.outcome, clock.phase),
        (Outcome::Breached, Phase::Running)
    );
    assert_eq!(clock.outcome_at, breach);
    let clock = story
        .resolved(at("2026-12-02 10:00"))
        .clock(&book, at("2026-12-03 00:00"));
    assert_eq!(
        (clock.outcome, clock.phase),
        (Outcome::Breached, Phase::Stopped)
    );
    assert_eq!(clock.outcome_at, breach, "still November");
}
