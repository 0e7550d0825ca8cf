//! When things happened: each of the seven instants with its source, and what the durations mean.

use actix_web::Responder;
use askama::Template;

use super::{Top, definition_key, measure_key, moment_key, source_key, took};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, SayInstant};
use crate::postmortems::rules::instants::{Moment, Source, durations};
use crate::records::pages::{LONGEST_LINE, Target, read_local, written_local};

#[derive(Template)]
#[template(path = "postmortems/instants.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    rows: Vec<Row>,
    sources: Vec<(&'static str, &'static str)>,
    measures: Vec<MeasureView>,
    may_write: bool,
}

struct Row {
    word: &'static str,
    label: &'static str,
    when: Option<When>,
    source: &'static str,
    note: String,
    form: FormView,
    open: bool,
}

/// A duration with its definition.
pub struct MeasureView {
    pub label: &'static str,
    pub took: String,
    pub definition: &'static str,
}

/// The durations of some instants in words.
pub fn measures(
    shell: &Shell,
    of: &crate::postmortems::rules::instants::Instants,
) -> Vec<MeasureView> {
    durations(of)
        .into_iter()
        .map(|(measure, _, _, how)| MeasureView {
            label: measure_key(measure),
            took: took(shell.t, how),
            definition: definition_key(measure),
        })
        .collect()
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "instants")?;
    let shell = top.shell;
    let seen = actions::instants_seen(conn, top.found.record.id)?;
    let row = |which: &Moment| {
        let known = seen.joined.get(*which);
        let said = seen.said.iter().find(|said| said.which == *which);
        let back = given.filter(|(form, _)| form.value("which") == which.word());
        let form = match back {
            Some((form, error)) => FormView::again(&shell, form, error),
            None => {
                let at = said.map(|said| written_local(said.at, &shell.zone));
                FormView::fresh()
                    .preset("at", at.unwrap_or_default())
                    .preset("source", said.map_or("", |said| said.source.word()))
                    .preset("note", said.map_or("", |said| said.note.as_str()))
            }
        };
        Row {
            word: which.word(),
            label: moment_key(*which),
            when: known.map(|known| shell.when(known.at)),
            source: known.map_or("", |known| source_key(known.source)),
            note: said.map(|said| said.note.clone()).unwrap_or_default(),
            form,
            open: back.is_some(),
        }
    };
    let sources = Source::ALL.iter().filter(|one| **one != Source::Incident);
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        rows: Moment::ALL.iter().map(row).collect(),
        sources: sources.map(|one| (one.word(), source_key(*one))).collect(),
        measures: measures(&shell, &seen.joined),
        may_write: top.found.is_written(),
        shell,
    }))
}

/// `GET /postmortems/PM-1/instants`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /postmortems/PM-1/instants`: one of them; without a time it is taken back.
pub async fn say(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let Some(which) = Moment::from_word(form.value("which")) else {
                    return Err(Error::invalid("which", "error-unknown-choice"));
                };
                let at = match form.value("at").trim() {
                    "" => None,
                    written => {
                        let at = read_local(written, &v.zone);
                        if at.is_none() {
                            invalid.add("at", "error-not-a-date");
                        }
                        at
                    }
                };
                let command = SayInstant {
                    which,
                    at,
                    source: Source::from_word(form.value("source")),
                    note: form.line("note", LONGEST_LINE, &mut invalid),
                    odd_time: form.has("odd_time"),
                };
                invalid.or(())?;
                actions::say_instant(w, v, ctx, target.number, &command)?;
                let path = format!("{}/instants", target.path());
                Ok(Done::at(path).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((form, error))),
        )
        .await
}
