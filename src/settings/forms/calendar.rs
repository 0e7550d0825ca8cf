//! A calendar's form.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::people::{Form, FormView};
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::service_levels::written::{self, Line};
use crate::service_levels::{Calendar, NotATime, Week, Window};

/// The fields of a calendar, as form and journal know them.
pub const CALENDAR_FIELDS: &[&str] = &[
    "name",
    "zone",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "holidays",
    "closures",
    "openings",
    "also",
];

/// Characters of a list of dates: two thousand lines.
const LINES_MAX: usize = 200_000;
const HOURS_MAX: usize = 400;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarForm {
    pub name: String,
    pub zone: String,
    pub monday: String,
    pub tuesday: String,
    pub wednesday: String,
    pub thursday: String,
    pub friday: String,
    pub saturday: String,
    pub sunday: String,
    pub holidays: String,
    pub closures: String,
    pub openings: String,
    /// Ids of the calendars it is open together with.
    pub also: Vec<String>,
}

impl CalendarForm {
    /// A calendar as it is now.
    pub fn of(calendar: &Calendar) -> Self {
        let week = &calendar.week;
        let lines = |list: Vec<String>| list.join("\n");
        Self {
            name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            monday: written::hours(&week.monday),
            tuesday: written::hours(&week.tuesday),
            wednesday: written::hours(&week.wednesday),
            thursday: written::hours(&week.thursday),
            friday: written::hours(&week.friday),
            saturday: written::hours(&week.saturday),
            sunday: written::hours(&week.sunday),
            holidays: lines(calendar.holidays.iter().map(written::holiday).collect()),
            closures: lines(calendar.closures.iter().map(written::exception).collect()),
            openings: lines(calendar.openings.iter().map(written::exception).collect()),
            also: calendar.also.iter().map(Uuid::to_string).collect(),
        }
    }

    /// What was typed. Line ends are the browser's own.
    pub fn given(form: &Form) -> Self {
        let line = |name| form.value(name).trim().to_owned();
        let lines = |name| form.value(name).replace("\r\n", "\n").trim().to_owned();
        Self {
            name: line("name"),
            zone: line("zone"),
            monday: line("monday"),
            tuesday: line("tuesday"),
            wednesday: line("wednesday"),
            thursday: line("thursday"),
            friday: line("friday"),
            saturday: line("saturday"),
            sunday: line("sunday"),
            holidays: lines("holidays"),
            closures: lines("closures"),
            openings: lines("openings"),
            also: form.all("also").map(str::to_owned).collect(),
        }
    }

    /// The form filled with it.
    pub fn present(&self, view: FormView) -> FormView {
        let view = view.preset("name", &self.name).preset("zone", &self.zone);
        let view = self
            .days()
            .into_iter()
            .fold(view, |view, (day, hours)| view.preset(day, hours));
        let view = view
            .preset("holidays", &self.holidays)
            .preset("closures", &self.closures)
            .preset("openings", &self.openings);
        view.preset_all("also", &self.also)
    }

    fn days(&self) -> [(&'static str, &str); 7] {
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

    /// The calendar it says.
    pub fn definition(&self) -> Result<Calendar> {
        let mut invalid = Invalid::default();
        let mut week = self
            .days()
            .map(|(day, text)| hours(day, text, &mut invalid));
        let [
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        ] = week.each_mut().map(std::mem::take);
        let holidays = lines(
            "holidays",
            &self.holidays,
            written::read_holiday,
            &mut invalid,
        );
        let closures = lines(
            "closures",
            &self.closures,
            written::read_exception,
            &mut invalid,
        );
        let openings = lines(
            "openings",
            &self.openings,
            written::read_exception,
            &mut invalid,
        );
        let also = self.also.iter().filter_map(|id| {
            let id = Uuid::parse_str(id).ok();
            if id.is_none() {
                invalid.add("also", "error-unknown-choice");
            }
            id
        });
        let also = also.collect();
        let name = text::clean_line(&self.name, usize::MAX).unwrap_or_default();
        invalid.or(Calendar {
            name,
            zone: self.zone.clone(),
            week: Week {
                monday,
                tuesday,
                wednesday,
                thursday,
                friday,
                saturday,
                sunday,
            },
            holidays,
            closures,
            openings,
            also,
        })
    }
}

fn hours(day: &'static str, text: &str, invalid: &mut Invalid) -> Vec<Window> {
    if too_long(day, text, HOURS_MAX, invalid) {
        return Vec::new();
    }
    written::read_hours(text).unwrap_or_else(|NotATime(why)| {
        invalid.add(day, Message::new(why).arg("value", text));
        Vec::new()
    })
}

fn lines<T>(
    field: &'static str,
    text: &str,
    read: impl Fn(&str) -> Result<T, NotATime>,
    invalid: &mut Invalid,
) -> Vec<T> {
    if too_long(field, text, LINES_MAX, invalid) {
        return Vec::new();
    }
    written::lines(text, read).unwrap_or_else(|wrong| {
        // The first few say enough.
        for Line { text, why, .. } in wrong.into_iter().take(3) {
            invalid.add(field, Message::new(why.0).arg("value", text));
        }
        Vec::new()
    })
}

fn too_long(field: &'static str, text: &str, max: usize, invalid: &mut Invalid) -> bool {
    let got = text.chars().count();
    if got > max {
        let long = Message::new("error-too-long").arg("max", max);
        invalid.add(field, long.arg("got", got));
    }
    got > max
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kernel::error::Error;

    fn desk() -> CalendarForm {
        CalendarForm {
            name: "Desk".into(),
            zone: "Europe/Berlin".into(),
            monday: "08:00-12:00, 13:00-18:00".into(),
            saturday: "22:00-06:00".into(),
            holidays: "2026-12-25 Christmas Day\n2026-12-26".into(),
            closures: "2026-12-24 12:00 to 2026-12-24 18:00 Eve".into(),
            also: vec![Uuid::nil().to_string()],
            ..CalendarForm::default()
        }
    }

    #[test]
    fn what_a_form_says_is_what_it_shows_again() {
        let form = desk();
        let calendar = form.definition().unwrap();
        assert_eq!(CalendarForm::of(&calendar), form);
        assert_eq!(calendar.holidays.len(), 2);
    }

    #[test]
    fn every_field_says_what_is_wrong_with_it() {
        let form = CalendarForm {
            monday: "8-12".into(),
            holidays: "25.12.2026\n2026-02-30\n2026-01-01".into(),
            openings: "2026-12-24".into(),
            also: vec!["x".into()],
            ..desk()
        };
        let Err(Error::Invalid(invalid)) = form.definition() else {
            panic!("it is invalid");
        };
        let fields: Vec<&str> = invalid.0.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            fields,
            ["monday", "holidays", "holidays", "openings", "also"]
        );
    }
}
