//! The fix of a problem: the change that is to remove it, and for how long it is watched.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::problems::actions;
use crate::records::pages::Target;
use crate::records::{Kind, Number};

#[derive(Template)]
#[template(path = "problems/fix.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    plan: FormView,
    watch: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "fix-plan")?;
    let shell = top.shell;
    let watches = given.is_some_and(|(form, _)| form.value("do") == "watch");
    let view = |of: bool| match given {
        Some((form, error)) if of == watches => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let days = top.found.problem.watched().whole_days();
    Ok(Answer::html(&Page {
        plan: view(false),
        watch: view(true).preset("watched_days", days),
        path: top.path,
        number: top.number,
        title: top.title,
        shell,
    }))
}

/// `GET /problems/PRB-1/fix`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /problems/PRB-1/fix`: `do` = `watch` says for how long, anything else names the change.
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let number = target.number;
                let flash = if form.value("do") == "watch" {
                    let days = form.value("watched_days").trim().parse().unwrap_or(0);
                    actions::watch_for(w, v, ctx, number, days)?;
                    Flash::ok("saved")
                } else {
                    let typed = form.value("change").trim();
                    let change: Option<Number> = typed.parse().ok();
                    let change = change.filter(|change| change.kind == Kind::Change);
                    let change = change.ok_or_else(|| {
                        let why = match typed {
                            "" => "error-required",
                            _ => "link-fix-is-a-change",
                        };
                        Error::invalid("change", why)
                    })?;
                    actions::plan_fix(w, v, ctx, number, change).map_err(by_the_form)?;
                    Flash::ok("fix-planned").arg("number", change)
                };
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| page(r, v, target, Some((form, error))),
        )
        .await
}

/// What is wrong with a link, by the name its field has here.
fn by_the_form(e: Error) -> Error {
    match e {
        Error::Invalid(mut invalid) => {
            for (field, _) in &mut invalid.0 {
                *field = "change";
            }
            Error::Invalid(invalid)
        }
        e => e,
    }
}
