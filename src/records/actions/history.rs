//! History that happened elsewhere: the one action by which an import writes.
//!
//! [`record_history`] appends facts with their own times, by the source's people, through the door
//! *imported*; it checks that they go together with what is here and asks nothing else, for the
//! source's rules were others. It sets the end state, and no HTTP route reaches it. What the facts
//! bring about is in `follow`: they can be found, and nobody is told.
//!
//! A record's row is written once for all facts of a call.

mod model;
mod names;
mod play;

use crate::journal;
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::records::life_cycle::Practice;
use crate::records::model::Record;
use crate::records::{imported, rules, store};

pub use model::{
    Ended, Enter, Event, Grade, History, Outcome, Refusal, RowKey, Set, Told, Waits, Who,
};
pub use names::{Directory, Names};
use play::Play;

/// Facts of a record that are looked at to see whether somebody changed it here.
const LOOKED_AT: i64 = 10_000;
/// What people say on a record changes nothing that a source could overwrite.
const HARMLESS: [&str; 10] = [
    "replied",
    "noted",
    "attached",
    "watched",
    "unwatched",
    "contact_received",
    "affected_added",
    "affected_removed",
    "linked",
    "unlinked",
];

/// What a history would bring, with nothing written.
struct Plan {
    record: Option<Record>,
    /// The rows not taken yet.
    fresh: Vec<usize>,
    /// Whether a row not taken yet stands before one that was.
    misplaced: bool,
}

/// Takes what is new of a history, at most `at_most` rows of it. Rows that were taken before bring
/// nothing, so a history may be given any number of times, and in parts.
pub fn record_history(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    names: &mut Names<'_>,
    history: &History,
    at_most: usize,
) -> Result<Outcome> {
    let plan = match plan(w, ctx, practice, history)? {
        Ok(Some(plan)) => plan,
        Ok(None) => return Ok(Outcome::Known),
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let (now, later) = plan.fresh.split_at(at_most.min(plan.fresh.len()));
    let known = plan.record.is_some();
    let mut play = Play::begin(w, ctx, practice, plan.record, names)?;
    match &history.revised {
        Some(event) if known => play.event(w, names, event)?,
        _ => {
            for event in history.events.iter().filter(|e| now.contains(&e.row)) {
                play.event(w, names, event)?;
            }
        }
    }
    if plan.misplaced
        && later.is_empty()
        && let Some(event) = last_words(history)
    {
        play.event(w, names, &event)?;
    }
    let told = Told {
        number: Some(play.number()),
        rows: now.len(),
        known: history.rows.len() - plan.fresh.len(),
        facts: play.facts(),
        more: !later.is_empty(),
    };
    let id = play.finish(w)?;
    let (source, external_id) = (&history.source, &history.external_id);
    if !known {
        imported::insert_external_id(w, id, source, external_id)?;
    }
    for key in now.iter().filter_map(|row| history.rows.get(*row)) {
        imported::insert_row(w, source, external_id, &key.revision, &key.hash)?;
    }
    Ok(if known {
        Outcome::Continued(told)
    } else {
        Outcome::New(told)
    })
}

/// What [`record_history`] would do, for a run that writes nothing.
pub fn preview_history(
    conn: &mut Db,
    ctx: &Ctx,
    practice: &'static Practice,
    history: &History,
) -> Result<Outcome> {
    let plan = match plan(conn, ctx, practice, history)? {
        Ok(Some(plan)) => plan,
        Ok(None) => return Ok(Outcome::Known),
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let events = history.events.iter();
    let mut told = Told {
        number: plan.record.as_ref().map(Record::number),
        rows: plan.fresh.len(),
        known: history.rows.len() - plan.fresh.len(),
        facts: events.filter(|e| plan.fresh.contains(&e.row)).count(),
        more: false,
    };
    Ok(match plan.record {
        Some(_) => {
            if history.revised.is_some() {
                told.facts = 1;
            }
            Outcome::Continued(told)
        }
        None => Outcome::New(told),
    })
}

fn plan(
    conn: &mut Db,
    ctx: &Ctx,
    practice: &'static Practice,
    history: &History,
) -> Result<std::result::Result<Option<Plan>, Refusal>> {
    let found = imported::find(conn, &history.source, &history.external_id)?;
    let Some(id) = found else {
        return Ok(match in_the_future(ctx, history) {
            Some(refusal) => Err(refusal),
            None => Ok(Some(Plan {
                record: None,
                fresh: (0..history.rows.len()).collect(),
                misplaced: false,
            })),
        });
    };
    let known = imported::known_rows(conn, &history.source, &history.external_id)?;
    let is_known = |key: &RowKey| known.contains(&(key.revision.clone(), key.hash.to_vec()));
    let places: Vec<bool> = history.rows.iter().map(is_known).collect();
    let fresh: Vec<usize> = (0..places.len())
        .filter(|row| places.get(*row) == Some(&false))
        .collect();
    if fresh.is_empty() {
        return Ok(Ok(None));
    }
    let record = store::find_by_id(conn, id)?;
    let number = record.number();
    if record.kind != practice.kind {
        return Ok(Err(Refusal::OtherKind(number)));
    }
    if history.revised.is_none() && places.first() != Some(&true) {
        return Ok(Err(Refusal::OtherBeginning(number)));
    }
    if changed_here(conn, &record)? {
        return Ok(Err(Refusal::ChangedHere(number)));
    }
    if let Some(refusal) = in_the_future(ctx, history) {
        return Ok(Err(refusal));
    }
    let last_known = places.iter().rposition(|known| *known).unwrap_or(0);
    let misplaced = fresh.first().is_some_and(|row| *row < last_known);
    Ok(Ok(Some(Plan {
        record: Some(record),
        fresh,
        misplaced,
    })))
}

/// Whether a person has changed an imported record here. What it said to itself (closing after the
/// days are over) and what was said on it does not count.
fn changed_here(conn: &mut Db, record: &Record) -> Result<bool> {
    let by_people = [Door::Web, Door::Api, Door::Mail, Door::Command].map(Door::word);
    let facts = journal::list_facts(conn, record.id.uuid(), None, LOOKED_AT)?;
    Ok(facts.iter().any(|fact| {
        let what = fact.name.split_once('.').map_or("", |(_, what)| what);
        by_people.contains(&fact.door.as_str()) && !HARMLESS.contains(&what)
    }))
}

fn in_the_future(ctx: &Ctx, history: &History) -> Option<Refusal> {
    let times = history.events.iter().flat_map(|event| {
        let of_sets = event.sets.iter().filter_map(|set| match set {
            Set::ReportedAt(at) => Some(("when it was opened", *at)),
            Set::ResolvedAt(Some(at)) => Some(("when it was resolved", *at)),
            Set::ClosedAt(Some(at)) => Some(("when it was closed", *at)),
            _ => None,
        });
        of_sets.chain(event.at.map(|at| ("one of its updates", at)))
    });
    let mut late = times.filter(|(_, at)| rules::reported_at_problem(*at, ctx.now).is_some());
    late.next().map(|(what, at)| Refusal::Future { what, at })
}

/// An event that says the last word of a history on each thing.
fn last_words(history: &History) -> Option<Event> {
    let mut sets: Vec<Set> = Vec::new();
    for set in history.events.iter().flat_map(|event| &event.sets) {
        if matches!(set, Set::Told { .. }) {
            continue;
        }
        let same = |other: &Set| std::mem::discriminant(other) == std::mem::discriminant(set);
        match sets.iter_mut().find(|other| same(other)) {
            Some(other) => *other = set.clone(),
            None => sets.push(set.clone()),
        }
    }
    history.events.last().map(|last| Event {
        sets,
        ..last.clone()
    })
}
