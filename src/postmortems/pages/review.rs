//! Review and publishing: what is missing, sending it to its reviewer, giving it back, publishing it,
//! taking it up again.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions;
use crate::postmortems::store;
use crate::records::pages::{LONGEST_TEXT, Target};

#[derive(Template)]
#[template(path = "postmortems/review.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    state: String,
    /// What stops publishing, and what is worth a second look.
    stops: Vec<&'static str>,
    advice: Vec<&'static str>,
    reviewer: String,
    is_reviewer: bool,
    has_actions: bool,
    back: FormView,
    act: FormView,
    waive: FormView,
}

/// Which form came back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Act,
    Back,
    Waive,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(Which, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "postmortem-review")?;
    let shell = top.shell;
    let missing = actions::missing_of(conn, &top.found)?;
    let (stops, advice): (Vec<_>, Vec<_>) = missing.into_iter().partition(|what| what.stops());
    let reviewer = top.found.of.reviewer_id;
    let names = store::names(conn, reviewer)?;
    let items = store::items_of(conn, Some(visitor), top.found.record.id)?;
    let view = |of: Which| match given {
        Some((which, form, error)) if which == of => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let keys = |all: Vec<_>| all.into_iter().map(actions::missing_key).collect();
    Ok(Answer::html(&Page {
        stops: keys(stops),
        advice: keys(advice),
        reviewer: reviewer
            .and_then(|id| names.get(&id).cloned())
            .unwrap_or_default(),
        is_reviewer: reviewer == Some(visitor.id),
        has_actions: !items.is_empty(),
        back: view(Which::Back),
        act: view(Which::Act),
        waive: view(Which::Waive).preset("reason", &top.found.of.no_action_reason),
        state: top.found.record.state.clone(),
        path: top.path,
        number: top.number,
        title: top.title,
        shell,
    }))
}

/// `GET /postmortems/PM-1/review`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /postmortems/PM-1/review`: to the reviewer.
pub async fn submit(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, _| {
                actions::submit(w, v, ctx, target.number)?;
                Ok(Done::at(target.path()).saying(Flash::ok("postmortem-is-submitted")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Act, form, error))),
        )
        .await
}

fn reason(form: &Form) -> Result<String> {
    let mut invalid = Invalid::default();
    let reason = form.text("reason", LONGEST_TEXT, &mut invalid);
    invalid.or(reason)
}

/// `POST /postmortems/PM-1/review/return`
pub async fn back(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::return_to_draft(w, v, ctx, target.number, &reason(form)?)?;
                Ok(Done::at(target.path()).saying(Flash::ok("postmortem-is-returned")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Back, form, error))),
        )
        .await
}

/// `POST /postmortems/PM-1/publication`
pub async fn publish(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, _| {
                actions::publish(w, v, ctx, target.number)?;
                Ok(Done::at(target.path()).saying(Flash::ok("postmortem-is-published")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Act, form, error))),
        )
        .await
}

/// `POST /postmortems/PM-1/revision`
pub async fn revise(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::revise(w, v, ctx, target.number, &reason(form)?)?;
                Ok(Done::at(target.path()).saying(Flash::ok("postmortem-is-revised")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Back, form, error))),
        )
        .await
}

/// `POST /postmortems/PM-1/no-actions`: why there is none.
pub async fn waive(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::decline_actions(w, v, ctx, target.number, &reason(form)?)?;
                let path = format!("{}/review", target.path());
                Ok(Done::at(path).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Waive, form, error))),
        )
        .await
}
