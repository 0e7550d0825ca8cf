//! `andon backup`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use crate::app::backup::{self, Done, Watch};
use crate::app::config::Config;
use crate::app::{place, state};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};

/// Arguments.
#[derive(clap::Args)]
#[command(
    after_help = "The archive holds every row of the database and every attached file as they were at \n\
    one moment. The desk goes on meanwhile. An archive made from SQLite restores into PostgreSQL, \n\
    and the other way round.\n\n\
    FILE must not be there yet. It is readable by its owner only: it holds what everybody wrote.\n\n\
    A backup that was never restored is a hope. --verify restores FILE into a folder beside it \n\
    (which needs as much room as the desk), compares every row and file, runs andon verify over the \n\
    result and removes it again. It does not touch the desk.\n\n\
    Examples:\n\
    \x20 andon backup /backup/andon-$(date +%F).tar.gz\n\
    \x20 andon backup --verify /backup/andon-2026-11-21.tar.gz\n\n\
    Every night, off the machine, and back again: docs/backup.md."
)]
pub struct Arguments {
    /// The archive: to be written or, with --verify, to be checked
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Check that an archive can be restored, by restoring it
    #[arg(long)]
    verify: bool,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    if arguments.verify {
        return check(&arguments.file);
    }
    let store = state::store_as_it_is(config)?;
    let blobs = place::open_as_it_is(&store, &config.attachments_path)?;
    let began = Instant::now();
    let mut screen = Screen::default();
    let now = Clock::system().now();
    let written = backup::write(&store, &blobs, &arguments.file, now, &mut screen);
    screen.end();
    let done = written?;
    let bytes = std::fs::metadata(&arguments.file).map_or(0, |file| file.len());
    println!(
        "{}: {}, {} in {:.1} s",
        arguments.file.display(),
        contents(&done),
        HumanBytes(bytes),
        began.elapsed().as_secs_f64()
    );
    println!("sha256 of the contents {}", done.whole);
    whole(&done, &config.attachments_path)
}

fn check(file: &Path) -> Result<()> {
    let mut screen = Screen::default();
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    let checked = backup::check(file, &mut line, &mut screen);
    screen.end();
    for line in lines {
        println!("{line}");
    }
    let (done, found) = checked?;
    let file = file.display();
    if !found.whole() {
        return Err(Error::inward(format!(
            "{file} can be restored, but the journal of what it holds has {} differences",
            found.differences
        )));
    }
    println!(
        "{file}: {}, made {} by Andon {}: it can be restored, and its journal is whole",
        contents(&done),
        done.made_at,
        done.andon
    );
    Ok(())
}

/// What is in it, in words.
pub(super) fn contents(done: &Done) -> String {
    format!(
        "{} records ({} rows), {} attached files",
        HumanCount(done.records),
        HumanCount(done.rows),
        HumanCount(done.attachments)
    )
}

/// Missing files are no reason to have no backup, but one to say so.
fn whole(done: &Done, folder: &Path) -> Result<()> {
    if done.missing.is_empty() {
        return Ok(());
    }
    for content in &done.missing {
        eprintln!("missing or damaged: {content}");
    }
    Err(Error::inward(format!(
        "the archive is complete but for {} attached files, which are not as they were in {}",
        done.missing.len(),
        folder.display()
    )))
}

/// A bar on standard error, where that is a terminal.
#[derive(Default)]
pub(super) struct Screen(Option<ProgressBar>);

impl Screen {
    pub fn end(&mut self) {
        if let Some(bar) = self.0.take() {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Screen {
    fn begin(&mut self, what: &str, bytes: Option<u64>) {
        let (bar, style) = match bytes {
            Some(bytes) => {
                self.end();
                let style = "{bar:40} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} to go";
                (ProgressBar::new(bytes), style)
            }
            None => {
                let style = "{spinner} {human_pos} rows and files, {per_sec}: {msg}";
                (self.0.take().unwrap_or_else(ProgressBar::no_length), style)
            }
        };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        self.0 = Some(bar);
    }

    fn step(&mut self, n: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(n);
        }
    }
}
