//! Action items: raised from a post-mortem, planned anew, carried by another record, verified. Their
//! states are moved by the verbs of every record; what a move means for them follows.

use super::raise::readers;
use super::tell;
use crate::journal::{self, Change as Said, Value};
use crate::people::{self, Person, Right, Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::postmortems::item::{self, ActionItem, RECORDS, VERIFIED_BY, is_awaited};
use crate::postmortems::rules::actions::{ActionKind, PRACTICE, may_verify};
use crate::postmortems::store;
use crate::records::actions::{self, Log};
use crate::records::{self, Channel, Kind, LinkType, Number, PriorityWish, Record, Verb};

/// An action item with all that is its own.
#[derive(Debug, Clone)]
pub struct FoundItem {
    pub record: Record,
    pub of: ActionItem,
}

/// An action item, found through the person.
pub fn found_item(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<FoundItem> {
    if number.kind != Kind::Action {
        return Err(Error::NotFound);
    }
    let record = records::find_visible(conn, visitor, number)?;
    item_of(conn, record)?.ok_or(Error::NotFound)
}

/// What is its own of an action item's record.
pub(super) fn item_of(conn: &mut Db, record: Record) -> Result<Option<FoundItem>> {
    let of = store::find_item(conn, record.id)?;
    Ok(of.map(|of| FoundItem { record, of }))
}

/// [`found_item`] by somebody who works on it, of one that is not over.
fn to_write(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<FoundItem> {
    let found = found_item(conn, visitor, number)?;
    visitor.needs(Right::Work)?;
    match found.record.is_open {
        true => Ok(found),
        false => Err(Error::refused(
            Message::new("record-not-open").arg("number", number),
        )),
    }
}

/// An action item to be.
#[derive(Debug, Clone)]
pub struct RaiseItem {
    pub title: String,
    pub description: String,
    pub kind: ActionKind,
    pub owner: Option<Id<Person>>,
    /// The post-mortem's own where none is named.
    pub team: Option<Id<Team>>,
    pub due_at: Option<Utc>,
    pub verification: String,
}

/// Raises an action item from a post-mortem. It exists for whom that exists.
pub fn raise_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    from: Number,
    command: &RaiseItem,
) -> Result<Record> {
    let postmortem = super::found(w, visitor, from)?.record;
    visitor.needs(Right::Work)?;
    if postmortem.state == "cancelled" {
        return Err(Error::refused("postmortem-cancelled"));
    }
    let mut invalid = Invalid::default();
    if command.title.is_empty() {
        invalid.add("title", "error-required");
    }
    if command.due_at.is_some_and(|due| due <= ctx.now) {
        invalid.add("due_at", "action-due-past");
    }
    if let Some(owner) = command.owner
        && let Some(why) = cannot_own(w, &postmortem, owner)?
    {
        invalid.add("owner", why);
    }
    invalid.or(())?;
    let new = New {
        postmortem: &postmortem,
        like: &postmortem,
        log: log(&postmortem, command),
        of: ActionItem {
            verification: command.verification.clone(),
            due_at: command.due_at,
            ..ActionItem::new(postmortem.id, postmortem.id, command.kind)
        },
    };
    let record = make_item(w, visitor, ctx, new)?;
    tell(w, ctx, &record, command.owner, "notice-action-yours")?;
    Ok(record)
}

/// Why somebody cannot own what comes of a record.
fn cannot_own(conn: &mut Db, of: &Record, person: Id<Person>) -> Result<Option<Message>> {
    let found = match people::find_person(conn, person) {
        Err(Error::NotFound) => return Ok(Some(Message::new("error-no-longer-there"))),
        found => found?,
    };
    if !can_work(&found) {
        return Ok(Some(Message::new("assignee-cannot-work")));
    }
    let open = records::is_open_to(conn, of, person)?;
    Ok((!open).then(|| Message::new("postmortem-not-for-them").arg("name", found.name)))
}

pub(super) fn can_work(person: &Person) -> bool {
    person.disabled_at.is_none() && Right::Work.is_held_by(person.roles())
}

fn log(postmortem: &Record, command: &RaiseItem) -> Log {
    Log {
        requester: None,
        channel: Channel::Portal,
        title: command.title.clone(),
        description: command.description.clone(),
        service: postmortem.service_id,
        category: postmortem.category_id,
        item: None,
        location: None,
        priority: PriorityWish {
            impact: Some(postmortem.impact),
            urgency: Some(postmortem.urgency),
            ..PriorityWish::default()
        },
        team: command.team.or(postmortem.team_id),
        assignee: command.owner,
        reported_at: None,
        files: Vec::new(),
    }
}

/// A record that is to be an action item.
pub(super) struct New<'a> {
    pub postmortem: &'a Record,
    /// It exists for whom this one exists.
    pub like: &'a Record,
    pub log: Log,
    /// Its row, under whichever id.
    pub of: ActionItem,
}

pub(super) fn make_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    new: New<'_>,
) -> Result<Record> {
    let mut record = actions::log(w, visitor, ctx, &PRACTICE, &new.log)?;
    if let Some(command) = readers(w, std::slice::from_ref(new.like))? {
        record = actions::restrict_by_itself(w, ctx, record, &command)?;
    }
    let related = LinkType::Related;
    record = actions::link_by_itself(w, ctx, record, new.postmortem, related)?;
    let of = ActionItem {
        record_id: record.id,
        ..new.of
    };
    store::insert_item(w, &of)?;
    let mut said = item::changes(None, &of);
    said.extend(named(w, None, &of)?);
    let fact = actions::fact(Kind::Action, "raised");
    let before = record.clone();
    records::save(w, ctx, &before, record, fact, said)
}

/// What is said of the records and the person that differ.
fn named(conn: &mut Db, before: Option<&ActionItem>, after: &ActionItem) -> Result<Vec<Said>> {
    let mut said = Vec::new();
    for (field, of) in RECORDS {
        let (was, is) = (before.and_then(of), of(after));
        if was != is {
            let was = numbered(conn, was)?;
            said.push(Said::new(field, was, numbered(conn, is)?));
        }
    }
    let was = before.and_then(|before| before.verified_by_id);
    if was != after.verified_by_id {
        let was = super::named(conn, was)?;
        let is = super::named(conn, after.verified_by_id)?;
        said.push(Said::new(VERIFIED_BY, was, is));
    }
    Ok(said)
}

fn numbered(conn: &mut Db, record: Option<Id<Record>>) -> Result<Value> {
    Ok(match record {
        None => Value::Nothing,
        Some(id) => {
            let record = records::find_by_id(conn, id)?;
            Value::Ref(id.uuid(), record.number().to_string())
        }
    })
}

/// Writes an action item as it is now.
pub(super) fn write_item(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &FoundItem,
    record: Record,
    after: &ActionItem,
    what: &str,
) -> Result<Record> {
    let mut said = item::changes(Some(&before.of), after);
    said.extend(named(w, Some(&before.of), after)?);
    if *after != before.of {
        store::update_item(w, after)?;
    }
    let fact = actions::fact(Kind::Action, what);
    records::save(w, ctx, &before.record, record, fact, said)
}

/// What an action does, by when, and how it will be verified; what the author left alone is none of it.
#[derive(Debug, Clone, Default)]
pub struct PlanItem {
    /// How many facts the author had seen.
    pub seen: i64,
    pub kind: Option<ActionKind>,
    pub due_at: Option<Option<Utc>>,
    pub verification: Option<String>,
}

/// Plans it anew. What somebody else changed meanwhile is said beside the field, once.
pub fn plan_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &PlanItem,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let due_at = command.due_at.unwrap_or(found.of.due_at);
    let moved = found.of.due_at != due_at;
    let verification = command.verification.as_ref();
    let after = ActionItem {
        action_kind: command.kind.unwrap_or(found.of.action_kind),
        due_at,
        verification: verification.unwrap_or(&found.of.verification).clone(),
        // Another day is reminded of anew.
        reminded_at: found.of.reminded_at.filter(|_| !moved),
        ..found.of.clone()
    };
    if after == found.of {
        return Ok(found.record);
    }
    let mut invalid = Invalid::default();
    if moved && due_at.is_some_and(|due| due <= ctx.now) {
        invalid.add("due_at", "action-due-past");
    }
    let mine = item::changes(Some(&found.of), &after);
    let missed =
        journal::fields_changed_since(w, found.record.id.uuid(), command.seen)?.into_iter();
    for theirs in missed {
        let field = match theirs.field.as_str() {
            "action_kind" => "kind",
            "action_due_at" => "due_at",
            "action_verification" => "verification",
            _ => continue,
        };
        if mine.iter().any(|said| said.field == theirs.field) {
            let message = Message::new("action-changed-meanwhile").arg("name", theirs.by);
            invalid.add(field, message.arg("value", theirs.label));
        }
    }
    invalid.or(())?;
    let record = found.record.clone();
    write_item(w, ctx, &found, record, &after, "planned")
}

/// Says which record carries it: a change, a request or a problem; none takes that back.
pub fn carry_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    carrier: Option<Number>,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let carrier = match carrier {
        None => None,
        Some(number) => Some(carrier_meant(w, visitor, number)?),
    };
    if carrier.as_ref().map(|carrier| carrier.id) == found.of.carrier_id {
        return Ok(found.record);
    }
    let mut record = found.record.clone();
    if let Some(carrier) = &carrier {
        let related = LinkType::Related;
        record = actions::link_by_itself(w, ctx, record, carrier, related)?;
    }
    let after = ActionItem {
        carrier_id: carrier.as_ref().map(|carrier| carrier.id),
        asked_at: None,
        ..found.of.clone()
    };
    let what = match carrier {
        Some(_) => "carried",
        None => "carried_no_more",
    };
    let before = FoundItem {
        record: record.clone(),
        of: found.of,
    };
    write_item(w, ctx, &before, record, &after, what)
}

fn carrier_meant(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let carries = [Kind::Change, Kind::Request, Kind::Problem];
    let wrong = |key: &'static str| {
        let message = Message::new(key).arg("number", number);
        Error::invalid("carrier", message)
    };
    if !carries.contains(&number.kind) {
        return Err(wrong("action-carrier-kind"));
    }
    match records::find_meant(conn, visitor, number) {
        Err(Error::NotFound) => Err(wrong("record-unknown")),
        Ok(record) if !carries.contains(&record.kind) => Err(wrong("action-carrier-kind")),
        Ok(record) if !record.is_open || record.resolved_at.is_some() => {
            Err(wrong("action-carrier-ended"))
        }
        found => found,
    }
}

/// Somebody saw that it helps, as it was agreed how.
pub fn verify_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    seen: &str,
) -> Result<Record> {
    let found = found_item(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let what_was_seen = match seen.trim() {
        // How the record stands is said first.
        "" => "-",
        seen => seen,
    };
    may_verify(&found.record.state, &found.of.verification, what_was_seen)?;
    if seen.trim().is_empty() {
        return Err(Error::invalid(
            "verification_seen",
            "action-say-what-was-seen",
        ));
    }
    let before = &found.record;
    let record = actions::moved(w, &PRACTICE, before, Verb::Close, "verified", ctx.now)?;
    let after = ActionItem {
        seen: seen.to_owned(),
        verified_at: Some(ctx.now),
        verified_by_id: Some(visitor.id),
        ..found.of.clone()
    };
    write_item(w, ctx, &found, record, &after, "closed")
}

/// After a move: whether it is done, and whether somebody has to do something about it, follow from its
/// state; and its post-mortem is closed with the last one.
pub fn item_moved(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let Some(found) = item_of(w, record)? else {
        return Ok(());
    };
    let state = found.record.state.as_str();
    let done_at = match state {
        "done" => Some(found.of.done_at.unwrap_or(ctx.now)),
        "verified" => found.of.done_at,
        _ => None,
    };
    let after = ActionItem {
        done_at,
        is_awaited: is_awaited(state),
        ..found.of.clone()
    };
    if after.done_at != found.of.done_at {
        let what = match after.done_at {
            Some(_) => "completed",
            None => "not_completed",
        };
        let record = found.record.clone();
        write_item(w, ctx, &found, record, &after, what)?;
    } else if after != found.of {
        store::update_item(w, &after)?;
    }
    super::settled(w, ctx, found.of.postmortem_id)
}

/// Somebody else has it now: they are told.
pub fn item_assigned(w: &mut Write<'_>, ctx: &Ctx, record: &Record) -> Result<()> {
    if record.is_open && store::find_item(w, record.id)?.is_some() {
        tell(w, ctx, record, record.assignee_id, "notice-action-yours")?;
    }
    Ok(())
}

/// A post-mortem was restricted: so are its action items.
pub fn postmortem_restricted(w: &mut Write<'_>, ctx: &Ctx, postmortem: &Record) -> Result<()> {
    let Some(command) = readers(w, std::slice::from_ref(postmortem))? else {
        return Ok(());
    };
    for record in store::records_of_items(w, postmortem.id)? {
        actions::restrict_by_itself(w, ctx, record, &command)?;
    }
    Ok(())
}
