//! From lines to incidents: rows gathered by number, whole incidents given out, the rest held back.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::row::{Columns, MAX_NUMBER, SourceRow};
use super::{History, Options, Refusal};
use crate::platform::kernel::table_file::{Reason, Rejected, Row, TableFile};

/// Rows one incident may have; more is a file that repeats one number throughout.
const MAX_ROWS: usize = 10_000;

/// Stable within one run, which is all it is used for.
pub(super) fn hash(number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

/// Rows and rejected rows, each with its incident's number where that can be told.
pub(super) struct Lines {
    table: TableFile,
    columns: Columns,
}

impl Lines {
    pub fn new(table: TableFile) -> Result<Self, Refusal> {
        let columns = Columns::find(table.header())?;
        Ok(Self { table, columns })
    }

    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    pub fn next(&mut self) -> Option<(Option<String>, Result<Row, Rejected>)> {
        let line = self.table.next()?;
        let number = match &line {
            Ok(row) => self.columns.number(row).map(str::to_owned),
            Err(rejected) if rejected.is_end() => None,
            Err(_) => self
                .columns
                .place("number")
                .and_then(|place| self.table.rejected_cell(place)),
        };
        let number = number
            .map(|number| number.trim().to_owned())
            .filter(|number| !number.is_empty() && number != "?" && number.len() <= MAX_NUMBER);
        match line {
            Ok(row) if number.is_none() => {
                let why = format!("number: empty, or longer than {MAX_NUMBER} bytes");
                Some((None, Err(Rejected::new(&row, why))))
            }
            Ok(row) if row.last_line > row.line && self.columns.broken(&row).is_some() => {
                let name = self.columns.broken(&row).unwrap_or_default();
                let why =
                    format!("{name}: it holds a line break: is a quote missing, or one too many?");
                Some((number, Err(Rejected::new(&row, why))))
            }
            line => Some((number, line)),
        }
    }
}

/// Rows that are not imported, with the reason for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The incident all of them belong to. `None` for rows that cannot be told to belong to one.
    pub number: Option<String>,
    /// In file order: the rejected rows themselves, and the good ones held back with them.
    pub rejected: Vec<Rejected>,
    /// Reading ended here, before the file did.
    pub is_end: bool,
}

#[derive(Default)]
struct Group {
    rows: Vec<SourceRow>,
    rejected: Vec<Rejected>,
    /// A reason that lies outside the incident's own rows.
    tainted: Option<String>,
    dropped: usize,
}

impl Group {
    fn absorb(&mut self, later: Self) {
        self.rows.extend(later.rows);
        self.rejected.extend(later.rejected);
        self.tainted = self.tainted.take().or(later.tainted);
        self.dropped += later.dropped;
    }

    fn has_room(&mut self) -> bool {
        let room = self.rows.len() + self.rejected.len() < MAX_ROWS;
        self.dropped += usize::from(!room);
        room
    }

    /// The history, or every row of it with a reason.
    fn close(self, number: String, source: &str) -> Option<Result<History, Withheld>> {
        let cause = match (&self.tainted, self.rejected.first()) {
            _ if self.dropped > 0 => Some(format!(
                "{} rows have this number, at most {MAX_ROWS} can be one incident",
                MAX_ROWS + self.dropped
            )),
            (Some(why), _) => Some(why.clone()),
            (None, Some(rejected)) => Some(format!(
                "line {} of the same incident was rejected",
                rejected.line
            )),
            (None, None) => None,
        };
        let Some(cause) = cause else {
            return History::of(source, self.rows).map(Ok);
        };
        let mut rejected = self.rejected;
        rejected.extend(self.rows.iter().map(|row| Rejected {
            line: row.line,
            last_line: row.line,
            byte: 0,
            reason: Reason::Content(format!("held back: {cause}")),
            excerpt: format!("{},{},{}", row.number, row.state, row.key.mod_count),
        }));
        rejected.sort_by_key(|rejected| rejected.line);
        Some(Err(Withheld {
            number: Some(number),
            rejected,
            is_end: false,
        }))
    }
}

/// One [`History`] per incident, in the order their last rows have in the file.
pub struct Histories {
    lines: Lines,
    options: Options,
    /// Groups still to come of incidents that do not stand together.
    coming: HashMap<u64, u32>,
    held: HashMap<String, Group>,
    current: Option<(String, Group)>,
    /// A row of no known incident stood before the next group.
    taint_next: Option<String>,
    ready: VecDeque<Result<History, Withheld>>,
    line: u64,
    ended: bool,
}

impl Histories {
    pub(super) fn new(
        table: TableFile,
        options: Options,
        coming: HashMap<u64, u32>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            lines: Lines::new(table)?,
            options,
            coming,
            held: HashMap::new(),
            current: None,
            taint_next: None,
            ready: VecDeque::new(),
            line: 1,
            ended: false,
        })
    }

    /// The line reading has come to.
    pub fn line(&self) -> u64 {
        self.line
    }

    fn take(&mut self, number: Option<String>, line: Result<Row, Rejected>) {
        let stray = match (&number, &line) {
            (None, _) => true,
            // A stray quote may have swallowed rows of the incidents around it.
            (_, Err(rejected)) => rejected.last_line > rejected.line,
            _ => false,
        };
        if stray && let Err(rejected) = &line {
            let why = format!(
                "line {} beside it could not be read and may belong to it",
                rejected.line
            );
            if let Some((_, group)) = &mut self.current {
                group.tainted.get_or_insert_with(|| why.clone());
            }
            self.taint_next = Some(why);
        }
        match (number, line) {
            (Some(number), line) => self.add(number, line),
            (None, Err(rejected)) => {
                let is_end = rejected.is_end();
                self.ready.push_back(Err(Withheld {
                    number: None,
                    rejected: vec![rejected],
                    is_end,
                }));
            }
            // Lines gives no good row without its number.
            (None, Ok(_)) => {}
        }
    }

    fn add(&mut self, number: String, line: Result<Row, Rejected>) {
        if self
            .current
            .as_ref()
            .is_none_or(|(current, _)| *current != number)
        {
            self.close_current();
            self.current = Some((number, Group::default()));
        }
        let Some((_, group)) = &mut self.current else {
            return;
        };
        let whole = match &line {
            Ok(_) => true,
            Err(rejected) => rejected.last_line == rejected.line,
        };
        if let Some(why) = if whole {
            self.taint_next.take()
        } else {
            self.taint_next.clone()
        } {
            group.tainted.get_or_insert(why);
        }
        if !group.has_room() {
            return;
        }
        match line.and_then(|row| {
            self.lines
                .columns
                .read(&row, &self.options)
                .map_err(|why| Rejected::new(&row, why))
        }) {
            Ok(row) => group.rows.push(row),
            Err(rejected) => group.rejected.push(rejected),
        }
    }

    fn close_current(&mut self) {
        let Some((number, mut group)) = self.current.take() else {
            return;
        };
        if let Some(coming) = self.coming.get_mut(&hash(&number)) {
            *coming = coming.saturating_sub(1);
            let more = *coming > 0;
            if let Some(mut earlier) = self.held.remove(&number) {
                earlier.absorb(group);
                group = earlier;
            }
            if more {
                self.held.insert(number, group);
                return;
            }
        }
        self.ready.extend(group.close(number, &self.options.source));
    }

    /// At the end of the file, or where it cannot be read further and what is held is not whole.
    fn finish(&mut self, cut_off: Option<Rejected>) {
        self.ended = true;
        if cut_off.is_some()
            && let Some((_, group)) = &mut self.current
        {
            group.tainted = Some("the file could not be read to its end".to_owned());
        }
        self.close_current();
        let mut held: Vec<(String, Group)> = self.held.drain().collect();
        held.sort_by_key(|(_, group)| group.rows.first().map(|row| row.line));
        for (number, mut group) in held {
            if cut_off.is_some() {
                group.tainted = Some("the file could not be read to its end".to_owned());
            }
            self.ready.extend(group.close(number, &self.options.source));
        }
        if let Some(rejected) = cut_off {
            self.ready.push_back(Err(Withheld {
                number: None,
                rejected: vec![rejected],
                is_end: true,
            }));
        }
    }
}

impl Iterator for Histories {
    type Item = Result<History, Withheld>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if self.ended {
                return None;
            }
            match self.lines.next() {
                None => self.finish(None),
                Some((_, Err(rejected))) if rejected.is_end() => self.finish(Some(rejected)),
                Some((number, line)) => {
                    self.line = match &line {
                        Ok(row) => row.line,
                        Err(rejected) => rejected.last_line,
                    };
                    self.take(number, line);
                }
            }
        }
    }
}
