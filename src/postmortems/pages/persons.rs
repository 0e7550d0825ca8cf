//! Who leads it, reviews it and was there; the meeting; by when it is due.

use actix_web::Responder;
use askama::Template;

use super::{Top, agents};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, People};
use crate::postmortems::store;
use crate::records::pages::{LONGEST_LINE, Target, read_local, written_local};

#[derive(Template)]
#[template(path = "postmortems/people.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
    people: Vec<(String, String)>,
    may_set_due: bool,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "postmortem-people")?;
    let (shell, of) = (top.shell, &top.found.of);
    let there = store::participants_of(conn, top.found.record.id)?;
    let there: Vec<_> = there.into_iter().map(|who| who.person_id).collect();
    let named: Vec<_> = there
        .iter()
        .copied()
        .chain(of.facilitator_id)
        .chain(of.reviewer_id)
        .collect();
    let text = |id: Option<Id<_>>| id.map_or(String::new(), |id: Id<_>| id.to_string());
    let at = |at: Option<Utc>| at.map_or(String::new(), |at| written_local(at, &shell.zone));
    let form = match given {
        Some((form, error)) => FormView::again(&shell, form, error),
        None => {
            let ids: Vec<String> = there.iter().map(ToString::to_string).collect();
            FormView::fresh()
                .preset("facilitator", text(of.facilitator_id))
                .preset("reviewer", text(of.reviewer_id))
                .preset("meeting_at", at(of.meeting_at))
                .preset("meeting_place", &of.meeting_place)
                .preset("due_at", at(of.due_at))
                .preset_all("participants", &ids)
        }
    };
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        form,
        people: agents(conn, &top.found.record, &named)?,
        may_set_due: visitor.has(Right::Manage),
        shell,
    }))
}

/// `GET /postmortems/PM-1/people`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

fn instant(
    visitor: &Visitor,
    form: &Form,
    name: &'static str,
    invalid: &mut Invalid,
) -> Option<Utc> {
    match form.value(name).trim() {
        "" => None,
        written => {
            let at = read_local(written, &visitor.zone);
            if at.is_none() {
                invalid.add(name, "error-not-a-date");
            }
            at
        }
    }
}

/// `POST /postmortems/PM-1/people`
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let present = actions::found(w, v, target.number)?.of.due_at;
                let written = present.map(|at| written_local(at, &v.zone));
                // A field shows minutes: what was left alone stays to the second.
                let due_at =
                    match !form.has("due_at") || written.as_deref() == Some(form.value("due_at")) {
                        true => present,
                        false => instant(v, form, "due_at", &mut invalid),
                    };
                let mut participants = Vec::new();
                for text in form.all("participants").filter(|text| !text.is_empty()) {
                    match text.parse() {
                        Ok(id) => participants.push(id),
                        Err(_) => invalid.add("participants", "error-unknown-choice"),
                    }
                }
                let command = People {
                    facilitator: form.parsed("facilitator", &mut invalid),
                    reviewer: form.parsed("reviewer", &mut invalid),
                    participants,
                    meeting_at: instant(v, form, "meeting_at", &mut invalid),
                    meeting_place: form.line("meeting_place", LONGEST_LINE, &mut invalid),
                    due_at,
                };
                invalid.or(())?;
                actions::edit_people(w, v, ctx, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((form, error))),
        )
        .await
}
