//! Declaring an incident major, and what is done with one that is: another lead, another promised
//! word, taking it back.

use actix_web::{Responder, web};
use askama::Template;

use super::instants::instant;
use crate::incidents::actions::{self, Declare, PlanMajor};
use crate::incidents::rules::majors::CADENCE;
use crate::people::{self, Answer, Done, Flash, Form, FormView, Person, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::pages::{
    LONGEST_TEXT, Target, chosen, conflict, is_given, seen, written_local,
};

#[derive(Template)]
#[template(path = "incidents/major.html")]
struct MajorPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// Why it is one; nothing while it is none.
    reason: Option<String>,
    people: Vec<(String, String)>,
    main: FormView,
    withdraw: FormView,
}

impl MajorPage {
    /// What a field held when the form was made.
    fn was(&self, name: &str) -> &str {
        self.main.value(&format!("was-{name}"))
    }
}

/// A form of the page that came back.
#[derive(Clone, Copy)]
enum Back<'a> {
    Nothing,
    Main(&'a Form, Option<&'a Error>),
    Withdraw(&'a Form, Option<&'a Error>),
}

fn page(conn: &mut Db, visitor: &Visitor, target: Target, back: Back<'_>) -> Result<Answer> {
    let (record, major) = actions::found_major(conn, visitor, target.number)?;
    let heading = if major.is_some() {
        "major-incident"
    } else {
        "major-declare"
    };
    let shell = visitor.shell("queue", visitor.words.s(heading));
    let (mut main, mut withdraw) = (FormView::fresh(), FormView::fresh());
    match back {
        Back::Nothing => {}
        Back::Main(form, error) => main = FormView::again(&shell, form, error),
        Back::Withdraw(form, error) => withdraw = FormView::again(&shell, form, error),
    }
    let (lead, next) = match &major {
        Some(seen) => (seen.major.lead_id, seen.major.next_update_at),
        None => (
            record.assignee_id.unwrap_or(visitor.id),
            visitor.now.plus(CADENCE),
        ),
    };
    let next = written_local(next, &visitor.zone);
    let known = major.as_ref().map(|seen| (lead, seen.lead.clone()));
    Ok(Answer::html(&MajorPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        people: leads(conn, known)?,
        main: main
            .preset("seen", record.facts)
            .preset("major_lead", lead)
            .preset("was-major_lead", lead)
            .preset("major_next_update_at", &next)
            .preset("was-major_next_update_at", &next),
        withdraw,
        reason: major.map(|seen| seen.major.reason),
        shell,
    }))
}

/// Whoever may lead; the present one stays though they could not be chosen anew.
fn leads(conn: &mut Db, present: Option<(Id<Person>, String)>) -> Result<Vec<(String, String)>> {
    let mut all: Vec<(Id<Person>, String)> = people::list_agents(conn)?
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    if let Some(present) = present
        && all.iter().all(|(id, _)| *id != present.0)
    {
        all.insert(0, present);
    }
    Ok(all
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect())
}

/// `GET /incidents/INC-12/major`: the form that declares, or those for one that is.
pub async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_major(r, v, target.number)?;
            page(r, v, target, Back::Nothing)
        })
        .await
}

/// `POST /incidents/INC-12/major`: it is one now.
pub async fn declare(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = Declare {
                    reason: form.text("major_reason", LONGEST_TEXT, &mut invalid),
                    lead: form.parsed("major_lead", &mut invalid),
                    next_update_at: instant(form, "major_next_update_at", v, &mut invalid),
                };
                invalid.or(())?;
                actions::declare_major(w, v, ctx, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("major-declared")))
            },
            move |r, v, form, error| page(r, v, target, Back::Main(form, error)),
        )
        .await
}

/// `POST /incidents/INC-12/major/plan`: another lead, another promise.
pub async fn plan(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = planned(form, v)?;
                actions::plan_major(w, v, ctx, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict(r, v, target, "major/plan", form, conflicts)
                }
                error => page(r, v, target, Back::Main(form, error)),
            },
        )
        .await
}

fn planned(form: &Form, visitor: &Visitor) -> Result<PlanMajor> {
    const NEXT: &str = "major_next_update_at";
    let mut invalid = Invalid::default();
    let lead = chosen(form, "major_lead", &mut invalid);
    if lead == Some(None) && invalid.is_empty() {
        invalid.add("major_lead", "error-choose");
    }
    let mut command = PlanMajor {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        lead: lead.flatten(),
        next_update_at: None,
    };
    if is_given(form, NEXT) {
        command.next_update_at = instant(form, NEXT, visitor, &mut invalid);
        if command.next_update_at.is_none() && invalid.of(NEXT).is_none() {
            invalid.add(NEXT, "error-required");
        }
    }
    invalid.or(command)
}

/// `POST /incidents/INC-12/major/withdrawal`: it is none any more.
pub async fn withdraw(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("major_withdrawn_because", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                actions::withdraw_major(w, v, ctx, target.number, &reason)?;
                Ok(Done::at(target.path()).saying(Flash::ok("major-withdrawn")))
            },
            move |r, v, form, error| page(r, v, target, Back::Withdraw(form, error)),
        )
        .await
}

/// The routes of major incidents.
pub fn routes(cfg: &mut web::ServiceConfig) {
    const ONE: &str = "/{kind:incidents}/{number}/major";
    cfg.service(
        web::resource(ONE)
            .route(web::get().to(ask))
            .route(web::post().to(declare)),
    )
    .route(&format!("{ONE}/plan"), web::post().to(plan))
    .route(&format!("{ONE}/withdrawal"), web::post().to(withdraw));
}
