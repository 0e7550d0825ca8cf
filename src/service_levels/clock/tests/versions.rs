//! Agreements and calendars through their versions; the most specific one; trying before saving.

use super::sample::*;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

fn hours(n: u32) -> Agreement {
    sla(0, &[(Target::Resolution, &format!("{n} clock hours"))])
}

fn version(n: u128, from: Utc, definition: Agreement) -> StoredAgreement {
    StoredAgreement {
        version: id(3_000 + n),
        from_at: from,
        saved_at: from,
        ..agreed(10, definition)
    }
}

fn catalogue(agreements: &[StoredAgreement]) -> Catalogue {
    Catalogue::of(&calendars(), agreements).unwrap()
}

#[test]
fn a_new_version_moves_running_clocks_and_no_stopped_one() {
    let old = agreed(10, hours(4));
    let new = version(1, mon("11:00"), hours(2));
    let (is, would_be) = (
        catalogue(std::slice::from_ref(&old)),
        catalogue(&[old, new]),
    );
    let running = Story::portal(mon("09:30"), 3);
    let before = running.clock(&would_be, mon("10:59"));
    assert_eq!(
        (before.due_at, before.agreement_version),
        (mon("13:30"), id(2_010))
    );
    assert_eq!(
        before.wake_at,
        Some(mon("11:00")),
        "somebody has to look then"
    );
    let after = running.clock(&would_be, mon("11:00"));
    assert_eq!(
        (after.due_at, after.agreement_version),
        (mon("11:30"), id(3_001))
    );
    let stopped = running.resolved(mon("10:59"));
    assert_eq!(
        stopped.clocks(&is, mon("20:00")),
        stopped.clocks(&would_be, mon("20:00"))
    );
}

#[test]
fn a_breach_under_a_version_is_never_before_the_version() {
    let book = catalogue(&[agreed(10, hours(8)), version(1, mon("14:00"), hours(2))]);
    let clock = Story::portal(mon("09:00"), 3).clock(&book, mon("15:00"));
    assert_eq!(
        (clock.due_at, clock.breached_at),
        (mon("11:00"), Some(mon("14:00")))
    );
}

#[test]
fn a_breach_stands_when_a_version_gives_more_time() {
    let book = catalogue(&[agreed(10, hours(2)), version(1, mon("14:00"), hours(8))]);
    let clocks = Story::portal(mon("09:00"), 3).clocks(&book, mon("15:00"));
    let [breached, goes_on] = &clocks[..] else {
        panic!()
    };
    assert_eq!(
        (breached.breached_at, breached.is_superseded),
        (Some(mon("11:00")), true)
    );
    assert_eq!(
        (goes_on.part, goes_on.due_at, goes_on.outcome),
        (2, mon("17:00"), Outcome::Running)
    );
}

#[test]
fn retired_agreements_take_nothing_new_and_let_clocks_run_to_their_end() {
    let mut retired = version(1, mon("12:00"), hours(8));
    retired.is_retired = true;
    let other = StoredAgreement {
        agreement: id(11),
        ..version(2, mon("12:00"), hours(1))
    };
    let book = catalogue(&[agreed(10, hours(8)), retired, other]);
    let clock = Story::portal(mon("09:00"), 3)
        .priority(mon("12:30"), 2)
        .clock(&book, mon("18:00"));
    assert_eq!(
        (clock.agreement_version, clock.breached_at),
        (id(2_010), Some(mon("17:00")))
    );
    let new = Story::portal(mon("12:00"), 3).clock(&book, mon("12:30"));
    assert_eq!((new.agreement, new.due_at), (id(11), mon("13:00")));
}

#[test]
fn a_dated_back_agreement_covers_before_it_was_saved_only_what_was_imported() {
    let mut back = agreed(10, hours(2));
    back.saved_at = mon("12:00");
    let book = catalogue(&[back]);
    let old = Story::portal(mon("08:00"), 3).resolved(mon("09:00"));
    assert!(old.clocks(&book, mon("13:00")).is_empty());
    assert_eq!(
        old.imported().clock(&book, mon("13:00")).outcome,
        Outcome::Met
    );
    let open = Story::portal(mon("08:00"), 3);
    assert!(open.clocks(&book, mon("11:59")).is_empty());
    let clock = open.clock(&book, mon("13:00"));
    assert_eq!(
        (clock.due_at, clock.breached_at),
        (mon("10:00"), Some(mon("12:00")))
    );
    assert_eq!(
        open.imported().clock(&book, mon("13:00")).breached_at,
        Some(mon("10:00"))
    );
}

#[test]
fn a_calendars_version_counts_from_its_instant_on() {
    let mut agreement = sla(0, &[(Target::Resolution, "12 business hours")]);
    agreement.calendar = id(OFFICE);
    let mut stored = calendars();
    let mut short = stored[1].clone();
    short.version = id(1_200);
    short.from_at = at("2026-11-03 00:00");
    short.definition = calendar("Office", "UTC", "12345", &["08:00-12:00"]);
    stored.push(short);
    let one = Catalogue::of(&calendars(), &[agreed(10, agreement.clone())]).unwrap();
    let two = Catalogue::of(&stored, &[agreed(10, agreement)]).unwrap();
    let story = Story::portal(mon("10:00"), 3);
    assert_eq!(
        story.clock(&one, mon("10:00")).due_at,
        at("2026-11-03 12:00")
    );
    let clock = story.clock(&two, mon("10:00"));
    assert_eq!(
        clock.due_at,
        at("2026-11-03 12:00"),
        "8 h on Monday, 4 h on Tuesday"
    );
    assert_eq!(clock.calendar_version, id(1_000 + OFFICE));
    let later = story.clock(&two, at("2026-11-03 09:00"));
    assert_eq!(later.calendar_version, id(1_200));
    let stopped = story.resolved(mon("17:00"));
    assert_eq!(
        stopped.clocks(&one, at("2026-11-05 09:00")),
        stopped.clocks(&two, at("2026-11-05 09:00"))
    );
}

#[test]
fn the_day_that_a_stopped_clock_was_due_is_the_one_known_then() {
    let mut agreement = sla(0, &[(Target::Resolution, "end of business day 3")]);
    agreement.calendar = id(OFFICE);
    let mut stored = calendars();
    let mut short = stored[1].clone();
    short.version = id(1_200);
    short.from_at = at("2026-11-03 00:00");
    short.definition = calendar("Office", "UTC", "12345", &["08:00-09:00"]);
    let one = Catalogue::of(&stored, &[agreed(10, agreement.clone())]).unwrap();
    stored.push(short);
    let two = Catalogue::of(&stored, &[agreed(10, agreement)]).unwrap();
    let story = Story::portal(mon("10:00"), 3);
    let stopped = story.clone().resolved(mon("17:00"));
    let now = at("2026-11-10 00:00");
    assert_eq!(stopped.clocks(&one, now), stopped.clocks(&two, now));
    assert_eq!(story.clock(&two, now).due_at, at("2026-11-05 09:00"));
}

#[test]
fn follow_the_sun() {
    let mut stored = vec![
        stored(
            1,
            calendar("Tokyo", "Asia/Tokyo", "12345", &["09:00-17:00"]),
        ),
        stored(
            2,
            calendar("London", "Europe/London", "12345", &["08:00-17:00"]),
        ),
    ];
    stored[1].definition.also = vec![id(1)];
    let mut agreement = sla(0, &[(Target::Resolution, "10 business hours")]);
    agreement.calendar = id(2);
    let book = Catalogue::of(&stored, &[agreed(10, agreement)]).unwrap();
    // London closes at 17:00; Tokyo opens at midnight and closes when London opens.
    let clock = Story::portal(mon("16:00"), 3).clock(&book, mon("16:00"));
    assert_eq!(clock.due_at, at("2026-11-03 09:00"));
}

#[test]
fn a_catalogue_that_names_what_is_not_there_is_refused() {
    let mut lost = hours(1);
    lost.calendar = id(99);
    let refused = Catalogue::of(&calendars(), &[agreed(10, lost)]);
    assert_eq!(refused.unwrap_err(), NoCatalogue::Calendar(id(99)));
    let atlantis = stored(9, calendar("A", "Europe/Atlantis", "1", &["08:00-09:00"]));
    let refused = Catalogue::of(&[atlantis], &[]).unwrap_err();
    let zone = "Europe/Atlantis".to_owned();
    assert_eq!(
        refused,
        NoCatalogue::Zone {
            calendar: id(9),
            zone
        }
    );
}

#[test]
fn the_most_specific_agreement_of_a_target_holds() {
    let mut general = hours(8);
    general
        .targets
        .insert(Target::FirstResponse, "1 clock hour".parse().unwrap());
    let mut special = hours(2);
    special.covers.service = Some(id(5));
    let book = book(&[general, special]);
    let clocks = Story::portal(mon("09:00"), 3)
        .then(mon("09:00"), [Happened::Service(Some(id(5)))])
        .clocks(&book, mon("09:10"));
    let held: Vec<_> = clocks.iter().map(|c| (c.target, c.agreement)).collect();
    assert_eq!(
        held,
        [
            (Target::FirstResponse, id(10)),
            (Target::Resolution, id(11))
        ]
    );
}

#[test]
fn tried_before_saving() {
    let old = agreed(10, hours(8));
    let is = catalogue(std::slice::from_ref(&old));
    let now = mon("12:00");
    let would_be = |n| catalogue(&[old.clone(), version(1, now, hours(n))]);
    let moves = |story: &Story, n| {
        let moves = preview(&story.0, &is, &would_be(n), now);
        moves.into_iter().map(|m| m.moves).collect::<Vec<_>>()
    };
    let open = Story::portal(mon("09:00"), 3);
    assert_eq!(moves(&open, 10), [Moves::Due]);
    assert_eq!(moves(&open, 2), [Moves::Breaches]);
    assert_eq!(moves(&open, 8), [], "the same again moves nothing");
    assert_eq!(moves(&open.resolved(mon("11:59")), 2), []);
    let open = Story::portal(mon("09:00"), 3);
    let first = preview(&open.0, &catalogue(&[]), &would_be(8), now);
    assert_eq!(first[0].moves, Moves::Starts);
    let mut other = version(1, now, hours(8));
    other.definition.covers.priority = Some(1);
    let gone = preview(&open.0, &is, &catalogue(&[old.clone(), other]), now);
    assert_eq!(gone[0].moves, Moves::Ends);
}
