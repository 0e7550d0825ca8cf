//! The whole timeline, and what people annotate.

use actix_web::Responder;
use actix_web::web::Path;
use askama::Template;

use super::{Top, id};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, Annotate, Line};
use crate::postmortems::rules::timeline::{Annotation, Knowledge, Reach};
use crate::postmortems::store;
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT, Target, read_local, written_local};

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
    pub by: String,
    pub is_key: bool,
    pub is_hidden: bool,
    pub said: Vec<Said>,
    /// `INC-1@3`: what an annotation of it names.
    pub on: String,
    pub form: FormView,
    pub open: bool,
}

/// What somebody added.
pub struct Said {
    pub id: String,
    pub text: String,
    pub evidence: String,
    /// The evidence is an address that may be followed.
    pub is_link: bool,
    pub later: bool,
    pub shareable: bool,
    pub form: FormView,
    pub open: bool,
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

/// A row ready for a page; `given` is a form that came back, by what it is of.
pub fn row(shell: &Shell, line: Line, given: Option<(&str, &Form, Option<&Error>)>) -> RowView {
    let entered = line.entered_at.micros() - line.at.micros() > LATER;
    let on = line
        .of
        .map(|(_, number)| format!("{number}@{}", line.position))
        .unwrap_or_default();
    let back = given.filter(|(of, ..)| !on.is_empty() && *of == on);
    RowView {
        when: shell.when(line.at),
        entered: entered.then(|| shell.when(line.entered_at)),
        number: line.of.map_or(String::new(), |(_, n)| n.to_string()),
        href: line.of.map_or(String::new(), |(_, n)| n.path()),
        what: match line.fact.as_str() {
            "" => String::new(),
            fact => what(shell, fact),
        },
        by: line.by.map(|(_, name)| name).unwrap_or_default(),
        is_key: line.is_key,
        is_hidden: line.is_hidden,
        open: back.is_some(),
        form: match back {
            Some((_, form, error)) => FormView::again(shell, form, error),
            None => FormView::fresh(),
        },
        said: line
            .said
            .into_iter()
            .map(|one| said(shell, one, given))
            .collect(),
        on,
    }
}

fn said(shell: &Shell, one: Annotation, given: Option<(&str, &Form, Option<&Error>)>) -> Said {
    let id = one.id.to_string();
    let back = given.filter(|(of, ..)| *of == id);
    let form = match back {
        Some((_, form, error)) => FormView::again(shell, form, error),
        None => {
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
        evidence: one.evidence,
        open: back.is_some(),
        form,
        id,
    }
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&str, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "timeline")?;
    let shell = top.shell;
    let id = top.found.record.id;
    let linked = store::linked_to(conn, Some(visitor), id)?;
    let lines = actions::lines(conn, Some(visitor), id, &linked)?;
    let rows: Vec<RowView> = lines
        .into_iter()
        .map(|line| row(&shell, line, given))
        .collect();
    // What was said of a row that is not there any more is not lost.
    let placed = rows
        .iter()
        .any(|row| row.open || row.said.iter().any(|said| said.open));
    let form = match given {
        Some((_, form, error)) if !placed => FormView::again(&shell, form, error),
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

/// `GET /postmortems/PM-1/timeline`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
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
                page(r, v, target, Some((&of, form, error)))
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
            move |r, v, form, error| page(r, v, target, Some((&shown, form, error))),
        )
        .await
}
