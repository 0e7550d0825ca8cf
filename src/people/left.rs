//! How a time left is written: in at most two units, with a minus where it is over: `2d 3h`, `1h 06m`,
//! `−42m`. The script that counts on writes the same, from the same words.

use crate::platform::words::Words;

/// The words of a language for it, read from the catalogue once a page: a list writes one with each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeLeft {
    days: String,
    hours: String,
    minutes: String,
    over: String,
}

impl TimeLeft {
    pub fn of(t: Words) -> Self {
        Self {
            days: t.with2("time-days-hours", "n", "{n}", "m", "{m}"),
            hours: t.with2("time-hours-minutes", "n", "{n}", "m", "{m}"),
            minutes: t.with1("time-minutes", "n", "{n}"),
            over: t.with1("time-over", "time", "{time}"),
        }
    }

    /// As the script takes them.
    pub fn patterns(&self) -> String {
        [&*self.days, &*self.hours, &*self.minutes, &*self.over].join("|")
    }

    pub fn write(&self, micros: i64) -> String {
        let minutes = micros.unsigned_abs() / 60_000_000;
        let (days, hours) = (minutes / 1440, minutes / 60);
        let text = match () {
            () if days > 0 => two(&self.days, days, format!("{}", hours % 24)),
            () if hours > 0 => two(&self.hours, hours, format!("{:02}", minutes % 60)),
            () => self.minutes.replace("{n}", &minutes.to_string()),
        };
        match micros < 0 {
            true => self.over.replace("{time}", &text),
            false => text,
        }
    }
}

fn two(pattern: &str, first: u64, second: String) -> String {
    pattern
        .replace("{n}", &first.to_string())
        .replace("{m}", &second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_left_has_two_units_at_most() {
        let words = TimeLeft::of(Words::of("en"));
        let minute = 60_000_000;
        let written = |minutes: i64| words.write(minutes * minute);
        assert_eq!(written(51 * 60), "2d 3h");
        assert_eq!(written(66), "1h 06m");
        assert_eq!(written(-42), "−42m");
        assert_eq!(written(0), "0m");
    }
}
