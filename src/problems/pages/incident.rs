//! Under an incident: a workaround goes into what is written, what came of it, and the incidents like it.

use actix_web::Responder;
use askama::Template;

use super::Line;
use crate::people::{Answer, Done, Flash, Form, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::problems::actions;
use crate::problems::besides::reason_text;
use crate::records::pages::{Target, press};
use crate::records::{self, Number};

/// The problem that a button names.
fn problem(form: &Form) -> Result<Number> {
    form.value("problem").parse().map_err(|()| Error::NotFound)
}

/// `POST /incidents/INC-1/workaround`: counted as used, and in the composer of the incident's page.
pub async fn use_it(visit: Visit, target: Target, form: Form) -> impl Responder {
    press(visit, target, form, move |w, v, ctx, form| {
        let problem = problem(form)?;
        actions::use_workaround(w, v, ctx, target.number, problem)?;
        let to = format!("{}?reply={problem}#body", target.path());
        Ok(Done::at(to).saying(Flash::ok("workaround-is-in-the-reply")))
    })
    .await
}

/// `POST /incidents/INC-1/workaround/outcome`: `worked` = `yes` or `no`.
pub async fn outcome(visit: Visit, target: Target, form: Form) -> impl Responder {
    press(visit, target, form, move |w, v, ctx, form| {
        let did = match form.value("worked") {
            "yes" => true,
            "no" => false,
            _ => return Err(Error::refused("error-unknown-choice")),
        };
        actions::worked(w, v, ctx, target.number, problem(form)?, did)?;
        Ok(Done::at(target.path()).saying(Flash::ok("saved")))
    })
    .await
}

#[derive(Template)]
#[template(path = "problems/similar.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    rows: Vec<Line>,
}

fn page(conn: &mut Db, visitor: &Visitor, target: Target) -> Result<Answer> {
    let record = records::find_visible(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("similar-incidents"));
    let found = actions::similar(conn, visitor, &record)?;
    let rows = found.iter().map(|(one, reasons)| {
        let why: Vec<String> = reasons.iter().map(|r| reason_text(shell.t, r)).collect();
        Line::of(
            &shell,
            one.number(),
            &one.title,
            &one.state,
            why.join(" · "),
        )
    });
    Ok(Answer::html(&Page {
        rows: rows.collect(),
        path: target.path(),
        number: target.number.to_string(),
        title: record.title,
        shell,
    }))
}

/// `GET /incidents/INC-1/similar`
pub async fn similar(visit: Visit, target: Target) -> impl Responder {
    target.page(visit, move |r, v| page(r, v, target)).await
}
