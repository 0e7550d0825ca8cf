//! Accepting the risk of a problem until a day.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{self, Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};
use crate::problems::actions;
use crate::records::pages::{LONGEST_TEXT, Target, read_local};

#[derive(Template)]
#[template(path = "problems/risk.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// Who owns it; it needs somebody.
    owner: Option<String>,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "risk-accept")?;
    let owner = match top.found.record.assignee_id {
        Some(id) => Some(people::find_person(conn, id)?.name),
        None => None,
    };
    let shell = top.shell;
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        owner,
        form: form(&shell),
        shell,
    }))
}

/// `GET /problems/PRB-1/risk`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, |_| FormView::fresh()))
        .await
}

/// `POST /problems/PRB-1/risk`
pub async fn accept(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("text", LONGEST_TEXT, &mut invalid);
                let typed = form.value("review_at").trim();
                let review_at = read_local(typed, &v.zone);
                if review_at.is_none() && !typed.is_empty() {
                    invalid.add("review_at", "error-not-a-date");
                }
                invalid.or(())?;
                actions::accept_risk(w, v, ctx, target.number, &reason, review_at)?;
                Ok(Done::at(target.path()).saying(Flash::ok("risk-accepted")))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
