//! `andon report`: the figures of the pages, on standard output.

use std::io::{self, ErrorKind, Write};

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::people::default_zone;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::zone::Zone;
use crate::reports::{self, Ask, By, GroupBy, Narrow, Period};
use crate::service_levels::Target;

/// What managers answer for
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Attainment of service levels, as the report's page has it
    #[command(
        after_help = "Both days are included and are the desk's own (the zone of the general settings). Months that \
        are closed are as they were closed. Restricted records are in no figure. docs/reports.md defines every word.\n\n\
        Example: andon report sla --from 2026-10-01 --to 2026-11-30 --target resolution --group-by priority --format csv"
    )]
    Sla(SlaArguments),
}

#[derive(clap::Args)]
struct SlaArguments {
    /// First day
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// Last day
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// Which clocks
    #[arg(long, value_name = "TARGET", default_value = "resolution", value_parser = target)]
    target: Target,
    /// What the lines are
    #[arg(long, value_name = "GROUP", default_value = "priority", value_parser = group)]
    group_by: GroupBy,
    /// Which instant of a clock decides where it counts
    #[arg(long, value_name = "INSTANT", default_value = "outcome", value_parser = by)]
    by: By,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Csv,
}

fn target(word: &str) -> Result<Target, String> {
    Target::from_word(word).ok_or_else(|| one_of(Target::ALL.iter().map(|t| t.word())))
}

fn group(word: &str) -> Result<GroupBy, String> {
    GroupBy::from_word(word).ok_or_else(|| one_of(GroupBy::ALL.iter().map(|g| g.word())))
}

fn by(word: &str) -> Result<By, String> {
    By::from_word(word).ok_or_else(|| one_of(By::ALL.iter().map(|b| b.word())))
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    format!("one of {}", words.join(", "))
}

/// Writes to standard output. A reader that has enough (`| head`) ends it quietly.
pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    let What::Sla(sla) = &arguments.what;
    let now = Clock::system().now();
    let figures = store.read_here(|r| {
        let zone = Zone::named(&default_zone(r)?).unwrap_or_else(Zone::utc);
        let period =
            Period::of(&zone, sla.from, sla.to).map_err(|message| Error::invalid("to", message))?;
        let ask = Ask {
            period,
            target: sla.target,
            group_by: sla.group_by,
            by: sla.by,
            narrow: Narrow::default(),
        };
        Ok(reports::answer(r, &ask, now)?.figures)
    })?;
    let bytes = match sla.format {
        Format::Csv => reports::figures_csv(&figures)?,
        Format::Json => {
            let mut text = serde_json::to_vec_pretty(&figures)
                .map_err(|e| Error::inward(format!("figures: {e}")))?;
            text.push(b'\n');
            text
        }
    };
    match io::stdout().lock().write_all(&bytes) {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(Error::inward(format!("standard output: {e}"))),
        Ok(()) => Ok(()),
    }
}
