//! Any CSV with one row per record, read by a map somebody wrote for it (`andon import csv FILE --map
//! MAP.toml`; `docs/import-map.example.toml` explains every key).
//!
//! The pure half: no database, no clock. As with the ServiceNow log, [`survey`] goes through the file
//! once and refuses what must not be imported in part, and [`rows`] then gives typed rows and
//! rejections with flat memory (but for 24 bytes per record that tell a number given twice).
//!
//! Nothing is guessed: a value the map does not know is a rejected row with its line, not a default,
//! unless the map names a default with `"*"`.

mod events;
mod file;
mod map;
mod vocabulary;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::platform::kernel::dates::{OrderCheck, WrongOrder};
use crate::platform::kernel::table_file::{Limits, Rejected, Row, TableFile, TableProblem};
use crate::platform::kernel::text::{clean_line, clean_text};

pub use events::told;
pub use map::{Map, MapProblem};
pub use vocabulary::{Column, Kind, MappedState};

/// Characters each field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    pub number: usize,
    /// Names, teams, services, categories, codes.
    pub label: usize,
    pub title: usize,
    /// Description and resolution text.
    pub text: usize,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self {
            number: 60,
            label: 200,
            title: 300,
            text: 100_000,
        }
    }
}

/// One record of the file. Labels are the file's, or what the map makes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedRow {
    pub line: u64,
    pub kind: Kind,
    pub source: String,
    /// With the source, what the record is known by.
    pub number: String,
    /// SHA-256 over the mapped cells: another one for a known number means the source has changed it.
    pub fingerprint: [u8; 32],
    pub title: String,
    pub description: Option<String>,
    pub requester: Option<String>,
    pub requester_mail: Option<String>,
    pub team: Option<String>,
    pub assignee: Option<String>,
    pub service: Option<String>,
    pub category: Option<String>,
    /// One of the product's channel words.
    pub channel: Option<&'static str>,
    pub state: MappedState,
    pub impact: Option<u8>,
    pub urgency: Option<u8>,
    pub priority: Option<u8>,
    pub opened_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    pub closed_at: Option<OffsetDateTime>,
    pub resolution_code: Option<String>,
    pub resolution_text: Option<String>,
}

/// Why nothing of the file is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Table(TableProblem),
    /// Columns the map names and the file has not, and those it has.
    MissingColumns {
        missing: Vec<String>,
        header: Vec<String>,
    },
    Dates(WrongOrder),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(problem) => problem.fmt(f),
            Self::MissingColumns { missing, header } => write!(
                f,
                "the map names columns the file has not: {}. The file has: {}",
                missing.join(", "),
                header.join(", ")
            ),
            Self::Dates(wrong) => wrong.fmt(f),
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Survey {
    /// Rows, malformed ones included: the length of a progress bar.
    pub rows: u64,
    pub malformed: u64,
}

/// Goes through the whole file once. Nothing may be imported from a file this refuses.
pub fn survey(path: &Path, map: &Map, limits: Limits) -> Result<Survey, Refusal> {
    let table = TableFile::open(path, limits)?;
    let places = Places::find(map, table.header())?;
    let mut survey = Survey::default();
    let mut order = OrderCheck::default();
    for row in table {
        survey.rows += 1;
        let Ok(row) = row else {
            survey.malformed += 1;
            continue;
        };
        for column in [Column::Opened, Column::Resolved, Column::Closed] {
            if let Some(value) = places.cell(map, &row, column) {
                order.look_at(map.dates(), value, row.line);
            }
        }
    }
    order.verdict().map_err(Refusal::Dates)?;
    Ok(survey)
}

/// The rows of a file that has been surveyed.
pub fn rows(path: &Path, map: &Map, limits: Limits, texts: TextLimits) -> Result<Rows, Refusal> {
    let table = TableFile::reopen(path, limits)?;
    let places = Places::find(map, table.header())?;
    Ok(Rows {
        table,
        reader: Reader {
            map: map.clone(),
            places,
            texts,
        },
        seen: HashMap::new(),
        line: 1,
    })
}

/// Typed rows and rejected ones, in the file's order.
pub struct Rows {
    table: TableFile,
    reader: Reader,
    /// The line of each number, by half of its SHA-256.
    seen: HashMap<u128, u64>,
    line: u64,
}

impl Rows {
    /// The line reading has come to.
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl Iterator for Rows {
    type Item = Result<MappedRow, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.table.next()? {
            Ok(row) => row,
            Err(rejected) => {
                self.line = rejected.last_line;
                return Some(Err(rejected));
            }
        };
        self.line = row.line;
        let read = self.reader.read(&row).and_then(|read| {
            let hash: [u8; 32] = Sha256::digest(read.number.as_bytes()).into();
            let half = hash
                .iter()
                .take(16)
                .fold(0, |sum, byte| sum << 8 | u128::from(*byte));
            match self.seen.insert(half, row.line) {
                Some(line) => {
                    self.seen.insert(half, line);
                    Err(format!(
                        "number “{}” is on line {line} already: one row per record",
                        read.number
                    ))
                }
                None => Ok(read),
            }
        });
        Some(read.map_err(|why| Rejected::new(&row, why)))
    }
}

/// Where the mapped columns stand in one file.
struct Places(Vec<(Column, usize)>);

impl Places {
    fn find(map: &Map, header: &[String]) -> Result<Self, Refusal> {
        let mut places = Vec::new();
        let mut missing = Vec::new();
        for (column, name) in map.columns() {
            match header.iter().position(|have| have == name) {
                Some(place) => places.push((*column, place)),
                None => missing.push(name.clone()),
            }
        }
        if missing.is_empty() {
            Ok(Self(places))
        } else {
            Err(Refusal::MissingColumns {
                missing,
                header: header.to_vec(),
            })
        }
    }

    /// The cell, `None` where the map has no such column or the cell is null.
    fn cell<'a>(&self, map: &Map, row: &'a Row, column: Column) -> Option<&'a str> {
        let (_, place) = self.0.iter().find(|(have, _)| *have == column)?;
        let cell = row.cells.get(*place)?.trim();
        (!map.is_null(cell)).then_some(cell)
    }
}

struct Reader {
    map: Map,
    places: Places,
    texts: TextLimits,
}

impl Reader {
    fn cell<'a>(&self, row: &'a Row, column: Column) -> Option<&'a str> {
        self.places.cell(&self.map, row, column)
    }

    /// The row, or what is wrong with it.
    fn read(&self, row: &Row) -> Result<MappedRow, String> {
        let TextLimits {
            number,
            label,
            title,
            text,
        } = self.texts;
        let opened_at = self
            .date(row, Column::Opened)?
            .ok_or_else(|| empty(Column::Opened))?;
        let resolved_at = self.after(opened_at, row, Column::Resolved)?;
        let closed_at = self.after(opened_at, row, Column::Closed)?;
        Ok(MappedRow {
            line: row.line,
            kind: self.map.kind(),
            source: self.map.source().to_owned(),
            number: self
                .line(row, Column::Number, number)?
                .ok_or_else(|| empty(Column::Number))?,
            fingerprint: self.fingerprint(row),
            title: self
                .line(row, Column::Title, title)?
                .ok_or_else(|| empty(Column::Title))?,
            description: self.text(row, Column::Description, text)?,
            requester: self.line(row, Column::Requester, label)?,
            requester_mail: self.mail(row)?,
            team: self.line(row, Column::Team, label)?,
            assignee: self.line(row, Column::Assignee, label)?,
            service: self.line(row, Column::Service, label)?,
            category: self.line(row, Column::Category, label)?,
            channel: self.map.channel(self.cell(row, Column::Channel))?,
            state: self.map.state(
                self.cell(row, Column::State),
                resolved_at.is_some(),
                closed_at.is_some(),
            )?,
            impact: self
                .map
                .level(Column::Impact, self.cell(row, Column::Impact))?,
            urgency: self
                .map
                .level(Column::Urgency, self.cell(row, Column::Urgency))?,
            priority: self
                .map
                .level(Column::Priority, self.cell(row, Column::Priority))?,
            opened_at,
            resolved_at,
            closed_at,
            resolution_code: self.line(row, Column::ResolutionCode, label)?,
            resolution_text: self.text(row, Column::ResolutionText, text)?,
        })
    }

    fn line(&self, row: &Row, column: Column, max: usize) -> Result<Option<String>, String> {
        let Some(value) = self.map.text(column, self.cell(row, column)) else {
            return Ok(None);
        };
        let line =
            clean_line(value, max).map_err(|problem| format!("{}: {problem}", column.name()))?;
        Ok((!line.is_empty()).then_some(line))
    }

    fn text(&self, row: &Row, column: Column, max: usize) -> Result<Option<String>, String> {
        let Some(value) = self.cell(row, column) else {
            return Ok(None);
        };
        let text =
            clean_text(value, max).map_err(|problem| format!("{}: {problem}", column.name()))?;
        Ok((!text.is_empty()).then_some(text))
    }

    fn mail(&self, row: &Row) -> Result<Option<String>, String> {
        let mail = self.line(row, Column::RequesterMail, 254)?;
        let well_formed = |mail: &str| {
            let (before, after) = mail.rsplit_once('@').unwrap_or_default();
            !before.is_empty() && !after.is_empty() && !mail.contains(char::is_whitespace)
        };
        match mail {
            Some(mail) if !well_formed(&mail) => {
                Err(format!("requester_mail: “{mail}” is no mail address"))
            }
            mail => Ok(mail),
        }
    }

    fn date(&self, row: &Row, column: Column) -> Result<Option<OffsetDateTime>, String> {
        let Some(value) = self.cell(row, column) else {
            return Ok(None);
        };
        let instant = self.map.dates().instant(value, self.map.zone());
        instant
            .map(Some)
            .map_err(|problem| format!("{}: {problem}", column.name()))
    }

    fn after(
        &self,
        opened: OffsetDateTime,
        row: &Row,
        column: Column,
    ) -> Result<Option<OffsetDateTime>, String> {
        match self.date(row, column)? {
            Some(date) if date < opened => Err(format!("{} lies before opened", column.name())),
            date => Ok(date),
        }
    }

    fn fingerprint(&self, row: &Row) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (column, place) in &self.places.0 {
            hash.update(column.name());
            hash.update([0x1F]);
            hash.update(row.cells.get(*place).unwrap_or_default());
            hash.update([0x1E]);
        }
        hash.finalize().into()
    }
}

fn empty(column: Column) -> String {
    format!("{} is empty", column.name())
}

#[cfg(test)]
mod tests;
