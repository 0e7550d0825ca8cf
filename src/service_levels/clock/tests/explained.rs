//! Why is it due then, and why did none start.

use super::sample::*;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn office_hours(span: &str) -> Agreement {
    let mut agreement = sla(0, &[(Target::Resolution, span)]);
    agreement.calendar = id(OFFICE);
    agreement
}

fn told(story: &Story, book: &Catalogue, now: crate::platform::db::Utc) -> Explanation {
    explain(&story.0, book, now, (Target::Resolution, 1, 1)).unwrap()
}

#[test]
fn every_piece_of_the_time_has_a_reason() {
    let book = book(&[office_hours("8 business hours")]);
    let story = Story::portal(mon("16:00"), 3)
        .hold(mon("17:00"), "requester")
        .hold_ended(at("2026-11-03 09:00"));
    let now = at("2026-11-03 10:00");
    let explained = told(&story, &book, now);
    let short: Vec<_> = explained
        .segments
        .iter()
        .map(|s| (s.from, s.to, s.what.clone(), s.caused_by, s.is_ahead))
        .collect();
    let tuesday = |time| at(&format!("2026-11-03 {time}"));
    assert_eq!(
        short,
        [
            (mon("16:00"), mon("17:00"), What::Ran, Some(1), false),
            (
                mon("17:00"),
                tuesday("09:00"),
                What::Paused("requester".to_owned()),
                Some(2),
                false
            ),
            (
                tuesday("09:00"),
                tuesday("10:00"),
                What::Ran,
                Some(3),
                false
            ),
            (tuesday("10:00"), tuesday("16:00"), What::Ran, None, true),
        ]
    );
    assert_eq!(explained.clock.due_at, tuesday("16:00"));
    for segment in &explained.segments {
        assert_eq!(segment.agreement_version, id(2_010));
        assert_eq!(segment.calendar_version, id(1_000 + OFFICE));
    }
}

#[test]
fn nights_and_the_time_it_was_resolved_are_told() {
    let book = book(&[office_hours("8 business hours")]);
    let story = Story::portal(mon("17:00"), 3)
        .resolved(at("2026-11-03 09:00"))
        .reopened(at("2026-11-03 11:00"))
        .resolved(at("2026-11-03 12:00"));
    let explained = told(&story, &book, at("2026-11-09 10:00"));
    let what: Vec<_> = explained.segments.iter().map(|s| s.what.clone()).collect();
    assert_eq!(
        what,
        [
            What::Ran,
            What::OutsideHours,
            What::Ran,
            What::Stopped,
            What::Ran
        ]
    );
    let counted: i64 = explained.segments.iter().map(|s| s.counted_micros).sum();
    assert_eq!(counted, explained.clock.elapsed_micros);
    assert_eq!(explained.segments[3].caused_by, Some(2));
    assert_eq!(explained.clock.met_by, Some(4));
}

#[test]
fn ten_years_are_told_in_one_piece() {
    let book = book(&[office_hours("8 business hours")]);
    let story = Story::portal(at("2016-11-01 09:00"), 3).resolved(mon("10:00"));
    let explained = told(&story, &book, mon("12:00"));
    let [only] = &explained.segments[..] else {
        panic!()
    };
    assert_eq!(only.counted_micros, explained.clock.elapsed_micros);
    assert!(only.counted_micros > 20_000 * HOUR);
}

#[test]
fn what_is_not_there_is_not_explained() {
    let book = book(&[office_hours("8 business hours")]);
    let story = Story::portal(mon("09:00"), 3);
    for which in [
        (Target::Resolution, 2, 1),
        (Target::Ola, 1, 1),
        (Target::Resolution, 1, 2),
    ] {
        assert_eq!(explain(&story.0, &book, mon("10:00"), which), None);
    }
}

#[test]
fn why_did_none_start() {
    let mut p1 = sla(1, &[(Target::Resolution, "1 clock hour")]);
    p1.covers.service = Some(id(5));
    let mut requests = sla(0, &[(Target::Resolution, "1 clock hour")]);
    requests.covers.record = "request".to_owned();
    let response = sla(0, &[(Target::FirstResponse, "1 clock hour")]);
    let all = sla(0, &[(Target::Resolution, "9 clock hours")]);
    let p3 = sla(3, &[(Target::Resolution, "8 clock hours")]);
    let mut stored: Vec<_> = [p1, requests, response, all, p3.clone()]
        .into_iter()
        .enumerate()
        .map(|(n, a)| agreed(10 + n as u128, a))
        .collect();
    let mut later = agreed(15, p3.clone());
    later.from_at = mon("18:00");
    let mut over = agreed(16, p3);
    over.is_retired = true;
    stored.extend([later, over]);
    let mut ola = sla(0, &[(Target::Ola, "1 clock hour")]);
    ola.kind = AgreementKind::Ola;
    stored.push(agreed(17, ola));
    let book = Catalogue::of(&calendars(), &stored).unwrap();
    let story = Story::portal(mon("09:00"), 3);
    let why = |story: &Story| {
        let all = considered(&story.0, &book, Target::Resolution, mon("12:00"));
        all.into_iter().map(|c| c.why).collect::<Vec<_>>()
    };
    assert_eq!(
        why(&story),
        [
            Why::Condition("priority"),
            Why::Condition("record"),
            Why::NoTarget,
            Why::LessSpecific(id(14)),
            Why::Covers,
            Why::NotYet(mon("18:00")),
            Why::Retired,
        ]
    );
    // As it stood at the end of its life, not today.
    let p1 = story.priority(mon("10:00"), 1).resolved(mon("11:00"));
    assert_eq!(why(&p1)[0], Why::Condition("service"));
}
