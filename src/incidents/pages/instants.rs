//! When things happened in an incident: one form for its instants, each with its source.

use actix_web::{Responder, web};
use askama::Template;

use crate::incidents::actions::{self, SetInstant, SetInstants};
use crate::incidents::besides::{label, source_key};
use crate::incidents::model::{Instant, Names, Source, Which};
use crate::incidents::rules::instants::CONFIRM;
use crate::incidents::store;
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::pages::{
    LONGEST_LINE, Target, conflict, is_given, read_local, seen, written_local,
};
use crate::records::{self, Kind, Record};

#[derive(Template)]
#[template(path = "incidents/instants.html")]
struct InstantsPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    reported: String,
    rows: Vec<Row>,
    /// Whether the odd order was asked about.
    asks_order: bool,
    form: FormView,
}

/// One instant's fields.
struct Row {
    label: &'static str,
    hint: &'static str,
    names: Names,
    /// Those of them that the form posts.
    posted: [&'static str; 3],
    sources: Vec<(&'static str, &'static str)>,
}

impl InstantsPage {
    /// What a field held when the form was made.
    fn was(&self, name: &str) -> &str {
        self.form.value(&format!("was-{name}"))
    }
}

const fn hint(which: Which) -> &'static str {
    match which {
        Which::ImpactBegan => "instant-hint-impact-began",
        Which::Detected => "instant-hint-detected",
        Which::Acknowledged => "instant-hint-acknowledged",
        Which::Mitigated => "instant-hint-mitigated",
    }
}

fn row(which: Which, known: Option<&Instant>) -> Row {
    let by_itself = known.is_some_and(|i| i.source == Some(Source::FirstAssignment));
    let names = which.names();
    Row {
        label: label(which),
        hint: hint(which),
        names,
        posted: [names.at, names.source, names.note],
        sources: Source::ALL
            .iter()
            .filter(|source| **source != Source::FirstAssignment || by_itself)
            .map(|source| (source.word(), source_key(*source)))
            .collect(),
    }
}

fn found(conn: &mut Db, visitor: &Visitor, target: Target) -> Result<Record> {
    if target.number.kind != Kind::Incident {
        return Err(Error::NotFound);
    }
    records::find_visible(conn, visitor, target.number)
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = found(conn, visitor, target)?;
    let known = store::instants_of(conn, record.id)?;
    let shell = visitor.shell("queue", visitor.words.s("instants"));
    let mut form = form(&shell).preset("seen", record.facts);
    let mut rows = Vec::with_capacity(Which::ALL.len());
    for which in Which::ALL {
        let instant = known.iter().find(|i| i.which == *which);
        let names = which.names();
        let at = instant
            .and_then(|i| i.at)
            .map_or_else(String::new, |at| written_local(at, &visitor.zone));
        let source = instant.and_then(|i| i.source).map_or("", Source::word);
        let note = instant.map_or("", |i| i.note.as_str());
        for (name, value) in [
            (names.at, at.as_str()),
            (names.source, source),
            (names.note, note),
        ] {
            form = form
                .preset(name, value)
                .preset(&format!("was-{name}"), value);
        }
        rows.push(row(*which, instant));
    }
    Ok(Answer::html(&InstantsPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        reported: shell.when(record.reported_at).full,
        rows,
        asks_order: form.error(CONFIRM).is_some() || form.is(CONFIRM, "1"),
        form,
        shell,
    }))
}

/// `GET /incidents/INC-12/instants`.
pub async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let record = found(r, v, target)?;
            v.needs(Right::Work)?;
            records::actions::not_closed(&record)?;
            page(r, v, target, |_| FormView::fresh())
        })
        .await
}

/// `POST /incidents/INC-12/instants`: what is new about any of them.
pub async fn set(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form, v)?;
                actions::set_instants(w, v, ctx, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict(r, v, target, "instants", form, conflicts)
                }
                error => page(r, v, target, |shell| FormView::again(shell, form, error)),
            },
        )
        .await
}

fn command(form: &Form, visitor: &Visitor) -> Result<SetInstants> {
    let mut invalid = Invalid::default();
    let instants = Which::ALL
        .iter()
        .map(|which| one(*which, form, visitor, &mut invalid))
        .collect();
    invalid.or(SetInstants {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        odd_order: form.value(CONFIRM) == "1",
        instants,
    })
}

fn one(which: Which, form: &Form, visitor: &Visitor, invalid: &mut Invalid) -> SetInstant {
    let names = which.names();
    let mut new = SetInstant {
        which,
        at: None,
        source: None,
        note: None,
    };
    if is_given(form, names.at) {
        new.at = Some(instant(form, names.at, visitor, invalid));
    }
    if is_given(form, names.source) {
        let word = form.value(names.source);
        new.source = Some(Source::from_word(word));
        if !word.is_empty() && Source::from_word(word).is_none() {
            invalid.add(names.source, "error-unknown-choice");
        }
    }
    if is_given(form, names.note) {
        new.note = Some(form.line(names.note, LONGEST_LINE, invalid));
    }
    new
}

/// A time as a field holds it; an empty one is none.
pub fn instant(
    form: &Form,
    field: &'static str,
    visitor: &Visitor,
    invalid: &mut Invalid,
) -> Option<Utc> {
    let typed = form.value(field).trim();
    if typed.is_empty() {
        return None;
    }
    let at = read_local(typed, &visitor.zone);
    if at.is_none() {
        invalid.add(field, "error-not-a-date");
    }
    at
}

/// The routes of instants.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/{kind:incidents}/{number}/instants")
            .route(web::get().to(ask))
            .route(web::post().to(set)),
    );
}
