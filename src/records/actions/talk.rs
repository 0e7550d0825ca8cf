//! Saying something on a record: a public reply, an internal note, a file.

use super::Resolve;
use crate::attachments;
use crate::entries::{self, Audience, Entry, NewEntry};
use crate::journal::{self, Change, Value};
use crate::people::{Right, Upload, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::life_cycle::Practice;
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::{involved, policy, store};

/// A reply or a note.
#[derive(Debug, Clone, Default)]
pub struct Say {
    /// How many facts the author had seen.
    pub seen: i64,
    /// The author has read the news and sends all the same.
    pub anyway: bool,
    pub body: String,
    pub files: Vec<Upload>,
}

/// What requester, caller, affected people and watchers will read. If somebody wrote since the author looked, it is not
/// sent but shown ([`Error::News`]), once.
pub fn reply(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Say,
) -> Result<Record> {
    speak(w, visitor, ctx, number, command, Audience::Public)
}

/// What only those who work on the record will read.
pub fn note(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Say,
) -> Result<Record> {
    speak(w, visitor, ctx, number, command, Audience::Internal)
}

/// Tells the requester and resolves at once: the reply and the end are two facts of one
/// transaction, or neither. A reply that says how it ended need not be written twice.
pub fn reply_and_resolve(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    say: &Say,
    resolve: &Resolve,
) -> Result<Record> {
    reply(w, visitor, ctx, number, say)?;
    let mut resolve = resolve.clone();
    if resolve.text.is_empty() {
        resolve.text.clone_from(&say.body);
    }
    super::resolve(w, visitor, ctx, practice, number, &resolve)
}

fn speak(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Say,
    audience: Audience,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    may_say(w, visitor, &record, audience)?;
    if audience == Audience::Public {
        super::not_closed(&record)?;
    }
    if command.body.is_empty() && command.files.is_empty() {
        return Err(Error::invalid("body", "error-required"));
    }
    if !command.anyway {
        let news = news_since(w, visitor, &record, command.seen)?;
        if !news.is_empty() {
            return Err(Error::News(news));
        }
    }
    let by_staff = visitor.has(Right::Work);
    let (mut record, entry) = write_entry(w, ctx, record, audience, &command.body, by_staff)?;
    for file in &command.files {
        record = attach_file(w, ctx, record, file, Some(entry), audience)?;
    }
    Ok(record)
}

/// What others wrote since the author looked, as far as the author may read it.
fn news_since(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    seen: i64,
) -> Result<Vec<uuid::Uuid>> {
    let news = journal::entries_since(conn, record.id.uuid(), seen, visitor.id.uuid())?;
    if news.is_empty() || policy::may_say(visitor, Audience::Internal).is_ok() {
        return Ok(news);
    }
    let ids: Vec<Id<Entry>> = news.into_iter().map(Id::from_uuid).collect();
    let public = entries::public_entries_by_ids(conn, &ids)?;
    Ok(public.into_iter().map(|reply| reply.0.id.uuid()).collect())
}

/// Adds an entry as part of another action (the question of a hold).
pub(super) fn say(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    audience: Audience,
    body: &str,
) -> Result<Record> {
    write_entry(w, ctx, record, audience, body, true).map(|(record, _)| record)
}

fn write_entry(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    audience: Audience,
    body: &str,
    by_staff: bool,
) -> Result<(Record, Id<Entry>)> {
    let (id, mut extra) = new_entry(w, ctx, record.id, audience, body)?;
    // Whether somebody works here may change; whether they did when they wrote decides what the entry
    // was: a first response is one of staff.
    if !by_staff {
        extra.push(Change::set("entry_by_staff", Value::Flag(false)));
    }
    let what = match audience {
        Audience::Public => "replied",
        Audience::Internal => "noted",
        Audience::Contact => return Err(Error::inward("a contact has an action of its own")),
    };
    let name = super::fact(record.kind, what);
    let after = record.clone();
    Ok((store::save(w, ctx, &record, after, name, extra)?, id))
}

/// Writes an entry, and gives what the fact it belongs to says of it.
pub(super) fn new_entry(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Id<Record>,
    audience: Audience,
    body: &str,
) -> Result<(Id<Entry>, Vec<Change>)> {
    let id = Id::<Entry>::new();
    let entry = NewEntry {
        id,
        record: record.cast(),
        audience,
        channel: ctx.door.word(),
        author: ctx.actor.id.map(Id::from_uuid),
        author_name: &ctx.actor.label,
        at: ctx.now,
        body,
        chaser: false,
    };
    entries::insert_entry(w, &entry)?;
    let changes = vec![
        Change::set("entry", Value::Ref(id.uuid(), ctx.actor.label.clone())),
        Change::set("entry_audience", Value::word(audience.word())),
        Change::set("entry_channel", Value::word(ctx.door.word())),
        Change::set("entry_body", Value::text(body)),
    ];
    Ok((id, changes))
}

/// Attaches a file to a record without saying anything.
pub fn attach(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    file: &Upload,
    audience: Audience,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    may_say(w, visitor, &record, audience)?;
    attach_file(w, ctx, record, file, None, audience)
}

/// Who called for the requester, or is affected besides, does not speak to everybody the record
/// touches: they get in touch ([`super::write_own`]).
fn may_say(conn: &mut Db, visitor: &Visitor, record: &Record, audience: Audience) -> Result<()> {
    policy::may_say(visitor, audience)?;
    if !visitor.has(Right::Work) && involved::writes_privately(conn, record, visitor.id)? {
        return Err(Error::forbidden());
    }
    Ok(())
}

pub(super) fn attach_file(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    file: &Upload,
    entry: Option<Id<Entry>>,
    audience: Audience,
) -> Result<Record> {
    let id = attachments::insert(
        w,
        record.id.cast(),
        entry,
        audience,
        file,
        ctx.actor.id.map(Id::from_uuid),
        ctx.now,
    )?;
    let mut extra = vec![
        Change::set("attachment", Value::Ref(id.uuid(), file.name.clone())),
        Change::set("attachment_audience", Value::word(audience.word())),
        // Salted like any text: the bare hash would still tell a known file after it was erased.
        Change::set("attachment_content", Value::text(&file.content)),
        Change::set("attachment_type", Value::word(&file.media_type)),
        Change::set("attachment_size", Value::Number(file.size)),
    ];
    if let Some(entry) = entry {
        let entry = Value::word(entry.to_string());
        extra.push(Change::set("attachment_entry", entry));
    }
    let name = super::fact(record.kind, "attached");
    let after = record.clone();
    store::save(w, ctx, &record, after, name, extra)
}
