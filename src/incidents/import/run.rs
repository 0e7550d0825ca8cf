//! One import from its file to its report: looked through as a whole first, then taken row by row.

use std::path::Path;

use super::load::{Counts, Item, Loader};
use super::mapped::{self, Map, TextLimits};
use super::servicenow::{self, Options, Summary};
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::table_file::{Limits, Rejected};
use crate::records::{Kind, Practices};

/// What an import works on.
pub struct Desk<'a> {
    pub store: &'a Store,
    pub clock: &'a Clock,
    pub practices: Practices,
    /// Read and check everything, write nothing.
    pub dry_run: bool,
}

/// Whoever looks on: a progress bar, a file of rejected rows, a test.
pub trait Watch {
    /// How many rows the file has; said once, before the first is taken.
    fn expect(&mut self, rows: u64);
    /// So many more rows are done.
    fn rows(&mut self, rows: u64);
    /// A row that was not taken.
    fn rejected(&mut self, row: &Rejected) -> Result<()>;
}

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub counts: Counts,
    /// What the file says, for a log with histories.
    pub summary: Option<Summary>,
    /// Incidents whose channel the source does not name, or by a word that is not known.
    pub other_channel: u64,
    /// Reading stopped before the file's end.
    pub cut_off: bool,
}

/// Imports a ServiceNow log.
pub fn import_servicenow(
    desk: &Desk<'_>,
    path: &Path,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Report> {
    let refused = |refusal| refused(path, &refusal);
    let survey = servicenow::survey(path, options).map_err(refused)?;
    watch.expect(survey.rows);
    let practice = desk.practices.of(Kind::Incident);
    let mut report = Report::default();
    let mut summary = Summary::default();
    let mut loader = Loader::begin(desk, &options.source, watch)?;
    for read in servicenow::histories(path, options, &survey).map_err(refused)? {
        match read {
            Ok(history) => {
                summary.add(&history);
                report.other_channel += u64::from(history.channel.is_none());
                loader.add(Item {
                    history: servicenow::told(&history),
                    practice,
                    lines: history.rows.iter().map(|(_, line)| *line).collect(),
                })?;
            }
            Err(withheld) => {
                summary.add_withheld(&withheld);
                report.cut_off |= withheld.is_end;
                match withheld.number {
                    Some(_) => loader.hold_back(&withheld.rejected)?,
                    None => loader.reject(&withheld.rejected)?,
                }
            }
        }
    }
    report.counts = loader.finish()?;
    report.summary = Some(summary);
    Ok(report)
}

/// Imports a table with one row per record.
pub fn import_mapped(
    desk: &Desk<'_>,
    path: &Path,
    map: &Map,
    watch: &mut dyn Watch,
) -> Result<Report> {
    let refused = |refusal| refused(path, &refusal);
    let limits = Limits::default();
    let survey = mapped::survey(path, map, limits).map_err(refused)?;
    watch.expect(survey.rows);
    let kind = Kind::from_word(map.kind().name())
        .ok_or_else(|| Error::inward(format!("no kind {}", map.kind().name())))?;
    let practice = desk.practices.of(kind);
    let mut report = Report::default();
    let mut loader = Loader::begin(desk, map.source(), watch)?;
    for read in mapped::rows(path, map, limits, TextLimits::default()).map_err(refused)? {
        match read {
            Ok(row) => {
                report.other_channel += u64::from(row.channel.is_none());
                loader.add(Item {
                    history: mapped::told(&row, practice),
                    practice,
                    lines: vec![row.line],
                })?;
            }
            Err(rejected) => {
                report.cut_off |= rejected.is_end();
                loader.reject(std::slice::from_ref(&rejected))?;
            }
        }
    }
    report.counts = loader.finish()?;
    Ok(report)
}

fn refused(path: &Path, refusal: &dyn std::fmt::Display) -> Error {
    Error::inward(format!("{}: {refusal}", path.display()))
}
