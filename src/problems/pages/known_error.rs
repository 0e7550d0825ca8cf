//! The workaround of a problem and its publication: saved for the desk, published, retired.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::problems::actions::{self, Publish};
use crate::problems::besides::audience_key;
use crate::problems::rules::known_errors::{Audience, Publication};
use crate::problems::store;
use crate::records::pages::{LONGEST_TEXT, Target};

/// Versions that are shown.
const SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "problems/known_error.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// The version its author sees.
    version: i64,
    /// Whether it is offered now, and so may be retired.
    offered: bool,
    audiences: Vec<(&'static str, &'static str)>,
    versions: Vec<VersionView>,
    form: FormView,
    retire: FormView,
}

struct VersionView {
    n: String,
    when: When,
    audience: &'static str,
    symptoms: String,
    workaround: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Publish,
    Retire,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(Which, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "known-error-edit")?;
    let shell = top.shell;
    let (found, known) = actions::before_publishing(conn, visitor, target.number)?;
    let view = |which: Which| match given {
        Some((of, form, error)) if of == which => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let mut form = view(Which::Publish);
    let retire = view(Which::Retire);
    let (mut version, mut offered) = (0, false);
    if let Some((known, present)) = &known {
        version = known.version;
        offered = known.standing().is_offered();
        form = form
            .preset("symptoms", &present.symptoms)
            .preset("audience", known.audience.word());
    }
    form = form
        .preset("symptoms", &found.record.description)
        .preset("workaround", &found.problem.workaround)
        .preset("audience", Audience::Desk.word());
    let versions = store::versions_of(conn, found.record.id, SHOWN)?.into_iter();
    Ok(Answer::html(&Page {
        versions: versions
            .map(|one| VersionView {
                n: one.version.to_string(),
                when: shell.when(one.at),
                audience: audience_key(one.audience),
                symptoms: one.symptoms,
                workaround: one.workaround,
            })
            .collect(),
        path: top.path,
        number: top.number,
        title: top.title,
        version,
        offered,
        audiences: Audience::ALL
            .iter()
            .map(|audience| (audience.word(), audience_key(*audience)))
            .collect(),
        form,
        retire,
        shell,
    }))
}

/// `GET /problems/PRB-1/known-error`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /problems/PRB-1/known-error`: `do` = `save` keeps the workaround for the desk, anything else
/// publishes.
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let workaround = form.text("workaround", LONGEST_TEXT, &mut invalid);
                let symptoms = form.text("symptoms", LONGEST_TEXT, &mut invalid);
                let audience = Audience::from_word(form.value("audience"));
                if audience.is_none() {
                    invalid.add("audience", "error-choose");
                }
                let (Some(audience), true) = (audience, invalid.is_empty()) else {
                    return Err(Error::Invalid(invalid));
                };
                let number = target.number;
                let flash = if form.value("do") == "save" {
                    actions::save_workaround(w, v, ctx, number, &workaround)?;
                    "saved"
                } else {
                    let command = Publish {
                        publication: Publication {
                            symptoms,
                            workaround,
                            audience,
                        },
                        seen: form.value("version").parse().unwrap_or(0),
                    };
                    actions::publish(w, v, ctx, number, &command)?;
                    "known-error-is-published"
                };
                Ok(Done::at(target.path()).saying(Flash::ok(flash)))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Publish, form, error))),
        )
        .await
}

/// `POST /problems/PRB-1/known-error/retirement`
pub async fn retire(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("known_error_reason", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                actions::retire(w, v, ctx, target.number, &reason)?;
                Ok(Done::at(target.path()).saying(Flash::ok("known-error-is-retired")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Retire, form, error))),
        )
        .await
}
