//! First response and next update.

use super::sample::*;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn updates() -> Catalogue {
    book(&[sla(0, &[(Target::NextUpdate, "1 clock hour")])])
}

#[test]
fn the_next_update_counts_from_the_last_public_answer() {
    let story = Story::portal(mon("09:00"), 3);
    assert!(
        story.clocks(&updates(), mon("12:00")).is_empty(),
        "not before an answer"
    );
    let clocks = story
        .replied(mon("09:20"))
        .replied(mon("10:20"))
        .replied(mon("11:30"))
        .resolved(mon("12:00"))
        .clocks(&updates(), mon("18:00"));
    let short: Vec<_> = clocks
        .iter()
        .map(|c| (c.cycle, c.started_at, c.outcome, c.met_by, c.is_counted))
        .collect();
    assert_eq!(
        short,
        [
            (1, mon("09:20"), Outcome::Met, Some(3), false),
            (2, mon("10:20"), Outcome::Breached, Some(4), true),
            (3, mon("11:30"), Outcome::Met, Some(5), false),
        ]
    );
    assert_eq!(clocks[1].breached_at, Some(mon("11:20")));
}

#[test]
fn a_conversation_is_an_answer() {
    let story = Story::begun(mon("09:00"), mon("09:05"), 3, true);
    let clock = story.clock(&updates(), mon("09:10"));
    assert_eq!(
        (clock.started_at, clock.due_at),
        (mon("09:00"), mon("10:00"))
    );
}

#[test]
fn the_next_update_waits_while_the_requester_is_waited_for() {
    let mut agreement = sla(0, &[(Target::NextUpdate, "1 clock hour")]);
    agreement.pauses = vec!["appointment".to_owned()];
    let book = book(&[agreement]);
    let story = Story::portal(mon("09:00"), 3).replied(mon("09:30"));
    let held = story.clone().hold(mon("09:30"), "requester");
    assert_eq!(held.clock(&book, mon("12:00")).phase, Phase::Paused);
    let clock = held
        .then(mon("12:00"), [Happened::RequesterContact])
        .clock(&book, mon("12:30"));
    assert_eq!(clock.due_at, mon("13:00"));
    let other = story.hold(mon("09:30"), "appointment");
    assert_eq!(other.clock(&book, mon("10:00")).phase, Phase::Running);
}

#[test]
fn after_reopening_an_update_is_due_again() {
    let clocks = Story::portal(mon("09:00"), 3)
        .replied(mon("09:20"))
        .resolved(mon("09:40"))
        .reopened(mon("11:00"))
        .clocks(&updates(), mon("11:10"));
    assert_eq!(clocks.len(), 2);
    assert_eq!((clocks[1].cycle, clocks[1].due_at), (2, mon("12:00")));
}

#[test]
fn the_first_response_never_restarts() {
    let book = book(&[sla(0, &[(Target::FirstResponse, "30 clock minutes")])]);
    let clock = Story::portal(mon("09:00"), 3)
        .replied(mon("09:20"))
        .resolved(mon("09:40"))
        .reopened(mon("11:00"))
        .priority(mon("11:10"), 1)
        .replied(mon("15:00"))
        .clock(&book, mon("18:00"));
    assert_eq!((clock.outcome, clock.met_by), (Outcome::Met, Some(2)));
    assert_eq!((clock.stopped_at, clock.priority), (Some(mon("09:20")), 3));
}

#[test]
fn an_unanswered_record_cancelled_by_mistake_is_still_owed_an_answer() {
    let book = book(&[sla(0, &[(Target::FirstResponse, "30 clock minutes")])]);
    let story = Story::portal(mon("09:00"), 3).then(mon("09:10"), [Happened::Cancelled]);
    assert_eq!(story.clock(&book, mon("12:00")).outcome, Outcome::Ended);
    let clock = story.reopened(mon("12:00")).clock(&book, mon("12:00"));
    assert_eq!((clock.cycle, clock.due_at), (1, mon("12:20")));
}

#[test]
fn an_answer_written_while_logging_counts_from_then() {
    let book = book(&[sla(0, &[(Target::FirstResponse, "30 clock minutes")])]);
    let mut story = Story::begun(mon("09:00"), mon("09:50"), 3, false);
    story.0.events[0].changes.push(Happened::StaffReply);
    let clock = story.clock(&book, mon("12:00"));
    assert_eq!(
        (clock.elapsed_micros, clock.stopped_at),
        (50 * MINUTE, Some(mon("09:50")))
    );
    assert_eq!(
        clock.breached_at,
        Some(mon("09:50")),
        "nobody knew of it at 09:30"
    );
}
