//! Restricting a record, with who would keep access and who would lose it, and lifting that.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::target::{SCOPE, Target};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Person, PersonBrief, Shell, Team, Visit, Visitor,
    initials,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Lost, Restrict};
use crate::records::{Record, involved, policy, restrictions, store};

/// People offered when somebody looks for one.
const FOUND: i64 = 8;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/restriction"))
            .route(web::get().to(ask))
            .route(web::post().to(restrict)),
    )
    .route(
        &format!("{SCOPE}/restriction/removal"),
        web::post().to(lift),
    );
}

#[derive(Template)]
#[template(path = "records/restriction.html")]
struct RestrictionPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    is_restricted: bool,
    form: FormView,
    lift: FormView,
    teams: Vec<(String, String)>,
    people: Vec<Candidate>,
    asked: String,
    keeps: Vec<String>,
    keeps_team: Option<String>,
    loses: Vec<(String, &'static str)>,
    loses_affected: i64,
    loses_tasks: i64,
    /// The one who restricts shuts themself out.
    loses_self: bool,
}

/// Somebody who may be named.
struct Candidate {
    id: String,
    name: String,
    initials: String,
    /// What they are to the record: a key of the catalogue.
    what: Option<&'static str>,
    named: bool,
}

/// What a form or the record says of who shall see it.
struct Chosen {
    team: Option<Id<Team>>,
    people: Vec<Id<Person>>,
}

impl Chosen {
    /// Before anybody chose: whom it names already, else who looks at it and who works on it.
    fn proposed(conn: &mut Db, visitor: &Visitor, record: &Record) -> Result<Self> {
        if record.is_restricted {
            let named = restrictions::named_of(conn, record)?;
            return Ok(Self {
                team: named.team,
                people: named.people.iter().map(|p| p.id).collect(),
            });
        }
        let mut people = vec![visitor.id];
        people.extend(record.assignee_id.filter(|id| *id != visitor.id));
        Ok(Self { team: None, people })
    }

    fn given(form: &Form) -> Self {
        Self {
            team: form.value("team").parse().ok(),
            people: form
                .all("person")
                .filter_map(|id| id.parse().ok())
                .collect(),
        }
    }
}

async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None, None))
        .await
}

async fn restrict(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form)?;
                actions::restrict(w, v, ctx, target.number, &command)?;
                // Whoever shut themself out goes back to what there is for them.
                match store::find_visible(w, v, target.number) {
                    Ok(_) => Ok(Done::at(target.path()).saying(Flash::ok("restriction-saved"))),
                    Err(Error::NotFound) => {
                        Ok(Done::at("/queue").saying(Flash::ok("restriction-saved-away")))
                    }
                    Err(e) => Err(e),
                }
            },
            move |r, v, form, error| page(r, v, target, Some((form, error)), None),
        )
        .await
}

fn command(form: &Form) -> Result<Restrict> {
    let mut invalid = Invalid::default();
    let mut people = Vec::new();
    for id in form.all("person") {
        match id.parse() {
            Ok(id) => people.push(id),
            Err(_) if invalid.of("person").is_none() => {
                invalid.add("person", "error-unknown-choice");
            }
            Err(_) => {}
        }
    }
    let command = Restrict {
        team: form.parsed("team", &mut invalid),
        people,
        reason: form.text("reason", LONGEST_TEXT, &mut invalid),
    };
    invalid.or(command)
}

async fn lift(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("lift_reason", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                actions::lift_restriction(w, v, ctx, target.number, &reason)?;
                Ok(Done::at(target.path()).saying(Flash::ok("restriction-lifted")))
            },
            move |r, v, form, error| page(r, v, target, None, Some((form, error))),
        )
        .await
}

/// `given` and `lifted` are the two forms of the page, where one came back.
fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
    lifted: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    policy::may_restrict(visitor)?;
    let shell = visitor.shell("queue", visitor.words.s("restriction-title"));
    let chosen = match given {
        Some((form, _)) => Chosen::given(form),
        None => Chosen::proposed(conn, visitor, &record)?,
    };
    let asked = given.map_or("", |(form, _)| form.value("find")).trim();
    let people = candidates(conn, visitor, &record, &chosen, asked)?;
    let again = |given: Option<(&Form, Option<&Error>)>| match given {
        Some((form, error)) => FormView::again(&shell, form, error),
        None => FormView::fresh(),
    };
    let team = chosen.team;
    let members = match team {
        Some(team) => people::members_of(conn, team)?,
        None => Vec::new(),
    };
    let sees = |id| chosen.people.contains(&id) || members.iter().any(|m| m.id == id);
    let loses = actions::loses(conn, &record, team, &chosen.people)?;
    let form = again(given).preset("team", team.map_or_else(String::new, |id| id.to_string()));
    let teams: Vec<(String, String)> = (people::list_teams(conn)?.into_iter())
        .filter(|t| t.disabled_at.is_none() || Some(t.id) == team)
        .map(|t| (t.id.to_string(), t.name))
        .collect();
    Ok(Answer::html(&RestrictionPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        is_restricted: record.is_restricted,
        lift: again(lifted),
        keeps: (people.iter())
            .filter(|p| p.named)
            .map(|p| p.name.clone())
            .collect(),
        keeps_team: (teams.iter())
            .find(|(id, _)| form.is("team", id))
            .map(|(_, name)| name.clone()),
        loses_affected: loses.affected,
        loses_tasks: loses.tasks as i64,
        loses: (loses.people.into_iter())
            .map(|(person, lost)| (person.name, lost_key(lost)))
            .collect(),
        loses_self: !sees(visitor.id),
        asked: asked.to_owned(),
        teams,
        people,
        form,
        shell,
    }))
}

const fn lost_key(lost: Lost) -> &'static str {
    match lost {
        Lost::Requester => "restriction-loses-requester",
        Lost::Caller => "restriction-loses-caller",
        Lost::Assignee => "restriction-loses-assignee",
        Lost::Watcher => "restriction-loses-watcher",
    }
}

/// Everybody who is something to the record, was chosen, or was looked for.
fn candidates(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    chosen: &Chosen,
    asked: &str,
) -> Result<Vec<Candidate>> {
    let watchers = store::watchers_of(conn, record.id)?;
    let mut ids = vec![visitor.id];
    ids.extend(record.requester_id.into_iter().chain(record.assignee_id));
    ids.extend(&chosen.people);
    let mut offered: Vec<PersonBrief> = people::people_by_ids(conn, &ids)?;
    let caller = involved::caller_of(conn, record.id)?;
    offered.extend(caller.iter().cloned());
    offered.extend(watchers.iter().cloned());
    offered.extend(people::search_people(conn, asked, FOUND)?);
    let mut candidates: Vec<Candidate> = Vec::new();
    for person in offered {
        let id = person.id.to_string();
        if candidates.iter().any(|c| c.id == id) {
            continue;
        }
        candidates.push(Candidate {
            what: if person.id == visitor.id {
                Some("restriction-you")
            } else if Some(person.id) == record.requester_id {
                Some("field-requester")
            } else if Some(person.id) == record.assignee_id {
                Some("field-assignee")
            } else if caller.as_ref().is_some_and(|c| c.id == person.id) {
                Some("field-caller")
            } else if watchers.iter().any(|w| w.id == person.id) {
                Some("field-watcher")
            } else {
                None
            },
            named: chosen.people.contains(&person.id),
            initials: initials(&person.name),
            name: person.name,
            id,
        });
    }
    Ok(candidates)
}
