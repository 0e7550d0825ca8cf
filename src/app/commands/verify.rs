//! `andon verify`.

use std::str::FromStr;

use super::state;
use crate::app::config::Config;
use crate::app::verify::{self, Kept};
use crate::journal::hex;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::records::verify::ClocksSeen;

/// Checks that every chain of the journal is whole, that every record and what stands beside it is
/// what the journal says, that no record is missing, and that the checkpoints cover what is there.
/// Nothing is changed, and it may run beside a server. docs/journal.md says what each line means.
#[derive(clap::Args)]
pub struct Arguments {
    /// A checkpoint you kept elsewhere, as an earlier run printed it (may be given several times)
    #[arg(long, value_name = "NUMBER:HASH")]
    checkpoint: Vec<Kept>,
    /// Count every clock of every record again from the facts and the agreements instead, and compare
    /// it with what is kept of it
    #[arg(long, conflicts_with = "checkpoint")]
    sla: bool,
}

impl FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "it must be a number, a colon and 64 hexadecimal digits".to_owned();
        let (number, hash) = text.trim().split_once(':').ok_or_else(wrong)?;
        let hash = hash.to_ascii_lowercase();
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let number = number.parse().map_err(|_| wrong())?;
        Ok(Kept { number, hash })
    }
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    let mut line = |line: &str| println!("{line}");
    let store = state::existing_store(config)?;
    if arguments.sla {
        return clocks(&store, &mut line);
    }
    let found = verify::run(&store, &arguments.checkpoint, &mut line)?;
    if let Some((number, hash)) = &found.newest {
        println!("newest checkpoint {number}:{}", hex(hash));
    }
    if found.erased > 0 {
        println!("{} texts were erased from the journal", found.erased);
    }
    let seen = format!(
        "{} records, {} facts, {} checkpoints",
        found.records, found.facts, found.checkpoints
    );
    whole(&seen, found.differences)
}

fn clocks(store: &Store, line: &mut dyn FnMut(&str)) -> Result<()> {
    let found = verify::clocks(store, Clock::system().now(), line)?;
    let ClocksSeen {
        records,
        clocks,
        waiting,
    } = found.seen;
    if waiting > 0 {
        println!("{waiting} records wait for the workers, compared as of the instant before");
    }
    whole(
        &format!("{records} records, {clocks} clocks"),
        found.differences,
    )
}

fn whole(seen: &str, differences: u64) -> Result<()> {
    match differences {
        0 => {
            println!("{seen}: whole");
            Ok(())
        }
        1 => Err(Error::inward(format!("{seen}: 1 difference"))),
        n => Err(Error::inward(format!("{seen}: {n} differences"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_checkpoint_is_a_number_and_a_hash() {
        let hash = "AB".repeat(32);
        let kept: Kept = format!("12:{hash}").parse().unwrap();
        assert_eq!((kept.number, kept.hash), (12, "ab".repeat(32)));
        for wrong in ["", "12", "12:", "12:abc", &format!("x:{hash}"), &hash] {
            assert!(wrong.parse::<Kept>().is_err(), "{wrong}");
        }
    }
}
