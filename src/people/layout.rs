//! What every page needs around itself, and how instants are shown.

use super::left::TimeLeft;
use super::line::Line;
use crate::platform::db::Utc;
use crate::platform::kernel::error::Message;
use crate::platform::kernel::text::push_digits;
use crate::platform::kernel::zone::Zone;
use crate::platform::web::assets;
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;

/// A message shown once on the next page, carried in a cookie as a key and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Flash {
    /// `ok`, `risk` or `breach`: the lamp beside it.
    pub lamp: String,
    pub key: String,
    pub args: Vec<(String, String)>,
}

impl Flash {
    pub fn ok(key: &str) -> Self {
        Self {
            lamp: "ok".into(),
            key: key.into(),
            args: Vec::new(),
        }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}

impl From<&Message> for Flash {
    /// A message that outlives its request.
    fn from(message: &Message) -> Self {
        let said = Self {
            lamp: "risk".into(),
            key: message.key.into(),
            args: Vec::new(),
        };
        message
            .args
            .iter()
            .fold(said, |said, (name, value)| said.arg(name, value))
    }
}

/// The frame of a page: field `shell` of every page struct.
#[derive(Debug, Clone)]
pub struct Shell {
    pub t: Words,
    /// Shown in the browser's title, before the product's name.
    pub title: String,
    /// The menu item this page belongs to.
    pub nav: &'static str,
    pub theme: String,
    pub single_keys: bool,
    /// Name and initials of the person signed in.
    pub person: Option<(String, String)>,
    pub can_work: bool,
    /// Whether they are among those who are asked to approve.
    pub can_approve: bool,
    /// Whether they answer for a team: reports.
    pub can_manage: bool,
    pub can_administer: bool,
    /// How many notices they have not read.
    pub unread: i64,
    /// How everything that is open stands.
    pub line: Option<Line>,
    pub flash: Option<Flash>,
    pub now: Utc,
    pub zone: Zone,
    pub search: String,
}

impl Shell {
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub fn css(&self) -> &'static str {
        assets::url("andon.css")
    }

    pub fn js(&self) -> &'static str {
        assets::url("andon.js")
    }

    pub fn favicon(&self) -> &'static str {
        assets::url("favicon.svg")
    }

    pub fn icons(&self) -> &'static str {
        assets::url("icons.svg")
    }

    /// How a time left is written, for the script that counts on.
    pub fn time_words(&self) -> String {
        TimeLeft::of(self.t).patterns()
    }

    pub fn flash_glyph(&self, flash: &Flash) -> Icon {
        Icon::glyph(if flash.lamp == "ok" { "met" } else { "risk" })
    }

    pub fn icon(&self, name: &'static str) -> Icon {
        Icon::line(name)
    }

    pub fn glyph(&self, name: &'static str) -> Icon {
        Icon::glyph(name)
    }

    /// A message of the catalogue in the reader's language.
    pub fn say(&self, message: &Message) -> String {
        let args: Vec<(&str, &str)> = message.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.t.with(message.key, &args)
    }

    pub fn flash_text(&self, flash: &Flash) -> String {
        let args: Vec<(&str, &str)> = flash
            .args
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        self.t.with(&flash.key, &args)
    }

    /// An instant in the reader's zone, near ones by day.
    pub fn when(&self, at: Utc) -> When {
        When::of(self.t, &self.zone, self.now, at)
    }
}

/// An instant made ready for a page: machine-readable, short and full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    pub iso: String,
    /// "10:04" today, "20 Nov 10:04" this year, "20 Nov 2025" before, "20 Nov 2027 10:04" to come.
    pub short: String,
    /// Date, time and the zone's name.
    pub full: String,
}

impl When {
    pub fn of(t: Words, zone: &Zone, now: Utc, at: Utc) -> Self {
        let local = zone.local(at);
        let today = zone.local(now);
        let month = t.s(MONTHS
            .get(local.month() as usize - 1)
            .copied()
            .unwrap_or("month-1"));
        let day = |out: &mut String, with_year: bool| {
            push_digits(out, local.day().unsigned_abs().into(), 1);
            out.push(' ');
            out.push_str(&month);
            if with_year {
                out.push(' ');
                push_digits(out, local.year().unsigned_abs().into(), 1);
            }
        };
        let time = |out: &mut String| {
            push_digits(out, local.hour().unsigned_abs().into(), 2);
            out.push(':');
            push_digits(out, local.minute().unsigned_abs().into(), 2);
        };
        let mut short = String::with_capacity(16);
        if local.date() == today.date() {
            time(&mut short);
        } else if local.year() == today.year() {
            day(&mut short, false);
            short.push(' ');
            time(&mut short);
        } else {
            day(&mut short, true);
            // What is to come is planned for by the hour, whatever year it is in.
            if at > now {
                short.push(' ');
                time(&mut short);
            }
        }
        let mut full = String::with_capacity(48);
        day(&mut full, true);
        full.push(' ');
        time(&mut full);
        full.push(' ');
        full.push_str(zone.name());
        Self {
            iso: at.rfc3339(),
            short,
            full,
        }
    }
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// Up to two initials of a name, for the round face beside it.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_short_when_it_is_near() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| Zone::utc().instant(text.parse().unwrap()).unwrap();
        let now = at("2026-11-20T12:00:00");
        for (then, short, full) in [
            (
                "2026-11-20T08:04:59",
                "09:04",
                "20 Nov 2026 09:04 Europe/Berlin",
            ),
            (
                "2026-07-01T22:30:00",
                "2 Jul 00:30",
                "2 Jul 2026 00:30 Europe/Berlin",
            ),
            (
                "2009-12-31T10:00:00",
                "31 Dec 2009",
                "31 Dec 2009 11:00 Europe/Berlin",
            ),
        ] {
            let when = When::of(Words::of("en"), &berlin, now, at(then));
            assert_eq!(
                (when.iso.as_str(), when.short.as_str(), when.full.as_str()),
                (format!("{then}Z").as_str(), short, full)
            );
        }
    }

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Noor Haddad"), "NH");
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("madonna"), "M");
        assert_eq!(initials(""), "");
    }
}
