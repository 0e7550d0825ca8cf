//! Cuts bytes into records and cells (RFC 4180, read as the `csv` crate reads it: LF, CR or CRLF end
//! a record, blank lines are skipped, a quote inside an unquoted cell is a character like any other).
//!
//! Unlike the crate it never keeps more than the limits: what is over them is read past, the record
//! is marked, and the next one is found as usual.

use std::io::{self, BufRead};

use csv::StringRecord;

use super::Limits;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    Cell { column: usize, limit: usize },
    Row { limit: usize },
    Nul,
    OpenQuote,
}

/// One record, reused from row to row.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub line: u64,
    pub last_line: u64,
    pub byte: u64,
    /// Cells found; only the first `keep` of them are kept.
    pub cells: usize,
    pub flaw: Option<Flaw>,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.cells = 0;
        self.flaw = None;
    }

    fn flaw(&mut self, flaw: Flaw) {
        self.flaw.get_or_insert(flaw);
    }

    /// The kept cells, or `None` where they are not UTF-8.
    pub fn strings(&self) -> Option<StringRecord> {
        let text = std::str::from_utf8(&self.text).ok()?;
        let mut record = StringRecord::with_capacity(self.text.len(), self.ends.len());
        let mut start = 0;
        for end in &self.ends {
            record.push_field(text.get(start..*end)?);
            start = *end;
        }
        Some(record)
    }

    /// One of the kept cells, made readable.
    pub fn cell(&self, at: usize) -> Option<String> {
        let start = at
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied())?;
        let cell = self.text.get(start..*self.ends.get(at)?)?;
        Some(String::from_utf8_lossy(cell).into_owned())
    }

    /// Bytes of memory held.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.text.capacity()
    }

    /// The beginning of the record, made readable.
    pub fn lossy(&self, characters: usize) -> String {
        let mut shown = String::new();
        let mut start = 0;
        for (at, end) in self.ends.iter().copied().enumerate() {
            if start > 4 * characters {
                break;
            }
            if at > 0 {
                shown.push(',');
            }
            let cell = self
                .text
                .get(start..end.min(start + 4 * characters + 4))
                .unwrap_or_default();
            shown.push_str(&String::from_utf8_lossy(cell));
            start = end;
        }
        shown
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a record.
    Record,
    /// Before the first byte of a cell.
    Cell,
    Plain,
    Quoted,
    /// A quote inside a quoted cell: its end, or the first half of a doubled one.
    QuoteSeen,
}

pub(super) struct Splitter<R> {
    input: R,
    delimiter: u8,
    limits: Limits,
    line: u64,
    byte: u64,
    after_cr: bool,
}

impl<R: BufRead> Splitter<R> {
    pub fn new(input: R, delimiter: u8, skipped: usize, limits: Limits) -> Self {
        Self {
            input,
            delimiter,
            limits,
            line: 1,
            byte: skipped as u64,
            after_cr: false,
        }
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn position(&self) -> u64 {
        self.byte
    }

    /// Reads the next record and keeps up to `keep` of its cells; `false` at the end of the file.
    pub fn next_record(&mut self, record: &mut Record, keep: usize) -> io::Result<bool> {
        record.clear();
        let mut state = State::Record;
        let mut cell_start = 0;
        loop {
            let buffer = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if buffer.is_empty() {
                return Ok(self.finish(record, state, keep));
            }
            let mut used = 0;
            let mut complete = false;
            for &byte in buffer {
                used += 1;
                let end_of_line = byte == b'\n' || byte == b'\r';
                if state == State::Record && !end_of_line {
                    record.line = self.line;
                    record.byte = self.byte + used as u64 - 1;
                }
                if end_of_line && !(byte == b'\n' && self.after_cr) {
                    self.line += 1;
                }
                self.after_cr = byte == b'\r';
                let (next, action) = step(state, byte, self.delimiter);
                state = next;
                match action {
                    Action::Skip => {}
                    Action::Push => push(record, byte, &mut cell_start, keep, self.limits),
                    Action::EndCell => end_cell(record, &mut cell_start, keep),
                    Action::EndRecord => {
                        end_cell(record, &mut cell_start, keep);
                        complete = true;
                        break;
                    }
                }
            }
            self.input.consume(used);
            self.byte += used as u64;
            if complete {
                // The end of the line has been counted already.
                record.last_line = self.line - 1;
                return Ok(true);
            }
        }
    }

    fn finish(&self, record: &mut Record, state: State, keep: usize) -> bool {
        if state == State::Record {
            return false;
        }
        if state == State::Quoted {
            record.flaw(Flaw::OpenQuote);
        }
        end_cell(record, &mut 0, keep);
        record.last_line = self.line;
        true
    }
}

enum Action {
    Skip,
    Push,
    EndCell,
    EndRecord,
}

fn step(state: State, byte: u8, delimiter: u8) -> (State, Action) {
    let end_of_line = byte == b'\n' || byte == b'\r';
    match state {
        State::Record if end_of_line => (State::Record, Action::Skip),
        State::Record | State::Cell if byte == b'"' => (State::Quoted, Action::Skip),
        State::Quoted if byte == b'"' => (State::QuoteSeen, Action::Skip),
        State::Quoted => (State::Quoted, Action::Push),
        State::QuoteSeen if byte == b'"' => (State::Quoted, Action::Push),
        _ if byte == delimiter => (State::Cell, Action::EndCell),
        _ if end_of_line => (State::Record, Action::EndRecord),
        _ => (State::Plain, Action::Push),
    }
}

fn push(record: &mut Record, byte: u8, cell_start: &mut usize, keep: usize, limits: Limits) {
    if byte == 0 {
        record.flaw(Flaw::Nul);
    }
    if record.cells >= keep {
        return;
    }
    if record.text.len() - *cell_start >= limits.cell {
        record.flaw(Flaw::Cell {
            column: record.cells + 1,
            limit: limits.cell,
        });
    } else if record.text.len() >= limits.row {
        record.flaw(Flaw::Row { limit: limits.row });
    } else {
        record.text.push(byte);
    }
}

fn end_cell(record: &mut Record, cell_start: &mut usize, keep: usize) {
    if record.cells < keep {
        record.ends.push(record.text.len());
    }
    record.cells += 1;
    *cell_start = record.text.len();
}
