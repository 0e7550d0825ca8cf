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

/// The row each of some boxes gets, so that none covers another: the first row in which it fits, those
/// that begin first going first.
pub fn tracks(boxes: &[(i64, i64)]) -> Vec<usize> {
    let mut order: Vec<(usize, &(i64, i64))> = boxes.iter().enumerate().collect();
    order.sort_by_key(|(n, (from, _))| (*from, *n));
    let mut ends: Vec<i64> = Vec::new();
    let mut rows = vec![0; boxes.len()];
    for (n, (from, to)) in order {
        let free = ends.iter().position(|end| end <= from);
        let row = free.unwrap_or(ends.len());
        match ends.get_mut(row) {
            Some(end) => *end = *to,
            None => ends.push(*to),
        }
        if let Some(mine) = rows.get_mut(n) {
            *mine = row;
        }
    }
    rows
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
        fn no_box_covers_another_and_no_row_is_left_out(boxes in prop::collection::vec((0i64..50, 1i64..20), 0..20)) {
            let boxes: Vec<_> = boxes.into_iter().map(|(from, wide)| (from, from + wide)).collect();
            let rows = tracks(&boxes);
            prop_assert_eq!(rows.len(), boxes.len());
            for (i, a) in boxes.iter().enumerate() {
                for (j, b) in boxes.iter().enumerate().skip(i + 1) {
                    prop_assert!(rows[i] != rows[j] || a.1 <= b.0 || b.1 <= a.0);
                }
            }
            // As many rows as boxes stand over the fullest place, and no more.
            let fullest = (0..70).map(|x| boxes.iter().filter(|(from, to)| *from <= x && x < *to).count()).max();
            prop_assert_eq!(rows.iter().max().map_or(0, |row| row + 1), fullest.unwrap_or(0));
        }

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
