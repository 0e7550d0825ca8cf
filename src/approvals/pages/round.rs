//! A record's approval on one page: what changes and what changed since, who said what, and the vote.

use std::collections::{HashMap, VecDeque};

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, Responder};

use super::view::part_key;
use crate::approvals::actions::{self, Meeting, Vote};
use crate::approvals::model::{Content, Shape, names_and_ids};
use crate::approvals::rules::Choice;
use crate::journal::ERASED;
use crate::people::pages::confirm_password;
use crate::people::{Answer, Done, Flash, Form, Shell, Visit, Visitor};
use crate::platform::db::{Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::pages::{LONGEST_TEXT, Target, read_local};

pub mod page;
use page::{Given, Which};

/// Kind, number and round, as a path has them.
pub type Place = Path<(String, String, String)>;

pub async fn show(visit: Visit, target: Target) -> impl Responder {
    visit
        .page(move |r, v| page::draw(r, v, target, None, None))
        .await
}

/// Which round a path names.
fn round_of(place: &Place) -> i32 {
    place.2.parse().unwrap_or(0)
}

/// A form of the page: carried out, or shown again on it.
async fn submit<A>(visit: Visit, target: Target, form: Form, which: Which, act: A) -> HttpResponse
where
    A: Fn(&mut Write<'_>, &Visitor, &Ctx, &Form) -> Result<&'static str> + Send + 'static,
{
    let there = target.number.approval_path();
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let said = act(w, v, ctx, form)?;
                Ok(Done::at(&there).saying(Flash::ok(said)))
            },
            move |r, v, form, error| -> Result<Answer> {
                let given: Given<'_> = Some((which, form, error));
                page::draw(r, v, target, given, None)
            },
        )
        .await
}

/// What a form says from a seat; `confirmed` is what came of the password, where one was typed.
pub fn command(form: &Form, confirmed: &Result<Option<String>, Message>) -> Result<Vote> {
    let mut invalid = Invalid::default();
    let (stage, seat) = seat_of(form)?;
    if let Err(message) = confirmed {
        invalid.add("approval_password", message.clone());
    }
    let choice = form.value("choice");
    let command = Vote {
        stage,
        seat,
        choice: Choice::from_word(choice),
        text: form.text("comment", LONGEST_TEXT, &mut invalid),
        confirmed: confirmed.as_ref().ok().cloned().flatten(),
    };
    invalid.or(command)
}

fn seat_of(form: &Form) -> Result<(usize, usize)> {
    let (stage, seat) = form.value("place").split_once('.').unwrap_or_default();
    match (stage.parse(), seat.parse()) {
        (Ok(stage), Ok(seat)) => Ok((stage, seat)),
        _ => Err(Error::invalid("place", "error-unknown-choice")),
    }
}

/// The password of a vote, checked outside of any transaction.
pub async fn confirmed(
    req: &HttpRequest,
    visit: &Visit,
    form: &Form,
) -> Result<Result<Option<String>, Message>> {
    let typed = form.value("approval_password").to_owned();
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    Ok(confirm_password(req, visit, typed).await?.map(Some))
}

pub async fn vote(
    req: HttpRequest,
    visit: Visit,
    target: Target,
    place: Place,
    form: Form,
) -> HttpResponse {
    let confirmed = match confirmed(&req, &visit, &form).await {
        Ok(confirmed) => confirmed,
        Err(Error::SignIn) => Ok(None),
        Err(e) => return visit.error(&e).await,
    };
    let round = round_of(&place);
    submit(visit, target, form, Which::Vote, move |w, v, ctx, form| {
        cast(w, v, ctx, form, target, round, &confirmed)
    })
    .await
}

fn cast(
    w: &mut Write<'_>,
    v: &Visitor,
    ctx: &Ctx,
    form: &Form,
    target: Target,
    round: i32,
    confirmed: &Result<Option<String>, Message>,
) -> Result<&'static str> {
    if form.value("choice") == "ask" {
        let mut invalid = Invalid::default();
        let text = form.text("comment", LONGEST_TEXT, &mut invalid);
        invalid.or(())?;
        actions::ask(w, v, ctx, target.number, round, &text)?;
        return Ok("approval-asked");
    }
    let vote = command(form, confirmed)?;
    actions::vote(w, v, ctx, target.number, round, &vote)?;
    Ok("approval-voted")
}

pub async fn withdraw(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Button,
        move |w, v, ctx, form| {
            actions::withdraw(w, v, ctx, target.number, round, seat_of(form)?)?;
            Ok("approval-withdrawn")
        },
    )
    .await
}

pub async fn meet(
    req: HttpRequest,
    visit: Visit,
    target: Target,
    place: Place,
    form: Form,
) -> HttpResponse {
    let confirmed = match confirmed(&req, &visit, &form).await {
        Ok(confirmed) => confirmed,
        Err(Error::SignIn) => Ok(None),
        Err(e) => return visit.error(&e).await,
    };
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Meeting,
        move |w, v, ctx, form| {
            let meeting = meeting(v, form, &confirmed)?;
            actions::decide_for_meeting(w, v, ctx, target.number, round, &meeting)?;
            Ok("approval-met")
        },
    )
    .await
}

/// What a form says a meeting decided.
fn meeting(
    visitor: &Visitor,
    form: &Form,
    confirmed: &Result<Option<String>, Message>,
) -> Result<Meeting> {
    let mut invalid = Invalid::default();
    let conditions = form.text("conditions", LONGEST_TEXT, &mut invalid);
    let met_at = form.value("met_at").trim();
    let at = read_local(met_at, &visitor.zone);
    if !met_at.is_empty() && at.is_none() {
        invalid.add("met_at", "error-date");
    }
    if let Err(message) = confirmed {
        invalid.add("approval_password", message.clone());
    }
    let meeting = Meeting {
        stage: form.parsed("stage", &mut invalid).unwrap_or(usize::MAX),
        choice: Choice::from_word(form.value("choice")),
        met_at: at,
        present: form
            .all("present")
            .filter_map(|id| id.parse().ok())
            .collect(),
        conditions: (conditions.lines().map(str::trim))
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        text: form.text("meeting_text", LONGEST_TEXT, &mut invalid),
        confirmed: confirmed.as_ref().ok().cloned().flatten(),
    };
    invalid.or(meeting)
}

pub async fn contest(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Contest,
        move |w, v, ctx, form| {
            let reason = text(form, "reason")?;
            actions::contest(w, v, ctx, target.number, round, &reason)?;
            Ok("approval-contested")
        },
    )
    .await
}

pub async fn suspend(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Suspend,
        move |w, v, ctx, form| {
            let reason = text(form, "reason")?;
            actions::suspend(w, v, ctx, target.number, round, &reason)?;
            Ok("approval-suspended-now")
        },
    )
    .await
}

pub async fn go_on(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(visit, target, form, Which::Button, move |w, v, ctx, _| {
        actions::go_on(w, v, ctx, target.number, round)?;
        Ok("approval-goes-on")
    })
    .await
}

pub async fn answer(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Answer,
        move |w, v, ctx, form| {
            let said = text(form, "answer")?;
            actions::answer(w, v, ctx, target.number, round, &said)?;
            Ok("approval-answered")
        },
    )
    .await
}

pub async fn tick(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let round = round_of(&place);
    submit(
        visit,
        target,
        form,
        Which::Button,
        move |w, v, ctx, form| {
            let place = form.value("condition").parse().unwrap_or(-1);
            actions::meet_condition(w, v, ctx, target.number, round, place)?;
            Ok("approval-condition-ticked")
        },
    )
    .await
}

fn text(form: &Form, field: &'static str) -> Result<String> {
    let mut invalid = Invalid::default();
    let text = form.text(field, LONGEST_TEXT, &mut invalid);
    invalid.or(text)
}

/// A part of what is approved.
pub struct PartView {
    pub heading: &'static str,
    pub contents: Vec<ContentView>,
}

/// A piece of what is approved, beside what it was in the round before.
pub struct ContentView {
    pub label: String,
    pub now: Said,
    /// What stood there in the round before, where that was something else.
    pub before: Option<Said>,
}

/// A text as it is read.
#[derive(PartialEq, Eq)]
pub struct Said {
    pub text: String,
    /// Somebody's words, or a name.
    pub is_data: bool,
}

/// Joins what is asked about with what was asked about before, part by part.
pub fn compared(shell: &Shell, now: Vec<Content>, before: Option<&[Content]>) -> Vec<PartView> {
    // Some are several under one label, the tasks say: each is compared with the one in its place.
    let mut was: HashMap<&str, VecDeque<&Content>> = HashMap::new();
    for content in before.into_iter().flatten() {
        was.entry(content.label.as_str())
            .or_default()
            .push_back(content);
    }
    let mut parts: Vec<PartView> = Vec::new();
    for content in now {
        let former = was.get_mut(content.label.as_str());
        let former = former.and_then(VecDeque::pop_front);
        let now = said(shell, content.shape, &content.text);
        let former = match former {
            Some(former) => Some(said(shell, former.shape, &former.text)),
            None => before.map(|_| said(shell, Shape::Text, "")),
        };
        let view = ContentView {
            label: content.label,
            before: former.filter(|former| *former != now),
            now,
        };
        let heading = part_key(content.part);
        match parts.iter_mut().find(|part| part.heading == heading) {
            Some(part) => part.contents.push(view),
            None => parts.push(PartView {
                heading,
                contents: vec![view],
            }),
        }
    }
    parts
}

/// What was erased is shown as such, whatever it was.
fn said(shell: &Shell, shape: Shape, text: &str) -> Said {
    let read = match shape {
        Shape::Word if text != ERASED => Some(shell.t.s(text).to_string()),
        Shape::Instant | Shape::Movable => Utc::parse(text).map(|at| shell.when(at).full),
        Shape::Names => Some(names_and_ids(text).0),
        Shape::Word | Shape::Text => None,
    };
    Said {
        text: read.unwrap_or_else(|| text.to_owned()),
        is_data: shape != Shape::Word,
    }
}
