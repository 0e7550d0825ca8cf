//! What stops time and what does not.

use super::sample::*;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn eight_hours() -> Agreement {
    sla(0, &[(Target::Resolution, "8 clock hours")])
}

#[test]
fn a_ticked_reason_pauses_another_does_not() {
    let book = book(&[eight_hours()]);
    let hold = |reason| Story::portal(mon("09:00"), 3).hold(mon("10:00"), reason);
    let paused = hold("requester").clock(&book, mon("11:00"));
    assert_eq!((paused.phase, paused.due_at), (Phase::Paused, Utc::FAR));
    assert_eq!(paused.wake_at, None);
    let runs = hold("supplier").clock(&book, mon("11:00"));
    assert_eq!((runs.phase, runs.due_at), (Phase::Running, mon("17:00")));
    let again = hold("requester").hold_ended(mon("12:00"));
    assert_eq!(again.clock(&book, mon("13:00")).due_at, mon("19:00"));
}

#[test]
fn the_requesters_contact_ends_a_hold_for_the_requester() {
    let book = book(&[eight_hours()]);
    let contact = [Happened::RequesterContact];
    let story = Story::portal(mon("09:00"), 3).hold(mon("10:00"), "requester");
    let clock = story
        .then(mon("10:30"), contact.clone())
        .clock(&book, mon("11:00"));
    assert_eq!(clock.due_at, mon("17:30"));
    let story = Story::portal(mon("09:00"), 3).hold(mon("10:00"), "appointment");
    let clock = story.then(mon("10:30"), contact).clock(&book, mon("11:00"));
    assert_eq!(clock.phase, Phase::Paused);
}

#[test]
fn a_major_incident_may_never_pause() {
    let mut strict = eight_hours();
    strict.never_pauses_major = true;
    let book = book(&[strict]);
    let story = Story::portal(mon("09:00"), 1).hold(mon("10:00"), "requester");
    let major = story.clone().then(mon("11:00"), [Happened::Major(true)]);
    assert_eq!(story.clock(&book, mon("12:00")).phase, Phase::Paused);
    let clock = major.clock(&book, mon("12:00"));
    assert_eq!((clock.phase, clock.due_at), (Phase::Running, mon("18:00")));
    assert_eq!(clock.paused_micros, HOUR, "as long as it was none");
}

#[test]
fn a_pause_from_the_due_instant_on_comes_too_late() {
    let book = book(&[eight_hours()]);
    let hold = |at| Story::portal(mon("09:00"), 3).hold(at, "requester");
    let late = hold(mon("17:00")).clock(&book, mon("18:00"));
    assert_eq!(late.breached_at, Some(mon("17:00")));
    assert_eq!(late.due_at, mon("17:00"), "a breach stays due when it was");
    let just = Utc::from_micros(mon("17:00").micros() - 1);
    let in_time = hold(just).clock(&book, mon("18:00"));
    assert_eq!((in_time.breached_at, in_time.due_at), (None, Utc::FAR));
    let clock = hold(just)
        .hold_ended(mon("20:00"))
        .clock(&book, mon("20:00"));
    assert_eq!(clock.due_at.micros(), mon("20:00").micros() + 1);
}

#[test]
fn met_exactly_at_due_late_a_microsecond_after() {
    let book = book(&[eight_hours()]);
    let due = mon("17:00");
    let story = Story::portal(mon("09:00"), 3);
    assert_eq!(story.clock(&book, due).outcome, Outcome::Running);
    let after = Utc::from_micros(due.micros() + 1);
    let late = story.clock(&book, after);
    assert_eq!(
        (late.outcome, late.breached_at),
        (Outcome::Breached, Some(due))
    );
    assert_eq!(story.clock(&book, due).wake_at, Some(after));
    let met = story.clone().resolved(due).clock(&book, mon("20:00"));
    assert_eq!(met.outcome, Outcome::Met);
    let late = story.resolved(after).clock(&book, mon("20:00"));
    assert_eq!(late.outcome, Outcome::Breached);
}

#[test]
fn pauses_outside_opening_hours_take_nothing() {
    let mut agreement = sla(0, &[(Target::Resolution, "4 business hours")]);
    agreement.calendar = id(OFFICE);
    let book = book(&[agreement]);
    let clock = Story::portal(mon("16:00"), 3)
        .hold(mon("19:00"), "requester")
        .hold_ended(at("2026-11-03 07:00"))
        .clock(&book, at("2026-11-03 08:30"));
    assert_eq!(
        (clock.paused_micros, clock.due_at),
        (0, at("2026-11-03 10:00"))
    );
    assert_eq!(clock.elapsed_micros, 2 * HOUR, "until the last fact");
}

#[test]
fn risk_is_when_a_third_is_left() {
    let book = book(&[sla(0, &[(Target::Resolution, "9 clock hours")])]);
    let story = Story::portal(mon("09:00"), 3);
    assert_eq!(story.clock(&book, mon("09:00")).risk_at, mon("15:00"));
    let paused = story.hold(mon("10:00"), "requester");
    assert_eq!(paused.clock(&book, mon("10:30")).risk_at, Utc::FAR);
    let clock = paused.hold_ended(mon("11:00")).clock(&book, mon("11:00"));
    assert_eq!(clock.risk_at, mon("16:00"));
}

#[test]
fn a_pause_prolongs_the_end_of_a_business_day() {
    let mut agreement = sla(0, &[(Target::Resolution, "end of business day 1")]);
    agreement.calendar = id(OFFICE);
    let book = book(&[agreement]);
    let story = Story::portal(mon("07:00"), 3);
    assert_eq!(story.clock(&book, mon("07:00")).due_at, mon("18:00"));
    let held = story
        .hold(mon("10:00"), "requester")
        .hold_ended(mon("12:30"));
    let clock = held.clock(&book, mon("13:00"));
    assert_eq!(clock.due_at, at("2026-11-03 10:30"));
    assert_eq!(clock.target_micros, 10 * HOUR);
}

#[test]
fn pauses_before_any_agreement_are_judged_by_the_first_that_covers() {
    let mut p1 = sla(1, &[(Target::Resolution, "2 clock hours")]);
    p1.pauses = vec!["requester".to_owned()];
    let book = book(&[p1]);
    let clock = Story::portal(mon("09:00"), 4)
        .hold(mon("09:30"), "requester")
        .hold_ended(mon("11:30"))
        .priority(mon("12:00"), 1)
        .clock(&book, mon("12:00"));
    assert_eq!((clock.due_at, clock.breached_at), (mon("13:00"), None));
    assert_eq!(clock.paused_micros, 2 * HOUR);
}

#[test]
fn a_target_without_time_of_its_own_is_due_at_its_hour_also_on_hold() {
    let mut agreement = sla(0, &[(Target::Resolution, "by 07:30 on business day 1")]);
    agreement.calendar = id(OFFICE);
    let clock = Story::portal(mon("07:00"), 3)
        .hold(mon("07:00"), "requester")
        .hold_ended(mon("12:00"))
        .clock(&book(&[agreement]), mon("12:00"));
    assert_eq!((clock.target_micros, clock.due_at), (0, mon("08:00")));
}
