//! What a calendar says, as it is kept (JSON) and as a file says it (TOML).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::local::minute_of_day;
use super::{LocalDate, LocalMinute};

/// Why a text is no time: a key of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime(pub &'static str);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            "calendar-window-not-understood" => "not opening hours; write \"08:00-18:00\"",
            "calendar-date-not-understood" => "not a date; write \"2026-12-24\"",
            "calendar-date-does-not-exist" => "that date does not exist",
            _ => "not a date and time; write \"2026-12-24 14:00\"",
        })
    }
}

/// Opening hours of a day. What ends at or before its beginning goes over midnight and belongs to
/// the day on which it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Window {
    from: u16,
    to: u16,
}

impl Window {
    /// Minutes after the day's midnight: `to` is after `from` and up to a day later.
    pub fn minutes(self) -> (i64, i64) {
        (i64::from(self.from), i64::from(self.to))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = match self.to {
            1_440 => 1_440,
            to => to % 1_440,
        };
        let (from, minute) = (self.from / 60, self.from % 60);
        write!(f, "{from:02}:{minute:02}-{:02}:{:02}", to / 60, to % 60)
    }
}

impl FromStr for Window {
    type Err = NotATime;

    /// `08:00-18:00`, `22:00-06:00` over midnight, `00:00-24:00` the whole day.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let read = text.trim().split_once(['-', '–']).and_then(|(from, to)| {
            let from = minute_of_day(from).filter(|from| *from < 1_440)?;
            Some((from, minute_of_day(to)?))
        });
        let (from, to) = read.ok_or(NotATime("calendar-window-not-understood"))?;
        let to = if to <= from { to + 1_440 } else { to };
        Ok(Self { from, to })
    }
}

impl From<Window> for String {
    fn from(window: Window) -> String {
        window.to_string()
    }
}

impl TryFrom<String> for Window {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

/// Opening hours of every week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    pub monday: Vec<Window>,
    pub tuesday: Vec<Window>,
    pub wednesday: Vec<Window>,
    pub thursday: Vec<Window>,
    pub friday: Vec<Window>,
    pub saturday: Vec<Window>,
    pub sunday: Vec<Window>,
}

impl Week {
    /// The days from Monday on, with the names of their fields.
    pub fn days(&self) -> [(&'static str, &[Window]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// A date on which no hours begin; hours of the evening before end at its midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub date: LocalDate,
    #[serde(default)]
    pub name: String,
}

/// A time, as the wall shows it, that is not as in other weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub from: LocalMinute,
    pub to: LocalMinute,
    #[serde(default)]
    pub name: String,
}

/// One version of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub name: String,
    /// IANA name.
    pub zone: String,
    #[serde(default)]
    pub week: Week,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    #[serde(default)]
    pub closures: Vec<Exception>,
    /// Open besides, also on holidays.
    #[serde(default)]
    pub openings: Vec<Exception>,
    /// Other calendars that are open besides, each in its own zone: a desk that follows the sun.
    #[serde(default)]
    pub also: Vec<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        for text in ["08:00-18:00", "22:00-06:00", "00:00-24:00", "09:30-09:30"] {
            assert_eq!(text.parse::<Window>().unwrap().to_string(), text);
        }
        let night: Window = "22:00-06:00".parse().unwrap();
        assert_eq!(night.minutes(), (22 * 60, 30 * 60));
        let whole: Window = "00:00-24:00".parse().unwrap();
        assert_eq!(whole.minutes(), (0, 1_440));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "8-18",
            "24:00-25:00",
            "08:60-09:00",
            "08:00",
            "-1:00-02:00",
        ] {
            let read: Result<Window, _> = text.parse();
            assert_eq!(
                read,
                Err(NotATime("calendar-window-not-understood")),
                "{text}"
            );
        }
    }
}
