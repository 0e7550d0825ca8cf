//! Moves through the life cycle. Which exist, who may make them and what they need is the table of
//! the practice; what a move writes is here.

use time::Duration;

use super::{enter, fact, step};
use crate::entries::Audience;
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::life_cycle::{BACK, Need, Practice, Verb};
use crate::records::model::{Hold, Kind, LinkType, Record, Resolution};
use crate::records::number::Number;
use crate::records::{policy, store};
use crate::services::{self, Code, CodeList};

/// Putting a record on hold.
#[derive(Debug, Clone, Default)]
pub struct HoldCommand {
    /// A code of the hold list.
    pub reason: String,
    /// The public question, which a hold on the requester needs.
    pub question: String,
    pub supplier: String,
    pub supplier_case: String,
    /// The change or problem waited for.
    pub for_record: Option<Number>,
    pub resume_at: Option<Utc>,
}

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

/// To the next working state by hand, or (with [`Verb::Reject`]) to a refusal.
pub fn advance(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    to: &str,
    reason: &str,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    let verb = if practice
        .find(Verb::Reject, &record.state, Some(to))
        .is_some()
    {
        Verb::Reject
    } else {
        Verb::Advance
    };
    let (before, found) = step(w, visitor, practice, number, verb, Some(to))?;
    if found.needs.contains(&Need::Reason) && reason.is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    if !after.is_open {
        after.closed_at = Some(ctx.now);
    }
    let extra = (!reason.is_empty()).then(|| Change::set("reason", Value::text(reason)));
    let what = if verb == Verb::Reject {
        "rejected"
    } else {
        "advanced"
    };
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, what),
        extra.into_iter().collect(),
    )
}

pub fn hold(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &HoldCommand,
) -> Result<Record> {
    let (mut before, found) = step(w, visitor, practice, number, Verb::Hold, None)?;
    let code = services::find_code(w, CodeList::Hold, &command.reason)?
        .ok_or_else(|| Error::invalid("hold_reason", "hold-reason-needed"))?;
    check_hold(&before, &code, command, ctx.now)?;
    if let ("requester", Some(asked)) = (code.behaviour.as_str(), before.requester_id) {
        super::restrict::must_be_named(w, &before, "hold_reason", asked)?;
    }
    let waited_for = waited_for(w, visitor, &before, &code, command.for_record)?;
    if let Some(other) = waited_for.clone()
        && !store::are_linked(w, before.id, other.id)?
    {
        let related = LinkType::Related;
        before = super::connect::link_records(w, visitor, ctx, before, other, related)?;
    }
    if code.behaviour == "requester" {
        before = super::talk::say(w, ctx, before, Audience::Public, &command.question)?;
    }
    let state_before = before.state.clone();
    let (supplier, supplier_case) = match code.behaviour.as_str() {
        "supplier" => (command.supplier.clone(), command.supplier_case.clone()),
        _ => Default::default(),
    };
    let hold = Hold {
        id: Id::new(),
        record_id: before.id,
        reason: code.code.clone(),
        behaviour: code.behaviour.clone(),
        supplier,
        supplier_case,
        for_record_id: waited_for.as_ref().map(|r| r.id),
        resume_at: command.resume_at.unwrap_or(Utc::FAR),
        state_before,
        started_at: ctx.now,
        ended_at: None,
    };
    store::insert_hold(w, &hold)?;
    let reason = Value::Code(code.code.clone(), code.label.clone());
    let mut extra = vec![Change::set("hold_reason", reason)];
    if let Some(other) = &waited_for {
        extra.push(Change::set(
            "hold_for",
            Value::Ref(other.id.uuid(), other.number().to_string()),
        ));
    }
    for (field, text) in [
        ("hold_supplier", &hold.supplier),
        ("hold_supplier_case", &hold.supplier_case),
    ] {
        if !text.is_empty() {
            extra.push(Change::set(field, Value::text(text)));
        }
    }
    if let Some(at) = command.resume_at {
        extra.push(Change::set("hold_resume_at", Value::At(at)));
    }
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    store::save(w, ctx, &before, after, fact(practice.kind, "held"), extra)
}

/// What each hold reason must bring. *Requester* without a public question is the trap that lets a
/// record wait for somebody who was never asked.
fn check_hold(record: &Record, code: &Code, command: &HoldCommand, now: Utc) -> Result<()> {
    let mut invalid = Invalid::default();
    match code.behaviour.as_str() {
        "requester" if record.requester_id.is_none() => {
            invalid.add("hold_reason", "hold-no-requester")
        }
        "requester" if command.question.is_empty() => {
            invalid.add("question", "hold-question-needed")
        }
        "supplier" => {
            if command.supplier.is_empty() {
                invalid.add("supplier", "hold-supplier-needed");
            }
            if command.supplier_case.is_empty() {
                invalid.add("supplier_case", "hold-case-needed");
            }
        }
        "change" | "problem" if command.for_record.is_none() => {
            invalid.add("for_record", "hold-record-needed")
        }
        _ => {}
    }
    if command.resume_at.is_some_and(|at| at <= now) {
        invalid.add("resume_at", "hold-date-past");
    }
    invalid.or(())
}

/// The change or problem a hold waits for: visible, of the right kind, not finished.
fn waited_for(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    code: &Code,
    number: Option<Number>,
) -> Result<Option<Record>> {
    let kind = match code.behaviour.as_str() {
        "change" => Kind::Change,
        "problem" => Kind::Problem,
        _ => return Ok(None),
    };
    let Some(number) = number else {
        return Ok(None);
    };
    let other = match store::find_visible(conn, visitor, number) {
        Err(Error::NotFound) => return Err(Error::invalid("for_record", "record-unknown")),
        other => other?,
    };
    if other.kind != kind || !other.is_open || other.id == record.id {
        return Err(Error::invalid("for_record", "hold-record-wrong"));
    }
    Ok(Some(other))
}

/// Back from a hold, into the state it began in.
pub fn resume(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
) -> Result<Record> {
    let (before, _) = step(w, visitor, practice, number, Verb::Resume, None)?;
    back(w, ctx, practice, before, "resumed")
}

/// A hold that ends by its date, or because what it waited for finished.
pub fn resume_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    record: Record,
) -> Result<Record> {
    back(w, ctx, practice, record, "resumed")
}

fn back(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: Record,
    what: &str,
) -> Result<Record> {
    let hold = store::hold_of(w, before.id)?;
    let mut after = before.clone();
    let state = hold
        .as_ref()
        .map_or(practice.first, |h| h.state_before.as_str());
    enter(&mut after, practice, state)?;
    let extra = hold.map(|hold| end_hold(w, hold, ctx.now)).transpose()?;
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, what),
        extra.into_iter().collect(),
    )
}

/// Leaves a hold behind on the way to another state.
fn leave_hold(w: &mut Write<'_>, record: &Record, now: Utc) -> Result<Option<Change>> {
    let hold = store::hold_of(w, record.id)?;
    hold.map(|hold| end_hold(w, hold, now)).transpose()
}

/// Ends a hold, and gives back what the journal says of it.
fn end_hold(conn: &mut Db, hold: Hold, now: Utc) -> Result<Change> {
    store::end_hold(conn, hold.id, now)?;
    let codes = services::list_codes(conn, CodeList::Hold)?;
    let label = codes.into_iter().find(|c| c.code == hold.reason);
    let label = label.map_or_else(String::new, |c| c.label);
    let reason = Value::Code(hold.reason, label);
    Ok(Change::new("hold_reason", reason, Value::Nothing))
}

pub fn resolve(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Resolve,
) -> Result<Record> {
    let (before, found) = step(w, visitor, practice, number, Verb::Resolve, None)?;
    let code = checked_code(
        w,
        CodeList::Resolution,
        command,
        found.needs.contains(&Need::ResolutionText),
    )?;
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    after.resolved_at = Some(ctx.now);
    let mut extra = ended(w, visitor, ctx, &before, &code, &command.text)?;
    extra.extend(leave_hold(w, &before, ctx.now)?);
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, "resolved"),
        extra,
    )
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
    let code = checked_code(w, CodeList::Cancellation, command, false)?;
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

fn checked_code(
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
    if code.is_none() {
        invalid.add(code_field, "error-required");
    }
    if needs_text && command.text.is_empty() {
        invalid.add(text_field, "error-required");
    }
    match code {
        Some(code) if invalid.is_empty() => Ok(code),
        _ => Err(Error::Invalid(invalid)),
    }
}

/// Writes how a record ended, and gives back what the journal says of it.
fn ended(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: &Record,
    code: &Code,
    text: &str,
) -> Result<Vec<Change>> {
    let resolution = Resolution {
        id: Id::new(),
        record_id: record.id,
        list: code.list.word().to_owned(),
        code: code.code.clone(),
        code_label: code.label.clone(),
        text: text.to_owned(),
        by_id: Some(visitor.id),
        team_id: record.team_id,
        at: ctx.now,
        superseded_at: None,
    };
    store::supersede_resolution(w, record.id, ctx.now)?;
    store::insert_resolution(w, &resolution)?;
    let (code_field, text_field) = match code.list {
        CodeList::Cancellation => ("cancellation_code", "cancellation_text"),
        _ => ("resolution_code", "resolution_text"),
    };
    Ok(vec![
        Change::set(
            code_field,
            Value::Code(code.code.clone(), code.label.clone()),
        ),
        Change::set(text_field, Value::text(text)),
    ])
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
        .ok_or_else(|| super::not_from(&record))?;
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
    let window = reopen_window(w)?;
    if before
        .resolved_at
        .is_some_and(|at| ctx.now >= at.plus(window))
    {
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
    let days = services::setting(conn, "close_after_days")?
        .and_then(|d| d.parse().ok())
        .unwrap_or(5);
    Ok(Duration::days(days))
}
