//! The incidents of a problem: what they cost, linking more of them, taking some away.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;

use super::{Line, Top, numbers};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::problems::actions;
use crate::problems::besides::{cost_of, cost_parts};
use crate::problems::store;
use crate::records::pages::Target;
use crate::records::{Number, Part, Record};

/// Incidents on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "problems/incidents.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    cost: Vec<Part>,
    rows: Vec<(Line, When)>,
    /// The key of the page after this one.
    next: Option<String>,
    link: FormView,
    unlink: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    before: Option<Id<Record>>,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "problem-incidents-link")?;
    let shell = top.shell;
    let unlinks = given.is_some_and(|(form, _)| form.value("do") == "unlink");
    let view = |of: bool| match given {
        Some((form, error)) if of == unlinks => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let cost = cost_of(conn, visitor, &top.found.record)?;
    let cost = cost_parts(conn, &shell, &cost)?;
    let (link, unlink) = (view(false), view(true));
    let limit = PAGE as i64 + 1;
    let mut rows = store::linked(conn, visitor, top.found.record.id, before, limit)?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok(Answer::html(&Page {
        next: rows.last().filter(|_| more).map(|row| row.id.to_string()),
        rows: rows
            .iter()
            .map(|row| {
                let line = Line::of(&shell, row.number(), &row.title, &row.state, String::new());
                (line, shell.when(row.reported_at))
            })
            .collect(),
        path: top.path,
        number: top.number,
        title: top.title,
        cost,
        link,
        unlink,
        shell,
    }))
}

/// `GET /problems/PRB-1/incidents?before=`
pub async fn show(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> impl Responder {
    let before = query.get("before").and_then(|id| id.parse().ok());
    target
        .page(visit, move |r, v| page(r, v, target, before, None))
        .await
}

/// `POST /problems/PRB-1/incidents`: `do` = `link` the numbers typed, or `unlink` those ticked.
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let number = target.number;
                let flash = match form.value("do") {
                    "unlink" => {
                        let ticked = form.all("incident").filter_map(|one| one.parse().ok());
                        let ticked: Vec<Number> = ticked.collect();
                        let gone = actions::unlink_incidents(w, v, ctx, number, &ticked)?;
                        Flash::ok("problem-unlinked").arg("count", gone)
                    }
                    _ => {
                        let typed = numbers("incidents", form.value("incidents"), &mut invalid);
                        invalid.or(())?;
                        let linked = actions::link_incidents(w, v, ctx, number, &typed)?;
                        Flash::ok("problem-linked").arg("count", linked)
                    }
                };
                Ok(Done::at(format!("{}/incidents", target.path())).saying(flash))
            },
            move |r, v, form, error| page(r, v, target, None, Some((form, error))),
        )
        .await
}
