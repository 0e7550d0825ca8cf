//! People and items by file: what a file would change, shown first, then changed.
//!
//! A file is read as a whole and *planned* against what stands there: each row is added, changed,
//! unchanged or rejected with its reason. Nothing is written by that. The plan is then written in
//! steps of a few hundred rows by the ordinary actions, so every change is in the journal. Importing
//! the same file again finds everything unchanged; a run that broke off is ended by the next.

mod items;
mod people;
mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use crate::people::Visitor;
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use table::Row;

/// Rows a page takes; a command takes more.
pub const PAGE_ROWS: usize = 20_000;
/// Lines of each sort that are kept to be shown.
pub const SHOWN: usize = 100;
/// What is written, and looked up, together.
const STEP: usize = 500;

crate::text_enum! {
    /// What a file is of.
    pub enum What {
        People = "people",
        Items = "items",
    }
}

/// How many rows become what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub rejected: usize,
}

/// A field of a row that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Key of its label.
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// A row of the file, to be shown.
#[derive(Debug, Clone)]
pub struct Line {
    pub line: u64,
    /// What to recognise it by.
    pub what: String,
    pub changes: Vec<Changed>,
    /// Why it was rejected.
    pub why: Option<Message>,
}

/// What a file would do.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub counts: Counts,
    /// Columns that nothing is known of.
    pub ignored: Vec<String>,
    /// Organisations and locations that would be added: key of what they are, and names.
    pub places: Vec<(&'static str, Vec<String>)>,
    /// The first lines of each sort.
    pub added: Vec<Line>,
    pub changed: Vec<Line>,
    /// All of them: a person mends these.
    pub rejected: Vec<Line>,
}

impl Summary {
    /// What a file says of itself before any row is understood.
    fn begun(ignored: Vec<String>, rejected: Vec<Line>) -> Self {
        let mut summary = Self {
            ignored,
            ..Self::default()
        };
        summary.counts.rejected = rejected.len();
        summary.rejected = rejected;
        summary
    }

    fn add(&mut self, line: Line) {
        self.counts.added += 1;
        if self.added.len() < SHOWN {
            self.added.push(line);
        }
    }

    fn change(&mut self, line: Line) {
        self.counts.changed += 1;
        if self.changed.len() < SHOWN {
            self.changed.push(line);
        }
    }

    fn reject(&mut self, line: u64, what: String, why: Message) {
        self.counts.rejected += 1;
        self.rejected.push(Line {
            line,
            what,
            changes: Vec::new(),
            why: Some(why),
        });
    }
}

/// A file, planned.
pub enum Plan {
    People(people::Plan),
    Items(items::Plan),
}

/// Plans a file. One that cannot be used as a whole, or has more rows than may be, is a message by
/// the field `file`.
pub fn plan(conn: &mut Db, what: What, path: &Path, most: Option<usize>) -> Result<Plan> {
    Ok(match what {
        What::People => Plan::People(people::plan(
            conn,
            table::read(path, people::COLUMNS, most)?,
        )?),
        What::Items => Plan::Items(items::plan(conn, table::read(path, items::COLUMNS, most)?)?),
    })
}

impl Plan {
    pub fn summary(&self) -> &Summary {
        match self {
            Plan::People(plan) => &plan.summary,
            Plan::Items(plan) => &plan.summary,
        }
    }

    /// How many transactions writing takes.
    pub fn steps(&self) -> usize {
        match self {
            Plan::People(plan) => plan.steps.len(),
            Plan::Items(plan) => plan.steps.len(),
        }
    }

    /// Writes one step, which must come after the steps before it.
    pub fn write(
        &self,
        w: &mut Write<'_>,
        visitor: &Visitor,
        ctx: &Ctx,
        step: usize,
    ) -> Result<()> {
        match self {
            Plan::People(plan) => plan.write(w, visitor, ctx, step),
            Plan::Items(plan) => plan.write(w, visitor, ctx, step),
        }
    }
}

/// A row that may still turn out to be no good.
trait Candidate {
    fn row(&self) -> &Row;
    fn put_out(&mut self);
}

fn reject(entry: &mut impl Candidate, why: Message, summary: &mut Summary) {
    entry.put_out();
    let row = entry.row();
    summary.reject(row.line, row.what(), why);
}

/// The first thing wrong, with the field it is about.
fn first_of(e: Error) -> Message {
    match e {
        Error::Invalid(invalid) => {
            let first = invalid.0.into_iter().next();
            first.map_or(Message::new("error-invalid"), |(_, message)| message)
        }
        _ => Message::new("error-invalid"),
    }
}

/// A cell names something that is not there.
fn unknown(field: &'static str, value: &str) -> Message {
    let message = Message::new("import-why-unknown").arg("field", field);
    message.arg("value", value)
}

/// `0..len` in pieces of [`STEP`].
fn pieces(len: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len)
        .step_by(STEP)
        .map(move |from| from..(from + STEP).min(len))
}

/// Marks whatever stands on something that was taken out, over however many between.
fn take_out(
    mut out: Vec<usize>,
    stand_on: &HashMap<usize, Vec<usize>>,
    mut take: impl FnMut(usize) -> bool,
) {
    while let Some(gone) = out.pop() {
        for row in stand_on.get(&gone).into_iter().flatten() {
            if take(*row) {
                out.push(*row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_everything_once() {
        assert_eq!(pieces(0).count(), 0);
        let all: Vec<_> = pieces(1_001).collect();
        assert_eq!(all, [0..500, 500..1_000, 1_000..1_001]);
    }

    #[test]
    fn what_stands_on_nothing_goes_too() {
        // A circle of ten thousand, and one that is taken out of it.
        let stand_on = (0..10_000).map(|n| (n, vec![(n + 1) % 10_000])).collect();
        let mut gone = std::collections::HashSet::from([7]);
        take_out(vec![7], &stand_on, |row| gone.insert(row));
        assert_eq!(gone.len(), 10_000);
    }
}
