//! Calendars: the list, and one of them with its versions.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::reader;
use super::said::{self, VersionRow};
use crate::people::{Answer, Done, Flash, Form, Shell, Visit};
use crate::platform::db::Id;
use crate::platform::kernel::error::{Error, Result};
use crate::service_levels::{self, Calendar, Kept, actions, users_of, written};
use crate::settings::pages::{id, simple};

#[derive(Template)]
#[template(path = "settings/calendars.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: Id<Kept<Calendar>>,
    name: String,
    zone: String,
    /// Who counts in it.
    users: String,
    planned: bool,
    retired: bool,
}

#[derive(Template)]
#[template(path = "settings/calendar.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    id: Id<Kept<Calendar>>,
    retired: bool,
    zone: String,
    week: Vec<(String, String)>,
    holidays: Vec<String>,
    closures: Vec<String>,
    openings: Vec<String>,
    also: Vec<(Id<Kept<Calendar>>, String)>,
    users: Vec<String>,
    versions: Vec<VersionRow>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = reader(v, "settings-calendars")?;
            let all = service_levels::all(r)?;
            let row = |kept: &Kept<Calendar>| {
                let latest = kept.latest()?;
                Some(Row {
                    id: kept.id,
                    name: kept.name.clone(),
                    zone: latest.definition.zone.clone(),
                    users: users_of(kept.id.uuid(), &all).join(", "),
                    planned: said::planned(kept, v.now),
                    retired: kept.is_retired,
                })
            };
            Ok(Answer::html(&ListPage {
                rows: all.calendars.iter().filter_map(row).collect(),
                here: "calendars",
                shell,
            }))
        })
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            let shell = reader(v, "settings-calendars")?;
            let id = id(&path)?;
            let all = service_levels::all(r)?;
            let of = |kept: &&Kept<Calendar>| kept.id == id;
            let kept = all.calendars.iter().find(of).ok_or(Error::NotFound)?;
            page(shell, &all, kept)
        })
        .await
}

fn page(shell: Shell, all: &service_levels::All, kept: &Kept<Calendar>) -> Result<Answer> {
    let latest = kept.latest().ok_or(Error::NotFound)?;
    let calendar = &latest.definition;
    let day = |(day, windows): (&str, &[_])| {
        let label = shell.t.s(&format!("field-{day}")).into_owned();
        (label, written::hours(windows))
    };
    let also = all.calendars.iter();
    let also = also.filter(|other| calendar.also.contains(&other.id.uuid()));
    Ok(Answer::html(&Page {
        here: "calendars",
        id: kept.id,
        retired: kept.is_retired,
        zone: calendar.zone.clone(),
        week: calendar.week.days().into_iter().map(day).collect(),
        holidays: calendar.holidays.iter().map(written::holiday).collect(),
        closures: calendar.closures.iter().map(written::exception).collect(),
        openings: calendar.openings.iter().map(written::exception).collect(),
        also: also.map(|other| (other.id, other.name.clone())).collect(),
        users: users_of(kept.id.uuid(), all),
        versions: said::versions(&shell, kept),
        shell: shell.titled(&kept.name),
    }))
}

pub async fn retire(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        let id = id(&path)?;
        actions::retire_calendar(w, v, ctx, id)?;
        Ok(Done::at(format!("/settings/calendars/{id}")).saying(Flash::ok("calendar-retired")))
    })
    .await
}
