//! Date patterns that somebody gives: read, shown, and matched to the letter.

use std::fmt;
use std::str::FromStr;

use super::problem::shown;
use super::{DateProblem, Local, Numbers, digits, four_digits, time_of_day};

/// A pattern of the tokens `d m yyyy HH MM SS` and the characters between them. `d`, `m` take one or
/// two digits, `dd`, `mm`, `HH`, `MM`, `SS` two, `yyyy` four. A pattern without a time of day takes
/// dates with or without ` HH:MM[:SS]` after them; without one the day's first minute is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    has_time: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// One or two digits.
    Day,
    Month,
    /// Exactly two.
    Day2,
    Month2,
    Year,
    Hour,
    Minute,
    Second,
    Text(char),
}

impl FromStr for Pattern {
    type Err = DateProblem;

    fn from_str(text: &str) -> Result<Self, DateProblem> {
        let bad = |why: &str| DateProblem::BadPattern {
            pattern: shown(text),
            why: why.to_owned(),
        };
        let tokens = [
            ("yyyy", Part::Year),
            ("dd", Part::Day2),
            ("mm", Part::Month2),
            ("HH", Part::Hour),
            ("MM", Part::Minute),
            ("SS", Part::Second),
            ("d", Part::Day),
            ("m", Part::Month),
        ];
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let token = tokens
                .iter()
                .find_map(|(name, part)| Some((rest.strip_prefix(name)?, *part)));
            if let Some((after, part)) = token {
                parts.push(part);
                rest = after;
            } else if first.is_ascii_alphanumeric() && first != 'T' {
                return Err(bad(&format!("“{first}” means nothing here")));
            } else {
                parts.push(Part::Text(first));
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
        let count = |wanted: &[Part]| parts.iter().filter(|p| wanted.contains(p)).count();
        if count(&[Part::Day, Part::Day2]) != 1
            || count(&[Part::Month, Part::Month2]) != 1
            || count(&[Part::Year]) != 1
        {
            return Err(bad("it needs day, month and year, each once"));
        }
        let [hours, minutes, seconds] =
            [Part::Hour, Part::Minute, Part::Second].map(|p| count(&[p]));
        if hours > 1 || hours != minutes || seconds > minutes {
            return Err(bad(
                "a time of day is HH and MM, then SS if there is one, each once",
            ));
        }
        Ok(Self {
            parts,
            has_time: hours == 1,
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Day => f.write_str("d"),
            Part::Month => f.write_str("m"),
            Part::Day2 => f.write_str("dd"),
            Part::Month2 => f.write_str("mm"),
            Part::Year => f.write_str("yyyy"),
            Part::Hour => f.write_str("HH"),
            Part::Minute => f.write_str("MM"),
            Part::Second => f.write_str("SS"),
            Part::Text(c) => write!(f, "{c}"),
        })
    }
}

impl Pattern {
    pub(super) fn day_first() -> Self {
        use Part::{Day, Hour, Minute, Month, Text, Year};
        let parts = vec![
            Day,
            Text('/'),
            Month,
            Text('/'),
            Year,
            Text(' '),
            Hour,
            Text(':'),
            Minute,
        ];
        Self {
            parts,
            has_time: true,
        }
    }

    pub(super) fn parse(&self, value: &str) -> Result<Local, DateProblem> {
        let numbers = self
            .numbers(value)
            .ok_or_else(|| DateProblem::NotInFormat {
                value: shown(value),
                format: self.to_string(),
            })?;
        if (13..=31).contains(&numbers.month) && (1..=12).contains(&numbers.day) {
            return Err(self.swapped(numbers.month));
        }
        Ok(Local {
            civil: numbers.civil(value)?,
            offset: None,
        })
    }

    fn numbers(&self, value: &str) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        let mut rest = value.as_bytes();
        for part in &self.parts {
            rest = match part {
                Part::Day => digits(rest, 1, 2, |n| numbers.day = n)?,
                Part::Month => digits(rest, 1, 2, |n| numbers.month = n)?,
                Part::Day2 => digits(rest, 2, 2, |n| numbers.day = n)?,
                Part::Month2 => digits(rest, 2, 2, |n| numbers.month = n)?,
                Part::Year => four_digits(rest, &mut numbers.year)?,
                Part::Hour => digits(rest, 2, 2, |n| numbers.hour = n)?,
                Part::Minute => digits(rest, 2, 2, |n| numbers.minute = n)?,
                Part::Second => digits(rest, 2, 2, |n| numbers.second = n)?,
                Part::Text(c) => rest.strip_prefix(c.encode_utf8(&mut [0; 4]).as_bytes())?,
            };
        }
        if !self.has_time && !rest.is_empty() {
            rest = time_of_day(rest.strip_prefix(b" ")?, &mut numbers)?;
        }
        rest.is_empty().then_some(numbers)
    }

    fn swapped(&self, month: u8) -> DateProblem {
        let day_at = self
            .parts
            .iter()
            .position(|p| matches!(p, Part::Day | Part::Day2));
        let month_at = self
            .parts
            .iter()
            .position(|p| matches!(p, Part::Month | Part::Month2));
        // Only the date's part is shown: such a pattern takes times as well.
        let mut swapped = String::new();
        for part in self
            .parts
            .iter()
            .take_while(|p| !matches!(p, Part::Hour | Part::Minute | Part::Second))
        {
            swapped.push_str(&match part {
                Part::Day => "m".to_owned(),
                Part::Month => "d".to_owned(),
                Part::Day2 => "mm".to_owned(),
                Part::Month2 => "dd".to_owned(),
                Part::Year => "yyyy".to_owned(),
                Part::Text(c) => c.to_string(),
                Part::Hour | Part::Minute | Part::Second => String::new(),
            });
        }
        let looks = if day_at < month_at {
            "month-first"
        } else {
            "day-first"
        };
        DateProblem::Swapped {
            month,
            looks,
            swapped: swapped.trim_end_matches([' ', 'T', ',']).to_owned(),
        }
    }
}
