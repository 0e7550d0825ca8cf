//! What other products got wrong with service levels, each with the number of its thread where there
//! is one: none of it happens here.

use super::sample::*;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn office(priority: i32, targets: &[(Target, &str)]) -> Agreement {
    let mut agreement = sla(priority, targets);
    agreement.calendar = id(OFFICE);
    agreement
}

fn hours(priority: i32, n: u32) -> Agreement {
    sla(
        priority,
        &[(Target::Resolution, &format!("{n} clock hours"))],
    )
}

fn responds(minutes: u32) -> Catalogue {
    let span = format!("{minutes} clock minutes");
    book(&[sla(0, &[(Target::FirstResponse, &span)])])
}

#[test]
fn glpi_6902_15605_pauses_survive_a_change_of_agreement() {
    let book = book(&[hours(3, 8), hours(2, 6)]);
    let clock = Story::portal(mon("09:00"), 3)
        .hold(mon("10:00"), "requester")
        .hold_ended(mon("12:00"))
        .priority(mon("12:30"), 2)
        .clock(&book, mon("13:00"));
    assert_eq!(
        (clock.due_at, clock.paused_micros),
        (mon("17:00"), 2 * HOUR)
    );
}

#[test]
fn glpi_10594_waiting_is_counted_in_the_calendar_that_counts() {
    // Held over night under an agreement that counts around the clock, then under office hours.
    let book = book(&[
        hours(3, 48),
        office(2, &[(Target::Resolution, "6 business hours")]),
    ]);
    let story = Story::portal(mon("15:00"), 3)
        .hold(mon("16:00"), "requester")
        .hold_ended(at("2026-11-03 09:00"));
    let before = story.clock(&book, at("2026-11-03 09:00"));
    assert_eq!(before.paused_micros, 17 * HOUR);
    let clock = story
        .priority(at("2026-11-03 10:00"), 2)
        .clock(&book, at("2026-11-03 10:00"));
    assert_eq!(
        clock.paused_micros,
        3 * HOUR,
        "two of Monday, one of Tuesday"
    );
    assert_eq!(
        (clock.elapsed_micros, clock.due_at),
        (2 * HOUR, at("2026-11-03 14:00"))
    );
}

#[test]
fn glpi_23359_resolved_time_is_no_pause_and_off_by_default() {
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("10:00"))
        .reopened(mon("15:00"))
        .clock(&book(&[hours(0, 4)]), mon("15:30"));
    assert_eq!((clock.due_at, clock.paused_micros), (mon("18:00"), 0));
}

#[test]
fn freeitsm_an_edited_agreement_does_not_rewrite_history() {
    let mut strict = agreed(10, hours(0, 1));
    (strict.version, strict.from_at, strict.saved_at) = (id(77), mon("20:00"), mon("20:00"));
    let old = agreed(10, hours(0, 8));
    let story = Story::portal(mon("09:00"), 3).resolved(mon("15:00"));
    let is = Catalogue::of(&calendars(), std::slice::from_ref(&old)).unwrap();
    let edited = Catalogue::of(&calendars(), &[old, strict]).unwrap();
    let now = at("2026-12-01 00:00");
    assert_eq!(story.clocks(&is, now), story.clocks(&edited, now));
}

#[test]
fn servicenow_what_was_matched_is_replayed_as_it_was_then() {
    let mut gold = hours(0, 2);
    gold.covers.organisation = Some(id(5));
    let book = book(&[hours(0, 8), gold]);
    // The requester changed the organisation after the record was resolved.
    let clock = Story::portal(mon("09:00"), 3)
        .then(mon("09:00"), [Happened::Organisation(Some(id(5)))])
        .resolved(mon("10:00"))
        .then(mon("12:00"), [Happened::Organisation(None)])
        .clock(&book, mon("18:00"));
    assert_eq!((clock.agreement, clock.organisation), (id(11), Some(id(5))));
}

#[test]
fn zammad_a_breach_does_not_vanish_when_put_on_hold() {
    let book = book(&[hours(0, 2)]);
    let story = Story::portal(mon("09:00"), 3).hold(mon("11:30"), "requester");
    let clock = story.clock(&book, mon("12:00"));
    assert_eq!(
        (clock.phase, clock.outcome),
        (Phase::Paused, Outcome::Breached)
    );
    assert_eq!(
        (clock.due_at, clock.breached_at),
        (mon("11:00"), Some(mon("11:00")))
    );
    let clock = story.hold_ended(mon("15:00")).clock(&book, mon("15:00"));
    assert_eq!(
        clock.breached_at,
        Some(mon("11:00")),
        "nor is it dated anew"
    );
}

#[test]
fn one_day_means_what_it_says() {
    let due = |span: &str, from| {
        let book = book(&[office(0, &[(Target::Resolution, span)])]);
        Story::portal(from, 3).clock(&book, from).due_at
    };
    let friday = at("2026-11-06 15:00");
    // ServiceNow's "1 day" is 24 h of an office day: three days later. Here that is written out.
    assert_eq!(due("24 business hours", friday), at("2026-11-11 09:00"));
    assert_eq!(due("24 clock hours", friday), at("2026-11-07 15:00"));
    assert_eq!(due("10 business hours", friday), at("2026-11-09 15:00"));
    assert_eq!(due("end of business day 1", friday), at("2026-11-09 18:00"));
    assert_eq!(
        due("by 12:00 on business day 1", friday),
        at("2026-11-09 12:00")
    );
}

#[test]
fn zammad_1620_1322_an_internal_note_answers_nobody_and_a_note_of_the_requester_neither() {
    let story = Story::portal(mon("09:00"), 3)
        .then(mon("09:05"), [])
        .then(mon("09:10"), [Happened::RequesterContact]);
    let clock = story.clock(&responds(30), mon("10:00"));
    assert_eq!(clock.outcome, Outcome::Breached);
    let answered = story
        .replied(mon("09:25"))
        .clock(&responds(30), mon("10:00"));
    assert_eq!(answered.met_by, Some(4), "the entry that answered is named");
}

#[test]
fn cerb_1524_the_first_response_is_measured_from_the_report() {
    let clock = Story::portal(mon("09:00"), 3)
        .then(mon("11:00"), [Happened::RequesterContact])
        .replied(mon("11:05"))
        .clock(&responds(180), mon("12:00"));
    assert_eq!(clock.elapsed_micros, 125 * MINUTE);
}

#[test]
fn frappe_2075_reported_on_a_day_off() {
    let book = book(&[office(0, &[(Target::FirstResponse, "2 business hours")])]);
    let saturday = at("2026-11-07 11:00");
    let story = Story::portal(saturday, 3);
    assert_eq!(story.clock(&book, saturday).due_at, at("2026-11-09 10:00"));
    let answered = story.replied(at("2026-11-08 12:00"));
    let clock = answered.clock(&book, at("2026-11-10 00:00"));
    assert_eq!((clock.outcome, clock.elapsed_micros), (Outcome::Met, 0));
}

#[test]
fn dbt_zendesk_273_logged_for_somebody_on_the_phone_is_answered() {
    let story = Story::begun(mon("09:00"), mon("09:10"), 3, true).then(mon("09:30"), []);
    assert_eq!(
        story.clock(&responds(15), mon("12:00")).outcome,
        Outcome::Met
    );
}

#[test]
fn zammad_5177_targets_do_not_overrule_each_other() {
    let book = book(&[sla(
        0,
        &[
            (Target::FirstResponse, "1 clock hour"),
            (Target::NextUpdate, "2 clock hours"),
            (Target::Resolution, "8 clock hours"),
        ],
    )]);
    let story = Story::portal(mon("09:00"), 3).replied(mon("09:30"));
    let dues: Vec<_> = story
        .clocks(&book, mon("10:00"))
        .iter()
        .map(|c| (c.target, c.due_at))
        .collect();
    assert_eq!(
        dues,
        [
            (Target::FirstResponse, mon("10:00")),
            (Target::Resolution, mon("17:00")),
            (Target::NextUpdate, mon("11:30")),
        ]
    );
}

#[test]
fn a_waiting_state_without_a_ticked_reason_stops_nothing() {
    let clock = Story::portal(mon("09:00"), 3)
        .hold(mon("09:10"), "other")
        .hold_ended(mon("16:00"))
        .clock(&book(&[hours(0, 4)]), mon("16:00"));
    assert_eq!(
        (clock.breached_at, clock.paused_micros),
        (Some(mon("13:00")), 0)
    );
}

#[test]
fn glpi_11695_a_late_look_finds_the_true_instants() {
    let mut agreement = hours(0, 4);
    agreement.steps = vec![Step {
        target: Target::Resolution,
        when: When::Percent(50),
        tell: vec![Tell::Assignee],
        flag: false,
    }];
    let clock = Story::portal(mon("09:00"), 3).clock(&book(&[agreement]), at("2026-11-30 00:00"));
    assert_eq!(
        (clock.steps[0].at, clock.breached_at),
        (mon("11:00"), Some(mon("13:00")))
    );
}

#[test]
fn servicenow_retroactive_terms_tell_only_the_present_situation() {
    let mut p1 = hours(1, 2);
    let step = |when| Step {
        target: Target::Resolution,
        when,
        tell: vec![Tell::Team],
        flag: false,
    };
    p1.steps = vec![
        step(When::Percent(50)),
        step(When::Percent(75)),
        step(When::Before(5)),
    ];
    let book = book(&[hours(3, 8), p1]);
    let clock = Story::portal(mon("09:00"), 3)
        .priority(mon("14:00"), 1)
        .clock(&book, mon("14:00"));
    assert!(
        clock
            .steps
            .iter()
            .all(|s| s.is_overtaken && s.at == mon("14:00"))
    );
    assert_eq!(clock.breached_at, Some(mon("14:00")), "one thing to tell");
}

#[test]
fn zammad_904_merged_and_cancelled_records_escalate_no_more() {
    let mut agreement = hours(0, 4);
    agreement.steps = vec![Step {
        target: Target::Resolution,
        when: When::After(60),
        tell: vec![Tell::Managers],
        flag: true,
    }];
    for at in [mon("10:00"), mon("13:30")] {
        let clock = Story::portal(mon("09:00"), 3)
            .then(at, [Happened::Cancelled])
            .clock(&book(&[agreement.clone()]), mon("20:00"));
        assert_eq!((clock.wake_at, clock.steps.len()), (None, 0));
    }
}

#[test]
fn zammad_4353_a_retired_agreement_still_lets_its_clocks_be_met() {
    let mut over = agreed(10, hours(0, 8));
    (over.version, over.from_at, over.is_retired) = (id(78), mon("10:00"), true);
    let book = Catalogue::of(&calendars(), &[agreed(10, hours(0, 8)), over]).unwrap();
    let clock = Story::portal(mon("09:00"), 3)
        .resolved(mon("12:00"))
        .clock(&book, mon("20:00"));
    assert_eq!((clock.outcome, clock.wake_at), (Outcome::Met, None));
}

#[test]
fn frappe_and_itop_an_empty_calendar_neither_loops_nor_crashes() {
    let mut stored = calendars();
    stored[1].definition.week = Default::default();
    let agreement = office(0, &[(Target::Resolution, "1 business hour")]);
    let book = Catalogue::of(&stored, &[agreed(10, agreement)]).unwrap();
    let clock = Story::portal(mon("09:00"), 3).clock(&book, mon("12:00"));
    assert_eq!((clock.due_at, clock.outcome), (Utc::FAR, Outcome::Running));
}
