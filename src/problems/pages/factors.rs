//! What contributed to a problem: a list, each entry with its kind, what happened and how it is known.

use actix_web::Responder;
use actix_web::web::Path;
use askama::Template;

use super::{Top, id};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::problems::actions::{self, EditFactor};
use crate::problems::model::Factor;
use crate::problems::store;
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT, Target};
use crate::services::{self, CodeList};

#[derive(Template)]
#[template(path = "problems/factors.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    rows: Vec<Row>,
    /// The form for one more.
    form: FormView,
    kinds: Vec<(String, String)>,
}

/// A factor with the form that says it otherwise.
struct Row {
    id: String,
    label: String,
    text: String,
    evidence: String,
    when: When,
    /// Its kind may not be offered any more: then it is a choice here alone.
    kinds: Vec<(String, String)>,
    form: FormView,
    open: bool,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&str, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "factors")?;
    let shell = top.shell;
    let codes = services::list_codes(conn, CodeList::Factor)?.into_iter();
    let kinds: Vec<(String, String)> = codes
        .filter(|code| code.disabled_at.is_none())
        .map(|code| (code.code, code.label))
        .collect();
    let standing = store::factors_of(conn, top.found.record.id)?.into_iter();
    let standing = standing.filter(|factor| factor.removed_at.is_none());
    let rows: Vec<Row> = standing
        .map(|factor| row(&shell, &kinds, factor, given))
        .collect();
    let form = match given {
        Some(("", form, error)) => FormView::again(&shell, form, error),
        // What was said of one that is gone meanwhile is not lost.
        Some((id, form, error)) if rows.iter().all(|row| row.id != id) => {
            FormView::again(&shell, form, error)
        }
        _ => FormView::fresh(),
    };
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        rows,
        form,
        kinds,
        shell,
    }))
}

fn row(
    shell: &Shell,
    kinds: &[(String, String)],
    factor: Factor,
    given: Option<(&str, &Form, Option<&Error>)>,
) -> Row {
    let id = factor.id.to_string();
    let (form, open) = match given {
        Some((of, form, error)) if of == id => (FormView::again(shell, form, error), true),
        _ => (FormView::fresh(), false),
    };
    let mut kinds = kinds.to_vec();
    if kinds.iter().all(|(code, _)| *code != factor.code) {
        kinds.push((factor.code.clone(), factor.code_label.clone()));
    }
    Row {
        form: form
            .preset("factor_code", &factor.code)
            .preset("factor_text", &factor.text)
            .preset("factor_evidence", &factor.evidence),
        id,
        label: factor.code_label,
        text: factor.text,
        evidence: factor.evidence,
        when: shell.when(factor.at),
        kinds,
        open,
    }
}

/// `GET /problems/PRB-1/factors`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

fn typed(form: &Form) -> Result<EditFactor> {
    let mut invalid = Invalid::default();
    let edit = EditFactor {
        code: form.value("factor_code").to_owned(),
        text: form.text("factor_text", LONGEST_TEXT, &mut invalid),
        evidence: form.text("factor_evidence", LONGEST_LINE * 10, &mut invalid),
    };
    invalid.or(edit)
}

fn done(target: Target) -> Done {
    Done::at(format!("{}/factors", target.path())).saying(Flash::ok("saved"))
}

/// `POST /problems/PRB-1/factors`
pub async fn add(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::add_factor(w, v, ctx, target.number, &typed(form)?)?;
                Ok(done(target))
            },
            move |r, v, form, error| page(r, v, target, Some(("", form, error))),
        )
        .await
}

/// `POST /problems/PRB-1/factors/{id}`
pub async fn edit(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
    form: Form,
) -> impl Responder {
    let (_, _, of) = path.into_inner();
    let shown = of.clone();
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::edit_factor(w, v, ctx, target.number, id(&of)?, &typed(form)?)?;
                Ok(done(target))
            },
            move |r, v, form, error| page(r, v, target, Some((&shown, form, error))),
        )
        .await
}

/// `POST /problems/PRB-1/factors/{id}/removal`
pub async fn remove(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
    form: Form,
) -> impl Responder {
    let (_, _, of) = path.into_inner();
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, _| {
                actions::remove_factor(w, v, ctx, target.number, id(&of)?)?;
                Ok(done(target))
            },
            move |r, v, form, error| page(r, v, target, Some(("", form, error))),
        )
        .await
}
