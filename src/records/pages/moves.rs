//! Moves that a button makes (to the next state, out of a hold, to closed), and those that need a
//! sentence: refusing, and taking a resolved record up again.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::{self, Query, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::fields::LONGEST_LINE;
use super::show::{Given, again, press};
use super::target::{SCOPE, Target};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Reopen};
use crate::records::{Record, Verb, detail, state_label, store};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/progress"))
            .route(web::get().to(ask_reason))
            .route(web::post().to(progress)),
    )
    .route(&format!("{SCOPE}/resumption"), web::post().to(resume))
    .route(&format!("{SCOPE}/closure"), web::post().to(close))
    .service(
        web::resource(format!("{SCOPE}/reopening"))
            .route(web::get().to(ask_reopening))
            .route(web::post().to(reopen)),
    );
}

#[derive(Template)]
#[template(path = "records/reason.html")]
struct ReasonPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
    to: String,
}

fn reason_page(
    visitor: &Visitor,
    target: Target,
    record: &Record,
    form: impl FnOnce(&Shell) -> FormView,
    to: &str,
) -> Answer {
    let heading = visitor
        .words
        .with1("move-to-state", "state", state_label(visitor.words, to));
    let shell = visitor.shell("queue", heading);
    Answer::html(&ReasonPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        form: form(&shell),
        to: to.to_owned(),
        shell,
    })
}

async fn ask_reason(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> impl Responder {
    let to = query.get("to").cloned().unwrap_or_default();
    target
        .page(visit, move |r, v| {
            let record = store::find_visible(r, v, target.number)?;
            let verb = [Verb::Reject, Verb::Advance]
                .into_iter()
                .find(|verb| {
                    target
                        .practice
                        .find(*verb, &record.state, Some(&to))
                        .is_some()
                })
                .unwrap_or(Verb::Advance);
            actions::before_move(r, v, target.practice, target.number, verb, Some(&to))?;
            Ok(reason_page(v, target, &record, |_| FormView::fresh(), &to))
        })
        .await
}

async fn progress(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("reason", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                let to = form.value("to");
                let practice = target.practice;
                let record = actions::advance(w, v, ctx, practice, target.number, to, &reason)?;
                Ok(Done::at(target.path()).saying(moved(v, &record)))
            },
            move |r, v, form, error| {
                // Without a sentence typed the record itself says best what is possible now.
                if !form.has("reason") && !matches!(error, Some(Error::Invalid(_))) {
                    return again(r, v, target, Given::Button(form, error));
                }
                let record = store::find_visible(r, v, target.number)?;
                let given = |shell: &Shell| FormView::again(shell, form, error);
                Ok(reason_page(v, target, &record, given, form.value("to")))
            },
        )
        .await
}

fn moved(visitor: &Visitor, record: &Record) -> Flash {
    Flash::ok("record-moved").arg("state", state_label(visitor.words, &record.state))
}

async fn resume(visit: Visit, target: Target, form: Form) -> impl Responder {
    press(visit, target, form, move |w, v, ctx, _| {
        let record = actions::resume(w, v, ctx, target.practice, target.number)?;
        Ok(Done::at(target.path()).saying(moved(v, &record)))
    })
    .await
}

async fn close(visit: Visit, target: Target, form: Form) -> impl Responder {
    press(visit, target, form, move |w, v, ctx, _| {
        let record = actions::close(w, v, ctx, target.practice, target.number)?;
        Ok(Done::at(target.path()).saying(moved(v, &record)))
    })
    .await
}

#[derive(Template)]
#[template(path = "records/reopening.html")]
struct ReopeningPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
}

fn reopening_page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let found = detail::find_detail(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("verb-reopen"));
    let who = found.requester.map_or_else(String::new, |r| r.name);
    Ok(Answer::html(&ReopeningPage {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title,
        form: form(&shell).preset("reopen_who", who),
        shell,
    }))
}

async fn ask_reopening(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let verb = Verb::Reopen;
            actions::before_move(r, v, target.practice, target.number, verb, None)?;
            reopening_page(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn reopen(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = Reopen {
                    who: form.line("reopen_who", LONGEST_LINE, &mut invalid),
                    why: form.text("reopen_why", LONGEST_TEXT, &mut invalid),
                };
                invalid.or(())?;
                let practice = target.practice;
                let record = actions::reopen(w, v, ctx, practice, target.number, &command)?;
                Ok(Done::at(target.path()).saying(moved(v, &record)))
            },
            move |r, v, form, error| {
                reopening_page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
