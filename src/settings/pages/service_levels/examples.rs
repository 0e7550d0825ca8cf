//! What the targets of an agreement mean, shown on three reports to come: a plain one, one before closed
//! days, one before the clocks change.

use actix_web::HttpResponse;
use actix_web::web::Query;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::people::{Answer, Right, Shell, Visit};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::zone::Zone;
use crate::platform::words::Words;
use crate::service_levels::fields::TARGETS;
use crate::service_levels::{self, Agreement, Shows, Span, examples};

/// The examples of one target.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub target: String,
    pub rows: Vec<Row>,
}

/// All of them, and in which zone.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Examples {
    pub examples: Vec<Shown>,
    /// "Times in Europe/London".
    pub zone: String,
}

/// One example in words.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub what: String,
    pub reported: String,
    pub due: String,
}

/// The fields of a form that examples are made of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    calendar: String,
    first_response: String,
    resolution: String,
    next_update: String,
    team_time: String,
    supplier_time: String,
}

impl Asked {
    fn targets(&self) -> Vec<(&'static str, Span)> {
        let texts = [
            ("first_response", &self.first_response),
            ("resolution", &self.resolution),
            ("next_update", &self.next_update),
            ("team_time", &self.team_time),
            ("supplier_time", &self.supplier_time),
        ];
        // What is not understood is said when the form is sent; here it is nothing yet.
        let read = |(field, text): (_, &String)| Some((field, text.parse().ok()?));
        texts.into_iter().filter_map(read).collect()
    }
}

/// `GET /settings/agreements/examples`: the same examples while somebody types.
pub async fn answer(visit: Visit, asked: Query<Asked>) -> HttpResponse {
    visit
        .page(move |r, v| {
            v.needs(Right::Administer)?;
            let shell = v.shell("", "");
            let calendar = asked.calendar.parse().unwrap_or_default();
            Ok(Answer::json(&shown(r, &shell, calendar, &asked.targets())?))
        })
        .await
}

/// The examples of a form as it is filled in now.
pub fn of_form(r: &mut Db, shell: &Shell, value: &dyn Fn(&str) -> String) -> Result<Examples> {
    let asked = Asked {
        calendar: value("calendar"),
        first_response: value("first_response"),
        resolution: value("resolution"),
        next_update: value("next_update"),
        team_time: value("team_time"),
        supplier_time: value("supplier_time"),
    };
    let calendar = asked.calendar.parse().unwrap_or_default();
    shown(r, shell, calendar, &asked.targets())
}

/// The examples of an agreement.
pub fn of_agreement(r: &mut Db, shell: &Shell, agreement: &Agreement) -> Result<Examples> {
    let target = |(target, field)| Some((field, *agreement.targets.get(&target)?));
    let targets: Vec<(&str, Span)> = TARGETS.into_iter().filter_map(target).collect();
    shown(r, shell, agreement.calendar, &targets)
}

fn shown(
    r: &mut Db,
    shell: &Shell,
    calendar: Uuid,
    targets: &[(&'static str, Span)],
) -> Result<Examples> {
    let Some(catalogue) = service_levels::catalogue(r)? else {
        return Ok(Examples::default());
    };
    let Some(timeline) = catalogue.calendar(calendar) else {
        return Ok(Examples::default());
    };
    let version = timeline.at(shell.now);
    let zone = version.and_then(|version| version.hours.zone());
    let zone = zone.cloned().unwrap_or_else(Zone::utc);
    let t = shell.t;
    let of = |(field, span): &(&str, Span)| {
        let row = |example: service_levels::Example| Row {
            what: match example.shows {
                Shows::Plain => t.s("example-plain").into_owned(),
                Shows::ClosedDays => t.s("example-closed-days").into_owned(),
                Shows::ClockChange(at) => t.with1("example-clock-change", "at", day(t, &zone, at)),
            },
            reported: moment(t, &zone, example.reported_at),
            due: example.due_at.map_or_else(
                || t.s("example-never").into_owned(),
                |at| moment(t, &zone, at),
            ),
        };
        Shown {
            target: t
                .s(&format!("field-{}", field.replace('_', "-")))
                .into_owned(),
            rows: examples(*span, timeline, shell.now)
                .into_iter()
                .map(row)
                .collect(),
        }
    };
    Ok(Examples {
        examples: targets.iter().map(of).collect(),
        zone: t.with1("time-zone-note", "zone", zone.name()),
    })
}

/// `Thu 24 Dec 2026 17:00`, on the wall of the calendar's zone.
fn moment(t: Words, zone: &Zone, at: Utc) -> String {
    let local = zone.local(at);
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let day = day(t, zone, at);
    t.with2("example-moment", "day", day.as_str(), "time", time.as_str())
}

fn day(t: Words, zone: &Zone, at: Utc) -> String {
    const DAYS: [&str; 7] = [
        "day-monday",
        "day-tuesday",
        "day-wednesday",
        "day-thursday",
        "day-friday",
        "day-saturday",
        "day-sunday",
    ];
    let local = zone.local(at);
    let weekday = usize::from(
        local
            .date()
            .weekday()
            .to_monday_zero_offset()
            .unsigned_abs(),
    );
    let month = format!("month-{}", local.month());
    let words = [
        (
            "weekday",
            t.s(DAYS.get(weekday).copied().unwrap_or_default()),
        ),
        ("day", local.day().to_string().into()),
        ("month", t.s(&month)),
        ("year", local.year().to_string().into()),
    ];
    t.with("example-day", words)
}
