//! A ServiceNow audit log (one row per update of an incident) read as incidents with their history.
//!
//! This is the pure half: no database, no clock. It reads a file twice. [`survey`] goes through it
//! once and refuses what must not be imported in part: what is no table, lacks columns, or is written
//! month first. [`histories`] then gives one [`History`] per incident, in the file's order and with
//! flat memory; whoever writes them keeps the keys of the rows it has written and skips the facts of
//! rows it knows.
//!
//! An incident is taken whole or not at all. What changed in a row is told by the row before it, so a
//! history with a hole in it would say wrong things for good; if one row of an incident is rejected,
//! all of its rows are held back and reported ([`Withheld`]), to be mended and imported again.
//!
//! Rows of an incident normally stand together. Where a number comes back later, its rows are kept
//! until the last of them has been seen (the survey knows), and count as one incident at that place.
//!
//! What the source's words become is in `words` (states, channels) and `docs/import.md`.

mod events;
mod groups;
mod history;
mod row;
mod summary;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use jiff::tz::TimeZone;

use crate::platform::kernel::dates::{DateFormat, OrderCheck, WrongOrder};
use crate::platform::kernel::table_file::{Limits, TableFile, TableProblem};

pub use events::{OTHER_CHANNEL, told};
pub use groups::{Histories, Withheld};
pub use history::{History, KeptState, Link, LinkKind, Opened, SourceFact, StateTo, What};
pub use row::{RowKey, SourceRow};
pub use summary::Summary;
pub use words::{Channel, Field, Hold, Level, SourceState};

/// Rows of incidents that do not stand together which may be kept in memory.
const MAX_SCATTERED: u64 = 50_000;

#[derive(Debug, Clone)]
pub struct Options {
    /// Names where the records come from; part of every row's identity.
    pub source: String,
    pub zone: TimeZone,
    pub dates: DateFormat,
    pub limits: Limits,
}

impl Default for Options {
    /// What the log itself uses: day first, and UTC since it names no zone.
    fn default() -> Self {
        Self {
            source: "servicenow".to_owned(),
            zone: TimeZone::UTC,
            dates: DateFormat::day_first(),
            limits: Limits::default(),
        }
    }
}

/// Why nothing of the file is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Table(TableProblem),
    MissingColumns(Vec<&'static str>),
    /// Most dates that could tell say that the format has day and month the wrong way round.
    Dates(WrongOrder),
    /// Too many rows do not stand with the others of their incident.
    Scattered {
        incidents: u64,
        rows: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(problem) => problem.fmt(f),
            Self::MissingColumns(names) => write!(
                f,
                "the header lacks {}: is this an incident log exported from ServiceNow, one row per update? (For other tables: andon import csv --map)",
                names.join(", ")
            ),
            Self::Dates(wrong) => wrong.fmt(f),
            Self::Scattered { incidents, rows } => write!(
                f,
                "the rows of {incidents} incidents ({rows} rows) do not stand together: sort the file by number, keeping the order of each incident's rows (sort --stable)"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<TableProblem> for Refusal {
    fn from(problem: TableProblem) -> Self {
        Self::Table(problem)
    }
}

/// What one pass over the file found out.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Rows, rejected ones included: the length of a progress bar.
    pub rows: u64,
    pub incidents: u64,
    /// Rows that are no rows of this table (ragged, a NUL …).
    pub malformed: u64,
    /// Incidents whose rows do not stand together: how often each comes, by the hash of its number.
    scattered: HashMap<u64, u32>,
}

/// Goes through the whole file once. Nothing may be imported from a file this refuses.
pub fn survey(path: &Path, options: &Options) -> Result<Survey, Refusal> {
    survey_of(TableFile::open(path, options.limits)?, options)
}

/// The histories of a file that has been surveyed.
pub fn histories(path: &Path, options: &Options, survey: &Survey) -> Result<Histories, Refusal> {
    let table = TableFile::reopen(path, options.limits)?;
    Histories::new(table, options.clone(), survey.scattered.clone())
}

#[derive(Default)]
struct Seen {
    groups: u32,
    rows: u64,
}

fn survey_of(table: TableFile, options: &Options) -> Result<Survey, Refusal> {
    let mut lines = groups::Lines::new(table)?;
    let mut survey = Survey::default();
    let mut order = OrderCheck::default();
    let mut seen: HashMap<u64, Seen> = HashMap::new();
    let mut current = None;
    while let Some((number, line)) = lines.next() {
        survey.rows += 1;
        if let Some(number) = &number {
            let hash = groups::hash(number);
            let of_number = seen.entry(hash).or_default();
            of_number.rows += 1;
            if current != Some(hash) {
                of_number.groups += 1;
                current = Some(hash);
            }
        }
        match line {
            Ok(row) => lines
                .columns()
                .dates(&row)
                .for_each(|value| order.look_at(&options.dates, value, row.line)),
            Err(_) => survey.malformed += 1,
        }
    }
    order.verdict().map_err(Refusal::Dates)?;
    survey.incidents = seen.len() as u64;
    seen.retain(|_, seen| seen.groups > 1);
    let rows = seen.values().map(|seen| seen.rows).sum();
    if rows > MAX_SCATTERED {
        return Err(Refusal::Scattered {
            incidents: seen.len() as u64,
            rows,
        });
    }
    survey.scattered = seen
        .into_iter()
        .map(|(hash, seen)| (hash, seen.groups))
        .collect();
    Ok(survey)
}

#[cfg(test)]
mod tests;
