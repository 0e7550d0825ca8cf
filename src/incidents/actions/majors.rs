//! Declaring an incident major, leading it from one promised word to the next, taking it back.

use super::instants::{incident, refuse_overlap};
use crate::incidents::model::Major;
use crate::incidents::store::{self, MajorSeen};
use crate::journal::{Change, Value};
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::{self, Kind, Number, Record};

/// An incident becomes major.
#[derive(Debug, Clone)]
pub struct Declare {
    pub reason: String,
    /// Who leads it; somebody who works on records.
    pub lead: Option<Id<Person>>,
    /// By when the next word is promised.
    pub next_update_at: Option<Utc>,
}

/// Another lead, another promise; `None` leaves what is there.
#[derive(Debug, Clone, Default)]
pub struct PlanMajor {
    /// How many facts of the record the author had seen.
    pub seen: i64,
    /// The author has seen the other value and means theirs.
    pub overwrite: bool,
    pub lead: Option<Id<Person>>,
    pub next_update_at: Option<Utc>,
}

/// An incident, if this person may say whether it is major; and what it is now.
pub fn found_major(
    conn: &mut Db,
    visitor: &Visitor,
    number: Number,
) -> Result<(Record, Option<MajorSeen>)> {
    let record = incident(conn, visitor, number)?;
    visitor.needs(Right::DeclareMajor)?;
    let major = if record.is_major {
        store::find_major(conn, record.id)?
    } else {
        None
    };
    Ok((record, major))
}

/// [`found_major`] of one that is open still: what is finished stays as it was.
pub fn before_major(
    conn: &mut Db,
    visitor: &Visitor,
    number: Number,
) -> Result<(Record, Option<MajorSeen>)> {
    let found = found_major(conn, visitor, number)?;
    if !found.0.is_open {
        let message = Message::new("record-not-open").arg("number", number);
        return Err(Error::refused(message));
    }
    Ok(found)
}

/// [`before_major`] of one that is.
fn major(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<(Record, MajorSeen)> {
    match before_major(conn, visitor, number)? {
        (record, Some(major)) => Ok((record, major)),
        (record, None) => Err(Error::refused(
            Message::new("major-is-none").arg("number", record.number()),
        )),
    }
}

pub fn declare_major(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Declare,
) -> Result<Record> {
    let (record, already) = before_major(w, visitor, number)?;
    if let Some(major) = already {
        let message = Message::new("major-already").arg("number", record.number());
        return Err(Error::refused(message.arg("name", major.lead)));
    }
    let mut invalid = Invalid::default();
    if command.reason.is_empty() {
        invalid.add("major_reason", "error-required");
    }
    let lead = match command.lead {
        Some(id) => leads(w, &record, id, &mut invalid)?,
        None => {
            invalid.add("major_lead", "error-choose");
            None
        }
    };
    match command.next_update_at {
        Some(at) => in_the_future(at, ctx.now, &mut invalid),
        None if invalid.of("major_next_update_at").is_none() => {
            invalid.add("major_next_update_at", "error-required");
        }
        None => {}
    }
    let (Some(lead), Some(next_update_at), true) =
        (lead, command.next_update_at, invalid.is_empty())
    else {
        return Err(Error::Invalid(invalid));
    };
    let major = Major {
        record_id: record.id,
        reason: command.reason.clone(),
        lead_id: lead.id,
        next_update_at,
        since: ctx.now,
    };
    store::insert_major(w, &major)?;
    let changes = vec![
        Change::set("major", Value::Flag(true)),
        Change::set("major_reason", Value::text(&major.reason)),
        Change::set("major_lead", Value::Ref(lead.id.uuid(), lead.name)),
        Change::set("major_next_update_at", Value::At(next_update_at)),
        Change::set("major_since", Value::At(major.since)),
    ];
    save(w, ctx, &record, true, "major_declared", changes)
}

/// Another lead, or another promise.
pub fn plan_major(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &PlanMajor,
) -> Result<Record> {
    let (record, before) = major(w, visitor, number)?;
    let mut after = before.major.clone();
    let mut changes = Vec::new();
    let mut invalid = Invalid::default();
    if let Some(id) = command.lead
        && id != after.lead_id
        && let Some(lead) = leads(w, &record, id, &mut invalid)?
    {
        after.lead_id = id;
        let was = Value::Ref(before.major.lead_id.uuid(), before.lead);
        let is = Value::Ref(lead.id.uuid(), lead.name);
        changes.push(Change::new("major_lead", was, is));
    }
    if let Some(at) = command.next_update_at
        && at != after.next_update_at
    {
        in_the_future(at, ctx.now, &mut invalid);
        let was = Value::At(after.next_update_at);
        changes.push(Change::new("major_next_update_at", was, Value::At(at)));
        after.next_update_at = at;
    }
    invalid.or(())?;
    if changes.is_empty() {
        return Ok(record);
    }
    if !command.overwrite {
        refuse_overlap(w, &record, &changes, command.seen)?;
    }
    store::update_major(w, &after)?;
    save(w, ctx, &record, true, "major_planned", changes)
}

/// It is not major any more, or never was, and why.
pub fn withdraw_major(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let (record, MajorSeen { major, lead }) = major(w, visitor, number)?;
    if reason.is_empty() {
        return Err(Error::invalid("major_withdrawn_because", "error-required"));
    }
    store::delete_major(w, record.id)?;
    let gone = |field, was| Change::new(field, was, Value::Nothing);
    let changes = vec![
        Change::new("major", Value::Flag(true), Value::Flag(false)),
        Change::set("major_withdrawn_because", Value::text(reason)),
        gone("major_reason", Value::text(&major.reason)),
        gone("major_lead", Value::Ref(major.lead_id.uuid(), lead)),
        gone("major_next_update_at", Value::At(major.next_update_at)),
        gone("major_since", Value::At(major.since)),
    ];
    save(w, ctx, &record, false, "major_withdrawn", changes)
}

fn save(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    is_major: bool,
    what: &str,
    changes: Vec<Change>,
) -> Result<Record> {
    let after = Record {
        is_major,
        ..record.clone()
    };
    let fact = records::actions::fact(Kind::Incident, what);
    records::save(w, ctx, record, after, fact, changes)
}

/// Whoever leads works on records, is still there, and may see this one.
fn leads(
    conn: &mut Db,
    record: &Record,
    id: Id<Person>,
    invalid: &mut Invalid,
) -> Result<Option<Person>> {
    const FIELD: &str = "major_lead";
    if !records::is_open_to(conn, record, id)? {
        let message = Message::new("restriction-not-named").arg("number", record.number());
        invalid.add(FIELD, message);
        return Ok(None);
    }
    match people::find_person(conn, id) {
        Ok(person) if person.disabled_at.is_none() && Right::Work.is_held_by(person.roles()) => {
            Ok(Some(person))
        }
        Ok(_) => {
            invalid.add(FIELD, "major-lead-cannot-work");
            Ok(None)
        }
        Err(Error::NotFound) => {
            invalid.add(FIELD, "error-no-longer-there");
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// A promise that is over already is none.
fn in_the_future(at: Utc, now: Utc, invalid: &mut Invalid) {
    if at <= now {
        invalid.add("major_next_update_at", "major-next-update-past");
    }
}
