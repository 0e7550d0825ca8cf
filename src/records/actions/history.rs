//! History that happened elsewhere: the one action by which an import writes.
//!
//! [`record_histories`] appends facts with their own times, by the source's people, through the door
//! *imported*; it checks that they go together with what is here and asks nothing else, for the
//! source's rules were others. It sets the end state, and no HTTP route reaches it. What the facts
//! bring about is in `follow`: they can be found, and nobody is told.
//!
//! What many histories bring is written table by table, a record's row once for all its facts: a
//! database on another machine answers each statement only after its way there and back.

mod books;
mod model;
mod names;
mod play;

use std::collections::HashSet;

use crate::journal;
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::records::imported::Known;
use crate::records::life_cycle::Practice;
use crate::records::model::{Kind, Record};
use crate::records::{rules, store};

use books::Books;
pub use model::{
    Ended, Enter, Event, Grade, History, Outcome, Refusal, RowKey, Set, Told, Waits, Who,
};
pub use names::{Directory, Names};
use play::{Begun, Play};

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

/// What a history comes to: something to take, nothing new, or a reason against it.
type Planned = std::result::Result<Option<Plan>, Refusal>;

/// Takes what is new of histories of one source, at most `at_most` rows of them: as many of the
/// histories as go into that, each with its outcome. Rows that were taken before bring nothing, so a
/// history may be given any number of times, and in parts. What is known of them is read at once, and
/// what they bring is written at once.
pub fn record_histories(
    w: &mut Write<'_>,
    ctx: &Ctx,
    names: &mut Names<'_>,
    histories: &[(&'static Practice, &History)],
    at_most: usize,
) -> Result<Vec<Outcome>> {
    let histories = each_once(histories);
    let plans = plan_all(w, ctx, histories, at_most)?;
    let mut numbers = Numbers::take(w, histories, &plans)?;
    let new = histories
        .iter()
        .zip(&plans)
        .filter(|(_, plan)| is_new(plan));
    let events = new.flat_map(|((_, history), _)| {
        let events = history.events.iter();
        // Of a history longer than a call, whoever comes later is met later.
        events.filter(move |event| event.row < at_most)
    });
    names.add_people(w, ctx, events)?;
    let mut books = Books::default();
    let mut outcomes = Vec::with_capacity(plans.len());
    let mut left = at_most;
    for ((practice, history), planned) in histories.iter().zip(plans) {
        let plan = match planned {
            Ok(Some(plan)) => plan,
            Ok(None) => {
                outcomes.push(Outcome::Known);
                continue;
            }
            Err(refusal) => {
                outcomes.push(Outcome::Refused(refusal));
                continue;
            }
        };
        let number = match &plan.record {
            Some(_) => None,
            None => Some(numbers.next(practice)),
        };
        let begun = Begun {
            practice,
            before: plan.record.clone(),
            number,
        };
        let turn = Turn {
            history,
            plan: &plan,
            at_most: left,
        };
        let told = play(w, ctx, begun, names, &mut books, &turn)?;
        left = left.saturating_sub(told.rows);
        outcomes.push(match plan.record {
            Some(_) => Outcome::Continued(told),
            None => Outcome::New(told),
        });
    }
    books.write(w)?;
    Ok(outcomes)
}

fn is_new(planned: &Planned) -> bool {
    matches!(planned, Ok(Some(plan)) if plan.record.is_none())
}

/// The first histories, up to one whose number stood among them before: what the one brings must be
/// written before the other is looked at.
fn each_once<'h>(
    histories: &'h [(&'static Practice, &'h History)],
) -> &'h [(&'static Practice, &'h History)] {
    let mut seen = HashSet::new();
    let twice = |(_, h): &(&Practice, &History)| !seen.insert(h.external_id.clone());
    let end = histories.iter().position(twice);
    histories
        .get(..end.unwrap_or(histories.len()))
        .unwrap_or_default()
}

/// Plans as many of the histories as can be begun before `at_most` rows are taken.
fn plan_all(
    conn: &mut Db,
    ctx: &Ctx,
    histories: &[(&'static Practice, &History)],
    at_most: usize,
) -> Result<Vec<Planned>> {
    let known = known(conn, histories.iter().map(|(_, history)| *history))?;
    let mut left = at_most;
    let mut plans = Vec::with_capacity(histories.len());
    for (practice, history) in histories {
        let planned = plan(conn, ctx, practice, history, &known)?;
        if let Ok(Some(plan)) = &planned {
            left = left.saturating_sub(plan.fresh.len());
        }
        plans.push(planned);
        if left == 0 {
            break;
        }
    }
    Ok(plans)
}

fn known<'h>(conn: &mut Db, histories: impl Iterator<Item = &'h History>) -> Result<Known> {
    let mut source = "";
    let ids: Vec<&str> = histories
        .map(|history| {
            source = &history.source;
            history.external_id.as_str()
        })
        .collect();
    Known::read(conn, source, &ids)
}

/// The numbers that new records get: as many as there are, so that none is lost.
struct Numbers(Vec<(Kind, i64)>);

impl Numbers {
    fn take(
        conn: &mut Db,
        histories: &[(&'static Practice, &History)],
        plans: &[Planned],
    ) -> Result<Self> {
        let mut wanted: Vec<(Kind, i64)> = Vec::new();
        for ((practice, _), _) in histories.iter().zip(plans).filter(|(_, plan)| is_new(plan)) {
            match wanted.iter_mut().find(|(kind, _)| *kind == practice.kind) {
                Some((_, n)) => *n += 1,
                None => wanted.push((practice.kind, 1)),
            }
        }
        for (kind, n) in &mut wanted {
            *n = store::last_of_next_numbers(conn, *kind, *n)? - *n + 1;
        }
        Ok(Self(wanted))
    }

    fn next(&mut self, practice: &Practice) -> i64 {
        let next = self.0.iter_mut().find(|(kind, _)| *kind == practice.kind);
        next.map_or(0, |(_, n)| {
            *n += 1;
            *n - 1
        })
    }
}

/// One history of a call.
struct Turn<'h, 'p> {
    history: &'h History,
    plan: &'p Plan,
    at_most: usize,
}

/// Plays what is new of one history, at most `at_most` rows of it.
fn play<'h>(
    w: &mut Write<'_>,
    ctx: &Ctx,
    begun: Begun,
    names: &mut Names<'_>,
    books: &mut Books<'h>,
    turn: &Turn<'h, '_>,
) -> Result<Told> {
    let Turn {
        history,
        plan,
        at_most,
    } = *turn;
    let (now, later) = plan.fresh.split_at(at_most.min(plan.fresh.len()));
    let known = plan.record.is_some();
    let mut play = Play::begin(w, ctx, begun, names, &mut books.facts)?;
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
    let played = play.finish(w)?;
    let id = played.record.id;
    books.add(played);
    let (source, external_id) = (history.source.as_str(), history.external_id.as_str());
    if !known {
        books.external_ids.push((id, source, external_id));
    }
    let taken = now.iter().filter_map(|row| history.rows.get(*row));
    let taken = taken.map(|key| (source, external_id, key.revision.as_str(), &key.hash[..]));
    books.rows.extend(taken);
    Ok(told)
}

/// What [`record_histories`] would do, for a run that writes nothing.
pub fn preview_histories(
    conn: &mut Db,
    ctx: &Ctx,
    histories: &[(&'static Practice, &History)],
) -> Result<Vec<Outcome>> {
    let known = known(conn, histories.iter().map(|(_, history)| *history))?;
    let mut outcomes = Vec::with_capacity(histories.len());
    for (practice, history) in histories {
        outcomes.push(match plan(conn, ctx, practice, history, &known)? {
            Ok(Some(plan)) => preview(history, &plan),
            Ok(None) => Outcome::Known,
            Err(refusal) => Outcome::Refused(refusal),
        });
    }
    Ok(outcomes)
}

fn preview(history: &History, plan: &Plan) -> Outcome {
    let events = history.events.iter();
    let mut told = Told {
        number: plan.record.as_ref().map(Record::number),
        rows: plan.fresh.len(),
        known: history.rows.len() - plan.fresh.len(),
        facts: events.filter(|e| plan.fresh.contains(&e.row)).count(),
        more: false,
    };
    match plan.record {
        Some(_) => {
            if history.revised.is_some() {
                told.facts = 1;
            }
            Outcome::Continued(told)
        }
        None => Outcome::New(told),
    }
}

fn plan(
    conn: &mut Db,
    ctx: &Ctx,
    practice: &'static Practice,
    history: &History,
    known: &Known,
) -> Result<Planned> {
    let Some(record) = known.records.get(&history.external_id) else {
        return Ok(match in_the_future(ctx, history) {
            Some(refusal) => Err(refusal),
            None => Ok(Some(Plan {
                record: None,
                fresh: (0..history.rows.len()).collect(),
                misplaced: false,
            })),
        });
    };
    let taken = known.rows.get(&history.external_id);
    let is_known = |key: &RowKey| {
        let row = (key.revision.clone(), key.hash.to_vec());
        taken.is_some_and(|taken| taken.contains(&row))
    };
    let places: Vec<bool> = history.rows.iter().map(is_known).collect();
    let fresh: Vec<usize> = (0..places.len())
        .filter(|row| places.get(*row) == Some(&false))
        .collect();
    if fresh.is_empty() {
        return Ok(Ok(None));
    }
    let number = record.number();
    if record.kind != practice.kind {
        return Ok(Err(Refusal::OtherKind(number)));
    }
    if history.revised.is_none() && places.first() != Some(&true) {
        return Ok(Err(Refusal::OtherBeginning(number)));
    }
    if changed_here(conn, record)? {
        return Ok(Err(Refusal::ChangedHere(number)));
    }
    if let Some(refusal) = in_the_future(ctx, history) {
        return Ok(Err(refusal));
    }
    let last_known = places.iter().rposition(|known| *known).unwrap_or(0);
    let misplaced = fresh.first().is_some_and(|row| *row < last_known);
    Ok(Ok(Some(Plan {
        record: Some(record.clone()),
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
