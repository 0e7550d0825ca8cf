//! Settling: a record's clocks counted again from its facts, their rows brought in line, and what is
//! due to be done for them found.
//!
//! Whoever changes a record settles it in the same transaction; whoever wakes for a clock settles its
//! record. There is no other way in which a row comes to be, so a row thrown away is made again.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::clock::{Catalogue, Clock, ClockState, History, Outcome, Phase, Standing, clocks};
use super::histories::histories;
use super::store::clocks::{self as store, ClockRow, Key};
use super::terms::Target;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;

/// The step of a clock that was late.
pub const BREACH: &str = "breach";

/// What the list of a record shows, and what is to be done for its clocks now.
#[derive(Debug, Clone)]
pub struct Settled {
    pub record: Uuid,
    pub standing: Standing,
    /// Whether a step has flagged it of a promise that still runs.
    pub is_flagged: bool,
    pub fired: Vec<Fired>,
}

/// A breach, or a step of the escalation: once each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    pub target: Target,
    pub cycle: i32,
    pub part: i32,
    /// [`BREACH`], or the key of the step.
    pub step: String,
    /// The step's place in the version; none for a breach.
    pub index: Option<usize>,
    /// When it was due to happen.
    pub at: Utc,
    pub due_at: Utc,
    pub agreement: Uuid,
    pub version: Uuid,
    /// A later step came with it, and only that one is told.
    pub is_overtaken: bool,
}

/// Counts the clocks of records and keeps the answers; what is new to be done is kept as done, for the
/// caller does it in this transaction. Records are given with whether they are restricted.
pub fn settle(
    conn: &mut Db,
    catalogue: &Catalogue,
    records: &[(Uuid, bool)],
    now: Utc,
) -> Result<Vec<Settled>> {
    let ids: Vec<Uuid> = records.iter().map(|(id, _)| *id).collect();
    let histories = histories(conn, &ids)?;
    let mut rows: HashMap<Uuid, HashMap<Key, ClockRow>> = HashMap::new();
    for row in store::clocks_of(conn, &ids)? {
        let of = rows.entry(row.record_id.uuid()).or_default();
        of.insert(row.key(), row);
    }
    let exempt = exempt_among(conn, &rows, &ids)?;
    let mut books = Books::default();
    let mut settled = Vec::with_capacity(records.len());
    for (id, is_restricted) in records {
        let none = History::default();
        let history = histories.get(id).unwrap_or(&none);
        let counted = clocks(history, catalogue, now);
        let mut there = rows.remove(id).unwrap_or_default();
        for clock in &counted {
            let is_exempt = exempt.contains(&(*id, clock.target, clock.cycle));
            let row = ClockRow::of(*id, clock, *is_restricted, is_exempt);
            books.keep(there.remove(&row.key()), row);
        }
        books.gone.extend(there.into_values().map(|row| row.id));
        settled.push(Settled {
            record: *id,
            standing: standing(&counted),
            is_flagged: is_flagged(catalogue, &counted, now),
            fired: fired(&counted, now),
        });
    }
    books.write(conn)?;
    once(conn, &mut settled, now)?;
    Ok(settled)
}

/// Exemptions are looked for only where they may be: at breaches, and where every row is made again.
fn exempt_among(
    conn: &mut Db,
    rows: &HashMap<Uuid, HashMap<Key, ClockRow>>,
    ids: &[Uuid],
) -> Result<HashSet<(Uuid, Target, i32)>> {
    let late = |row: &ClockRow| matches!(row.outcome, Outcome::Breached | Outcome::Exempt);
    let asked: Vec<Uuid> = ids
        .iter()
        .filter(|id| rows.get(id).is_none_or(|rows| rows.values().any(late)))
        .copied()
        .collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(store::exempt(conn, &asked)?.into_iter().collect())
}

/// Rows to be written, together.
#[derive(Default)]
struct Books {
    new: Vec<ClockRow>,
    changed: Vec<ClockRow>,
    gone: Vec<crate::platform::db::Id<ClockRow>>,
}

impl Books {
    fn keep(&mut self, before: Option<ClockRow>, mut row: ClockRow) {
        match before {
            None => self.new.push(row),
            Some(before) => {
                row.id = before.id;
                if row != before {
                    self.changed.push(row);
                }
            }
        }
    }

    fn write(&self, conn: &mut Db) -> Result<()> {
        if let ([], [one], []) = (
            self.gone.as_slice(),
            self.changed.as_slice(),
            self.new.as_slice(),
        ) {
            return store::update_clock(conn, one);
        }
        // A row that changed is written anew under its id: many to a statement.
        let before = self.changed.iter().map(|row| row.id);
        let gone: Vec<_> = self.gone.iter().copied().chain(before).collect();
        if !gone.is_empty() {
            store::delete_clocks(conn, &gone)?;
        }
        let now: Vec<&ClockRow> = self.new.iter().chain(&self.changed).collect();
        if !now.is_empty() {
            store::insert_clocks(conn, now)?;
        }
        Ok(())
    }
}

/// What a list shows of a record: the earliest promise to whoever asked for something that still runs;
/// else whether all were kept.
pub fn standing(clocks: &[Clock]) -> Standing {
    let shown = clocks.iter().filter(|clock| {
        let promised = !matches!(clock.target, Target::Ola | Target::Supplier);
        promised && !clock.is_superseded
    });
    let (mut open, mut met) = (Vec::new(), false);
    for clock in shown {
        match clock.phase {
            Phase::Running | Phase::Paused => open.push(clock),
            Phase::Stopped => met = true,
            Phase::Ended => {}
        }
    }
    let first = open
        .into_iter()
        .min_by_key(|clock| (clock.due_at, clock.target));
    match first {
        Some(clock) => Standing {
            state: match clock.phase {
                Phase::Paused => ClockState::Paused,
                _ => ClockState::Running,
            },
            due_at: clock.due_at,
            risk_at: clock.risk_at,
        },
        None => Standing {
            state: if met {
                ClockState::Met
            } else {
                ClockState::None
            },
            due_at: Utc::FAR,
            risk_at: Utc::FAR,
        },
    }
}

/// Whether a step that flags its record has come, of a clock that has not stopped. Of what was imported
/// nothing is done.
pub fn is_flagged(catalogue: &Catalogue, clocks: &[Clock], now: Utc) -> bool {
    let open = clocks.iter().filter(|clock| {
        let runs = matches!(clock.phase, Phase::Running | Phase::Paused);
        runs && !clock.is_imported
    });
    open.into_iter().any(|clock| {
        let mut come = clock.steps.iter().filter(|step| step.at <= now);
        come.any(|step| {
            let version = catalogue.version(clock.agreement_version);
            version.is_some_and(|v| v.steps.get(step.index).is_some_and(|s| s.flag))
        })
    })
}

/// Everything that should have been done by now. Of what was imported nothing is done.
fn fired(clocks: &[Clock], now: Utc) -> Vec<Fired> {
    let mut out = Vec::new();
    for clock in clocks.iter().filter(|clock| !clock.is_imported) {
        let of = |step: String, index, at, is_overtaken| Fired {
            target: clock.target,
            cycle: clock.cycle,
            part: clock.part,
            step,
            index,
            at,
            due_at: clock.due_at,
            agreement: clock.agreement,
            version: clock.agreement_version,
            is_overtaken,
        };
        if let Some(at) = clock.breached_at.filter(|at| *at <= now) {
            out.push(of(BREACH.to_owned(), None, at, false));
        }
        let steps = clock.steps.iter().filter(|step| step.at <= now);
        out.extend(steps.map(|s| of(s.key.clone(), Some(s.index), s.at, s.is_overtaken)));
    }
    out
}

/// Leaves out what was done before, and keeps the rest as done.
fn once(conn: &mut Db, settled: &mut [Settled], now: Utc) -> Result<()> {
    let due: Vec<Uuid> = settled
        .iter()
        .filter(|settled| !settled.fired.is_empty())
        .map(|settled| settled.record)
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let mut done: HashSet<(Key, String)> = store::steps_of(conn, &due)?.into_iter().collect();
    let mut new = Vec::new();
    for settled in settled {
        let record = settled.record;
        settled.fired.retain(|fired| {
            let key = (record, fired.target, fired.cycle, fired.part);
            let step = (key, fired.step.clone());
            let is_new = done.insert(step.clone());
            if is_new {
                new.push(step);
            }
            is_new
        });
    }
    if !new.is_empty() {
        store::insert_steps(conn, &new, now)?;
    }
    Ok(())
}
