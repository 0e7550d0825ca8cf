//! What may be agreed, what may not and why; what a target means in examples.

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::platform::db::Utc;
use crate::service_levels::calendar::{
    Calendar, CalendarVersion, Holiday, Hours, LocalDate, LocalMinute, Timeline, Week,
};

fn at(text: &str) -> Utc {
    let minute: LocalMinute = text.parse().unwrap();
    Utc::from_micros(minute.0 * 60_000_000)
}

/// Monday, 2 November 2026.
fn now() -> Utc {
    at("2026-11-02 06:00")
}

fn week(hours: &str, days: usize) -> Week {
    let on = |n: usize| match n < days {
        true => vec![hours.parse().unwrap()],
        false => Vec::new(),
    };
    Week {
        monday: on(0),
        tuesday: on(1),
        wednesday: on(2),
        thursday: on(3),
        friday: on(4),
        saturday: on(5),
        sunday: on(6),
    }
}

fn calendar(zone: &str, hours: &str, days: usize, holidays: &[&str]) -> Calendar {
    let holiday = |date: &&str| Holiday {
        date: date.parse::<LocalDate>().unwrap(),
        name: String::new(),
    };
    Calendar {
        name: "Office".to_owned(),
        zone: zone.to_owned(),
        week: week(hours, days),
        holidays: holidays.iter().map(holiday).collect(),
        closures: Vec::new(),
        openings: Vec::new(),
        also: Vec::new(),
    }
}

fn timeline(calendar: &Calendar) -> Timeline {
    Timeline::of(vec![CalendarVersion {
        from: at("2000-01-01 00:00"),
        id: Uuid::nil(),
        hours: Arc::new(Hours::of([calendar]).unwrap()),
    }])
    .unwrap()
}

fn office() -> Timeline {
    timeline(&calendar("UTC", "08:00-18:00", 5, &[]))
}

fn agreement(kind: AgreementKind, targets: &[(Target, &str)]) -> Agreement {
    Agreement {
        name: "Desk".to_owned(),
        kind,
        covers: Covers {
            record: "incident".to_owned(),
            ..Covers::default()
        },
        targets: targets
            .iter()
            .map(|(t, s)| (*t, s.parse().unwrap()))
            .collect(),
        calendar: Uuid::nil(),
        pauses: Vec::new(),
        never_pauses_major: false,
        stops_at: StopsAt::Resolved,
        reopening: Reopening::ContinueTimeOff,
        priority_change: PriorityChange::FromStart,
        steps: Vec::new(),
        goal: 95,
    }
}

fn sla(targets: &[(Target, &str)]) -> Agreement {
    agreement(AgreementKind::Sla, targets)
}

fn reasons(agreement: &Agreement) -> Vec<&'static str> {
    let faults = agreement_faults(agreement, &office(), now());
    faults.into_iter().map(|f| f.reason).collect()
}

#[test]
fn what_can_start_and_stop_is_taken() {
    let mut good = sla(&[
        (Target::FirstResponse, "30 business minutes"),
        (Target::Resolution, "end of business day 2"),
        (Target::NextUpdate, "4 clock hours"),
    ]);
    good.steps = vec![
        step(Target::Resolution, When::Percent(75)),
        step(Target::FirstResponse, When::Before(10)),
        step(Target::Resolution, When::After(0)),
    ];
    assert_eq!(reasons(&good), [""; 0]);
    let ola = agreement(AgreementKind::Ola, &[(Target::Ola, "4 business hours")]);
    assert_eq!(reasons(&ola), [""; 0]);
}

fn step(target: Target, when: When) -> Step {
    Step {
        target,
        when,
        tell: vec![Tell::TeamLead],
        flag: false,
    }
}

#[test]
fn what_cannot_start_is_refused() {
    let mut anything = sla(&[(Target::Resolution, "8 business hours")]);
    anything.covers.record.clear();
    assert_eq!(reasons(&anything), ["agreement-record-missing"]);
    assert_eq!(reasons(&sla(&[])), ["agreement-without-target"]);
    let mut supplier = sla(&[(Target::Resolution, "8 business hours")]);
    supplier.covers.supplier = Some(Uuid::from_u128(7));
    assert_eq!(reasons(&supplier), ["agreement-supplier-not-here"]);
    let ola = agreement(AgreementKind::Ola, &[(Target::Resolution, "1 clock hour")]);
    assert_eq!(reasons(&ola), ["agreement-target-of-another-kind"]);
}

#[test]
fn what_cannot_stop_or_be_due_is_refused() {
    let mut contract = agreement(
        AgreementKind::Underpinning,
        &[(Target::Supplier, "1 clock hour")],
    );
    contract.pauses = vec!["supplier".to_owned()];
    assert_eq!(reasons(&contract), ["agreement-contract-pauses"]);
    let long = sla(&[(Target::Resolution, "80000 business hours")]);
    assert_eq!(reasons(&long), [""; 0], "33 years of office hours do come");
    let rare = calendar("UTC", "08:00-08:01", 1, &[]);
    let faults = agreement_faults(&long, &timeline(&rare), now());
    assert_eq!(faults[0].reason, "agreement-target-never-due");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let order = sla(&[
        (Target::FirstResponse, "9 business hours"),
        (Target::Resolution, "8 business hours"),
    ]);
    assert_eq!(reasons(&order), ["agreement-response-after-resolution"]);
    let mixed = sla(&[
        (Target::FirstResponse, "4 business hours"),
        (Target::Resolution, "8 clock hours"),
    ]);
    assert_eq!(reasons(&mixed), [""; 0], "in the morning it holds");
    let early = sla(&[(Target::Resolution, "by 08:00 on business day 2")]);
    assert_eq!(reasons(&early), ["agreement-time-before-opening"]);
    let mut rule = sla(&[(Target::FirstResponse, "1 business hour")]);
    rule.stops_at = StopsAt::Closed;
    rule.reopening = Reopening::NewCycle;
    assert_eq!(reasons(&rule), ["agreement-rule-of-resolution"; 2]);
    let mut goal = sla(&[(Target::Resolution, "1 business hour")]);
    goal.goal = 0;
    assert_eq!(reasons(&goal), ["agreement-goal"]);
}

#[test]
fn steps_that_could_not_be_taken_are_refused() {
    let mut with = sla(&[(Target::Resolution, "1 business hour")]);
    let mut steps = |steps: Vec<Step>| {
        with.steps = steps;
        reasons(&with)
    };
    let resolution = |when| step(Target::Resolution, when);
    let twice = vec![resolution(When::Percent(50)), resolution(When::Percent(50))];
    assert_eq!(steps(twice), ["agreement-step-twice"]);
    for (step, reason) in [
        (
            resolution(When::Percent(301)),
            "agreement-step-out-of-range",
        ),
        (resolution(When::Percent(0)), "agreement-step-out-of-range"),
        (
            resolution(When::After(u32::MAX)),
            "agreement-step-out-of-range",
        ),
        (
            resolution(When::Before(60)),
            "agreement-step-before-the-start",
        ),
        (
            step(Target::NextUpdate, When::Percent(50)),
            "agreement-step-without-target",
        ),
        (
            Step {
                tell: Vec::new(),
                ..resolution(When::Percent(50))
            },
            "agreement-step-does-nothing",
        ),
    ] {
        assert_eq!(steps(vec![step]), [reason]);
    }
}

#[test]
fn two_that_say_as_much_about_one_record_clash() {
    let mut p1 = sla(&[(Target::Resolution, "1 clock hour")]);
    p1.covers.priority = Some(1);
    let mut service = sla(&[(Target::Resolution, "2 clock hours")]);
    service.covers.service = Some(Uuid::from_u128(7));
    let other = (Uuid::from_u128(1), &p1);
    assert_eq!(clash(&service, [other]).map(|c| c.0), Some(other.0));
    service.covers.priority = Some(1);
    assert_eq!(clash(&service, [other]), None, "the more specific holds");
    let mut p2 = p1.clone();
    p2.covers.priority = Some(2);
    assert_eq!(clash(&p2, [other]), None);
    let mut update = p1.clone();
    update.targets = [(Target::NextUpdate, "1 clock hour".parse().unwrap())].into();
    assert_eq!(
        clash(&update, [other]),
        None,
        "they promise different things"
    );
}

#[test]
fn teams_that_were_given_more_than_was_promised() {
    let office = office();
    let span = |text: &str| text.parse::<Span>().unwrap();
    let promise = (span("8 business hours"), &office);
    let path = [(span("4 business hours"), &office); 2];
    assert_eq!(too_long(promise, &path, now()), None);
    let path = [(span("4 business hours"), &office); 3];
    let long = too_long(promise, &path, now()).unwrap();
    assert_eq!(long.start, at("2026-11-02 08:00"));
    assert_eq!(long.promised, at("2026-11-02 16:00"));
    assert_eq!(long.handed_on, at("2026-11-03 10:00"));
    // The same hours in a calendar that is open half as long take longer.
    let half = timeline(&calendar("UTC", "08:00-12:00", 5, &[]));
    let path = [(span("8 business hours"), &half)];
    assert!(too_long(promise, &path, now()).is_some());
}

#[test]
fn units_mean_what_they_say() {
    let office = office();
    let due = |text: &str, from: &str| text.parse::<Span>().unwrap().due(&office, at(from));
    let cases = [
        ("8 business hours", "2026-11-06 17:00", "2026-11-09 15:00"),
        ("8 clock hours", "2026-11-06 17:00", "2026-11-07 01:00"),
        // Reported while open: the next day is the first; before opening: today is.
        (
            "end of business day 1",
            "2026-11-02 10:00",
            "2026-11-03 18:00",
        ),
        (
            "end of business day 1",
            "2026-11-02 07:00",
            "2026-11-02 18:00",
        ),
        (
            "end of business day 1",
            "2026-11-02 08:00",
            "2026-11-02 18:00",
        ),
        (
            "end of business day 1",
            "2026-11-06 10:00",
            "2026-11-09 18:00",
        ),
        (
            "by 12:00 on business day 2",
            "2026-11-06 10:00",
            "2026-11-10 12:00",
        ),
        (
            "by 20:00 on business day 1",
            "2026-11-02 07:00",
            "2026-11-02 20:00",
        ),
        (
            "by 07:00 on business day 1",
            "2026-11-02 07:30",
            "2026-11-02 08:00",
        ),
    ];
    for (span, from, until) in cases {
        assert_eq!(due(span, from), at(until), "{span} from {from}");
    }
}

#[test]
fn three_examples_are_shown() {
    let berlin = calendar("Europe/Berlin", "08:00-18:00", 5, &["2026-12-25"]);
    let timeline = timeline(&berlin);
    let all = examples("8 business hours".parse().unwrap(), &timeline, now());
    let [plain, closed, change] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!(plain.shows, Shows::Plain);
    assert_eq!(plain.reported_at, at("2026-11-02 08:00"), "09:00 in Berlin");
    assert_eq!(plain.due_at, Some(at("2026-11-02 16:00")));
    // Christmas joins a weekend: from Thursday evening to Monday.
    assert_eq!(closed.reported_at, at("2026-12-24 16:00"));
    assert_eq!(closed.due_at, Some(at("2026-12-28 14:00")));
    let spring = at("2027-03-28 01:00");
    assert_eq!(change.shows, Shows::ClockChange(spring));
    assert_eq!(change.reported_at, at("2027-03-26 16:00"));
    assert_eq!(
        change.due_at,
        Some(at("2027-03-29 13:00")),
        "15:00 in summer"
    );
}

#[test]
fn a_calendar_without_weekend_or_change_of_clocks_has_examples_too() {
    let always = timeline(&calendar("UTC", "00:00-24:00", 7, &[]));
    let all = examples("30 clock minutes".parse().unwrap(), &always, now());
    assert_eq!(all.len(), 2);
    assert_eq!(
        all[1].reported_at,
        at("2026-11-06 17:00"),
        "a Friday evening"
    );
    for example in all {
        assert_eq!(
            example.due_at.unwrap().micros() - example.reported_at.micros(),
            30 * 60_000_000
        );
    }
}

#[test]
fn an_example_of_the_night_of_the_change_when_somebody_is_there() {
    let night = timeline(&calendar("Europe/Berlin", "00:00-24:00", 7, &[]));
    let all = examples("4 business hours".parse().unwrap(), &night, now());
    let change = all.last().unwrap();
    assert_eq!(change.reported_at, at("2027-03-28 00:00"));
    assert_eq!(change.due_at, Some(at("2027-03-28 04:00")));
}
