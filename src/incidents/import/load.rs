//! From histories to the database, at most [`ROWS`] rows of the source a commit, so that a server
//! beside it goes on. What is committed stays: a run that was killed is continued by the next.

use std::time::{Duration, Instant};

use super::run::{Desk, Watch};
use crate::platform::kernel::ctx::{Actor, Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::table_file::{Reason, Rejected};
use crate::records::Practice;
use crate::records::actions::history::{
    Directory, History, Names, Outcome, preview_histories, record_histories,
};

/// Rows of the source that one commit takes.
const ROWS: usize = 500;
/// The part of the time a commit took that the others get before the next begins, and its bounds: a
/// process that waits for SQLite's lock asks again every few milliseconds.
const PAUSE: (u32, Duration, Duration) = (6, Duration::from_millis(1), Duration::from_millis(25));

/// A history with where it stands in its file.
pub(super) struct Item {
    pub history: History,
    pub practice: &'static Practice,
    /// The line of each of its rows.
    pub lines: Vec<u64>,
}

/// What became of a file's records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: u64,
    pub continued: u64,
    /// Nothing of them was new.
    pub known: u64,
    pub held_back: u64,
    pub rows_taken: u64,
    pub rows_known: u64,
    pub rows_rejected: u64,
    pub facts: u64,
    /// People, teams, services, categories.
    pub created: [u64; 4],
}

/// Takes histories, commits them in batches.
pub(super) struct Loader<'a> {
    desk: &'a Desk<'a>,
    source: String,
    watch: &'a mut dyn Watch,
    directory: Directory,
    batch: Vec<Item>,
    rows: usize,
    counts: Counts,
}

impl<'a> Loader<'a> {
    pub fn begin(desk: &'a Desk<'a>, source: &str, watch: &'a mut dyn Watch) -> Result<Self> {
        Ok(Self {
            desk,
            source: source.to_owned(),
            watch,
            directory: desk.store.read_here(|r| Directory::begin(r))?,
            batch: Vec::new(),
            rows: 0,
            counts: Counts::default(),
        })
    }

    pub fn add(&mut self, item: Item) -> Result<()> {
        let rows = item.history.rows.len();
        if self.rows > 0 && self.rows + rows > ROWS {
            self.flush()?;
        }
        self.rows += rows;
        self.batch.push(item);
        Ok(())
    }

    pub fn reject(&mut self, rejected: &[Rejected]) -> Result<()> {
        self.counts.rows_rejected += rejected.len() as u64;
        self.watch.rows(rejected.len() as u64);
        rejected.iter().try_for_each(|row| self.watch.rejected(row))
    }

    /// A record whose rows were all rejected.
    pub fn hold_back(&mut self, rejected: &[Rejected]) -> Result<()> {
        self.counts.held_back += 1;
        self.reject(rejected)
    }

    pub fn finish(mut self) -> Result<Counts> {
        self.flush()?;
        Ok(Counts {
            created: self.directory.created,
            ..self.counts
        })
    }

    fn ctx(&self) -> Ctx {
        Ctx {
            now: self.desk.clock.now(),
            actor: Actor {
                id: None,
                label: self.source.clone(),
            },
            on_behalf_of: None,
            door: Door::Imported,
            request_id: String::new(),
        }
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.rows = 0;
        if self.desk.dry_run {
            return self.preview(&batch);
        }
        let mut rest = batch.as_slice();
        let mut goes_on = false;
        while !rest.is_empty() {
            let began = Instant::now();
            let (outcomes, added) = self.commit(rest)?;
            self.directory.absorb(added);
            for (item, outcome) in rest.iter().zip(&outcomes) {
                goes_on = self.count(item, outcome, goes_on)?;
            }
            let done = outcomes.len() - usize::from(goes_on);
            rest = rest.get(done..).unwrap_or_default();
            let (part, least, most) = PAUSE;
            std::thread::sleep((began.elapsed() / part).clamp(least, most));
        }
        Ok(())
    }

    /// One transaction: as many of the items as go into it.
    fn commit(&self, items: &[Item]) -> Result<(Vec<Outcome>, Directory)> {
        let ctx = self.ctx();
        let histories = histories(items);
        self.desk.store.write_here(|w| {
            let mut names = Names::over(&self.directory);
            let outcomes = record_histories(w, &ctx, &mut names, &histories, ROWS)?;
            Ok((outcomes, names.added()))
        })
    }

    fn preview(&mut self, items: &[Item]) -> Result<()> {
        let ctx = self.ctx();
        let directory = &mut self.directory;
        let outcomes = self.desk.store.read_here(|r| {
            let outcomes = preview_histories(r, &ctx, &histories(items))?;
            for (item, outcome) in items.iter().zip(&outcomes) {
                if matches!(outcome, Outcome::New(_) | Outcome::Continued(_)) {
                    directory.pretend(r, &item.history)?;
                }
            }
            Ok(outcomes)
        })?;
        for (item, outcome) in items.iter().zip(&outcomes) {
            self.count(item, outcome, false)?;
        }
        Ok(())
    }

    /// Counts one outcome and says whether its item has more rows to come. `again` is for an item
    /// that was counted before.
    fn count(&mut self, item: &Item, outcome: &Outcome, again: bool) -> Result<bool> {
        let total = item.history.rows.len() as u64;
        let counts = &mut self.counts;
        let told = match outcome {
            Outcome::Known => {
                counts.known += u64::from(!again);
                counts.rows_known += if again { 0 } else { total };
                self.watch.rows(if again { 0 } else { total });
                return Ok(false);
            }
            Outcome::Refused(refusal) => {
                let why = format!("held back: {refusal}");
                let rejected: Vec<Rejected> = item
                    .lines
                    .iter()
                    .map(|line| Rejected {
                        line: *line,
                        last_line: *line,
                        byte: 0,
                        reason: Reason::Content(why.clone()),
                        excerpt: item.history.external_id.clone(),
                    })
                    .collect();
                self.hold_back(&rejected)?;
                return Ok(false);
            }
            Outcome::New(told) => {
                counts.new += 1;
                told
            }
            Outcome::Continued(told) => {
                counts.continued += u64::from(!again);
                told
            }
        };
        counts.rows_taken += told.rows as u64;
        counts.facts += told.facts as u64;
        if !again {
            counts.rows_known += told.known as u64;
        }
        let known = if again { 0 } else { told.known };
        self.watch.rows((told.rows + known) as u64);
        Ok(told.more)
    }
}

fn histories(items: &[Item]) -> Vec<(&'static Practice, &History)> {
    let items = items.iter();
    items.map(|item| (item.practice, &item.history)).collect()
}
