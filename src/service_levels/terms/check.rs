//! What is wrong with an agreement that somebody wants to save: it could not start, could not stop,
//! or says two things that can't both be.

use std::collections::BTreeSet;

use super::{Agreement, AgreementKind, Reopening, Span, StopsAt, Target, When};
use crate::platform::db::Utc;
use crate::service_levels::calendar::{Fault, Timeline};

/// The most minutes of a step before or after: a year.
const LONGEST_STEP: u32 = 366 * 24 * 60;

/// Everything that is wrong with what it says; nothing when it may be saved. Whether what it names is
/// there, its door asks; `calendar` is its own.
pub fn faults(agreement: &Agreement, calendar: &Timeline, now: Utc) -> Vec<Fault> {
    let mut found = Vec::new();
    if !(1..=100).contains(&agreement.goal) {
        found.push(Fault::new("goal", "agreement-goal", agreement.goal));
    }
    covers(agreement, &mut found);
    targets(agreement, &mut found);
    rules(agreement, &mut found);
    steps(agreement, &mut found);
    in_calendar(agreement, calendar, now, &mut found);
    found
}

/// Conditions under which it could never start.
fn covers(agreement: &Agreement, found: &mut Vec<Fault>) {
    let covers = &agreement.covers;
    if agreement.kind == AgreementKind::Sla && covers.record.is_empty() {
        found.push(Fault::new("record_kind", "agreement-record-missing", ""));
    }
    // Only a hold knows a supplier: nothing else would ever start.
    if agreement.kind != AgreementKind::Underpinning && covers.supplier.is_some() {
        found.push(Fault::new("supplier", "agreement-supplier-not-here", ""));
    }
}

fn targets(agreement: &Agreement, found: &mut Vec<Fault>) {
    if agreement.targets.is_empty() {
        let field = match agreement.kind {
            AgreementKind::Sla => Target::Resolution,
            AgreementKind::Ola => Target::Ola,
            AgreementKind::Underpinning => Target::Supplier,
        };
        found.push(Fault::new(field_of(field), "agreement-without-target", ""));
    }
    for (target, span) in &agreement.targets {
        if target.kind() != agreement.kind {
            let reason = "agreement-target-of-another-kind";
            found.push(Fault::new(field_of(*target), reason, span));
        }
    }
}

/// Rules that nothing would ever follow, and pauses that would never be.
fn rules(agreement: &Agreement, found: &mut Vec<Fault>) {
    let resolves = agreement.targets.contains_key(&Target::Resolution);
    if agreement.stops_at != StopsAt::Resolved && !resolves {
        found.push(Fault::new("stops_at", "agreement-rule-of-resolution", ""));
    }
    if agreement.reopening != Reopening::ContinueTimeOff && !resolves {
        found.push(Fault::new("reopening", "agreement-rule-of-resolution", ""));
    }
    let mut seen = BTreeSet::new();
    for code in &agreement.pauses {
        if !seen.insert(code) {
            found.push(Fault::new("pauses", "agreement-hold-twice", code));
        }
    }
    // A supplier's time runs because of the hold; no hold can stop it.
    if agreement.kind == AgreementKind::Underpinning && !agreement.pauses.is_empty() {
        found.push(Fault::new("pauses", "agreement-contract-pauses", ""));
    }
}

fn steps(agreement: &Agreement, found: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for step in &agreement.steps {
        let word = step.target.word();
        let when = match step.when {
            When::Percent(share) => (0, share),
            When::Before(minutes) => (1, minutes),
            When::After(minutes) => (2, minutes),
        };
        let said = match when {
            (0, share) => format!("{share} %"),
            (1, minutes) => format!("-{minutes} min"),
            (_, minutes) => format!("+{minutes} min"),
        };
        let mut refuse = |reason| found.push(Fault::new("steps", reason, &said));
        let Some(span) = agreement.targets.get(&step.target) else {
            found.push(Fault::new("steps", "agreement-step-without-target", word));
            continue;
        };
        let range = match when.0 {
            0 => 1..=300,
            _ => 0..=LONGEST_STEP,
        };
        if !range.contains(&when.1) {
            refuse("agreement-step-out-of-range");
        }
        if !seen.insert((step.target, when)) {
            refuse("agreement-step-twice");
        }
        if step.tell.is_empty() && !step.flag {
            refuse("agreement-step-does-nothing");
        }
        if let (When::Before(before), Span::Business { minutes } | Span::Clock { minutes }) =
            (step.when, span)
            && before >= *minutes
        {
            refuse("agreement-step-before-the-start");
        }
    }
}

/// What only its calendar shows: targets that never come, or come in the wrong order.
fn in_calendar(agreement: &Agreement, calendar: &Timeline, now: Utc, found: &mut Vec<Fault>) {
    let starts = starts(calendar, now);
    for (target, span) in &agreement.targets {
        if starts.iter().all(|at| span.due(calendar, *at) >= Utc::FAR) {
            let reason = "agreement-target-never-due";
            found.push(Fault::new(field_of(*target), reason, span));
        } else if never_open_before(*span, calendar, now) {
            let reason = "agreement-time-before-opening";
            found.push(Fault::new(field_of(*target), reason, span));
        }
    }
    let first = agreement.targets.get(&Target::FirstResponse);
    let last = agreement.targets.get(&Target::Resolution);
    if let (Some(first), Some(last)) = (first, last) {
        let later = |at: &Utc| first.due(calendar, *at) > last.due(calendar, *at);
        if !starts.is_empty() && starts.iter().all(later) {
            let reason = "agreement-response-after-resolution";
            found.push(Fault::new("first_response", reason, first));
        }
    }
}

/// A time of the day at which nobody has come yet, on every one of the next business days.
fn never_open_before(span: Span, calendar: &Timeline, now: Utc) -> bool {
    let Span::ByTime { hour, minute, .. } = span else {
        return false;
    };
    let time = i64::from(hour) * 60 + i64::from(minute);
    (1..=7).all(|n| {
        calendar
            .day(now, n, Utc::FAR)
            .is_some_and(|(day, version)| {
                let at = version.hours.zone().and_then(|z| z.at(day.day, time));
                at.is_some_and(|at| at <= day.opens)
            })
    })
}

/// The openings of the next business days.
pub(super) fn starts(calendar: &Timeline, now: Utc) -> Vec<Utc> {
    let days = (1..=7).map_while(|n| calendar.day(now, n, Utc::FAR));
    days.map(|(day, _)| day.opens).collect()
}

/// What forms and the journal call a target's time.
fn field_of(target: Target) -> &'static str {
    match target {
        Target::Ola => "team_time",
        Target::Supplier => "supplier_time",
        target => target.word(),
    }
}

/// A record that starts at `start` is due at `promised`, and leaves the last team of its usual path
/// at `handed_on` if each takes all the time it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    pub start: Utc,
    pub promised: Utc,
    pub handed_on: Utc,
}

/// Whether what the teams of the usual path were given adds up to more than the resolution target:
/// each takes all its time, one after the other, each in its own calendar. Tried with records that
/// start when each of the next business days opens.
pub fn too_long(
    promise: (Span, &Timeline),
    path: &[(Span, &Timeline)],
    now: Utc,
) -> Option<TooLong> {
    let (span, calendar) = promise;
    starts(calendar, now).into_iter().find_map(|start| {
        let handed_on = path
            .iter()
            .fold(start, |at, (span, calendar)| span.due(calendar, at));
        let promised = span.due(calendar, start);
        (handed_on > promised).then_some(TooLong {
            start,
            promised,
            handed_on,
        })
    })
}
