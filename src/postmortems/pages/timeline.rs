//! The whole timeline, and what people annotate.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::{Path, Query};
use askama::Template;

use super::{Top, id};
use crate::journal;
use crate::people::{Answer, Done, Flash, Form, FormView, Person, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, Annotate, Line};
use crate::postmortems::rules::timeline::{Annotation, Knowledge, Reach};
use crate::postmortems::store;
use crate::records::pages::{
    self, Changed, Happened, LONGEST_LINE, LONGEST_TEXT, Shown, Target, read_local, written_local,
};

#[derive(Template)]
#[template(path = "postmortems/timeline.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    rows: Vec<RowView>,
    /// The form for an entry of its own.
    form: FormView,
    may_write: bool,
}

/// A row of the timeline on a page.
pub struct RowView {
    pub when: When,
    /// When it was written down, where that was later.
    pub entered: Option<When>,
    pub number: String,
    pub href: String,
    pub what: String,
    pub seq: Option<i64>,
    /// What became different by it, the first of it.
    pub told: Vec<Told>,
    pub by: String,
    pub is_key: bool,
    pub is_hidden: bool,
    pub said: Vec<Said>,
    /// `INC-1@3`: what an annotation of it names.
    pub on: String,
    pub form: FormView,
    /// Its form is shown: it was asked for, or came back.
    pub open: bool,
}

/// What somebody added.
pub struct Said {
    pub id: String,
    pub text: String,
    pub by_id: Option<Id<Person>>,
    pub by: String,
    pub evidence: String,
    /// The evidence is an address that may be followed.
    pub is_link: bool,
    pub later: bool,
    pub shareable: bool,
    pub form: FormView,
    pub open: bool,
}

/// A value of a fact, in short.
pub struct Told {
    /// Its name; empty where the text speaks for itself.
    pub label: String,
    pub text: String,
    /// Something people typed or named.
    pub is_data: bool,
}

/// Values that are told of one fact, at most.
const TOLD: usize = 3;

/// What of a fact the row says by itself, or is of no interest in a story.
const UNTOLD: [&str; 7] = [
    "attachment_audience",
    "clock_cycle",
    "entry_audience",
    "entry_by_staff",
    "entry_channel",
    "impact",
    "urgency",
];

/// Adds to rows what their facts say, as the reader may know it, and who annotated them.
pub fn tell(conn: &mut Db, shell: &Shell, visitor: &Visitor, rows: &mut [RowView]) -> Result<()> {
    let seqs: Vec<i64> = rows.iter().filter_map(|row| row.seq).collect();
    let facts = journal::facts_by_seq(conn, &seqs)?;
    let mut happened: HashMap<i64, Happened> = pages::tell(conn, shell, visitor, facts)?
        .into_iter()
        .map(|one| (one.seq, one))
        .collect();
    let writers = rows.iter().flat_map(|row| row.said.iter());
    let names = store::names(conn, writers.filter_map(|said| said.by_id))?;
    for said in rows.iter_mut().flat_map(|row| row.said.iter_mut()) {
        let name = said.by_id.and_then(|id| names.get(&id));
        said.by = name.cloned().unwrap_or_default();
    }
    for row in rows {
        let Some(happened) = row.seq.and_then(|seq| happened.remove(&seq)) else {
            continue;
        };
        let changes = happened.changes.iter();
        row.told = changes
            .filter(|change| !UNTOLD.contains(&change.field.as_str()))
            .filter_map(|change| told(shell, change))
            .take(TOLD)
            .collect();
    }
    Ok(())
}

/// A value as it became, and from what where both are words of ours.
fn told(shell: &Shell, change: &Changed) -> Option<Told> {
    let (is_data, text) = match &change.after {
        Shown::Nothing => return None,
        Shown::Erased => (false, shell.t.s("record-value-erased").into_owned()),
        Shown::Word(word) => match &change.before {
            Shown::Word(was) => (false, format!("{was} → {word}")),
            _ => (false, word.clone()),
        },
        Shown::Data(text) | Shown::Long(text, _) => (true, text.clone()),
        Shown::Time(when) => (false, when.full.clone()),
    };
    let label = match change.field.as_str() {
        "entry_body" | "title" | "description" => String::new(),
        _ => change.label.clone(),
    };
    Some(Told {
        label,
        text,
        is_data,
    })
}

/// What is written down so much later is said beside.
const LATER: i64 = 60_000_000;

/// What happened, in words.
pub fn what(shell: &Shell, fact: &str) -> String {
    let what = fact.split_once('.').map_or("", |(_, what)| what);
    let key = format!("fact-{}", what.replace('_', "-"));
    match shell.t.has(&key) {
        true => shell.t.s(&key).into_owned(),
        false => shell.t.s("fact-other").into_owned(),
    }
}

/// The form that is shown, by what it is of: `INC-1@3`, or the id of an annotation.
#[derive(Clone, Copy)]
pub enum Asked<'a> {
    Nothing,
    For(&'a str),
    /// It came back.
    Again(&'a str, &'a Form, Option<&'a Error>),
}

impl Asked<'_> {
    fn is_of(&self, what: &str) -> bool {
        match self {
            Asked::Nothing => false,
            Asked::For(of) | Asked::Again(of, ..) => !what.is_empty() && *of == what,
        }
    }
}

/// A row ready for a page.
pub fn row(shell: &Shell, line: Line, asked: Asked<'_>) -> RowView {
    let entered = line.entered_at.micros() - line.at.micros() > LATER;
    let on = line
        .of
        .map(|(_, number)| format!("{number}@{}", line.position))
        .unwrap_or_default();
    let open = asked.is_of(&on);
    RowView {
        when: shell.when(line.at),
        entered: entered.then(|| shell.when(line.entered_at)),
        number: line.of.map_or(String::new(), |(_, n)| n.to_string()),
        href: line.of.map_or(String::new(), |(_, n)| n.path()),
        what: match line.fact.as_str() {
            "" => String::new(),
            fact => what(shell, fact),
        },
        seq: line.seq,
        told: Vec::new(),
        by: line.by.map(|(_, name)| name).unwrap_or_default(),
        is_key: line.is_key,
        is_hidden: line.is_hidden,
        open,
        form: match asked {
            Asked::Again(_, form, error) if open => FormView::again(shell, form, error),
            _ => FormView::fresh(),
        },
        said: line
            .said
            .into_iter()
            .map(|one| said(shell, one, asked))
            .collect(),
        on,
    }
}

fn said(shell: &Shell, one: Annotation, asked: Asked<'_>) -> Said {
    let id = one.id.to_string();
    let open = asked.is_of(&id);
    let form = match asked {
        Asked::Again(_, form, error) if open => FormView::again(shell, form, error),
        _ => {
            let at = one.at.map(|at| written_local(at, &shell.zone));
            let mut form = FormView::fresh()
                .preset("text", &one.text)
                .preset("evidence", &one.evidence)
                .preset("at", at.unwrap_or_default())
                .preset("knowledge", one.knowledge.word())
                .preset("reach", one.reach.word());
            if one.is_key {
                form = form.preset("is_key", "1");
            }
            if one.is_hidden {
                form = form.preset("is_hidden", "1");
            }
            form
        }
    };
    let safe = ["https://", "http://", "/"];
    Said {
        is_link: safe.iter().any(|begin| one.evidence.starts_with(begin)),
        later: one.knowledge == Knowledge::Later,
        shareable: one.reach == Reach::Shareable,
        text: one.text,
        by_id: one.by,
        by: String::new(),
        evidence: one.evidence,
        open,
        form,
        id,
    }
}

fn page(conn: &mut Db, visitor: &Visitor, target: Target, asked: Asked<'_>) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "timeline")?;
    let shell = top.shell;
    let id = top.found.record.id;
    let linked = store::linked_to(conn, Some(visitor), id)?;
    let lines = actions::lines(conn, Some(visitor), id, &linked)?;
    let mut rows: Vec<RowView> = lines
        .into_iter()
        .map(|line| row(&shell, line, asked))
        .collect();
    tell(conn, &shell, visitor, &mut rows)?;
    // What was said of a row that is not there any more is not lost.
    let placed = rows
        .iter()
        .any(|row| row.open || row.said.iter().any(|said| said.open));
    let form = match asked {
        Asked::Again(_, form, error) if !placed => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        rows,
        form,
        may_write: top.found.is_written(),
        shell,
    }))
}

/// `GET /postmortems/PM-1/timeline`, with `on` the form that is wanted.
pub async fn show(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let on = query.get("on").map(String::as_str);
            page(r, v, target, on.map_or(Asked::Nothing, Asked::For))
        })
        .await
}

fn typed(visitor: &Visitor, form: &Form) -> Result<Annotate> {
    let mut invalid = Invalid::default();
    let at = match form.value("at").trim() {
        "" => None,
        written => {
            let at = read_local(written, &visitor.zone);
            if at.is_none() {
                invalid.add("at", "error-not-a-date");
            }
            at
        }
    };
    let on = form.value("on").trim();
    let on = match on.split_once('@') {
        None => None,
        Some((number, position)) => {
            let number = number.parse().map_err(|()| Error::NotFound)?;
            let position = position.parse().map_err(|_| Error::NotFound)?;
            Some((number, position))
        }
    };
    let annotate = Annotate {
        id: None,
        on,
        at,
        text: form.text("text", LONGEST_TEXT, &mut invalid),
        evidence: form.line("evidence", LONGEST_LINE * 5, &mut invalid),
        knowledge: Knowledge::from_word(form.value("knowledge")).unwrap_or(Knowledge::Then),
        reach: Reach::from_word(form.value("reach")).unwrap_or(Reach::Internal),
        is_key: form.has("is_key"),
        is_hidden: form.has("is_hidden"),
        odd_time: form.has("odd_time"),
    };
    invalid.or(annotate)
}

fn done(target: Target) -> Done {
    Done::at(format!("{}/timeline", target.path())).saying(Flash::ok("saved"))
}

/// `POST /postmortems/PM-1/timeline`
pub async fn add(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::annotate(w, v, ctx, target.number, &typed(v, form)?)?;
                Ok(done(target))
            },
            move |r, v, form, error| {
                let of = form.value("on").to_owned();
                page(r, v, target, Asked::Again(&of, form, error))
            },
        )
        .await
}

/// `POST /postmortems/PM-1/timeline/{id}`
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
                let command = Annotate {
                    id: Some(id(&of)?),
                    ..typed(v, form)?
                };
                actions::annotate(w, v, ctx, target.number, &command)?;
                Ok(done(target))
            },
            move |r, v, form, error| page(r, v, target, Asked::Again(&shown, form, error)),
        )
        .await
}
