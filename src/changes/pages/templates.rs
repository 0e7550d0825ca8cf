//! Standard changes: every version of every template, what it fixes, and who may authorise it.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::id;
use crate::changes::actions;
use crate::changes::model::Template as Row;
use crate::changes::store;
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When, new_form_key,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};

#[derive(Template)]
#[template(path = "changes/templates.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    version: String,
    /// Key of how it stands.
    standing: &'static str,
    in_use: bool,
}

#[derive(Template)]
#[template(path = "changes/template.html")]
struct Page {
    shell: Shell,
    id: String,
    name: String,
    version: String,
    standing: &'static str,
    in_use: bool,
    texts: Vec<(&'static str, String)>,
    proposed_by: String,
    proposed: When,
    authorised: Option<(String, When)>,
    may_authorise: bool,
    may_withdraw: bool,
    alert: FormView,
}

impl Page {
    fn key(&self) -> String {
        new_form_key()
    }
}

/// Key of how a version stands.
const fn standing(row: &Row) -> &'static str {
    match (&row.authorised_at, &row.withdrawn_at) {
        (_, Some(_)) => "template-withdrawn",
        (Some(_), None) => "template-authorised",
        (None, None) => "template-proposed",
    }
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::Work)?;
            let line = |row: Row| Line {
                id: row.id.to_string(),
                version: row.version.to_string(),
                standing: standing(&row),
                in_use: row.is_authorised(),
                name: row.name,
            };
            let rows = store::list_templates(r)?.into_iter().map(line).collect();
            let shell = v.shell("changes", v.words.s("change-templates"));
            Ok(Answer::html(&ListPage { shell, rows }))
        })
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            v.needs(Right::Work)?;
            page(r, v, &path, FormView::fresh())
        })
        .await
}

fn page(conn: &mut Db, visitor: &Visitor, path: &str, alert: FormView) -> Result<Answer> {
    let row = store::find_template(conn, id(path)?)?;
    let shell = visitor.shell("changes", visitor.words.s("field-change-template"));
    let waits = row.authorised_at.is_none() && row.withdrawn_at.is_none();
    let texts = [
        ("field-implementation-plan", &row.implementation_plan),
        ("field-test-plan", &row.test_plan),
        ("field-backout-plan", &row.backout_plan),
    ];
    let authorised = match (row.authorised_by_id, row.authorised_at) {
        (Some(by), Some(at)) => Some((people::find_person(conn, by)?.name, shell.when(at))),
        _ => None,
    };
    Ok(Answer::html(&Page {
        id: row.id.to_string(),
        name: row.name.clone(),
        version: row.version.to_string(),
        standing: standing(&row),
        in_use: row.is_authorised(),
        texts: texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| (label, text.clone()))
            .collect(),
        proposed_by: people::find_person(conn, row.proposed_by_id)?.name,
        proposed: shell.when(row.proposed_at),
        authorised,
        may_authorise: waits && actions::may_authorise(visitor, &row).is_ok(),
        may_withdraw: row.withdrawn_at.is_none() && visitor.has(Right::ManageChanges),
        alert,
        shell,
    }))
}

pub async fn authorise(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    decide(visit, path.into_inner(), form, true).await
}

pub async fn withdraw(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    decide(visit, path.into_inner(), form, false).await
}

async fn decide(visit: Visit, path: String, form: Form, authorises: bool) -> HttpResponse {
    let of = path.clone();
    visit
        .submit(
            form,
            move |w, v, ctx, _| {
                let said = match authorises {
                    true => actions::authorise_template(w, v, ctx, id(&path)?)
                        .map(|_| "change-template-authorised"),
                    false => actions::withdraw_template(w, v, ctx, id(&path)?)
                        .map(|_| "change-template-was-withdrawn"),
                }?;
                Ok(Done::at(format!("/changes/templates/{path}")).saying(Flash::ok(said)))
            },
            move |r, v, form, error: Option<&Error>| {
                v.needs(Right::Work)?;
                let alert = FormView::again(&v.shell("", ""), form, error);
                page(r, v, &of, alert)
            },
        )
        .await
}
