//! Proving: every clock counted again from the facts and compared with the row that is kept of it.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use uuid::Uuid;

use super::clock::{Catalogue, History, Standing, clocks};
use super::histories::histories;
use super::settle::{BREACH, is_flagged, standing};
use super::store::clocks::{self as store, ClockRow, Key};
use super::terms::Target;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;

/// What proving a record's clocks found.
#[derive(Debug, Clone)]
pub struct Proved {
    pub record: Uuid,
    /// How many clocks its facts come to.
    pub clocks: usize,
    /// One of its rows was to be looked at before now and has not been: it is compared as of the
    /// instant before, to which everything it says still holds.
    pub waits: bool,
    /// How the record's row should stand.
    pub standing: Standing,
    pub is_flagged: bool,
    /// In words, each with the clock it is about.
    pub differences: Vec<String>,
}

/// A record whose clocks are to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub id: Uuid,
    pub is_restricted: bool,
    /// When it was over for good; nothing while it is open.
    pub over: Option<Utc>,
}

/// Counts the clocks of records and compares their rows. Nothing is written.
///
/// What was over before anything was agreed has no clock: the facts of it are not read.
pub fn prove(
    conn: &mut Db,
    catalogue: &Catalogue,
    records: &[Asked],
    now: Utc,
) -> Result<Vec<Proved>> {
    let ids: Vec<Uuid> = records.iter().map(|record| record.id).collect();
    let began = catalogue.begins();
    let may_have = |record: &&Asked| match (began, record.over) {
        (Some(began), Some(over)) => over >= began,
        (began, _) => began.is_some(),
    };
    let read: Vec<Uuid> = records.iter().filter(may_have).map(|r| r.id).collect();
    let histories = histories(conn, &read)?;
    let mut rows: HashMap<Uuid, HashMap<Key, ClockRow>> = HashMap::new();
    for row in store::clocks_of(conn, &ids)? {
        let of = rows.entry(row.record_id.uuid()).or_default();
        of.insert(row.key(), row);
    }
    let exempt: HashSet<(Uuid, Target, i32)> = store::exempt(conn, &ids)?.into_iter().collect();
    let done = store::steps_of(conn, &ids)?;
    let told = done.into_iter().filter(|(_, step)| step == BREACH);
    let told: HashSet<Key> = told.map(|(key, _)| key).collect();
    let none = History::default();
    let prove = |Asked {
                     id, is_restricted, ..
                 }: &Asked| {
        let mut there = rows.remove(id).unwrap_or_default();
        let wake = there.values().filter_map(|row| row.wake_at).min();
        let waiting = wake.filter(|at| *at <= now);
        let at = waiting.map_or(now, |at| at.minus(time::Duration::microseconds(1)));
        let counted = clocks(histories.get(id).unwrap_or(&none), catalogue, at);
        let mut differences = Vec::new();
        for clock in &counted {
            let is_exempt = exempt.contains(&(*id, clock.target, clock.cycle));
            let row = ClockRow::of(*id, clock, *is_restricted, is_exempt);
            let key = row.key();
            match there.remove(&key) {
                Some(stands) => compare(&row, &stands, &mut differences),
                None => differences.push(format!("{}: it has no row", named(key))),
            }
            if row.breached_at.is_some() && !row.is_imported && !told.contains(&key) {
                let said = "its breach was never told";
                differences.push(format!("{}: {said}", named(key)));
            }
        }
        let mut gone: Vec<Key> = there.into_keys().collect();
        gone.sort_unstable();
        let said = "it has a row, but the facts come to no such clock";
        differences.extend(
            gone.into_iter()
                .map(|key| format!("{}: {said}", named(key))),
        );
        Proved {
            record: *id,
            clocks: counted.len(),
            waits: waiting.is_some(),
            standing: standing(&counted),
            is_flagged: is_flagged(catalogue, &counted, at),
            differences,
        }
    };
    Ok(records.iter().map(prove).collect())
}

/// `resolution 1.1`: the target, its cycle and part.
fn named((_, target, cycle, part): Key) -> String {
    format!("{target} {cycle}.{part}")
}

/// A value in a line.
pub trait Shown {
    fn shown(&self) -> String;
}

impl Shown for Utc {
    fn shown(&self) -> String {
        match *self {
            Utc::FAR => "nothing".to_owned(),
            at => at.rfc3339_micros(),
        }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map_or_else(|| "nothing".to_owned(), T::shown)
    }
}

impl<T> Shown for Id<T> {
    fn shown(&self) -> String {
        self.to_string()
    }
}

macro_rules! shown {
    ($($type:ty)*) => {
        $(impl Shown for $type {
            fn shown(&self) -> String {
                self.to_string()
            }
        })*
    };
}

shown!(i64 i32 bool String super::clock::Phase super::clock::Outcome super::clock::ClockState);

/// A line about a field.
pub fn differs(what: impl Display, counted: &impl Shown, stands: &impl Shown) -> String {
    let (counted, stands) = (counted.shown(), stands.shown());
    format!("{what}: the facts come to {counted}, but there stands {stands}")
}

/// Names the columns of two rows: a new one cannot be forgotten.
macro_rules! compare_columns {
    ($counted:ident, $stands:ident, $out:ident, $($column:ident)*) => {
        // The row's own id says nothing; the others are the clock's name.
        let ClockRow { id: _, record_id: _, target: _, cycle: _, part: _, $($column),* } = $counted;
        $(if *$column != $stands.$column {
            let what = format!("{}, {}", named($counted.key()), stringify!($column));
            $out.push(differs(what, $column, &$stands.$column));
        })*
    };
}

fn compare(counted: &ClockRow, stands: &ClockRow, out: &mut Vec<String>) {
    compare_columns!(counted, stands, out,
        agreement_id agreement_version_id calendar_version_id phase started_at due_at risk_at
        stopped_at breached_at target_micros elapsed_micros paused_micros met_by wake_at outcome
        outcome_at is_counted is_superseded is_imported is_restricted record_kind priority
        service_id team_id organisation_id category_id assignee_id supplier reported_at);
}
