//! Exemptions: asked for by one who manages, approved by another.

use actix_web::web::Query;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::frame::{self, SideGroup};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Result};
use crate::records::{self, Number};
use crate::reports::actions;
use crate::service_levels::results::{self, Waiting, Which};

/// How many of each are shown.
const SIZE: i64 = 200;

/// An exemption as the list shows it.
struct Line {
    number: String,
    href: String,
    title: String,
    clock: String,
    target: String,
    reason: String,
    asked_by: String,
    asked_at: When,
    approved: Option<(String, When)>,
    /// Whether the reader is the second person it waits for.
    may_approve: bool,
    key: String,
}

#[derive(Template)]
#[template(path = "reports/exemptions.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    waiting: Vec<Line>,
    approved: Vec<Line>,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "reports/exemption.html")]
struct AskPage {
    shell: Shell,
    side: Vec<SideGroup>,
    number: String,
    title: String,
    target: String,
    clock: String,
    form: FormView,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit.page(|r, v| list_page(r, v, None)).await
}

fn list_page(r: &mut Db, v: &Visitor, problem: Option<String>) -> Result<Answer> {
    let shell = frame::shell(v, "report-exemptions")?;
    let waiting = results::waiting(r, false, SIZE)?;
    let approved = results::waiting(r, true, SIZE)?;
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/exemptions", None),
        waiting: lines(r, v, &shell, waiting)?,
        approved: lines(r, v, &shell, approved)?,
        problem,
        shell,
    }))
}

/// Those of records that the reader may see; no others exist for them.
fn lines(r: &mut Db, v: &Visitor, shell: &Shell, rows: Vec<Waiting>) -> Result<Vec<Line>> {
    let ids: Vec<Id<records::Record>> = rows.iter().map(|row| row.record_id.cast()).collect();
    let seen = crate::reports::store::titles(r, v, &ids)?;
    let people: Vec<_> = (rows.iter())
        .flat_map(|row| [Some(row.asked_by_id), row.approved_by_id])
        .flatten()
        .collect();
    let people = crate::people::people_by_ids(r, &people)?;
    let name = |id| {
        let found = people.iter().find(|p| p.id == id);
        found.map(|p| p.name.clone()).unwrap_or_default()
    };
    let line = |row: Waiting| {
        let (number, title) = seen.get(&row.record_id.cast())?;
        let approver = row.approved_by_id.zip(row.approved_at);
        Some(Line {
            number: number.to_string(),
            href: number.path(),
            title: title.clone(),
            clock: format!("{}.{}.1", row.target, row.cycle),
            target: frame::target_word(shell.t, &row.target),
            reason: row.reason,
            asked_by: name(row.asked_by_id),
            asked_at: shell.when(row.asked_at),
            approved: approver.map(|(by, at)| (name(by), shell.when(at))),
            may_approve: row.asked_by_id != v.id,
            key: crate::people::new_form_key(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    number: String,
    #[serde(default)]
    clock: String,
}

/// The form that asks for one.
pub async fn new(visit: Visit, wanted: Query<Wanted>) -> HttpResponse {
    visit
        .page(move |r, v| ask_page(r, v, &wanted.number, &wanted.clock, FormView::fresh()))
        .await
}

fn ask_page(r: &mut Db, v: &Visitor, number: &str, clock: &str, form: FormView) -> Result<Answer> {
    let shell = frame::shell(v, "exemption-new")?;
    let (number, which) = named(number, clock)?;
    let record = records::find_visible(r, v, number)?;
    Ok(Answer::html(&AskPage {
        side: frame::side(&shell, "/reports/exemptions", None),
        number: number.to_string(),
        title: record.title,
        target: frame::target_label(shell.t, which.target),
        clock: which.to_string(),
        form,
        shell,
    }))
}

/// What is no number or clock names nothing.
fn named(number: &str, clock: &str) -> Result<(Number, Which)> {
    let number = number.parse().map_err(|()| Error::NotFound)?;
    let which = clock.parse().map_err(|()| Error::NotFound)?;
    Ok((number, which))
}

pub async fn ask(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Manage)?;
                let (number, which) = named(form.value("number"), form.value("clock"))?;
                let reason = form.value("exemption_reason");
                actions::ask_exemption(w, v, ctx, number, which, reason)?;
                let said = Flash::ok("exemption-asked").arg("number", number);
                Ok(Done::at("/reports/exemptions").saying(said))
            },
            |r: &mut Read<'_>, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                ask_page(r, v, form.value("number"), form.value("clock"), view)
            },
        )
        .await
}

pub async fn approve(visit: Visit, path: web::Path<(String, String)>, form: Form) -> HttpResponse {
    let (number, clock) = path.into_inner();
    visit
        .submit(
            form,
            move |w, v, ctx, _| {
                v.needs(Right::Manage)?;
                let (number, which) = named(&number, &clock)?;
                actions::approve_exemption(w, v, ctx, number, which)?;
                let said = Flash::ok("exemption-given").arg("number", number);
                Ok(Done::at("/reports/exemptions").saying(said))
            },
            |r: &mut Read<'_>, v, _, error| {
                let shell = frame::shell(v, "report-exemptions")?;
                let problem = match error {
                    Some(Error::Refused(message)) => Some(shell.say(message)),
                    _ => None,
                };
                list_page(r, v, problem)
            },
        )
        .await
}
