//! Maintenance windows: the list, a new one, one that is there.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{WEEKDAYS, id, joined, parted, service_choices, service_names};
use crate::changes::actions::{self, MaintenanceForm};
use crate::changes::model::Maintenance;
use crate::changes::store;
use crate::items::Environment;
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    self, Answer, COMMON_ZONES, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::services::Service;

#[derive(Template)]
#[template(path = "changes/maintenance.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    may_manage: bool,
}

struct Row {
    id: String,
    name: String,
    scope: String,
    /// Days and hours, in words.
    hours: String,
    zone: String,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "changes/maintenance_window.html")]
struct Page {
    shell: Shell,
    action: String,
    /// What people call it; nothing of a new one.
    name: String,
    is_new: bool,
    may_manage: bool,
    seen: String,
    form: FormView,
    services: Vec<(String, String)>,
    environments: Vec<(String, String)>,
    days: Vec<(String, String)>,
    zones: &'static [&'static str],
}

fn day(shell: &Shell, n: usize) -> String {
    shell
        .t
        .s(WEEKDAYS.get(n).copied().unwrap_or("day-monday"))
        .into_owned()
}

/// Its days and hours.
pub fn hours_in_words(shell: &Shell, row: &Maintenance) -> String {
    let form = actions::maintenance_form(row);
    let days = (0..7usize).filter(|n| row.days >> n & 1 == 1);
    let days: Vec<String> = days.map(|n| day(shell, n)).collect();
    shell.t.with(
        "maintenance-hours",
        [
            ("days", days.join(", ").as_str()),
            ("opens", form.maintenance_opens.as_str()),
            ("minutes", form.maintenance_minutes.as_str()),
        ],
    )
}

/// The service and the environment it is about.
pub fn scope_in_words(
    shell: &Shell,
    row: &Maintenance,
    services: &HashMap<Id<Service>, String>,
) -> String {
    let t = shell.t;
    let service = row.service_id.and_then(|id| services.get(&id).cloned());
    let environment = match row.environment.as_str() {
        "" => t.s("maintenance-every-environment"),
        word => t.s(&format!("environment-{word}")),
    };
    let every = || t.s("maintenance-every-service").into_owned();
    format!("{} · {environment}", service.unwrap_or_else(every))
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::Work)?;
            let shell = v.shell("changes", v.words.s("maintenance-windows"));
            let names = service_names(r)?;
            let rows = store::list_maintenance(r)?;
            let row = |row: Maintenance| Row {
                id: row.id.to_string(),
                scope: scope_in_words(&shell, &row, &names),
                hours: hours_in_words(&shell, &row),
                name: row.name,
                zone: row.zone,
                disabled: row.disabled_at.is_some(),
            };
            let rows = rows.into_iter().map(row).collect();
            Ok(Answer::html(&ListPage {
                rows,
                may_manage: v.has(Right::ManageChanges),
                shell,
            }))
        })
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::ManageChanges)?;
            let form = FormView::fresh().preset("zone", people::default_zone(r)?);
            page(r, v, None, form, String::new())
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let added = actions::add_maintenance(w, v, ctx, &given(form))?;
                let flash = Flash::ok("maintenance-added").arg("name", added.name);
                Ok(Done::at("/changes/maintenance").saying(flash))
            },
            |r, v, form, error| {
                v.needs(Right::ManageChanges)?;
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            v.needs(Right::Work)?;
            let found = store::find_maintenance(r, id(&path)?)?;
            let now = actions::maintenance_form(&found);
            let form = present(FormView::fresh(), &now);
            page(r, v, Some(&found), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                v.needs(Right::ManageChanges)?;
                let edit = Edit::of(form, given(form))?;
                actions::edit_maintenance(w, v, ctx, id(&to)?, &edit)?;
                Ok(Done::at("/changes/maintenance").saying(Flash::ok("saved")))
            },
            move |r, v, form, error| {
                v.needs(Right::ManageChanges)?;
                let found = store::find_maintenance(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&found), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> MaintenanceForm {
    let value = |name: &str| form.value(name).to_owned();
    MaintenanceForm {
        name: value("name"),
        service: value("service"),
        environment: value("environment"),
        zone: value("zone"),
        maintenance_days: joined(form, "maintenance_days"),
        maintenance_opens: value("maintenance_opens"),
        maintenance_minutes: value("maintenance_minutes"),
        disabled: form.has("disabled"),
    }
}

fn present(form: FormView, now: &MaintenanceForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset("service", &now.service)
        .preset("environment", &now.environment)
        .preset("zone", &now.zone)
        .preset_all("maintenance_days", &parted(&now.maintenance_days))
        .preset("maintenance_opens", &now.maintenance_opens)
        .preset("maintenance_minutes", &now.maintenance_minutes);
    match now.disabled {
        true => form.preset("disabled", "on"),
        false => form,
    }
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    found: Option<&Maintenance>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = visitor.shell("changes", visitor.words.s("maintenance-new"));
    let (shell, action) = match found {
        Some(found) => (
            {
                let title = shell.t.s("maintenance-window");
                shell.titled(title)
            },
            format!("/changes/maintenance/{}", found.id),
        ),
        None => (shell, "/changes/maintenance".to_owned()),
    };
    let environment = |e: &Environment| {
        let label = shell.t.s(&format!("environment-{}", e.word())).into_owned();
        (e.word().to_owned(), label)
    };
    Ok(Answer::html(&Page {
        services: service_choices(conn, form.value("service"))?,
        environments: Environment::ALL.iter().map(environment).collect(),
        days: (0..7usize)
            .map(|n| (n.to_string(), day(&shell, n)))
            .collect(),
        zones: COMMON_ZONES,
        name: found.map_or_else(String::new, |found| found.name.clone()),
        is_new: found.is_none(),
        may_manage: visitor.has(Right::ManageChanges),
        action,
        seen,
        form,
        shell,
    }))
}
