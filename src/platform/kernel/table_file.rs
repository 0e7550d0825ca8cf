//! A table in a file (`.csv`, `.csv.gz`), read row by row with flat memory.
//!
//! Files come from other people's programs, so nothing about them is taken on trust. [`TableFile::open`]
//! reads the whole file once before the first row is given out: what is no UTF-8 table, or a damaged
//! archive, is refused there with one message that names what was found and what to do, and nothing is
//! half-imported. After that a bad row (ragged, a NUL, a cell over the limit) is given out as
//! [`Rejected`] with its line and the reason, and reading goes on.
//!
//! The `csv` crate keeps a whole cell in memory and cannot skip one, so a quote that is never closed
//! would take the file's size in memory; the splitting is done here (`split`), with the crate as the
//! oracle of its tests. Gzip is known by its first bytes, not by the name. The delimiter (comma,
//! semicolon or tab) is read from the header.

mod problems;
mod sniff;
mod split;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use csv::StringRecord;
use flate2::bufread::MultiGzDecoder;

use problems::{EXCERPT, excerpt};
pub use problems::{Reason, Rejected, TableProblem};
use split::{Flaw, Record, Splitter};

/// Bytes read ahead, and looked at to tell what a file is.
const HEAD: usize = 64 * 1024;
/// Columns a header may have.
const MAX_COLUMNS: usize = 1_000;

/// What one row may hold, in bytes. Both are kept in memory at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub cell: usize,
    pub row: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cell: 1_000_000,
            row: 4_000_000,
        }
    }
}

/// A row with as many cells as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file the row begins on; the header begins on line 1.
    pub line: u64,
    /// The line it ends on: another one where a quoted cell holds line breaks.
    pub last_line: u64,
    /// Where it begins in the unpacked file.
    pub byte: u64,
    pub cells: StringRecord,
}

type Input = Box<dyn BufRead + Send>;

/// An open table. Iterating gives rows and rejected rows in the file's order.
pub struct TableFile {
    records: Splitter<Input>,
    record: Record,
    header: Vec<String>,
    delimiter: u8,
    ended: bool,
}

impl TableFile {
    /// Checks the whole file, then opens it at its first row.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, TableProblem> {
        sniff::check(&mut unpacked(path)?)?;
        Self::from_input(unpacked(path)?, limits)
    }

    /// Opens a file that [`Self::open`] has checked before, without checking it again.
    pub fn reopen(path: &Path, limits: Limits) -> Result<Self, TableProblem> {
        Self::from_input(unpacked(path)?, limits)
    }

    /// Reads from anything, without the check of the whole that needs to read twice.
    pub fn from_reader(
        read: impl Read + Send + 'static,
        limits: Limits,
    ) -> Result<Self, TableProblem> {
        Self::from_input(Box::new(BufReader::with_capacity(HEAD, read)), limits)
    }

    fn from_input(mut input: Input, limits: Limits) -> Result<Self, TableProblem> {
        let (head, rest) = sniff::head(&mut input, HEAD)?;
        let delimiter = sniff::delimiter(&head)?;
        let bom = if head.starts_with(sniff::BOM) {
            sniff::BOM.len()
        } else {
            0
        };
        let mut whole: Input = Box::new(BufReader::with_capacity(
            HEAD,
            io::Cursor::new(head).chain(rest_of(input, rest)),
        ));
        whole.consume_exact(bom).map_err(unreadable)?;
        let mut records = Splitter::new(whole, delimiter, bom, limits);
        let mut record = Record::default();
        if !records
            .next_record(&mut record, MAX_COLUMNS)
            .map_err(unreadable)?
        {
            return Err(TableProblem::Empty);
        }
        let header = header_of(&record)?;
        Ok(Self {
            records,
            record,
            header,
            delimiter,
            ended: false,
        })
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Where a column stands, by its exact name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// A cell of the row that was just rejected, as far as it could be read.
    pub fn rejected_cell(&self, column: usize) -> Option<String> {
        self.record.cell(column)
    }

    /// Bytes of the unpacked file read so far.
    pub fn position(&self) -> u64 {
        self.records.position()
    }

    fn checked(&self) -> Result<Row, Rejected> {
        let record = &self.record;
        let reject = |reason| Rejected {
            line: record.line,
            last_line: record.last_line,
            byte: record.byte,
            reason,
            excerpt: excerpt(&record.lossy(EXCERPT)),
        };
        let expected = self.header.len();
        match record.flaw {
            Some(Flaw::Cell { column, limit }) => {
                return Err(reject(Reason::CellTooLong { column, limit }));
            }
            Some(Flaw::Row { limit }) => return Err(reject(Reason::RowTooLong { limit })),
            Some(Flaw::Nul) => return Err(reject(Reason::Nul)),
            Some(Flaw::OpenQuote) => return Err(reject(Reason::OpenQuote)),
            None => {}
        }
        if record.cells != expected {
            return Err(reject(Reason::Ragged {
                expected,
                found: record.cells,
            }));
        }
        let cells = record.strings().ok_or_else(|| reject(Reason::NotUtf8))?;
        Ok(Row {
            line: record.line,
            last_line: record.last_line,
            byte: record.byte,
            cells,
        })
    }
}

impl Iterator for TableFile {
    type Item = Result<Row, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let expected = self.header.len();
        // A few more than expected, to show them where there are too many.
        match self.records.next_record(&mut self.record, expected + 9) {
            Ok(true) => Some(self.checked()),
            Ok(false) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                let (line, byte) = (self.records.line(), self.records.position());
                let reason = Reason::Unreadable(error.to_string());
                Some(Err(Rejected {
                    line,
                    last_line: line,
                    byte,
                    reason,
                    excerpt: String::new(),
                }))
            }
        }
    }
}

/// The file's contents, unpacked if its first bytes are gzip's.
fn unpacked(path: &Path) -> Result<Input, TableProblem> {
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(TableProblem::Unreadable(
            "it is not a regular file".to_owned(),
        ));
    }
    let mut input = BufReader::with_capacity(HEAD, file);
    if input
        .fill_buf()
        .map_err(unreadable)?
        .starts_with(&[0x1F, 0x8B])
    {
        return Ok(Box::new(BufReader::with_capacity(
            HEAD,
            MultiGzDecoder::new(input),
        )));
    }
    Ok(Box::new(input))
}

/// What comes after the head: nothing, an error kept for its turn, or the rest of the input.
fn rest_of(input: Input, error: Option<io::Error>) -> Box<dyn Read + Send> {
    match error {
        None => Box::new(input),
        Some(error) => Box::new(Failing(Some(error))),
    }
}

struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

trait ConsumeExact: BufRead {
    fn consume_exact(&mut self, mut count: usize) -> io::Result<()> {
        while count > 0 {
            let step = self.fill_buf()?.len().min(count);
            if step == 0 {
                return Ok(());
            }
            self.consume(step);
            count -= step;
        }
        Ok(())
    }
}

impl<T: BufRead + ?Sized> ConsumeExact for T {}

fn header_of(record: &Record) -> Result<Vec<String>, TableProblem> {
    let bad = |why: String| Err(TableProblem::Header(why));
    if record.flaw.is_some() || record.cells > MAX_COLUMNS {
        return bad(format!(
            "it has more than {MAX_COLUMNS} columns, a NUL, or a quote that is never closed"
        ));
    }
    let Some(cells) = record.strings() else {
        return bad("it is not UTF-8".to_owned());
    };
    let header: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    for (at, name) in header.iter().enumerate() {
        if !name.is_empty() && header.iter().take(at).any(|other| other == name) {
            return bad(format!("the column “{}” stands in it twice", excerpt(name)));
        }
    }
    Ok(header)
}

fn unreadable(error: io::Error) -> TableProblem {
    TableProblem::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests;
