//! How a record ends: resolved, cancelled, closed; and taken up again.

use time::Duration;

use super::super::family::{carried_along, end_with};
use super::super::tasks::unblocked;
use super::super::{enter, fact, not_from, step};
use super::hold::leave_hold;
use crate::journal::{Change, Value};
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::family::{Children, Flow};
use crate::records::life_cycle::{BACK, Need, Practice, Verb};
use crate::records::model::{Record, Resolution};
use crate::records::number::Number;
use crate::records::{policy, rules, store};
use crate::services::{self, Code, CodeList};

/// Ending a record well (a resolution) or without one (a cancellation).
#[derive(Debug, Clone, Default)]
pub struct Resolve {
    pub code: String,
    pub text: String,
}

/// Taking a resolved record up again.
#[derive(Debug, Clone, Default)]
pub struct Reopen {
    /// Who asked for it.
    pub who: String,
    pub why: String,
}

pub fn resolve(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Resolve,
) -> Result<Record> {
    let children = Children::Unasked;
    resolve_family(w, visitor, ctx, practice, number, command, &children).map(|(record, _)| record)
}

/// [`resolve`] of a record and, where that was asked for, of those under it; with how many those were.
pub fn resolve_family(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Resolve,
    children: &Children,
) -> Result<(Record, usize)> {
    let (before, found) = step(w, visitor, practice, number, Verb::Resolve, None)?;
    let code = checked_code(
        w,
        CodeList::Resolution,
        command,
        found.needs.contains(&Need::ResolutionText),
    )?;
    unblocked(w, &before, found)?;
    let carried = carried_along(w, visitor, &before, Flow::End, children)?;
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    after.resolved_at = Some(ctx.now);
    let mut extra = ended(w, visitor, ctx, &before, &code, &command.text)?;
    extra.extend(leave_hold(w, &before, ctx.now)?);
    let what = fact(practice.kind, "resolved");
    let after = store::save(w, ctx, &before, after, what, extra)?;
    let ending = Ending {
        code: &code,
        text: &command.text,
        by: Some(visitor.id),
    };
    let with = carried.len();
    end_with(w, ctx, &before, &ending, carried, children)?;
    Ok((after, with))
}

pub fn cancel(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Resolve,
) -> Result<Record> {
    let (before, found) = step(w, visitor, practice, number, Verb::Cancel, None)?;
    if command.code != WITHDRAWN {
        policy::may_work(visitor)?;
    }
    let needs_text = found.needs.contains(&Need::Reason);
    let code = checked_code(w, CodeList::Cancellation, command, needs_text)?;
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    after.closed_at = Some(ctx.now);
    let mut extra = ended(w, visitor, ctx, &before, &code, &command.text)?;
    extra.extend(leave_hold(w, &before, ctx.now)?);
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, "cancelled"),
        extra,
    )
}

/// The code by which a requester ends their own record.
const WITHDRAWN: &str = "withdrawn";

/// A requester does not need it any more: a cancellation whose code is not theirs to choose.
pub fn withdraw(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    why: &str,
) -> Result<Record> {
    if services::find_code(w, CodeList::Cancellation, WITHDRAWN)?.is_none() {
        return Err(Error::refused("portal-cannot-cancel"));
    }
    let command = Resolve {
        code: WITHDRAWN.to_owned(),
        text: why.to_owned(),
    };
    cancel(w, visitor, ctx, practice, number, &command)
}

/// The code a form names, unless it is on no list or asks for more than that form.
pub(in super::super) fn checked_code(
    conn: &mut Db,
    list: CodeList,
    command: &Resolve,
    needs_text: bool,
) -> Result<Code> {
    let (code_field, text_field) = match list {
        CodeList::Cancellation => ("cancellation_code", "cancellation_text"),
        _ => ("resolution_code", "resolution_text"),
    };
    let mut invalid = Invalid::default();
    let code = services::find_code(conn, list, &command.code)?;
    match &code {
        None => invalid.add(code_field, "error-required"),
        Some(code) if code.has_own_form() => invalid.add(code_field, "code-has-its-own-form"),
        Some(_) => {}
    }
    if needs_text && command.text.is_empty() {
        invalid.add(text_field, "error-required");
    }
    match code {
        Some(code) if invalid.is_empty() => Ok(code),
        _ => Err(Error::Invalid(invalid)),
    }
}

/// How a record ends: with a code and a text, by somebody.
pub(in super::super) struct Ending<'a> {
    pub code: &'a Code,
    pub text: &'a str,
    /// Nobody, where time did it.
    pub by: Option<Id<Person>>,
}

impl Ending<'_> {
    /// The row that says so of a record.
    pub fn of(&self, record: &Record, now: Utc) -> Resolution {
        Resolution {
            id: Id::new(),
            record_id: record.id,
            list: self.code.list.word().to_owned(),
            code: self.code.code.clone(),
            code_label: self.code.label.clone(),
            text: self.text.to_owned(),
            by_id: self.by,
            team_id: record.team_id,
            at: now,
            superseded_at: None,
        }
    }

    /// What the journal says of it.
    pub fn said(&self) -> Vec<Change> {
        let (code_field, text_field) = match self.code.list {
            CodeList::Cancellation => ("cancellation_code", "cancellation_text"),
            _ => ("resolution_code", "resolution_text"),
        };
        let code = Value::Code(self.code.code.clone(), self.code.label.clone());
        vec![
            Change::set(code_field, code),
            Change::set(text_field, Value::text(self.text)),
        ]
    }
}

/// Writes how a record ended, and gives back what the journal says of it.
pub(in super::super) fn ended(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: &Record,
    code: &Code,
    text: &str,
) -> Result<Vec<Change>> {
    let ending = Ending {
        code,
        text,
        by: Some(visitor.id),
    };
    store::supersede_resolution(w, record.id, ctx.now)?;
    store::insert_resolution(w, &ending.of(record, ctx.now))?;
    Ok(ending.said())
}

/// Closed is final. The requester confirms, an agent closes, or time does; all through here.
pub fn close(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
) -> Result<Record> {
    let (before, found) = step(w, visitor, practice, number, Verb::Close, None)?;
    unblocked(w, &before, found)?;
    shut(w, ctx, practice, before, found.to)
}

/// A resolved record whose time to be re-opened is over.
pub fn close_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    record: Record,
) -> Result<Record> {
    let found = practice
        .find(Verb::Close, &record.state, None)
        .ok_or_else(|| not_from(&record))?;
    shut(w, ctx, practice, record, found.to)
}

fn shut(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: Record,
    to: &str,
) -> Result<Record> {
    let mut after = before.clone();
    enter(&mut after, practice, to)?;
    after.closed_at = Some(ctx.now);
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, "closed"),
        Vec::new(),
    )
}

/// Takes a resolved record up again, within the window: back to the team that resolved it. The
/// former resolution stays in history.
pub fn reopen(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Reopen,
) -> Result<Record> {
    let (before, found) = step(w, visitor, practice, number, Verb::Reopen, None)?;
    let mut invalid = Invalid::default();
    if command.who.is_empty() {
        invalid.add("reopen_who", "error-required");
    }
    if command.why.is_empty() {
        invalid.add("reopen_why", "error-required");
    }
    invalid.or(())?;
    let until = rules::reopens_until(&before, reopen_window(w)?);
    if until.is_some_and(|until| ctx.now >= until) {
        return Err(Error::refused("reopen-too-late"));
    }
    let former = store::resolutions_of(w, before.id)?
        .into_iter()
        .find(|r| r.superseded_at.is_none());
    store::supersede_resolution(w, before.id, ctx.now)?;
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    after.resolved_at = None;
    after.reopens += 1;
    if !before.is_restricted {
        after.team_id = former.and_then(|r| r.team_id).or(before.team_id);
    }
    debug_assert_ne!(found.to, BACK);
    let extra = vec![
        Change::set("reopened_for", Value::text(&command.who)),
        Change::set("reopened_because", Value::text(&command.why)),
    ];
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, "reopened"),
        extra,
    )
}

/// How long a resolved record may be re-opened before it closes by itself: the setting
/// `close_after_days`, five by default.
pub fn reopen_window(conn: &mut Db) -> Result<Duration> {
    let days = services::close_after_days(conn)?.parse().unwrap_or(5);
    Ok(Duration::days(days))
}
