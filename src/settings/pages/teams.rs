//! Teams, their members, and the desk's own team.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, agent_choices, id, saved, shell, simple, team_choices};
use crate::people::actions::{self, By};
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Person, PersonBrief, Right, Shell, Team, TeamForm,
    Visit, Visitor,
};
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::text;
use crate::services;
use crate::settings;

/// How many people are proposed as new members.
const PROPOSED: usize = 20;

#[derive(Template)]
#[template(path = "settings/teams.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
    form: FormView,
    desk: Vec<Choice>,
}

struct Row {
    id: Id<Team>,
    name: String,
    lead: String,
    members: i64,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "settings/team.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    leads: Vec<Choice>,
    team: Option<Members>,
}

struct Members {
    id: Id<Team>,
    members: Vec<PersonBrief>,
    asked: String,
    found: Vec<PersonBrief>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit.page(|r, v| list_page(r, v, FormView::fresh())).await
}

fn list_page(r: &mut Read<'_>, v: &Visitor, form: FormView) -> Result<Answer> {
    let shell = shell(v, "settings-teams")?;
    let teams = people::list_teams(r)?;
    let counts: HashMap<Id<Team>, i64> = people::count_members(r)?.into_iter().collect();
    let leads: Vec<Id<Person>> = teams.iter().filter_map(|t| t.lead_id).collect();
    let names: HashMap<Id<Person>, String> = people::people_by_ids(r, &leads)?
        .into_iter()
        .map(|p| (p.id, p.name))
        .collect();
    let desk: Option<Id<Team>> = services::setting(r, "desk_team")?.and_then(|t| t.parse().ok());
    let rows = teams
        .into_iter()
        .map(|team| Row {
            id: team.id,
            lead: team
                .lead_id
                .and_then(|lead| names.get(&lead).cloned())
                .unwrap_or_default(),
            members: counts.get(&team.id).copied().unwrap_or_default(),
            disabled: team.disabled_at.is_some(),
            name: team.name,
        })
        .collect();
    Ok(Answer::html(&ListPage {
        here: "teams",
        rows,
        form: form.preset("team", desk.map(|id| id.to_string()).unwrap_or_default()),
        desk: team_choices(r, desk)?,
        shell,
    }))
}

pub async fn set_desk(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let team = form.parsed("team", &mut invalid);
                invalid.or(())?;
                settings::actions::set_desk_team(w, v, ctx, team)?;
                Ok(saved("/settings/teams", false))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                list_page(r, v, view)
            },
        )
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| page(r, v, None, FormView::fresh(), String::new()))
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let team = actions::add_team(w, By::Visitor(v), ctx, &given(form)?)?;
                Ok(Done::at(format!("/settings/teams/{}", team.id))
                    .saying(Flash::ok("team-added").arg("name", team.name)))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(
    visit: Visit,
    path: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-teams")?;
            let team = people::find_team(r, id(&path)?)?;
            let now = TeamForm::of(&team);
            let asked = query.get("q").map_or("", String::as_str);
            let form = present(FormView::fresh(), &now);
            let members = members(r, &team, asked)?;
            page(r, v, Some((&team, members)), form, meanwhile::seen(&now))
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
                let settled = actions::edit_team(w, By::Visitor(v), ctx, id(&to)?, &edit)?;
                Ok(saved(
                    format!("/settings/teams/{}", settled.value.id),
                    settled.with_theirs,
                ))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let team = people::find_team(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                let members = members(r, &team, "")?;
                page(r, v, Some((&team, members)), view, seen)
            },
        )
        .await
}

pub async fn add_member(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, form| {
        let (team, person) = (id(&path)?, id(form.value("person"))?);
        let person = actions::add_member(w, By::Visitor(v), ctx, team, person)?;
        Ok(Done::at(format!("/settings/teams/{team}#members"))
            .saying(Flash::ok("team-member-added").arg("name", person.name)))
    })
    .await
}

pub async fn remove_member(
    visit: Visit,
    path: web::Path<(String, String)>,
    form: Form,
) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        let (team, person) = (id(&path.0)?, id(&path.1)?);
        let person = actions::remove_member(w, By::Visitor(v), ctx, team, person)?;
        Ok(Done::at(format!("/settings/teams/{team}#members"))
            .saying(Flash::ok("team-member-removed").arg("name", person.name)))
    })
    .await
}

fn given(form: &Form) -> Result<TeamForm> {
    let mut invalid = Invalid::default();
    let lead = form.parsed("lead", &mut invalid);
    invalid.or(TeamForm {
        name: form.value("name").to_owned(),
        lead,
        disabled: form.has("disabled"),
    })
}

fn present(form: FormView, now: &TeamForm) -> FormView {
    let lead = now.lead.map(|id| id.to_string()).unwrap_or_default();
    let form = form.preset("name", &now.name).preset("lead", lead);
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

/// Who belongs to a team and who is proposed: those found, else those with a role.
fn members(r: &mut Read<'_>, team: &Team, asked: &str) -> Result<Members> {
    let members = people::members_of(r, team.id)?;
    let asked = text::clean_line(asked, 300).unwrap_or_default();
    let mut found = if asked.is_empty() {
        people::list_agents(r)?
    } else {
        people::search_people(r, &asked, (PROPOSED + members.len()) as i64)?
    };
    found.retain(|person| members.iter().all(|m| m.id != person.id));
    found.truncate(PROPOSED);
    Ok(Members {
        id: team.id,
        members,
        asked,
        found,
    })
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    team: Option<(&Team, Members)>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-team-new")?;
    let lead = team.as_ref().and_then(|(team, _)| team.lead_id);
    let leads = agent_choices(r, lead)?;
    let (shell, action) = match &team {
        Some((team, _)) => (
            shell.titled(&team.name),
            format!("/settings/teams/{}", team.id),
        ),
        None => (shell, "/settings/teams".to_owned()),
    };
    Ok::<_, Error>(Answer::html(&Page {
        shell,
        here: "teams",
        form,
        seen,
        action,
        leads,
        team: team.map(|(_, members)| members),
    }))
}
