//! `andon export`.

use std::io::{self, BufWriter, ErrorKind, Write};

use clap::{Subcommand, ValueEnum};

use crate::follow::practice_of;
use crate::people::Visitor;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::records::export::{self, Cells, Told};
use crate::records::{Filter, Kind, Practices, list_for_export, list_restricted};

/// Records of one transaction; memory does not grow with the export.
const CHUNK: usize = 1_000;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write records as CSV, in the order of their numbers
    #[command(
        after_help = "Restricted records are left out. Times are RFC 3339 in UTC. Cells that a spreadsheet would run as a formula \
        (those that begin with = + - @) begin with an apostrophe, unless --raw is given.\n\n\
        Example: andon export records --kind incident > incidents.csv"
    )]
    Records(RecordArguments),
}

#[derive(clap::Args)]
struct RecordArguments {
    /// Only records of this kind [default: all]
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Write cells as they are, also those that a spreadsheet would run
    #[arg(long)]
    raw: bool,
    /// Only open records
    #[arg(long, conflicts_with = "all")]
    open: bool,
    /// Open and finished records (the default)
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        format!("one of {}", words.join(", "))
    })
}

/// Writes to standard output. A reader that has enough (`| head`) ends it quietly.
pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    let What::Records(records) = &arguments.what;
    match write_records(store, records, BufWriter::new(io::stdout().lock())) {
        Err(Stopped::Output(e)) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Stopped::Output(e)) => Err(Error::inward(format!("standard output: {e}"))),
        Err(Stopped::Inside(e)) => Err(e),
        Ok(()) => Ok(()),
    }
}

enum Stopped {
    Output(io::Error),
    Inside(Error),
}

impl From<io::Error> for Stopped {
    fn from(e: io::Error) -> Self {
        Self::Output(e)
    }
}

impl From<Error> for Stopped {
    fn from(e: Error) -> Self {
        Self::Inside(e)
    }
}

fn write_records(
    store: &Store,
    arguments: &RecordArguments,
    mut out: impl Write,
) -> Result<(), Stopped> {
    let visitor = Visitor::command(Clock::system().now());
    let filter = Filter {
        kind: arguments.kind,
        open: arguments.open.then_some(true),
        ..Filter::default()
    };
    let cells = if arguments.raw {
        Cells::Raw
    } else {
        Cells::Neutral
    };
    match arguments.format {
        Format::Csv => out.write_all(&export::header()?)?,
    }
    let mut from = None;
    loop {
        let (rows, told, next) = store.read_here(|r| {
            let (rows, next) = list_for_export(r, &visitor, &filter, from.as_deref(), CHUNK)?;
            let told = Told::read(r, Practices(practice_of), &rows)?;
            Ok((rows, told, next))
        })?;
        out.write_all(&export::rows(&rows, &told, cells, visitor.now)?)?;
        match next {
            Some(key) => from = Some(key),
            None => break,
        }
    }
    out.flush()?;
    // A file goes further than the desk: who holds the database may let themself in instead.
    let apart = store.read_here(|r| Ok(list_restricted(r)?.len()))?;
    if apart > 0 {
        eprintln!("{apart} restricted records are not in it (see `andon restricted`).");
    }
    Ok(())
}
