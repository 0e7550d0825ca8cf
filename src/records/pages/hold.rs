//! Putting a record on hold: what it waits for, and what that reason must bring.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::family::{PlanView, children};
use super::fields::LONGEST_LINE;
use super::local;
use super::target::{SCOPE, Target};
use crate::items;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};
use crate::records::actions::{self, HoldCommand};
use crate::records::{Flow, Verb, detail};
use crate::services::{self, Code, CodeList};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/hold"))
            .route(web::get().to(ask))
            .route(web::post().to(hold)),
    );
}

#[derive(Template)]
#[template(path = "records/hold.html")]
struct HoldPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    requester: Option<String>,
    zone: String,
    reasons: Vec<Code>,
    suppliers: Vec<String>,
    /// What becomes of those below.
    plan: Option<PlanView>,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let found = detail::find_detail(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("verb-hold"));
    let form = form(&shell);
    let record = &found.record;
    let plan = match record.open_children {
        0 => None,
        _ => PlanView::read(conn, &shell, visitor, target, record, Flow::Hold, &form)?,
    };
    Ok(Answer::html(&HoldPage {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title,
        requester: found.requester.map(|r| r.name),
        zone: visitor.zone.name().to_owned(),
        reasons: offered(conn, CodeList::Hold)?,
        suppliers: items::list_suppliers(conn)?
            .into_iter()
            .filter(|s| s.disabled_at.is_none())
            .map(|s| s.name)
            .collect(),
        plan,
        form,
        shell,
    }))
}

/// The codes of a list that may be chosen.
pub fn offered(conn: &mut Db, list: CodeList) -> Result<Vec<Code>> {
    let mut codes = services::list_codes(conn, list)?;
    codes.retain(|code| code.disabled_at.is_none() && !code.has_own_form());
    Ok(codes)
}

async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_move(r, v, target.practice, target.number, Verb::Hold, None)?;
            page(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn hold(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form, v)?;
                let (practice, number) = (target.practice, target.number);
                let below = children(form, target);
                let (_, with) =
                    actions::hold_family(w, v, ctx, practice, number, &command, &below)?;
                let flash = match with {
                    0 => Flash::ok("record-held"),
                    n => Flash::ok("family-held").arg("children", n),
                };
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}

fn command(form: &Form, visitor: &Visitor) -> Result<HoldCommand> {
    let mut invalid = Invalid::default();
    let mut command = HoldCommand {
        reason: form.value("hold_reason").to_owned(),
        question: form.text("question", LONGEST_TEXT, &mut invalid),
        supplier: form.line("supplier", LONGEST_LINE, &mut invalid),
        supplier_case: form.line("supplier_case", LONGEST_LINE, &mut invalid),
        for_record: None,
        resume_at: None,
    };
    let number = form.value("for_record").trim();
    if !number.is_empty() {
        command.for_record = number.parse().ok();
        if command.for_record.is_none() {
            invalid.add("for_record", "record-unknown");
        }
    }
    let date = form.value("resume_at");
    if !date.trim().is_empty() {
        command.resume_at = local::read(date, &visitor.zone);
        if command.resume_at.is_none() {
            invalid.add("resume_at", "error-not-a-date");
        }
    }
    invalid.or(command)
}
