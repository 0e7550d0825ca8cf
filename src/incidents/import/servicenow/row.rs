//! One row of the log, typed.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::words::{Field, Level};
use super::{Options, Refusal};
use crate::platform::kernel::table_file::Row;
use crate::platform::kernel::text::clean_line;

/// The source writes null so.
const NULL: &str = "?";
/// Characters of a label (a name, a group, a category).
const MAX_LABEL: usize = 200;
/// Characters of an incident's number.
pub(super) const MAX_NUMBER: usize = 60;

/// The log's 36 columns but the five whose values a later export repeats anew on every row
/// (`opened_at`, `resolved_at`, `closed_at`, `closed_code`, `resolved_by`). A row's hash is made of
/// these, in this order; changing it would make every row of every earlier import unknown.
const HASHED: [&str; 31] = [
    "number",
    "incident_state",
    "active",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "sys_created_by",
    "sys_created_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
];

/// Columns that may be missing; what they would say is then null.
const OPTIONAL: [&str; 16] = [
    "active",
    "made_sla",
    "opened_by",
    "sys_created_by",
    "sys_created_at",
    "location",
    "u_symptom",
    "cmdb_ci",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "sys_updated_by",
];

/// What a row is known by, beside the source and the incident's number. Written `3:9f2c…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey {
    pub mod_count: u32,
    pub hash: [u8; 32],
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.mod_count)?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    pub line: u64,
    pub key: RowKey,
    pub number: String,
    /// The state's label in the source; `?` where it is null.
    pub state: String,
    pub updated_at: OffsetDateTime,
    pub updated_by: Option<String>,
    pub opened_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    pub closed_at: Option<OffsetDateTime>,
    pub reassignments: u32,
    pub reopens: u32,
    values: [Option<String>; Field::COUNT],
}

impl SourceRow {
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.get(field as usize)?.as_deref()
    }
}

/// Where the columns stand in one file.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    at: HashMap<&'static str, usize>,
    fields: Vec<(Field, &'static str, usize)>,
    hashed: Vec<Option<usize>>,
}

const DATES: [&str; 4] = ["opened_at", "sys_updated_at", "resolved_at", "closed_at"];

impl Columns {
    pub fn find(header: &[String]) -> Result<Self, Refusal> {
        let names = HASHED
            .into_iter()
            .chain(DATES)
            .chain(["closed_code", "resolved_by"]);
        let mut at = HashMap::new();
        let mut missing = Vec::new();
        for name in names {
            match header.iter().position(|column| column == name) {
                Some(place) => drop(at.insert(name, place)),
                None if OPTIONAL.contains(&name) || missing.contains(&name) => {}
                None => missing.push(name),
            }
        }
        if !missing.is_empty() {
            return Err(Refusal::MissingColumns(missing));
        }
        let fields = Field::COLUMNS
            .iter()
            .filter_map(|(field, name)| Some((*field, *name, *at.get(name)?)))
            .collect();
        let hashed = HASHED.iter().map(|name| at.get(name).copied()).collect();
        Ok(Self { at, fields, hashed })
    }

    pub fn place(&self, name: &str) -> Option<usize> {
        self.at.get(name).copied()
    }

    /// The row's cell, `None` for null.
    fn cell<'a>(&self, row: &'a Row, name: &str) -> Option<&'a str> {
        not_null(row.cells.get(self.place(name)?)?)
    }

    pub fn number<'a>(&self, row: &'a Row) -> Option<&'a str> {
        self.cell(row, "number")
    }

    /// The dates of a row that are not null.
    pub fn dates<'a>(&self, row: &'a Row) -> impl Iterator<Item = &'a str> {
        DATES.map(|name| self.cell(row, name)).into_iter().flatten()
    }

    /// The row, or what is wrong with it.
    pub fn read(&self, row: &Row, options: &Options) -> Result<SourceRow, String> {
        let date = |name: &str| -> Result<Option<OffsetDateTime>, String> {
            let Some(value) = self.cell(row, name) else {
                return Ok(None);
            };
            options
                .dates
                .instant(value, &options.zone)
                .map(Some)
                .map_err(|problem| format!("{name}: {problem}"))
        };
        let count = |name: &str| -> Result<u32, String> {
            let value = self.cell(row, name).unwrap_or(NULL);
            value
                .parse()
                .map_err(|_| format!("{name}: “{}” is not a count", short(value)))
        };
        let needed = |name: &str, value: Option<OffsetDateTime>| {
            value.ok_or_else(|| format!("{name} is empty"))
        };
        let mut values = [const { None }; Field::COUNT];
        for (field, name, place) in &self.fields {
            let label = label(row.cells.get(*place), name)?;
            if matches!(field, Field::Impact | Field::Urgency | Field::Priority)
                && let Some(label) = label.as_deref()
                && Level::from_label(label).is_none()
            {
                return Err(format!(
                    "{name}: “{}” does not begin with its number, as in “2 - High”",
                    short(label)
                ));
            }
            if let Some(slot) = values.get_mut(*field as usize) {
                *slot = label;
            }
        }
        let text = |name: &str| label(self.cell(row, name), name);
        let mut read = SourceRow {
            line: row.line,
            key: RowKey {
                mod_count: count("sys_mod_count")?,
                hash: self.hash(row),
            },
            number: text("number")?.ok_or("number is empty")?,
            state: text("incident_state")?.unwrap_or_else(|| NULL.to_owned()),
            updated_at: needed("sys_updated_at", date("sys_updated_at")?)?,
            updated_by: text("sys_updated_by")?,
            opened_at: needed("opened_at", date("opened_at")?)?,
            resolved_at: date("resolved_at")?,
            closed_at: date("closed_at")?,
            reassignments: count("reassignment_count")?,
            reopens: count("reopen_count")?,
            values,
        };
        let title = title(&read);
        if let Some(slot) = read.values.get_mut(Field::Title as usize) {
            *slot = Some(title);
        }
        Ok(read)
    }

    /// Labels never hold line breaks: one that does has swallowed other rows through a stray quote.
    pub fn broken(&self, row: &Row) -> Option<&'static str> {
        let breaks = |place: usize| {
            row.cells
                .get(place)
                .is_some_and(|cell| cell.contains(['\n', '\r']))
        };
        self.at
            .iter()
            .find(|(_, place)| breaks(**place))
            .map(|(name, _)| *name)
    }

    fn hash(&self, row: &Row) -> [u8; 32] {
        let mut joined = String::with_capacity(400);
        for place in &self.hashed {
            // Separators that no cell holds: cells with controls in them lose them when they are read.
            match place.and_then(|place| row.cells.get(place)) {
                Some(cell) => joined.push_str(cell),
                None => joined.push('\u{1E}'),
            }
            joined.push('\u{1F}');
        }
        Sha256::digest(joined.as_bytes()).into()
    }
}

fn not_null(cell: &str) -> Option<&str> {
    let trimmed = cell.trim();
    (!trimmed.is_empty() && trimmed != NULL).then_some(trimmed)
}

/// A label as the source has it, double blanks and all, but without what no field may hold.
fn label(cell: Option<&str>, name: &str) -> Result<Option<String>, String> {
    let Some(value) = cell.and_then(not_null) else {
        return Ok(None);
    };
    let cleaned = clean_line(value, MAX_LABEL).map_err(|problem| format!("{name}: {problem}"))?;
    Ok(not_null(&cleaned).is_some().then_some(cleaned))
}

/// `Category 9 / Subcategory 97: Symptom 450`, without what is null; the number where all is.
fn title(row: &SourceRow) -> String {
    let topic: Vec<&str> = [Field::Category, Field::Subcategory]
        .into_iter()
        .filter_map(|f| row.value(f))
        .collect();
    let topic = topic.join(" / ");
    match row.value(Field::Symptom) {
        Some(symptom) if topic.is_empty() => symptom.to_owned(),
        Some(symptom) => format!("{topic}: {symptom}"),
        None if topic.is_empty() => row.number.clone(),
        None => topic,
    }
}

fn short(value: &str) -> String {
    value.chars().take(40).collect()
}
