//! Services.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, agent_choices, id, saved, shell, team_choices};
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Person, Right, Shell, Team, Visit, Visitor,
};
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::{Invalid, Result};
use crate::services::{Service, find_service, list_services};
use crate::settings::actions;
use crate::settings::model::ServiceForm;

#[derive(Template)]
#[template(path = "settings/services.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: Id<Service>,
    name: String,
    owner: String,
    team: String,
    criticality: String,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "settings/service.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    is_new: bool,
    owners: Vec<Choice>,
    teams: Vec<Choice>,
    criticalities: Vec<Choice>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-services")?;
            let services = list_services(r)?;
            let owners: Vec<Id<Person>> = services.iter().filter_map(|s| s.owner_id).collect();
            let owners: HashMap<Id<Person>, String> = people::people_by_ids(r, &owners)?
                .into_iter()
                .map(|p| (p.id, p.name))
                .collect();
            let teams: HashMap<Id<Team>, String> = people::list_teams(r)?
                .into_iter()
                .map(|t| (t.id, t.name))
                .collect();
            let rows = services
                .into_iter()
                .map(|s| Row {
                    id: s.id,
                    owner: s
                        .owner_id
                        .and_then(|id| owners.get(&id).cloned())
                        .unwrap_or_default(),
                    team: s
                        .team_id
                        .and_then(|id| teams.get(&id).cloned())
                        .unwrap_or_default(),
                    criticality: shell
                        .t
                        .s(&format!("criticality-{}", s.criticality))
                        .into_owned(),
                    disabled: s.disabled_at.is_some(),
                    name: s.name,
                })
                .collect();
            Ok(Answer::html(&ListPage {
                shell,
                here: "services",
                rows,
            }))
        })
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let form = FormView::fresh().preset("criticality", 3);
            page(r, v, None, form, String::new())
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let service = actions::add_service(w, v, ctx, &given(form)?)?;
                Ok(Done::at("/settings/services")
                    .saying(Flash::ok("service-added").arg("name", service.name)))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-services")?;
            let service = find_service(r, id(&path)?)?;
            let now = ServiceForm::of(&service);
            let form = present(FormView::fresh(), &now);
            page(r, v, Some(&service), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let edit = Edit::of(form, given(form)?)?;
                let settled = actions::edit_service(w, v, ctx, id(&to)?, &edit)?;
                Ok(saved("/settings/services", settled.with_theirs))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let service = find_service(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&service), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> Result<ServiceForm> {
    let mut invalid = Invalid::default();
    let owner = form.parsed("owner", &mut invalid);
    let team = form.parsed("team", &mut invalid);
    let criticality = form.parsed("criticality", &mut invalid).unwrap_or(3);
    invalid.or(ServiceForm {
        name: form.value("name").to_owned(),
        owner,
        team,
        criticality,
        disabled: form.has("disabled"),
    })
}

fn present(form: FormView, now: &ServiceForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset(
            "owner",
            now.owner.map(|id| id.to_string()).unwrap_or_default(),
        )
        .preset(
            "team",
            now.team.map(|id| id.to_string()).unwrap_or_default(),
        )
        .preset("criticality", now.criticality);
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    service: Option<&Service>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-service-new")?;
    let (shell, action) = match service {
        Some(s) => (
            shell.titled(&s.name),
            format!("/settings/services/{}", s.id),
        ),
        None => (shell, "/settings/services".to_owned()),
    };
    Ok(Answer::html(&Page {
        here: "services",
        form,
        seen,
        action,
        is_new: service.is_none(),
        owners: agent_choices(r, service.and_then(|s| s.owner_id))?,
        teams: team_choices(r, service.and_then(|s| s.team_id))?,
        criticalities: (1..=4)
            .map(|n| {
                let label = shell.t.s(&format!("criticality-{n}")).into_owned();
                (n.to_string(), label)
            })
            .collect(),
        shell,
    }))
}
