//! Saying when things happened, correcting it, clearing it; and the one instant that is written by
//! itself.

use crate::incidents::model::{Instant, Source, Which};
use crate::incidents::rules::instants::{self as rules, CONFIRM, Said};
use crate::incidents::store;
use crate::journal::{self, Change, FactData, Value};
use crate::people::{Person, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::{self, Kind, Number, Record};

/// How far back an earlier assignment is looked for. A record that nobody ever had has few facts.
const LOOKED_AT: i64 = 200;

/// What is new about one instant; `None` leaves what is there.
#[derive(Debug, Clone)]
pub struct SetInstant {
    pub which: Which,
    /// `Some(None)` clears the instant, with whatever of it is not said anew.
    pub at: Option<Option<Utc>>,
    pub source: Option<Option<Source>>,
    pub note: Option<String>,
}

/// New values for some instants of an incident.
#[derive(Debug, Clone, Default)]
pub struct SetInstants {
    /// How many facts of the record the author had seen.
    pub seen: i64,
    /// The author has seen the other value and means theirs.
    pub overwrite: bool,
    /// The author was asked about the order of the instants and means it.
    pub odd_order: bool,
    pub instants: Vec<SetInstant>,
}

/// An incident, found through the person.
pub(super) fn incident(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    if number.kind != Kind::Incident {
        return Err(Error::NotFound);
    }
    records::find_visible(conn, visitor, number)
}

fn said(known: &[Instant], which: Which) -> Said {
    let found = known.iter().find(|i| i.which == which);
    found.map_or_else(Said::default, |i| Said {
        at: i.at,
        source: i.source,
        note: i.note.clone(),
    })
}

/// An instant as it is to be.
fn applied(before: &Said, new: &SetInstant) -> Said {
    let kept = match new.at {
        Some(None) => Said::default(),
        _ => before.clone(),
    };
    Said {
        at: new.at.unwrap_or(kept.at),
        source: new.source.unwrap_or(kept.source),
        note: new.note.clone().unwrap_or(kept.note),
    }
}

/// Says, corrects or clears instants of an incident.
pub fn set_instants(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &SetInstants,
) -> Result<Record> {
    let record = incident(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    records::actions::not_closed(&record)?;
    let known = store::instants_of(w, record.id)?;
    let mut changed: Vec<(Which, Said, Said)> = Vec::new();
    let mut invalid = Invalid::default();
    for new in &command.instants {
        let before = said(&known, new.which);
        let after = applied(&before, new);
        if before != after {
            rules::check(new.which, &before, &after, ctx.now, &mut invalid);
            changed.push((new.which, before, after));
        }
    }
    if invalid.is_empty() && !command.odd_order {
        ask_order(&known, &changed, &mut invalid);
    }
    invalid.or(())?;
    if changed.is_empty() {
        return Ok(record);
    }
    let mut changes = Vec::new();
    for (which, before, after) in &changed {
        changes.extend(spoken(*which, before, after));
    }
    if !command.overwrite {
        refuse_overlap(w, &record, &changes, command.seen)?;
    }
    for (which, _, after) in changed {
        let is = Instant {
            record_id: record.id,
            which,
            at: after.at,
            source: after.source,
            note: after.note,
            by_id: Some(visitor.id),
            set_at: ctx.now,
        };
        let was = known.iter().find(|i| i.which == which);
        changes.extend(set_by(was, &is, Some(&visitor.name)));
        store::put_instant(w, &is)?;
    }
    let fact = records::actions::fact(Kind::Incident, "instants_set");
    records::save(w, ctx, &record, marked(&record), fact, changes)
}

/// The record whose page has something to ask for.
fn marked(record: &Record) -> Record {
    Record {
        has_instants: true,
        ..record.clone()
    }
}

fn ask_order(known: &[Instant], changed: &[(Which, Said, Said)], invalid: &mut Invalid) {
    let before = |which: Which| said(known, which).at;
    let after = |which: Which| {
        let new = changed.iter().find(|(other, ..)| *other == which);
        new.map_or_else(|| before(which), |(_, _, after)| after.at)
    };
    for (first, then) in rules::out_of_order(before, after) {
        let (field, question) = rules::order_question(first, then);
        if invalid.of(field).is_none() {
            invalid.add(field, question);
        }
    }
    if !invalid.is_empty() {
        invalid.add(CONFIRM, "instants-confirm-order");
    }
}

/// What the journal says of a change of an instant.
fn spoken(which: Which, before: &Said, after: &Said) -> Vec<Change> {
    let names = which.names();
    let source = |said: &Said| {
        said.source
            .map_or(Value::Nothing, |s| Value::word(s.word()))
    };
    [
        (names.at, Value::at(before.at), Value::at(after.at)),
        (names.source, source(before), source(after)),
        (
            names.note,
            Value::text(&before.note),
            Value::text(&after.note),
        ),
    ]
    .into_iter()
    .filter(|(_, was, is)| was != is)
    .map(|(field, was, is)| Change::new(field, was, is))
    .collect()
}

/// Who said it and when, which a row keeps beside it. Former names are in former facts.
fn set_by(was: Option<&Instant>, is: &Instant, name: Option<&str>) -> Vec<Change> {
    let names = is.which.names();
    let person = |id: Option<Id<Person>>, name: &str| {
        Value::reference(id.map(|id| (id.uuid(), name.to_owned())))
    };
    let former = was.and_then(|i| i.by_id);
    let mut changes = Vec::new();
    if former != is.by_id {
        let after = person(is.by_id, name.unwrap_or_default());
        changes.push(Change::new(names.by, person(former, ""), after));
    }
    let former = was.map(|i| i.set_at);
    if former != Some(is.set_at) {
        let (was, is) = (Value::at(former), Value::At(is.set_at));
        changes.push(Change::new(names.set_at, was, is));
    }
    changes
}

/// What somebody else said of the same since the author looked is for the author to decide.
pub(super) fn refuse_overlap(
    conn: &mut Db,
    record: &Record,
    mine: &[Change],
    seen: i64,
) -> Result<()> {
    if seen >= record.facts {
        return Ok(());
    }
    let missed = journal::fields_changed_since(conn, record.id.uuid(), seen)?;
    let fields: Vec<&'static str> = mine.iter().map(|change| change.field).collect();
    records::actions::overlap(&fields, &missed)
}

/// The first person was assigned: somebody has taken notice. Written once, and never again after
/// it was corrected or cleared.
pub fn acknowledge(w: &mut Write<'_>, ctx: &Ctx, record: Id<Record>) -> Result<()> {
    if store::was_said(w, record, Which::Acknowledged)? {
        return Ok(());
    }
    let record = records::find_by_id(w, record)?;
    if record.facts > 1 && was_assigned_before(w, &record, ctx.now)? {
        return Ok(());
    }
    let is = Instant {
        record_id: record.id,
        which: Which::Acknowledged,
        at: Some(ctx.now),
        source: Some(Source::FirstAssignment),
        note: String::new(),
        by_id: ctx.actor.id.map(Id::from_uuid),
        set_at: ctx.now,
    };
    store::put_instant(w, &is)?;
    let now = Said {
        at: is.at,
        source: is.source,
        note: String::new(),
    };
    let mut changes = spoken(is.which, &Said::default(), &now);
    changes.extend(set_by(None, &is, Some(&ctx.actor.label)));
    let fact = records::actions::fact(Kind::Incident, "acknowledged");
    records::save(w, ctx, &record, marked(&record), fact, changes)?;
    Ok(())
}

/// Whether somebody had it before this transaction: in what was imported, or before instants were
/// kept.
fn was_assigned_before(conn: &mut Db, record: &Record, now: Utc) -> Result<bool> {
    let facts = journal::list_facts(conn, record.id.uuid(), None, LOOKED_AT)?;
    let no_texts = std::collections::HashMap::new();
    Ok(facts.iter().filter(|f| f.recorded_at < now).any(|fact| {
        let read = FactData::read(fact, &no_texts);
        let given = |c: &journal::ChangeRead| {
            c.field == "assignee" && c.after != journal::ValueRead::Nothing
        };
        read.changes.iter().any(given)
    }))
}
