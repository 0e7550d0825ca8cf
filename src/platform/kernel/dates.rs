//! Dates in files somebody else wrote, read strictly.
//!
//! A format is always named, never guessed: `3/4/2016` is two different days, and a file read with the
//! wrong one looks right until somebody counts. So each value must match the format to the letter,
//! must exist in the calendar, and a month above 12 says what is probably wrong with the file.
//!
//! Reading gives civil time ([`Local`]); the zone turns it into an instant. A local time that a clock
//! change skips or repeats is resolved as jiff's *compatible* does, the rule of RFC 5545: a repeated
//! time is its first occurrence, a skipped one is moved on by the length of the gap. An offset in the
//! value wins over the zone. Zone data is compiled in; the machine's is never asked.

mod order;
mod pattern;
mod problem;

pub use order::{OrderCheck, WrongOrder};
pub use pattern::Pattern;
pub use problem::DateProblem;
use problem::{impossible, shown};

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use time::OffsetDateTime;

/// Years a service desk's record can believably come from.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// How dates are written in a file. `"iso"` or a pattern, through [`FromStr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateFormat {
    /// `yyyy-mm-ddTHH:MM[:SS][Z|±hh:mm]`, also with a blank for the `T`.
    Iso,
    Pattern(Pattern),
}

/// Civil time as the file gives it, with its offset from UTC where it gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    pub civil: DateTime,
    pub offset: Option<Offset>,
}

/// A zone by its IANA name, from the data compiled in.
pub fn zone(name: &str) -> Result<TimeZone, DateProblem> {
    if name == "UTC" {
        return Ok(TimeZone::UTC);
    }
    TimeZoneDatabase::bundled()
        .get(name)
        .map_err(|_| DateProblem::UnknownZone { name: shown(name) })
}

impl Local {
    /// The instant in UTC. See the module for times that a clock change skips or repeats.
    pub fn to_utc(self, zone: &TimeZone) -> Result<OffsetDateTime, DateProblem> {
        let instant = match self.offset {
            Some(offset) => offset.to_timestamp(self.civil),
            None => zone.to_ambiguous_timestamp(self.civil).compatible(),
        };
        instant
            .ok()
            .and_then(|at| OffsetDateTime::from_unix_timestamp(at.as_second()).ok())
            .ok_or_else(|| impossible(&self.civil.to_string(), "it is outside the calendar"))
    }

    /// A day above 12 stood where the format has the day: proof that the format's order is right.
    pub fn proves_order(self) -> bool {
        self.civil.day() > 12
    }
}

impl DateFormat {
    /// `d/m/yyyy HH:MM`, day first: what ServiceNow's log uses.
    pub fn day_first() -> Self {
        Self::Pattern(Pattern::day_first())
    }

    pub fn parse(&self, value: &str) -> Result<Local, DateProblem> {
        match self {
            Self::Iso => parse_iso(value),
            Self::Pattern(pattern) => pattern.parse(value),
        }
    }

    /// Parse and convert in one step.
    pub fn instant(&self, value: &str, zone: &TimeZone) -> Result<OffsetDateTime, DateProblem> {
        self.parse(value)?.to_utc(zone)
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iso => f.write_str("yyyy-mm-ddTHH:MM[:SS][Z|±hh:mm]"),
            Self::Pattern(pattern) => pattern.fmt(f),
        }
    }
}

impl FromStr for DateFormat {
    type Err = DateProblem;

    fn from_str(text: &str) -> Result<Self, DateProblem> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("iso") {
            return Ok(Self::Iso);
        }
        Pattern::from_str(text).map(Self::Pattern)
    }
}

#[derive(Default)]
struct Numbers {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Numbers {
    fn civil(&self, value: &str) -> Result<DateTime, DateProblem> {
        let year = i16::try_from(self.year).unwrap_or(i16::MAX);
        let Numbers {
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = *self;
        if !YEARS.contains(&year) {
            return Err(impossible(
                value,
                &format!("the year {} is not between 1970 and 2199", self.year),
            ));
        }
        if !(1..=12).contains(&month) {
            return Err(impossible(value, &format!("{month} cannot be a month")));
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(impossible(
                value,
                &format!("there is no {hour:02}:{minute:02}:{second:02} o'clock"),
            ));
        }
        // Everything is in 0..=59 but for the day, which jiff judges by the month.
        let [m, d, h, min, s] = [month, day, hour, minute, second].map(u8::cast_signed);
        DateTime::new(year, m, d, h, min, s, 0)
            .map_err(|_| impossible(value, &format!("month {month} of {year} has no day {day}")))
    }
}

fn parse_iso(value: &str) -> Result<Local, DateProblem> {
    let not = || DateProblem::NotInFormat {
        value: shown(value),
        format: DateFormat::Iso.to_string(),
    };
    let mut numbers = Numbers::default();
    let rest = iso_date(value.as_bytes(), &mut numbers).ok_or_else(not)?;
    let rest = time_of_day(rest, &mut numbers).ok_or_else(not)?;
    let offset = offset(rest).ok_or_else(not)?;
    Ok(Local {
        civil: numbers.civil(value)?,
        offset,
    })
}

fn iso_date<'a>(bytes: &'a [u8], to: &mut Numbers) -> Option<&'a [u8]> {
    let rest = four_digits(bytes, &mut to.year)?.strip_prefix(b"-")?;
    let rest = digits(rest, 2, 2, |n| to.month = n)?.strip_prefix(b"-")?;
    let rest = digits(rest, 2, 2, |n| to.day = n)?;
    rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))
}

/// `HH:MM[:SS]`
fn time_of_day<'a>(bytes: &'a [u8], to: &mut Numbers) -> Option<&'a [u8]> {
    let rest = digits(bytes, 2, 2, |n| to.hour = n)?.strip_prefix(b":")?;
    let rest = digits(rest, 2, 2, |n| to.minute = n)?;
    match rest.strip_prefix(b":") {
        Some(rest) => digits(rest, 2, 2, |n| to.second = n),
        None => Some(rest),
    }
}

/// Nothing, `Z`, or `±hh:mm`. The outer `None` is a misfit.
fn offset(bytes: &[u8]) -> Option<Option<Offset>> {
    let (sign, rest) = match bytes {
        [] => return Some(None),
        b"Z" => return Some(Some(Offset::UTC)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let mut numbers = Numbers::default();
    let well_formed = rest.len() == 5 && time_of_day(rest, &mut numbers)?.is_empty();
    if !well_formed || numbers.hour > 14 || numbers.minute > 59 {
        return None;
    }
    let seconds = sign * (i32::from(numbers.hour) * 3600 + i32::from(numbers.minute) * 60);
    Offset::from_seconds(seconds).ok().map(Some)
}

fn digits(bytes: &[u8], min: usize, max: usize, set: impl FnOnce(u8)) -> Option<&[u8]> {
    let count = bytes
        .iter()
        .take(max)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if count < min {
        return None;
    }
    let (number, rest) = bytes.split_at(count);
    set(number
        .iter()
        .fold(0, |sum, digit| sum * 10 + (digit - b'0')));
    Some(rest)
}

fn four_digits<'a>(bytes: &'a [u8], year: &mut u16) -> Option<&'a [u8]> {
    let mut century = 0;
    let rest = digits(bytes, 2, 2, |n| century = u16::from(n))?;
    digits(rest, 2, 2, |n| *year = century * 100 + u16::from(n))
}

#[cfg(test)]
mod tests;
