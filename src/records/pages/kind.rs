//! Changing a record's kind: what becomes of it is said before, why may be said besides.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::fields::LONGEST_LINE;
use super::target::{SCOPE, Target};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions;
use crate::records::{Kind, state_label, store};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/kind"))
            .route(web::get().to(ask))
            .route(web::post().to(change)),
    );
}

#[derive(Template)]
#[template(path = "records/kind.html")]
struct KindPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// Its state there, while it can be changed.
    state: Option<String>,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let to = target.practice.becomes.map(|becomes| becomes.kind);
    let shell = visitor.shell("queue", visitor.words.s(verb(to.unwrap_or(record.kind))));
    let state = match actions::before_kind_change(conn, visitor, target.practices, target.number) {
        Ok((_, becoming)) => Some(state_label(shell.t, becoming.state).into_owned()),
        Err(Error::Refused(_)) => None,
        Err(e) => return Err(e),
    };
    Ok(Answer::html(&KindPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title,
        state,
        form: form(&shell),
        shell,
    }))
}

/// What making it such a record is called.
pub const fn verb(to: Kind) -> &'static str {
    match to {
        Kind::Incident => "verb-make-incident",
        _ => "verb-make-request",
    }
}

async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_kind_change(r, v, target.practices, target.number)?;
            page(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn change(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.line("kind_reason", LONGEST_LINE, &mut invalid);
                invalid.or(())?;
                let practices = target.practices;
                let record = actions::change_kind(w, v, ctx, practices, target.number, &reason)?;
                let flash = Flash::ok("kind-changed")
                    .arg("former", target.number)
                    .arg("number", record.number());
                Ok(Done::at(record.number().path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
