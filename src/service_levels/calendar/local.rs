//! Dates and times as a wall shows them, without a zone. Days are numbered from 1970-01-01.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::NotATime;

/// A date on the wall: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LocalDate(pub i32);

/// A date and time on the wall: minutes since 1970-01-01T00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LocalMinute(pub i64);

impl LocalDate {
    /// The date of a year, month and day that exist.
    pub fn of(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1900..2200).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        if day == 0 || day > length_of_month(year, month) {
            return None;
        }
        // Years begin in March, so that a leap day comes last (Howard Hinnant's way).
        let shifted = if month <= 2 { year - 1 } else { year };
        let of_month = (month as i32 + 9) % 12;
        let before = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400;
        Some(Self(
            before + (153 * of_month + 2) / 5 + day as i32 - 1 - 719_468,
        ))
    }

    /// Year, month and day.
    pub fn parts(self) -> (i32, u32, u32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let of_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * of_march + 2) / 5 + 1;
        let month = if of_march < 10 {
            of_march + 3
        } else {
            of_march - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// 0 is Monday.
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as usize
    }
}

fn length_of_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for LocalDate {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let mut parts = text.trim().splitn(3, '-');
        let mut next = || parts.next().and_then(number);
        let (Some(year), Some(month), Some(day)) = (next(), next(), next()) else {
            return Err(NotATime("calendar-date-not-understood"));
        };
        Self::of(year as i32, month, day).ok_or(NotATime("calendar-date-does-not-exist"))
    }
}

impl fmt::Display for LocalMinute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = LocalDate(self.0.div_euclid(1_440) as i32);
        let minute = self.0.rem_euclid(1_440);
        write!(f, "{date} {:02}:{:02}", minute / 60, minute % 60)
    }
}

impl FromStr for LocalMinute {
    type Err = NotATime;

    /// `2026-12-24 14:00`, also with a `T` between.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (date, time) = text
            .trim()
            .split_once([' ', 'T'])
            .ok_or(NotATime("calendar-moment-not-understood"))?;
        let date: LocalDate = date.parse()?;
        let minute = minute_of_day(time).ok_or(NotATime("calendar-moment-not-understood"))?;
        Ok(Self(i64::from(date.0) * 1_440 + i64::from(minute)))
    }
}

/// `08:30`; the end of a day is `24:00`.
pub(super) fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    if hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (number(hour)?, number(minute)?);
    let at = hour * 60 + minute;
    (minute < 60 && at <= 1_440).then_some(at as u16)
}

/// Digits only: no sign, no blank.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

macro_rules! as_text {
    ($name:ident) => {
        impl From<$name> for String {
            fn from(it: $name) -> String {
                it.to_string()
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotATime;
            fn try_from(text: String) -> Result<Self, NotATime> {
                text.parse()
            }
        }
    };
}

as_text!(LocalDate);
as_text!(LocalMinute);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_is_read_as_it_is_written() {
        let first = LocalDate::of(1900, 1, 1).unwrap();
        let last = LocalDate::of(2199, 12, 31).unwrap();
        assert_eq!(LocalDate::of(1970, 1, 1), Some(LocalDate(0)));
        let mut before = (1899, 12, 31);
        for day in first.0..=last.0 {
            let date = LocalDate(day);
            let parts = date.parts();
            assert!(parts > before);
            before = parts;
            assert_eq!(date.to_string().parse(), Ok(date));
        }
    }

    #[test]
    fn leap_days_exist_in_leap_years_only() {
        assert!("2024-02-29".parse::<LocalDate>().is_ok());
        for no in ["2023-02-29", "2100-02-29", "2026-13-01", "2026-04-31"] {
            let read: Result<LocalDate, _> = no.parse();
            assert_eq!(read, Err(NotATime("calendar-date-does-not-exist")), "{no}");
        }
        assert_eq!("2026-11-21".parse::<LocalDate>().unwrap().weekday(), 5);
    }
}
