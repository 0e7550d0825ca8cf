//! The timeline: assembled anew for each reader, annotated by people.

use std::collections::{HashMap, HashSet};

use super::sections::person_of;
use super::{Found, to_write, write};
use crate::journal::{Change as Said, Value};
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::postmortems::labels;
use crate::postmortems::model::{Added, Postmortem};
use crate::postmortems::rules::instants::{Moment, Odd, odd};
use crate::postmortems::rules::timeline::{
    Annotation, AnnotationRow, Fact, Key, Knowledge, Reach, Sight, assemble,
};
use crate::postmortems::store::{self, Linked};
use crate::records::{Number, Record};

/// What somebody adds to the timeline, or says otherwise.
#[derive(Debug, Clone)]
pub struct Annotate {
    /// The one that is said otherwise; a new one without.
    pub id: Option<Id<AnnotationRow>>,
    /// The fact it belongs to; an entry of its own without.
    pub on: Option<(Number, i64)>,
    pub at: Option<Utc>,
    pub text: String,
    pub evidence: String,
    pub knowledge: Knowledge,
    pub reach: Reach,
    pub is_key: bool,
    pub is_hidden: bool,
    /// A time far from the incident was asked about, and is meant.
    pub odd_time: bool,
}

/// Annotations of one post-mortem, at most.
const MOST: usize = 500;

/// A row of the timeline for one reader.
#[derive(Debug, Clone)]
pub struct Line {
    pub at: Utc,
    pub entered_at: Utc,
    /// The record whose fact it is, with its number.
    pub of: Option<(Id<Record>, Number)>,
    pub position: i64,
    /// The name of the fact; empty without one.
    pub fact: String,
    /// Where the fact stands among all.
    pub seq: Option<i64>,
    pub by: Option<(Id<Person>, String)>,
    pub is_key: bool,
    pub is_hidden: bool,
    pub said: Vec<Annotation>,
}

/// How records stand to a reader: what is linked and seen, what was linked once, what does not exist for
/// them.
fn sight_of(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    linked: &[Linked],
    added: &[Added],
) -> Result<HashMap<Id<Record>, Sight>> {
    let mut sight: HashMap<Id<Record>, Sight> =
        linked.iter().map(|one| (one.id, Sight::Linked)).collect();
    let others: Vec<Id<Record>> = added
        .iter()
        .filter_map(|one| one.about_id)
        .filter(|id| !sight.contains_key(id))
        .collect();
    let seen: HashSet<Id<Record>> = match visitor {
        Some(visitor) => store::visible_among(conn, visitor, &others)?,
        None => others.iter().copied().collect(),
    };
    for id in others {
        let is = match seen.contains(&id) {
            true => Sight::Seen,
            false => Sight::Hidden,
        };
        sight.insert(id, is);
    }
    Ok(sight)
}

/// The timeline as a reader may see it; everything without a reader.
pub fn lines(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    id: Id<Record>,
    linked: &[Linked],
) -> Result<Vec<Line>> {
    let seen = store::facts_of(conn, linked)?;
    let added = store::added_of(conn, id)?;
    let sight = sight_of(conn, visitor, linked, &added)?;
    let numbers: HashMap<Id<Record>, Number> =
        linked.iter().map(|one| (one.id, one.number())).collect();
    let mut by: HashMap<Key, (Id<Person>, String)> = HashMap::new();
    let mut seqs: HashMap<Key, i64> = HashMap::with_capacity(seen.len());
    let mut facts: Vec<Fact> = Vec::with_capacity(seen.len());
    for one in seen {
        seqs.insert(one.fact.key, one.seq);
        if let Some(who) = one.by {
            by.insert(one.fact.key, who);
        }
        facts.push(one.fact);
    }
    let annotations: Vec<Annotation> = added.iter().map(Added::annotation).collect();
    let of = |record| sight.get(&record).copied().unwrap_or(Sight::Hidden);
    let rows = assemble(&facts, &annotations, of);
    let line = |row: crate::postmortems::rules::timeline::Row<'_>| {
        let key = row.fact.map(|fact| fact.key);
        Line {
            at: row.at,
            entered_at: row.entered_at,
            of: key.and_then(|key| Some((key.record, *numbers.get(&key.record)?))),
            position: key.map_or(0, |key| key.position),
            fact: row.fact.map_or(String::new(), |fact| fact.name.clone()),
            seq: key.and_then(|key| seqs.get(&key).copied()),
            by: key.and_then(|key| by.remove(&key)),
            is_key: row.is_key(),
            is_hidden: row.is_hidden(),
            said: row.annotations.into_iter().cloned().collect(),
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// How many rows it has, hidden ones not counted.
pub(super) fn count(conn: &mut Db, id: Id<Record>, linked: &[Linked]) -> Result<usize> {
    let all = lines(conn, None, id, linked)?;
    Ok(all.iter().filter(|line| !line.is_hidden).count())
}

/// Annotates the timeline. A time in the future is refused; one far from the incident is asked about.
pub fn annotate(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Annotate,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let id = found.record.id;
    let was = store::added_of(w, id)?;
    let before = match command.id {
        None => None,
        Some(of) => Some(store::find_added(w, id, of)?),
    };
    let on = place(w, visitor, &found, command, before.as_ref())?;
    let mut invalid = Invalid::default();
    if command.text.is_empty() && !command.is_hidden && !command.is_key {
        invalid.add("text", "error-required");
    }
    if command.is_hidden && command.text.is_empty() {
        invalid.add("text", "postmortem-why-hidden");
    }
    if before.is_none() && was.len() >= MOST {
        invalid.add(
            "",
            Message::new("postmortem-annotations-many").arg("max", MOST),
        );
    }
    if on.is_none() && command.at.is_none() {
        invalid.add("at", "error-required");
    }
    check_time(w, &found, command, ctx.now, &mut invalid)?;
    invalid.or(())?;
    let added = Added {
        id: command.id.unwrap_or_default(),
        record_id: id,
        about_id: on.map(|(record, _)| record),
        position: on.map(|(_, position)| position),
        at: command.at,
        written_at: ctx.now,
        text: command.text.clone(),
        evidence: command.evidence.clone(),
        knowledge: command.knowledge,
        reach: command.reach,
        is_key: command.is_key,
        is_hidden: command.is_hidden,
        by_id: person_of(ctx),
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    store::put_added(w, &added)?;
    let is = store::added_of(w, id)?;
    let mut said = vec![Said::new(
        "annotations",
        labels::annotations(&was),
        labels::annotations(&is),
    )];
    let text = |is: &str| Value::text(is);
    let before_text = before.as_ref().map_or("", |one| one.text.as_str());
    let before_evidence = before.as_ref().map_or("", |one| one.evidence.as_str());
    for (field, was, is) in [
        ("annotation_text", before_text, added.text.as_str()),
        (
            "annotation_evidence",
            before_evidence,
            added.evidence.as_str(),
        ),
    ] {
        if was != is {
            said.push(Said::new(field, text(was), text(is)));
        }
    }
    // When something happened is a fact like any other: it is agreed again.
    let after = Postmortem {
        facts_version: found.of.facts_version + 1,
        ..found.of.clone()
    };
    let record = match found.record.state.as_str() {
        "facts_agreed" | "in_review" => super::facts::back(w, ctx, &found)?,
        _ => found.record.clone(),
    };
    write(w, ctx, &found, record, &after, "timeline_annotated", said)
}

/// The fact it belongs to: one of a record that is linked and that they may see.
fn place(
    w: &mut Write<'_>,
    visitor: &Visitor,
    found: &Found,
    command: &Annotate,
    before: Option<&Added>,
) -> Result<Option<(Id<Record>, i64)>> {
    if let Some(before) = before {
        let about = before.about_id;
        if let Some(record) = about
            && store::visible_among(w, visitor, &[record])?.is_empty()
        {
            return Err(Error::NotFound);
        }
        return Ok(about.zip(before.position));
    }
    let Some((number, position)) = command.on else {
        return Ok(None);
    };
    let linked = store::linked_to(w, Some(visitor), found.record.id)?;
    let record = linked.iter().find(|one| one.number() == number);
    let Some(record) = record else {
        return Err(Error::NotFound);
    };
    let there = crate::journal::facts_at(w, record.id.uuid(), &[position])?;
    match there.is_empty() {
        true => Err(Error::NotFound),
        false => Ok(Some((record.id, position))),
    }
}

fn check_time(
    conn: &mut Db,
    found: &Found,
    command: &Annotate,
    now: Utc,
    invalid: &mut Invalid,
) -> Result<()> {
    let Some(at) = command.at else { return Ok(()) };
    let known = super::instants::joined_of(conn, found.record.id)?;
    let at_of = |which| known.get(which).map(|known| known.at);
    let over = at_of(Moment::Resolved).or(at_of(Moment::Mitigated));
    let began = at_of(Moment::ImpactBegan).or(at_of(Moment::Detected));
    if let Some(odd) = odd(at, began, over, now)
        && (odd.is_refused() || !command.odd_time)
    {
        if !odd.is_refused() {
            invalid.add("odd_time", "postmortem-odd-time");
        }
        invalid.add("at", Message::new(odd_key(odd)));
    }
    Ok(())
}

/// Key of what is odd about a time.
pub(super) fn odd_key(odd: Odd) -> &'static str {
    match odd {
        Odd::InTheFuture => "postmortem-time-future",
        Odd::LongBefore => "postmortem-time-before",
        Odd::LongAfter => "postmortem-time-after",
    }
}
