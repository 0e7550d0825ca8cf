//! Somebody leaves: what they still hold, who goes on with it, and one press.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, id, shell};
use crate::people::{
    Answer, Done, Flash, Form, FormView, Person, PersonBrief, Shell, Visit, Visitor, find_person,
    list_agents,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::GiveTo;
use crate::records::{HeldRecord, Practices};
use crate::settings::actions::{Holds, Leave, REPORTS_NAMED, leave, print_of};

/// So many of the records and tasks are named.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "settings/leaving.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    id: Id<Person>,
    name: String,
    disabled: bool,
    seen: String,
    records: Vec<Line>,
    records_n: usize,
    without_team: usize,
    tasks: Vec<Line>,
    tasks_n: usize,
    as_requester: i64,
    watched: i64,
    services: Vec<(String, String)>,
    teams: Vec<(String, String)>,
    reports: Vec<(String, String)>,
    more_reports: bool,
    agents: Vec<Choice>,
}

/// A record, or a task on one.
struct Line {
    path: String,
    number: String,
    title: String,
}

impl Line {
    fn of(record: &HeldRecord, title: &str) -> Self {
        Self {
            path: format!("/{}/{}", record.kind.path(), record.number()),
            number: record.number().to_string(),
            title: title.to_owned(),
        }
    }
}

impl Page {
    fn holds_work(&self) -> bool {
        self.records_n + self.tasks_n > 0
    }
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| page(r, v, &path, FormView::fresh().preset("to", "teams")))
        .await
}

pub async fn take(
    visit: Visit,
    path: web::Path<String>,
    form: Form,
    practices: web::Data<Practices>,
) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    let practices = *practices.into_inner();
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                shell(v, "settings-people")?;
                let command = given(form)?;
                let person = leave(w, v, ctx, practices, id(&to)?, &command)?;
                Ok(Done::at(format!("/settings/people/{}", person.id))
                    .saying(Flash::ok("person-disabled").arg("name", person.name)))
            },
            move |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, &of, view)
            },
        )
        .await
}

fn given(form: &Form) -> Result<Leave> {
    let mut invalid = Invalid::default();
    let to = match form.value("to") {
        "teams" => Some(GiveTo::Teams),
        "person" => {
            let person = form.parsed("assignee", &mut invalid);
            if person.is_none() && invalid.is_empty() {
                invalid.add("assignee", "error-required");
            }
            person.map(GiveTo::Person)
        }
        _ => None,
    };
    invalid.or(Leave {
        seen: Some(form.value("seen").to_owned()),
        to,
    })
}

fn page(r: &mut Db, v: &Visitor, path: &str, form: FormView) -> Result<Answer> {
    let shell = shell(v, "person-leaves")?;
    let person = find_person(r, id(path)?)?;
    if person.erased.is_some() {
        return Err(Error::refused("person-is-erased"));
    }
    let holds = Holds::of(r, v, person.id)?;
    let held = &holds.held;
    let agents = list_agents(r)?.into_iter().filter(|a| a.id != person.id);
    let records = held.records.iter().take(NAMED);
    let tasks = held.tasks.iter().take(NAMED);
    Ok(Answer::html(&Page {
        here: "people",
        form,
        id: person.id,
        disabled: person.disabled_at.is_some(),
        seen: print_of(held),
        records: records.map(|one| Line::of(one, &one.title)).collect(),
        records_n: held.records.len(),
        without_team: held
            .records
            .iter()
            .filter(|one| one.team_id.is_none())
            .count(),
        tasks: tasks
            .map(|task| Line::of(&task.record, &task.title))
            .collect(),
        tasks_n: held.tasks.len(),
        as_requester: holds.as_requester,
        watched: holds.watched,
        services: holds
            .services
            .iter()
            .map(|s| (format!("/settings/services/{}", s.id), s.name.clone()))
            .collect(),
        teams: holds
            .teams
            .iter()
            .map(|t| (format!("/settings/teams/{}", t.id), t.name.clone()))
            .collect(),
        more_reports: holds.reports.len() > REPORTS_NAMED,
        reports: holds
            .reports
            .iter()
            .take(REPORTS_NAMED)
            .map(person_link)
            .collect(),
        agents: agents.map(|a| (a.id.to_string(), a.name)).collect(),
        name: person.name,
        shell,
    }))
}

fn person_link(person: &PersonBrief) -> (String, String) {
    (
        format!("/settings/people/{}", person.id),
        person.name.clone(),
    )
}
