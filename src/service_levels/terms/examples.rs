//! What a target means, shown: three reports to come and when each would be due.

use super::Span;
use crate::platform::db::Utc;
use crate::service_levels::calendar::{BusinessDay, Timeline};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    Plain,
    /// Closed days between: a weekend, together with a holiday if one is near.
    ClosedDays,
    /// The next change of clocks, at this instant.
    ClockChange(Utc),
}

/// A report to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    pub shows: Shows,
    pub reported_at: Utc,
    /// `None` when the calendar never opens for so long.
    pub due_at: Option<Utc>,
}

/// The worked examples of a target, after `now`. A zone whose clocks never change has two.
pub fn examples(span: Span, calendar: &Timeline, now: Utc) -> Vec<Example> {
    let days = days(calendar, now);
    let example = |shows, reported_at| {
        let due = span.due(calendar, reported_at);
        Example {
            shows,
            reported_at,
            due_at: (due < Utc::FAR).then_some(due),
        }
    };
    let plain = plain(span, calendar, &days).map(|at| example(Shows::Plain, at));
    let closed = over_closed_days(&days, calendar, span);
    let closed = closed.map(|at| example(Shows::ClosedDays, at));
    let change = next_change(calendar, now).map(|change| {
        let at = before(change, &days, calendar, span);
        example(Shows::ClockChange(change), at)
    });
    [plain, closed, change].into_iter().flatten().collect()
}

/// The business days of the coming fourteen months.
fn days(calendar: &Timeline, now: Utc) -> Vec<BusinessDay> {
    let until = Utc::from_micros(now.micros() + 430 * DAY);
    let Some(version) = calendar.at(until) else {
        return Vec::new();
    };
    let days = version.hours.days_from(now);
    days.take_while(|d| d.opens < until).collect()
}

/// An hour into a day from which nothing is in the way; else an hour into the first.
fn plain(span: Span, calendar: &Timeline, days: &[BusinessDay]) -> Option<Utc> {
    let start = |day: &BusinessDay| {
        let length = day.closes.micros() - day.opens.micros();
        Utc::from_micros(day.opens.micros() + HOUR.min(length / 2))
    };
    let simple = days.iter().zip(days.iter().skip(1)).find(|(day, next)| {
        let due = span.due(calendar, start(day));
        due <= day.closes || (next.day == day.day + 1 && due <= next.closes)
    });
    simple.map(|(day, _)| day).or(days.first()).map(start)
}

/// Shortly before closed days: before those that join a holiday to a weekend if there are some, so
/// that the longest of the coming months is shown. Where it never closes, on a Friday evening.
fn over_closed_days(days: &[BusinessDay], calendar: &Timeline, span: Span) -> Option<Utc> {
    let gaps = days.iter().zip(days.iter().skip(1));
    let gaps = gaps.map(|(day, next)| (next.day - day.day, day));
    let mut longest: Option<(i32, &BusinessDay)> = None;
    for (length, day) in gaps.filter(|(length, _)| *length > 1) {
        if longest.is_none_or(|(known, _)| length > known) {
            longest = Some((length, day));
        }
    }
    if let Some((_, day)) = longest {
        return Some(late_on(day, span, calendar));
    }
    // Day 1 of 1970 was a Friday.
    let friday = days.iter().find(|d| d.day.rem_euclid(7) == 1)?;
    let zone = calendar.at(friday.opens)?.hours.zone()?;
    zone.at(friday.day, 17 * 60)
}

/// So late on a day that at least half of the time is left when it closes.
fn late_on(day: &BusinessDay, span: Span, calendar: &Timeline) -> Utc {
    let amount = span.goal(calendar, day.opens, Utc::FAR).amount;
    let length = day.closes.micros() - day.opens.micros();
    let early = HOUR.min(amount / 2).min(length / 2);
    Utc::from_micros(day.closes.micros() - early / MINUTE * MINUTE)
}

fn next_change(calendar: &Timeline, now: Utc) -> Option<Utc> {
    let zone = calendar.at(now)?.hours.zone()?;
    let year = Utc::from_micros(now.micros() + 400 * DAY);
    zone.changes(now, year)
        .into_iter()
        .map(|(at, _)| at)
        .find(|at| {
            let before = Utc::from_micros(at.micros() - 1);
            zone.offset(before) != zone.offset(*at)
        })
}

/// A start from which the time goes over an instant.
fn before(change: Utc, days: &[BusinessDay], calendar: &Timeline, span: Span) -> Utc {
    let after = days.partition_point(|d| d.opens < change);
    let Some(day) = after.checked_sub(1).and_then(|n| days.get(n)) else {
        return Utc::from_micros(change.micros() - HOUR);
    };
    if day.closes > change {
        let amount = span.goal(calendar, day.opens, Utc::FAR).amount;
        let open = change.micros() - day.opens.micros();
        let early = HOUR.min(amount / 2).min(open) / MINUTE * MINUTE;
        return Utc::from_micros(change.micros() - early);
    }
    late_on(day, span, calendar)
}
