//! What can be wrong with a row or with a whole file, in words for whoever has to mend it.

use std::fmt;

use super::Row;

/// Characters of a rejected row that are kept to show it.
pub(super) const EXCERPT: usize = 300;

/// A row that was not taken, and why. The readers built on this one reject rows with it as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub line: u64,
    /// The line it ends on; far below `line` where a stray quote swallowed other rows.
    pub last_line: u64,
    pub byte: u64,
    pub reason: Reason,
    /// The start of the row, to recognise it by.
    pub excerpt: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Ragged {
        expected: usize,
        found: usize,
    },
    CellTooLong {
        column: usize,
        limit: usize,
    },
    RowTooLong {
        limit: usize,
    },
    Nul,
    NotUtf8,
    /// A quote opened in this row is closed nowhere: all that follows was swallowed by it.
    OpenQuote,
    /// The file cannot be read any further (disk, archive). Nothing comes after this.
    Unreadable(String),
    /// The row is well formed, what it says is not: said by the reader of its contents.
    Content(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ragged { expected, found } => {
                write!(f, "{found} cells where the header has {expected}: is a quote or a delimiter missing?")
            }
            Self::CellTooLong { column, limit } => {
                write!(f, "the cell in column {column} is longer than {limit} bytes")
            }
            Self::RowTooLong { limit } => write!(f, "the row is longer than {limit} bytes"),
            Self::Nul => f.write_str("it holds a NUL character"),
            Self::NotUtf8 => f.write_str("it is not UTF-8"),
            Self::OpenQuote => f.write_str(
                "a quote opened in this row is never closed, so the rest of the file could not be told apart: close it and import the file again",
            ),
            Self::Unreadable(why) => write!(f, "the file cannot be read any further: {why}"),
            Self::Content(why) => f.write_str(why),
        }
    }
}

impl Rejected {
    /// The columns of a file of rejected rows.
    pub const COLUMNS: [&'static str; 3] = ["line", "reason", "row"];

    pub fn new(row: &Row, why: impl Into<String>) -> Self {
        let cells = row.cells.iter().collect::<Vec<_>>().join(",");
        Self {
            line: row.line,
            last_line: row.last_line,
            byte: row.byte,
            reason: Reason::Content(why.into()),
            excerpt: excerpt(&cells),
        }
    }

    /// Reading ended here, before the file did.
    pub fn is_end(&self) -> bool {
        matches!(self.reason, Reason::Unreadable(_))
    }

    /// One row of a file of rejected rows, in the order of [`Self::COLUMNS`].
    pub fn fields(&self) -> [String; 3] {
        [
            self.line.to_string(),
            self.reason.to_string(),
            self.excerpt.clone(),
        ]
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.last_line > self.line {
            write!(
                f,
                "lines {} to {}: {}",
                self.line, self.last_line, self.reason
            )
        } else {
            write!(f, "line {}: {}", self.line, self.reason)
        }
    }
}

/// Why a file is not read at all. The message does not name the file; whoever shows it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableProblem {
    Unreadable(String),
    Empty,
    /// Something else than text.
    NotATable {
        found: &'static str,
        advice: &'static str,
    },
    /// Text, but not UTF-8.
    Encoding {
        found: String,
        advice: &'static str,
    },
    /// A gzip file that does not unpack.
    Damaged(String),
    Header(String),
}

impl fmt::Display for TableProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the file cannot be read: {why}"),
            Self::Empty => f.write_str("the file is empty: export it again, with its header line"),
            Self::NotATable { found, advice } => {
                write!(f, "this is {found}, not a CSV file: {advice}")
            }
            Self::Encoding { found, advice } => write!(f, "this is {found}, not UTF-8: {advice}"),
            Self::Damaged(why) => {
                write!(
                    f,
                    "the gzip file is damaged or cut off ({why}): fetch or pack it again"
                )
            }
            Self::Header(why) => write!(f, "the first line is not a usable header: {why}"),
        }
    }
}

impl std::error::Error for TableProblem {}

pub(super) fn excerpt(text: &str) -> String {
    let shown: String = text
        .chars()
        .take(EXCERPT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if shown.len() < text.len() {
        shown + "…"
    } else {
        shown
    }
}
