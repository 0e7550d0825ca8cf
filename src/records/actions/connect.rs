//! Watchers and links.

use crate::journal::{Change, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::model::{LinkType, Record};
use crate::records::number::Number;
use crate::records::policy;
use crate::records::store::{self, LinkSeen};

pub fn watch(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    person: Id<Person>,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let person = super::chosen("watcher", people::find_person(w, person))?;
    super::enabled("watcher", person.disabled_at)?;
    if !store::insert_watcher(w, record.id, person.id, ctx.now)? {
        return Ok(record);
    }
    let extra = vec![Change::set(
        "watcher",
        Value::Ref(person.id.uuid(), person.name),
    )];
    let after = record.clone();
    store::save(
        w,
        ctx,
        &record,
        after,
        super::fact(record.kind, "watched"),
        extra,
    )
}

pub fn unwatch(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    person: Id<Person>,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let person = people::find_person(w, person)?;
    if !store::delete_watcher(w, record.id, person.id)? {
        return Ok(record);
    }
    let extra = vec![Change::new(
        "watcher",
        Value::Ref(person.id.uuid(), person.name),
        Value::Nothing,
    )];
    let after = record.clone();
    store::save(
        w,
        ctx,
        &record,
        after,
        super::fact(record.kind, "unwatched"),
        extra,
    )
}

/// Links a record to another the visitor can see. Linking twice changes nothing; a record is not
/// linked to itself. Both records' journals say it.
pub fn link(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    to: Number,
    link_type: LinkType,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let other = match store::find_visible(w, visitor, to) {
        Err(Error::NotFound) => return Err(Error::invalid("link_to", "record-unknown")),
        other => other?,
    };
    if other.id == record.id {
        return Err(Error::invalid("link_to", "link-to-itself"));
    }
    let Some(id) =
        store::insert_link(w, record.id, other.id, link_type, Some(visitor.id), ctx.now)?
    else {
        return Ok(record);
    };
    said_of_both(w, ctx, record, other, id, link_type, true)
}

pub fn unlink(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    link: Id<LinkSeen>,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let (from, to, link_type) = store::find_link(w, link)?;
    let other = match (from == record.id, to == record.id) {
        (true, _) => store::find_by_id(w, to)?,
        (_, true) => store::find_by_id(w, from)?,
        _ => return Err(Error::NotFound),
    };
    store::find_visible(w, visitor, other.number())?;
    store::delete_link(w, link)?;
    said_of_both(w, ctx, record, other, link, link_type, false)
}

/// Links a record to one it waits for, as part of another action; any link between them will do.
pub(super) fn link_to(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: Record,
    other: Record,
) -> Result<Record> {
    let related = LinkType::Related;
    if store::are_linked(w, record.id, other.id)? {
        return Ok(record);
    }
    match store::insert_link(w, record.id, other.id, related, Some(visitor.id), ctx.now)? {
        Some(id) => said_of_both(w, ctx, record, other, id, related, true),
        None => Ok(record),
    }
}

fn said_of_both(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    other: Record,
    link: Id<LinkSeen>,
    link_type: LinkType,
    added: bool,
) -> Result<Record> {
    let changes = |seen: &Record| {
        let value = Value::Ref(seen.id.uuid(), seen.number().to_string());
        let id = Value::word(link.to_string());
        let kind = Value::word(link_type.word());
        let pair = |v: Value| {
            if added {
                (Value::Nothing, v)
            } else {
                (v, Value::Nothing)
            }
        };
        [("link_to", value), ("link_type", kind), ("link", id)]
            .map(|(field, v)| {
                let (before, after) = pair(v);
                Change::new(field, before, after)
            })
            .to_vec()
    };
    let what = if added { "linked" } else { "unlinked" };
    store::save(
        w,
        ctx,
        &other,
        other.clone(),
        super::fact(other.kind, what),
        changes(&record),
    )?;
    store::save(
        w,
        ctx,
        &record,
        record.clone(),
        super::fact(record.kind, what),
        changes(&other),
    )
}
