//! Resolving together the incidents that waited for a fix: what will happen to each is shown before.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};
use crate::problems::actions;
use crate::records::actions::Resolve;
use crate::records::pages::{LONGEST_TEXT, PlanView, Target};
use crate::services::{self, Code, CodeList};

#[derive(Template)]
#[template(path = "problems/linked_resolution.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    plan: PlanView,
    codes: Vec<Code>,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "resolve-linked")?;
    let plan = actions::linked_plan(conn, visitor, target.practices, &top.found)?;
    let codes = services::list_codes(conn, CodeList::Resolution)?.into_iter();
    let shell = top.shell;
    Ok(Answer::html(&Page {
        plan: PlanView::of(&shell, plan),
        codes: codes
            .filter(|code| code.disabled_at.is_none() && !code.has_own_form())
            .collect(),
        path: top.path,
        number: top.number,
        title: top.title,
        form: form(&shell),
        shell,
    }))
}

/// `GET /problems/PRB-1/linked-resolution`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, |_| FormView::fresh()))
        .await
}

/// `POST /problems/PRB-1/linked-resolution`
pub async fn resolve(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = Resolve {
                    code: form.value("resolution_code").to_owned(),
                    text: form.text("resolution_text", LONGEST_TEXT, &mut invalid),
                };
                invalid.or(())?;
                let (number, with) = (target.number, (&command, form.value("plan")));
                let ended = actions::resolve_linked(w, v, ctx, target.practices, number, with)?;
                let flash = Flash::ok("resolve-linked-done").arg("count", ended);
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
