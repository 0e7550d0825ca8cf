//! What is wrong with a calendar that somebody wants to save.

use std::collections::BTreeSet;

use super::{Calendar, Exception};
use crate::platform::kernel::zone::Zone;

/// The most holidays, closures or openings of one calendar.
const MOST: usize = 2_000;
/// The most opening hours of one weekday.
const MOST_A_DAY: usize = 24;
const WEEK: i64 = 7 * 1_440;

/// Something that is wrong: where, and why as a key of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub reason: &'static str,
    /// The text it is about: the message's `value`.
    pub value: String,
}

impl Fault {
    pub(in crate::service_levels) fn new(
        field: &'static str,
        reason: &'static str,
        value: impl ToString,
    ) -> Self {
        let value = value.to_string();
        Self {
            field,
            reason,
            value,
        }
    }
}

/// Everything that is wrong with its times; nothing when it may be saved.
pub fn faults(calendar: &Calendar) -> Vec<Fault> {
    let mut found = Vec::new();
    if Zone::named(&calendar.zone).is_none() {
        found.push(Fault::new("zone", "calendar-zone-unknown", &calendar.zone));
    }
    week(calendar, &mut found);
    holidays(calendar, &mut found);
    exceptions("closures", &calendar.closures, &mut found);
    exceptions("openings", &calendar.openings, &mut found);
    for opening in &calendar.openings {
        if opening.to.0 - opening.from.0 > 1_440 {
            let reason = "calendar-opening-longer-than-a-day";
            found.push(Fault::new("openings", reason, opening.from));
        }
        if calendar.closures.iter().any(|c| meet(c, opening)) {
            let reason = "calendar-closed-and-open";
            found.push(Fault::new("openings", reason, opening.from));
        }
    }
    let others: BTreeSet<_> = calendar.also.iter().collect();
    if others.len() < calendar.also.len() {
        found.push(Fault::new("also", "calendar-named-twice", ""));
    }
    if never_open(calendar) {
        found.push(Fault::new("week", "calendar-empty", ""));
    }
    found
}

/// A clock under a calendar that never opens would never be due.
fn never_open(calendar: &Calendar) -> bool {
    calendar.also.is_empty()
        && calendar.openings.is_empty()
        && calendar.week.days().iter().all(|(_, w)| w.is_empty())
}

/// Hours may touch but not overlap, also over midnight and from Sunday to Monday.
fn week(calendar: &Calendar, found: &mut Vec<Fault>) {
    let mut all = Vec::new();
    for (number, (day, windows)) in calendar.week.days().into_iter().enumerate() {
        if windows.len() > MOST_A_DAY {
            found.push(Fault::new(day, "calendar-too-many-hours", windows.len()));
        }
        for window in windows {
            let (from, to) = window.minutes();
            let midnight = number as i64 * 1_440;
            all.push((midnight + from, midnight + to, day, *window));
        }
    }
    all.sort_unstable_by_key(|(from, to, ..)| (*from, *to));
    let first = all.first().map(|(from, to, day, window)| {
        let next_week = (from + WEEK, to + WEEK);
        (next_week.0, next_week.1, *day, *window)
    });
    let after = all.iter().skip(1).copied().chain(first);
    for (this, next) in all.iter().zip(after) {
        if this.1 > next.0 {
            found.push(Fault::new(next.2, "calendar-hours-overlap", next.3));
        }
    }
}

fn holidays(calendar: &Calendar, found: &mut Vec<Fault>) {
    if calendar.holidays.len() > MOST {
        let reason = "calendar-too-many-dates";
        found.push(Fault::new("holidays", reason, calendar.holidays.len()));
    }
    let mut seen = BTreeSet::new();
    for holiday in &calendar.holidays {
        if !seen.insert(holiday.date) {
            let reason = "calendar-holiday-twice";
            found.push(Fault::new("holidays", reason, holiday.date));
        }
    }
}

fn exceptions(field: &'static str, list: &[Exception], found: &mut Vec<Fault>) {
    if list.len() > MOST {
        found.push(Fault::new(field, "calendar-too-many-dates", list.len()));
    }
    let mut sorted: Vec<_> = list.iter().collect();
    sorted.sort_by_key(|e| (e.from, e.to));
    for exception in &sorted {
        if exception.to <= exception.from {
            let reason = "calendar-ends-before-it-starts";
            found.push(Fault::new(field, reason, exception.from));
        }
    }
    for (this, next) in sorted.iter().zip(sorted.iter().skip(1)) {
        if meet(this, next) {
            found.push(Fault::new(field, "calendar-dates-overlap", next.from));
        }
    }
}

fn meet(one: &Exception, other: &Exception) -> bool {
    one.from < other.to && other.from < one.to
}
