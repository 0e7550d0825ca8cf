//! How a month, a week and a list of changes are laid out, in a reader's zone.

use jiff::civil::{Date, Weekday};

use super::window::Span;
use crate::platform::db::Utc;
use crate::platform::kernel::zone::Zone;

/// The days of a month's page: whole weeks, from Monday.
pub fn month_days(year: i16, month: i8) -> Vec<Date> {
    let Ok(first) = Date::new(year, month, 1) else {
        return Vec::new();
    };
    let begins = monday(first);
    let ends = first.last_of_month();
    begins
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= ends || day.weekday() != Weekday::Monday)
        .take(42)
        .collect()
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

/// From the beginning of a day to that of another.
pub fn between(zone: &Zone, first: Date, after: Date) -> Option<Span> {
    let at = |day: Date| zone.instant(day.at(0, 0, 0, 0));
    Some(Span::new(at(first)?, at(after)?))
}

/// The days on which something happens, among those shown. What ends at midnight is not on the next.
pub fn days_of(zone: &Zone, span: Span, shown: &[Date]) -> Vec<usize> {
    let first = zone.local(span.starts).date();
    let last = zone
        .local(span.ends.minus(time::Duration::microseconds(1)))
        .date();
    let last = last.max(first);
    let hit = |(n, day): (usize, &Date)| (first <= *day && *day <= last).then_some(n);
    shown.iter().enumerate().filter_map(hit).collect()
}

/// Where a span stands in another, in thousandths: where it begins and how much it takes.
pub fn share(within: Span, span: Span) -> Option<(i64, i64)> {
    let seen = within.shared(span)?;
    let whole = (within.ends.micros() - within.starts.micros()).max(1);
    let part =
        |at: Utc| i128::from(at.micros() - within.starts.micros()) * 1000 / i128::from(whole);
    let (from, to) = (part(seen.starts) as i64, part(seen.ends) as i64);
    Some((from, (to - from).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").unwrap()
    }

    #[test]
    fn november_2026_takes_six_weeks() {
        let days = month_days(2026, 11);
        assert_eq!(days.len(), 42);
        assert_eq!(days[0], date(2026, 10, 26));
        assert_eq!(days[41], date(2026, 12, 6));
        assert_eq!(month_days(2027, 2).len(), 28);
        assert!(month_days(2026, 13).is_empty());
    }

    #[test]
    fn a_change_over_midnight_is_on_both_days_and_one_that_ends_there_on_one() {
        let zone = berlin();
        let at = |d, h| zone.instant(date(2026, 11, d).at(h, 0, 0, 0)).unwrap();
        let days = month_days(2026, 11);
        let on = |span| {
            days_of(&zone, span, &days)
                .iter()
                .map(|n| days[*n].day())
                .collect::<Vec<_>>()
        };
        assert_eq!(on(Span::new(at(24, 22), at(25, 2))), [24, 25]);
        assert_eq!(on(Span::new(at(24, 22), at(25, 0))), [24]);
        assert_eq!(on(Span::new(at(24, 0), at(24, 1))), [24]);
    }

    proptest! {
        #[test]
        fn a_month_is_whole_weeks_with_all_its_days(year in 1990i16..2100, month in 1i8..=12) {
            let days = month_days(year, month);
            prop_assert_eq!(days.len() % 7, 0);
            prop_assert_eq!(days[0].weekday(), Weekday::Monday);
            let own = days.iter().filter(|d| d.month() == month).count();
            prop_assert_eq!(own, date(year, month, 1).days_in_month() as usize);
            prop_assert!(days.len() < own + 14);
        }
    }
}
