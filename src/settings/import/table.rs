//! The rows of a file by the columns that are known.

use std::path::Path;

use super::Line;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::table_file::{
    Limits, Reason, Rejected, Row as FileRow, TableFile, TableProblem,
};
use crate::platform::kernel::text;

/// Bytes of a cell: no field of a person or item is as long.
const CELL: usize = 100_000;
/// Bytes of a row.
const ROW: usize = 400_000;
/// Characters of a cell that show what row it is.
const WHAT: usize = 60;

/// A row's cells in the order of the known columns; a column that the file has not is `None`.
#[derive(Debug, Clone)]
pub struct Row {
    pub line: u64,
    cells: Vec<Option<String>>,
}

impl Row {
    /// A cell, trimmed; `None` where the file has no such column.
    pub fn cell(&self, column: usize) -> Option<&str> {
        self.cells.get(column)?.as_deref()
    }

    /// The first cell, to recognise the row by.
    pub fn what(&self) -> String {
        let first = self.cells.iter().flatten().find(|cell| !cell.is_empty());
        first.map_or_else(String::new, |cell| cell.chars().take(WHAT).collect())
    }
}

/// A file's rows, and those that are none.
#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
    pub rejected: Vec<Line>,
    pub ignored: Vec<String>,
}

/// Reads a file as a whole. The first of `columns` must be there.
pub fn read(path: &Path, columns: &[&'static str], most: Option<usize>) -> Result<Table> {
    let limits = Limits {
        cell: CELL,
        row: ROW,
    };
    let file = TableFile::open(path, limits).map_err(|why| unusable(&why))?;
    let header: Vec<String> = file.header().iter().map(|name| known_as(name)).collect();
    let places: Vec<Option<usize>> = columns
        .iter()
        .map(|column| header.iter().position(|name| name == column))
        .collect();
    if places.first().copied().flatten().is_none() {
        let name = columns.first().copied().unwrap_or_default();
        let message = Message::new("import-column-missing").arg("name", name);
        return Err(Error::invalid("file", message));
    }
    let unknown = |name: &&String| !name.is_empty() && !columns.contains(&name.as_str());
    let mut table = Table {
        ignored: header.iter().filter(unknown).cloned().collect(),
        ..Table::default()
    };
    for row in file {
        if most.is_some_and(|most| table.rows.len() + table.rejected.len() >= most) {
            let message = Message::new("import-too-long").arg("max", most.unwrap_or_default());
            return Err(Error::invalid("file", message));
        }
        match row {
            Ok(row) => table.rows.extend(row_of(&row, &places)),
            Err(rejected) => table.rejected.push(rejected_line(&rejected)),
        }
    }
    Ok(table)
}

/// `Staff number` is `staff_number`.
fn known_as(name: &str) -> String {
    text::fold(name.trim()).replace([' ', '-'], "_")
}

/// A row of empty cells is none: spreadsheets leave them at the end.
fn row_of(row: &FileRow, places: &[Option<usize>]) -> Option<Row> {
    if row.cells.iter().all(|cell| cell.trim().is_empty()) {
        return None;
    }
    let cell = |place: &Option<usize>| {
        place.map(|at| row.cells.get(at).unwrap_or_default().trim().to_owned())
    };
    Some(Row {
        line: row.line,
        cells: places.iter().map(cell).collect(),
    })
}

fn rejected_line(rejected: &Rejected) -> Line {
    let why = match &rejected.reason {
        Reason::Ragged { expected, found } => Message::new("import-why-ragged")
            .arg("expected", expected)
            .arg("found", found),
        Reason::CellTooLong { column, limit } => Message::new("import-why-cell-too-long")
            .arg("column", column)
            .arg("limit", limit),
        Reason::RowTooLong { limit } => Message::new("import-why-row-too-long").arg("limit", limit),
        Reason::Nul => Message::new("import-why-nul"),
        Reason::NotUtf8 => Message::new("import-why-not-utf8"),
        Reason::OpenQuote => Message::new("import-why-open-quote"),
        Reason::Unreadable(why) | Reason::Content(why) => {
            Message::new("import-why-unreadable").arg("why", why)
        }
    };
    Line {
        line: rejected.line,
        what: rejected.excerpt.chars().take(WHAT).collect(),
        changes: Vec::new(),
        why: Some(why),
    }
}

fn unusable(why: &TableProblem) -> Error {
    let message = match why {
        TableProblem::Empty => Message::new("import-file-empty"),
        TableProblem::NotATable { found, .. } => {
            Message::new("import-file-no-table").arg("found", found)
        }
        TableProblem::Encoding { found, .. } => {
            Message::new("import-file-encoding").arg("found", found)
        }
        TableProblem::Damaged(_) => Message::new("import-file-damaged"),
        TableProblem::Header(why) => Message::new("import-file-header").arg("why", why),
        TableProblem::Unreadable(why) => Message::new("import-file-unreadable").arg("why", why),
    };
    Error::invalid("file", message)
}
