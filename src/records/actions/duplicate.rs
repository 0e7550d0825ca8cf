//! A record that tells of the same trouble as another: it ends, and whoever it concerns joins the
//! original. What was said stays where it was said, and is counted there too.

use std::collections::HashSet;

use super::connect::link_changes;
use super::family::{child_change, named, no_circle};
use super::moves::{ended, leave_hold};
use super::{Resolve, enter, fact, step};
use crate::journal::{Change, NewFact, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::family::{self, DEEPEST, MOST};
use crate::records::involved::{self, Role, counted};
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::{LinkType, Record};
use crate::records::number::Number;
use crate::records::restrictions;
use crate::records::store::{self, Changed, LinkSeen};
use crate::services::{self, Code, CodeList};

/// The code of the cancellations that a duplicate ends with.
const CODE: &str = "duplicate";

/// Ends a record as a duplicate of another: its people, watchers and open children join the original,
/// whose `reported_at` stays.
pub fn duplicate(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    original: Number,
    text: &str,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let (before, found) = step(w, visitor, practice, number, Verb::Cancel, None)?;
    let original = named(w, visitor, "original", original)?;
    may_join(w, visitor, &before, &original)?;
    let children = moving_children(w, visitor, &before, &original)?;
    let code = code(w)?;
    let command = Resolve {
        code: code.code.clone(),
        text: text.to_owned(),
    };
    let kind = LinkType::DuplicateOf;
    let link = link_of(w, visitor, ctx, &before, &original)?;
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    after.closed_at = Some(ctx.now);
    let mut extra = ended(w, visitor, ctx, &before, &code, &command.text)?;
    extra.extend(leave_hold(w, &before, ctx.now)?);
    extra.extend(link_changes(&original, kind, true, link, true));
    let what = fact(practice.kind, "cancelled");
    let mut ended = store::save(w, ctx, &before, after, what, extra)?;
    let joined = link_changes(&before, kind, false, link, true);
    let mut told = join(w, ctx, &before, &original, joined)?;
    if !children.is_empty() {
        let said = |parent: &Record, added: bool| -> Vec<NewFact> {
            let children = children.iter();
            children
                .map(|child| {
                    let (what, change) = child_change(child, added);
                    NewFact::new(fact(parent.kind, what), vec![change])
                })
                .collect()
        };
        let gone = said(&ended, false);
        ended = store::save_chain(w, ctx, ended, gone)?;
        told.extend(said(&original, true));
    }
    let to = original.id;
    store::save_chain(w, ctx, original, told)?;
    let moved = children.into_iter().map(|before| {
        let mut after = before.clone();
        after.parent_id = Some(to);
        Changed {
            fact: fact(before.kind, "parent_changed"),
            before,
            after,
            extra: Vec::new(),
        }
    });
    store::save_many(w, ctx, moved.collect())?;
    Ok(ended)
}

/// The link by which a duplicate ends. One that somebody made by hand, when that could be done, becomes it.
fn link_of(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: &Record,
    original: &Record,
) -> Result<Id<LinkSeen>> {
    let kind = LinkType::DuplicateOf;
    match store::insert_link(w, record.id, original.id, kind, Some(visitor.id), ctx.now)? {
        Some(link) => Ok(link),
        None => store::link_between(w, record.id, original.id, kind),
    }
}

/// The code of a duplicate; an administrator may have renamed it, or offer it no longer by hand.
fn code(conn: &mut Db) -> Result<Code> {
    let codes = services::list_codes(conn, CodeList::Cancellation)?;
    codes
        .into_iter()
        .find(|code| code.code == CODE)
        .ok_or_else(|| Error::refused("duplicate-no-code"))
}

/// The original is another record, open, and no duplicate itself. One that everybody sees is none of a
/// restricted record: it would name the people there.
fn may_join(conn: &mut Db, visitor: &Visitor, record: &Record, original: &Record) -> Result<()> {
    let refuse = |message: Message| Err(Error::Invalid(Invalid::one("original", message)));
    if original.id == record.id {
        return refuse(Message::new("duplicate-of-itself"));
    }
    let number = original.number();
    if record.is_restricted && !original.is_restricted {
        return refuse(Message::new("duplicate-of-unrestricted").arg("number", number));
    }
    if original.is_open {
        return match store::above(conn, original, DEEPEST)?.contains(&record.id) {
            true => refuse(Message::new("duplicate-below").arg("number", number)),
            false => Ok(()),
        };
    }
    let Some(other) = store::original_of(conn, original.id)? else {
        return refuse(Message::new("duplicate-of-ended").arg("number", number));
    };
    let known = store::numbers_of(conn, visitor, &[other])?;
    refuse(match known.get(&other) {
        Some(_) if other == record.id => Message::new("duplicate-of-own").arg("number", number),
        Some(last) => Message::new("duplicate-of-duplicate")
            .arg("number", number)
            .arg("original", last),
        None => Message::new("duplicate-of-ended").arg("number", number),
    })
}

/// The open children that go on under the original.
fn moving_children(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    original: &Record,
) -> Result<Vec<Record>> {
    if record.open_children == 0 {
        return Ok(Vec::new());
    }
    let found = store::open_children_of(conn, visitor, &[record.id], MOST + 1)?;
    family::room(original.open_children, found.len())?;
    let children: Vec<Record> = found.into_iter().map(|(child, _)| child).collect();
    if !children.is_empty() {
        let moving: Vec<&Record> = children.iter().collect();
        no_circle(conn, visitor, &moving, original)?;
    }
    Ok(children)
}

/// Writes who joins the original, and gives back what its chain says of it: the duplicate and what
/// was counted there, each affected person, each watcher. A restricted original is joined by those it
/// names.
fn join(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    original: &Record,
    mut said: Vec<Change>,
) -> Result<Vec<NewFact>> {
    let counts = involved::counts_of(w, record.id)?.unwrap_or_default();
    let stood = involved::counts_of(w, original.id)?;
    let before = stood.unwrap_or_default();
    let mut now = before;
    now.contacts += counts.contacts;
    now.chased += counts.chased;
    for (field, was, is) in [
        ("contacts", before.contacts, now.contacts),
        ("chased", before.chased, now.chased),
    ] {
        if was != is {
            said.push(Change::new(field, counted(was), counted(is)));
        }
    }
    let mut told = vec![NewFact::new(fact(original.kind, "duplicate_joined"), said)];
    let readers = restrictions::readers_of(w, original)?;
    let finds = |person: &Id<Person>| readers.as_ref().is_none_or(|all| all.contains(person));
    let mut joining = joining(w, record, original)?;
    joining.retain(|(person, _)| finds(person));
    for (person, name) in &joining {
        let who = Value::Ref(person.uuid(), name.clone());
        let count = (counted(now.affected), counted(now.affected + 1));
        now.affected += 1;
        told.push(NewFact::new(
            fact(original.kind, "affected_added"),
            vec![
                Change::set("affected", who),
                Change::new("affected_count", count.0, count.1),
            ],
        ));
    }
    let people = joining.into_iter().map(|(person, _)| person);
    involved::insert_affected(w, original.id, people.collect(), ctx.now)?;
    if now != before {
        involved::set_counts(w, original.id, stood, now)?;
    }
    let watchers = store::watchers_of(w, record.id)?.into_iter();
    for person in watchers.filter(|person| finds(&person.id)) {
        if store::insert_watcher(w, original.id, person.id, ctx.now)? {
            let who = Value::Ref(person.id.uuid(), person.name);
            let said = vec![Change::set("watcher", who)];
            told.push(NewFact::new(fact(original.kind, "watched"), said));
        }
    }
    Ok(told)
}

/// Requester, caller and affected people of a duplicate who are not of the original yet.
fn joining(conn: &mut Db, record: &Record, original: &Record) -> Result<Vec<(Id<Person>, String)>> {
    let there = involved::involved_in(conn, original.id)?.into_iter();
    let affected = there.filter(|(role, ..)| *role == Role::Affected);
    let mut known: HashSet<Id<Person>> = affected.map(|(_, id, _)| id).collect();
    known.extend(original.requester_id);
    let mut joining = Vec::new();
    if let Some(id) = record.requester_id.filter(|id| known.insert(*id)) {
        joining.push((id, people::find_person(conn, id)?.name));
    }
    for (_, id, name) in involved::involved_in(conn, record.id)? {
        if known.insert(id) {
            joining.push((id, name));
        }
    }
    Ok(joining)
}
