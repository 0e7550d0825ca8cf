//! Holds: what a record waits for, and coming back from it.

use super::super::restrict::must_be_named;
use super::super::{enter, fact, step};
use crate::entries::Audience;
use crate::items;
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{connect, talk};
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::{Hold, Kind, LinkType, Record};
use crate::records::number::Number;
use crate::records::store;
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
        must_be_named(w, &before, "hold_reason", asked)?;
    }
    let waited_for = waited_for(w, visitor, &before, &code, command.for_record)?;
    if let Some(other) = waited_for.clone()
        && !store::are_linked(w, before.id, other.id)?
    {
        let related = LinkType::Related;
        before = connect::link_records(w, visitor, ctx, before, other, related)?;
    }
    if code.behaviour == "requester" {
        before = talk::say(w, ctx, before, Audience::Public, &command.question)?;
    }
    let state_before = before.state.clone();
    let (supplier, supplier_case) = match code.behaviour.as_str() {
        "supplier" => (command.supplier.clone(), command.supplier_case.clone()),
        _ => Default::default(),
    };
    // Who is on no list stays a name.
    let listed = items::find_supplier_by_name(w, &supplier)?;
    let supplier = listed.as_ref().map_or(supplier, |s| s.name.clone());
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
        supplier_id: listed.map(|s| s.id),
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
    if !hold.supplier.is_empty() {
        let supplier = match hold.supplier_id {
            Some(id) => Value::Ref(id.uuid(), hold.supplier.clone()),
            None => Value::text(&hold.supplier),
        };
        extra.push(Change::set("hold_supplier", supplier));
    }
    if !hold.supplier_case.is_empty() {
        let case = Value::text(&hold.supplier_case);
        extra.push(Change::set("hold_supplier_case", case));
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
    let other = match store::find_meant(conn, visitor, number) {
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
pub(super) fn leave_hold(w: &mut Write<'_>, record: &Record, now: Utc) -> Result<Option<Change>> {
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
