//! A day's hours (`08:00-12:00, 13:00-18:00`), a holiday (`2026-12-25 Christmas Day`), a closure or an
//! extra opening (`2026-12-24 12:00 to 2026-12-24 18:00 Christmas Eve`).

use crate::platform::kernel::text;
use crate::service_levels::calendar::{Exception, Holiday, NotATime, Window};

/// Characters of what a date is called.
const NAME_MAX: usize = 100;
/// A date and its time: `2026-12-24 12:00`.
const MOMENT: usize = 16;

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1 on.
    pub number: usize,
    pub text: String,
    pub why: NotATime,
}

/// Reads one thing a line; empty lines are nothing.
pub fn lines<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, NotATime>,
) -> Result<Vec<T>, Vec<Line>> {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match read(line) {
            Ok(one) => found.push(one),
            Err(why) => wrong.push(Line {
                number,
                text: line.to_owned(),
                why,
            }),
        }
    }
    if wrong.is_empty() {
        Ok(found)
    } else {
        Err(wrong)
    }
}

/// Hours of one day, with commas between.
pub fn read_hours(text: &str) -> Result<Vec<Window>, NotATime> {
    text.split([',', ';'])
        .map(str::trim)
        .filter(|window| !window.is_empty())
        .map(str::parse)
        .collect()
}

pub fn hours(windows: &[Window]) -> String {
    let windows: Vec<String> = windows.iter().map(ToString::to_string).collect();
    windows.join(", ")
}

pub fn read_holiday(line: &str) -> Result<Holiday, NotATime> {
    let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    Ok(Holiday {
        date: date.parse()?,
        name: named(name),
    })
}

pub fn holiday(holiday: &Holiday) -> String {
    format!("{} {}", holiday.date, holiday.name)
        .trim()
        .to_owned()
}

pub fn read_exception(line: &str) -> Result<Exception, NotATime> {
    let not = NotATime("calendar-span-not-understood");
    let (from, rest) = line.split_once(" to ").ok_or(not)?;
    let rest = rest.trim();
    let (to, name) = match rest.char_indices().nth(MOMENT) {
        Some((at, _)) => rest.split_at_checked(at).ok_or(not)?,
        None => (rest, ""),
    };
    if !name.is_empty() && !name.starts_with(char::is_whitespace) {
        return Err(not);
    }
    Ok(Exception {
        from: from.parse()?,
        to: to.parse()?,
        name: named(name),
    })
}

pub fn exception(exception: &Exception) -> String {
    let Exception { from, to, name } = exception;
    format!("{from} to {to} {name}").trim().to_owned()
}

/// A longer name is cut: it is a remark.
fn named(name: &str) -> String {
    match text::clean_line(name, NAME_MAX) {
        Ok(name) => name,
        Err(_) => name.trim().chars().take(NAME_MAX).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["", "08:00-18:00", "08:00-12:00, 13:00-18:00, 22:00-02:00"] {
            assert_eq!(read_hours(text).map(|h| hours(&h)).as_deref(), Ok(text));
        }
        for line in ["2026-12-25", "2026-12-25 Christmas Day"] {
            let read = read_holiday(line).map(|h| holiday(&h));
            assert_eq!(read.as_deref(), Ok(line));
        }
        for line in [
            "2026-12-24 12:00 to 2026-12-24 18:00",
            "2026-12-24 12:00 to 2027-01-02 06:00 Between the years",
            "2026-12-24 00:00 to 2026-12-24 24:00 Ångström",
        ] {
            let read = read_exception(line).map(|e| exception(&e));
            let line = line.replace("2026-12-24 24:00", "2026-12-25 00:00");
            assert_eq!(read, Ok(line));
        }
    }

    #[test]
    fn it_may_be_written_carelessly() {
        let read = read_hours(" 8:00 - 12:00;13:00–18:00 ,").map(|h| hours(&h));
        assert_eq!(read.as_deref(), Ok("08:00-12:00, 13:00-18:00"));
        let read = read_exception("2026-12-24T12:00 to  2026-12-24T18:00  Eve");
        assert!(read.is_ok_and(|e| e.name == "Eve"));
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number() {
        let read = lines(
            "2026-12-25 Christmas\n\n25.12.2026\n2026-02-30 No",
            read_holiday,
        );
        let wrong = read.unwrap_err();
        let numbers: Vec<usize> = wrong.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [3, 4]);
        for line in [
            "2026-12-24 12:00",
            "2026-12-24 12:00 2026-12-24 18:00",
            "tomorrow to 2026-12-24 18:00",
            "2026-12-24 12:00 to 2026-12-24 18:00Eve",
            "2026-12-24 12:00 to 2026-12-24 18:0é",
        ] {
            assert!(read_exception(line).is_err(), "{line}");
        }
        assert!(read_hours("8-12").is_err());
    }
}
