//! Somebody gets in touch about a record; who called for the requester; whom it affects besides.

use super::Say;
use crate::entries::{self, Audience, Entry, NewEntry};
use crate::journal::{Change, Value};
use crate::people::{self, Person, Upload, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::involved::{self, ContactCounts, Role, counted};
use crate::records::life_cycle::Practice;
use crate::records::model::{Channel, Record};
use crate::records::number::Number;
use crate::records::rules::{self, Heard, Standing};
use crate::records::{policy, store};

/// Somebody got in touch.
#[derive(Debug, Clone)]
pub struct Contact {
    pub from: Id<Person>,
    pub channel: Channel,
    pub text: String,
    /// Whether they asked what became of it; the rule decides where nobody says.
    pub chaser: Option<bool>,
    /// They are affected too, where the record does not say so yet.
    pub affected: bool,
    /// It is not solved after all: a resolved record is taken up again.
    pub reopen: bool,
    pub files: Vec<Upload>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Received {
    pub record: Record,
    pub counts: ContactCounts,
    /// The record waited for this, and does so no longer.
    pub ends_hold: bool,
}

/// Writes down that somebody got in touch: no second record, however often they do. That it is the
/// requester's answer ends a hold for them (`follow`).
pub fn contact(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Contact,
) -> Result<Received> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    super::not_closed(&record)?;
    let person = present(w, "person", command.from)?;
    if command.text.is_empty() {
        return Err(Error::invalid("contact_text", "contact-text-needed"));
    }
    let mut received = take_in(w, ctx, record, &person, command)?;
    if command.reopen {
        let reopen = super::Reopen {
            who: person.name.clone(),
            why: command.text.clone(),
        };
        received.record = super::reopen(w, visitor, ctx, practice, number, &reopen)?;
    }
    Ok(received)
}

/// What somebody writes on the page of a record that is their own. Requester and watchers reply, for
/// all to read who may read the record at all; who called for the requester, or is affected besides,
/// gets in touch: that is theirs and the desk's.
pub fn write_own(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Say,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    if !involved::writes_privately(w, &record, visitor.id)? {
        return super::reply(w, visitor, ctx, number, command);
    }
    super::not_closed(&record)?;
    if command.body.is_empty() {
        return Err(Error::invalid("body", "error-required"));
    }
    let person = people::find_person(w, visitor.id)?;
    let contact = Contact {
        from: person.id,
        channel: Channel::Portal,
        text: command.body.clone(),
        chaser: None,
        affected: false,
        reopen: false,
        files: command.files.clone(),
    };
    Ok(take_in(w, ctx, record, &person, &contact)?.record)
}

fn take_in(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut record: Record,
    person: &Person,
    command: &Contact,
) -> Result<Received> {
    let standing = involved::standing(w, &record, person.id)?;
    let waits = store::waits_for_requester(w, &record)?;
    let heard = rules::heard(standing, waits, command.chaser);
    if command.affected && standing == Standing::Nobody {
        record = add_affected_person(w, ctx, record, person)?;
    }
    let (received, entry, counts) = receive(w, ctx, record, person, command, heard)?;
    record = received;
    for file in &command.files {
        // What somebody sent about a shared trouble is not for everybody affected.
        record = super::talk::attach_file(w, ctx, record, file, Some(entry), Audience::Contact)?;
    }
    Ok(Received {
        record,
        counts,
        ends_hold: waits && heard.answers,
    })
}

fn receive(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    person: &Person,
    command: &Contact,
    heard: Heard,
) -> Result<(Record, Id<Entry>, ContactCounts)> {
    let id = Id::<Entry>::new();
    entries::insert_entry(
        w,
        &NewEntry {
            id,
            record: record.id.cast(),
            audience: Audience::Contact,
            channel: command.channel.word(),
            author: Some(person.id),
            author_name: &person.name,
            at: ctx.now,
            body: &command.text,
            chaser: heard.chaser,
        },
    )?;
    let author = Value::Ref(person.id.uuid(), person.name.clone());
    let mut extra = vec![
        Change::set("entry", Value::Ref(id.uuid(), person.name.clone())),
        Change::set("entry_audience", Value::word(Audience::Contact.word())),
        Change::set("entry_channel", Value::word(command.channel.word())),
        Change::set("entry_body", Value::text(&command.text)),
        Change::set("entry_chaser", Value::Flag(heard.chaser)),
        Change::set("contact_from", author),
    ];
    if heard.answers {
        extra.push(Change::set("contact_answers", Value::Flag(true)));
    }
    let (counts, changes) = count(w, &record, |n| {
        n.contacts += 1;
        n.chased += i32::from(heard.chaser);
    })?;
    extra.extend(changes);
    let fact = super::fact(record.kind, "contact_received");
    let saved = store::save(w, ctx, &record, record.clone(), fact, extra)?;
    Ok((saved, id, counts))
}

/// Moves a record's counts, and gives back what the journal says of it.
fn count(
    conn: &mut Db,
    record: &Record,
    step: impl FnOnce(&mut ContactCounts),
) -> Result<(ContactCounts, Vec<Change>)> {
    let stood = involved::counts_of(conn, record.id)?;
    let before = stood.unwrap_or_default();
    let mut now = before;
    step(&mut now);
    involved::set_counts(conn, record.id, stood, now)?;
    let changes = [
        ("affected_count", before.affected, now.affected),
        ("contacts", before.contacts, now.contacts),
        ("chased", before.chased, now.chased),
    ]
    .into_iter()
    .filter(|(_, before, now)| before != now)
    .map(|(field, before, now)| Change::new(field, counted(before), counted(now)))
    .collect();
    Ok((now, changes))
}

/// The requester was heard: a hold that waited for them is over, at that minute.
pub fn answered(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    record: Record,
) -> Result<Record> {
    if store::waits_for_requester(w, &record)? {
        super::resume_by_itself(w, ctx, practice, record)
    } else {
        Ok(record)
    }
}

/// Somebody who is still about. Who left is named, so that nobody has to guess why not.
fn present(conn: &mut Db, field: &'static str, id: Id<Person>) -> Result<Person> {
    let person = super::chosen(field, people::find_person(conn, id))?;
    match person.disabled_at {
        None => Ok(person),
        Some(_) => {
            let message = Message::new("contact-person-left").arg("name", &person.name);
            Err(Error::Invalid(Invalid::one(field, message)))
        }
    }
}

/// Adds an affected person who did not get in touch. Adding somebody twice changes nothing.
pub fn add_affected(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    person: Id<Person>,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    super::not_closed(&record)?;
    let person = present(w, "affected", person)?;
    if record.requester_id == Some(person.id) {
        return Err(Error::invalid("affected", "affected-is-requester"));
    }
    add_affected_person(w, ctx, record, &person)
}

fn add_affected_person(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    person: &Person,
) -> Result<Record> {
    if involved::is_affected(w, record.id, person.id)? {
        return Ok(record);
    }
    involved::insert_involved(w, record.id, person.id, Role::Affected, ctx.now)?;
    let who = Value::Ref(person.id.uuid(), person.name.clone());
    let mut extra = vec![Change::set("affected", who)];
    extra.extend(count(w, &record, |n| n.affected += 1)?.1);
    let fact = super::fact(record.kind, "affected_added");
    store::save(w, ctx, &record, record.clone(), fact, extra)
}

/// Somebody is not affected after all. What they said stays.
pub fn remove_affected(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    person: Id<Person>,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let person = people::find_person(w, person)?;
    if !involved::is_affected(w, record.id, person.id)? {
        return Ok(record);
    }
    super::not_closed(&record)?;
    involved::delete_involved(w, record.id, person.id, Role::Affected)?;
    let who = Value::Ref(person.id.uuid(), person.name);
    let mut extra = vec![Change::new("affected", who, Value::Nothing)];
    extra.extend(count(w, &record, |n| n.affected -= 1)?.1);
    let fact = super::fact(record.kind, "affected_removed");
    store::save(w, ctx, &record, record.clone(), fact, extra)
}

/// Who called for the requester, before and after: `None` when that does not change.
pub(super) struct CallerChange {
    before: Option<Id<Person>>,
    after: Option<Id<Person>>,
    pub said: Change,
}

/// Works out a new caller: somebody who is still about, and not the requester, who is no caller
/// besides. `wish` is `None` where nobody asks for another.
pub(super) fn caller_change(
    conn: &mut Db,
    record: &Record,
    is_new: bool,
    wish: Option<Option<Id<Person>>>,
) -> Result<Option<CallerChange>> {
    let stood = if is_new {
        None
    } else {
        involved::caller_of(conn, record.id)?
    };
    let before = stood.as_ref().map(|p| p.id);
    let after = wish
        .unwrap_or(before)
        .filter(|id| record.requester_id != Some(*id));
    if before == after {
        return Ok(None);
    }
    let named = after
        .map(|id| present(conn, "caller", id))
        .transpose()?
        .map(|p| (p.id.uuid(), p.name));
    let stood = stood.map(|p| (p.id.uuid(), p.name));
    Ok(Some(CallerChange {
        before,
        after,
        said: Change::new("caller", Value::reference(stood), Value::reference(named)),
    }))
}

/// Writes what [`caller_change`] found; the fact is the caller's to append.
pub(super) fn write_caller(
    conn: &mut Db,
    record: Id<Record>,
    change: &CallerChange,
    at: Utc,
) -> Result<()> {
    if let Some(id) = change.before {
        involved::delete_involved(conn, record, id, Role::Caller)?;
    }
    if let Some(id) = change.after {
        involved::insert_involved(conn, record, id, Role::Caller, at)?;
    }
    // The row says that there is something to read.
    let counts = involved::counts_of(conn, record)?;
    involved::set_counts(conn, record, counts, counts.unwrap_or_default())
}
