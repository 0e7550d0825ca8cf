//! Watchers and links.

use crate::journal::{Change, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::model::{LinkType, Record};
use crate::records::number::Number;
use crate::records::store::{self, LinkSeen};
use crate::records::{policy, rules};

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
    super::restrict::must_be_named(w, &record, "watcher", person.id)?;
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
    let other = match store::find_meant(w, visitor, to) {
        Err(Error::NotFound) => return Err(Error::invalid("link_to", "record-unknown")),
        other => other?,
    };
    if other.id == record.id {
        return Err(Error::invalid("link_to", "link-to-itself"));
    }
    if link_type == LinkType::DuplicateOf {
        return Err(Error::invalid("link_type", "link-duplicate-by-itself"));
    }
    if !rules::may_link(link_type, record.kind, other.kind) {
        return Err(Error::invalid("link_type", "link-fix-is-a-change"));
    }
    link_records(w, visitor, ctx, record, other, link_type)
}

/// Links a record to another as part of another action, unless they are linked that way already.
pub(super) fn link_records(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: Record,
    other: Record,
    link_type: LinkType,
) -> Result<Record> {
    match store::insert_link(w, record.id, other.id, link_type, Some(visitor.id), ctx.now)? {
        None => Ok(record),
        Some(id) => {
            let link = Link {
                id,
                link_type,
                outward: true,
            };
            said_of_both(w, ctx, record, other, &link, true)
        }
    }
}

/// Links two records in the name of whoever brought it about, if anybody did; what they may see was
/// asked before. Linking twice changes nothing.
pub fn link_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    other: &Record,
    link_type: LinkType,
) -> Result<Record> {
    let by = ctx.actor.id.filter(|id| !id.is_nil()).map(Id::from_uuid);
    match store::insert_link(w, record.id, other.id, link_type, by, ctx.now)? {
        None => Ok(record),
        Some(id) => {
            let link = Link {
                id,
                link_type,
                outward: true,
            };
            said_of_both(w, ctx, record, other.clone(), &link, true)
        }
    }
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
    let outward = from == record.id;
    let other = match (outward, to == record.id) {
        (true, _) => store::find_by_id(w, to)?,
        (_, true) => store::find_by_id(w, from)?,
        _ => return Err(Error::NotFound),
    };
    store::find_visible(w, visitor, other.number())?;
    let from = if outward { &record } else { &other };
    if rules::link_stays(link_type, from.is_open) {
        return Err(Error::refused("link-duplicate-stays"));
    }
    store::delete_link(w, link)?;
    let link = Link {
        id: link,
        link_type,
        outward,
    };
    said_of_both(w, ctx, record, other, &link, false)
}

/// A link as one of its records tells it.
struct Link {
    id: Id<LinkSeen>,
    link_type: LinkType,
    /// Whether the record acted on is the link's beginning.
    outward: bool,
}

/// What a record's journal says of a link to another that came or went.
pub(super) fn link_changes(
    seen: &Record,
    link_type: LinkType,
    outward: bool,
    id: Id<LinkSeen>,
    added: bool,
) -> Vec<Change> {
    let pair = |(field, value)| {
        if added {
            Change::set(field, value)
        } else {
            Change::new(field, value, Value::Nothing)
        }
    };
    [
        (
            "link_to",
            Value::Ref(seen.id.uuid(), seen.number().to_string()),
        ),
        ("link_type", Value::word(link_type.word())),
        ("link_outward", Value::Flag(outward)),
        ("link", Value::word(id.to_string())),
    ]
    .map(pair)
    .to_vec()
}

fn said_of_both(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    other: Record,
    link: &Link,
    added: bool,
) -> Result<Record> {
    let changes =
        |seen: &Record, outward: bool| link_changes(seen, link.link_type, outward, link.id, added);
    let what = if added { "linked" } else { "unlinked" };
    store::save(
        w,
        ctx,
        &other,
        other.clone(),
        super::fact(other.kind, what),
        changes(&record, !link.outward),
    )?;
    store::save(
        w,
        ctx,
        &record,
        record.clone(),
        super::fact(record.kind, what),
        changes(&other, link.outward),
    )
}
