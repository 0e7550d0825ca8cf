//! Freezes: the list, a new one, one that is there.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{id, joined, parted, service_choices, service_names, team_names};
use crate::changes::actions::{self, FreezeForm};
use crate::changes::besides::type_key;
use crate::changes::model::FreezeRow;
use crate::changes::rules::freezes::Freeze;
use crate::changes::rules::steps::ChangeType;
use crate::changes::store;
use crate::items::Environment;
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Team, Visit, Visitor, When,
};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::services::Service;

#[derive(Template)]
#[template(path = "changes/freezes.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    may_manage: bool,
}

struct Row {
    id: String,
    name: String,
    from: When,
    to: When,
    scope: String,
    /// Key of where it stands: to come, holding, over, switched off.
    stands: &'static str,
    /// It stops nothing any more.
    is_past: bool,
}

#[derive(Template)]
#[template(path = "changes/freeze.html")]
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
    teams: Vec<(String, String)>,
    environments: Vec<(String, String)>,
    types: Vec<(String, String)>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::Work)?;
            let shell = v.shell("changes", v.words.s("freezes"));
            let (services, teams) = (service_names(r)?, team_names(r)?);
            let row = |row: FreezeRow| {
                let stands = stands(&row, v.now);
                Row {
                    id: row.id.to_string(),
                    from: shell.when(row.starts_at),
                    to: shell.when(row.ends_at),
                    scope: scope_in_words(&shell, &actions::freeze(&row), &services, &teams),
                    stands,
                    is_past: ["state-disabled", "freeze-over"].contains(&stands),
                    name: row.name,
                }
            };
            let rows = store::list_freezes(r)?.into_iter().map(row).collect();
            Ok(Answer::html(&ListPage {
                rows,
                may_manage: v.has(Right::ManageChanges),
                shell,
            }))
        })
        .await
}

/// Key of where a freeze stands at an instant.
fn stands(row: &FreezeRow, now: Utc) -> &'static str {
    match row.disabled_at {
        Some(_) => "state-disabled",
        None if row.ends_at <= now => "freeze-over",
        None if row.starts_at <= now => "freeze-holds",
        None => "freeze-to-come",
    }
}

/// What a freeze is about: its services, teams, environments and types, or everything.
pub fn scope_in_words(
    shell: &Shell,
    freeze: &Freeze<FreezeRow>,
    services: &HashMap<Id<Service>, String>,
    teams: &HashMap<Id<Team>, String>,
) -> String {
    let t = shell.t;
    let scope = &freeze.scope;
    let services = scope
        .services
        .iter()
        .filter_map(|id| services.get(id).cloned());
    let teams = scope.teams.iter().filter_map(|id| teams.get(id).cloned());
    let environment = |word: &String| t.s(&format!("environment-{word}")).into_owned();
    let environments = scope.environments.iter().map(environment);
    let types = scope.types.iter().map(|of| t.s(type_key(*of)).into_owned());
    let lists: [Vec<String>; 4] = [
        services.collect(),
        teams.collect(),
        environments.collect(),
        types.collect(),
    ];
    let said = lists.iter().filter(|list| !list.is_empty());
    let said: Vec<String> = said.map(|list| list.join(", ")).collect();
    match said.is_empty() {
        true => t.s("freeze-of-everything").into_owned(),
        false => said.join(" · "),
    }
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::ManageChanges)?;
            page(r, v, None, FormView::fresh(), String::new())
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let added = actions::add_freeze(w, v, ctx, &given(form))?;
                let flash = Flash::ok("freeze-added").arg("name", added.name);
                Ok(Done::at("/changes/freezes").saying(flash))
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
            let found = store::find_freeze(r, id(&path)?)?;
            let now = actions::freeze_form(&found, &v.zone);
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
                actions::edit_freeze(w, v, ctx, id(&to)?, &edit)?;
                Ok(Done::at("/changes/freezes").saying(Flash::ok("saved")))
            },
            move |r, v, form, error| {
                v.needs(Right::ManageChanges)?;
                let found = store::find_freeze(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&found), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> FreezeForm {
    let value = |name: &str| form.value(name).to_owned();
    FreezeForm {
        name: value("name"),
        freeze_reason: value("freeze_reason").replace("\r\n", "\n"),
        starts_at: value("starts_at"),
        ends_at: value("ends_at"),
        freeze_services: joined(form, "freeze_services"),
        freeze_teams: joined(form, "freeze_teams"),
        freeze_environments: joined(form, "freeze_environments"),
        freeze_types: joined(form, "freeze_types"),
        disabled: form.has("disabled"),
    }
}

fn present(form: FormView, now: &FreezeForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset("freeze_reason", &now.freeze_reason)
        .preset("starts_at", &now.starts_at)
        .preset("ends_at", &now.ends_at)
        .preset_all("freeze_services", &parted(&now.freeze_services))
        .preset_all("freeze_teams", &parted(&now.freeze_teams))
        .preset_all("freeze_environments", &parted(&now.freeze_environments))
        .preset_all("freeze_types", &parted(&now.freeze_types));
    match now.disabled {
        true => form.preset("disabled", "on"),
        false => form,
    }
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    found: Option<&FreezeRow>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = visitor.shell("changes", visitor.words.s("freeze-new"));
    let (shell, action, chosen) = match found {
        Some(found) => (
            {
                let title = shell.t.s("freeze");
                shell.titled(title)
            },
            format!("/changes/freezes/{}", found.id),
            found.services.clone(),
        ),
        None => (shell, "/changes/freezes".to_owned(), String::new()),
    };
    let t = shell.t;
    let teams = people::list_teams(conn)?.into_iter();
    let teams = teams.filter(|team| team.disabled_at.is_none());
    let environment = |e: &Environment| {
        let label = t.s(&format!("environment-{}", e.word())).into_owned();
        (e.word().to_owned(), label)
    };
    let of_type = |c: &ChangeType| (c.word().to_owned(), t.s(type_key(*c)).into_owned());
    Ok(Answer::html(&Page {
        services: service_choices(conn, &chosen)?,
        teams: teams.map(|t| (t.id.to_string(), t.name)).collect(),
        environments: Environment::ALL.iter().map(environment).collect(),
        types: ChangeType::ALL.iter().map(of_type).collect(),
        name: found.map_or_else(String::new, |found| found.name.clone()),
        is_new: found.is_none(),
        may_manage: visitor.has(Right::ManageChanges),
        action,
        seen,
        form,
        shell,
    }))
}
