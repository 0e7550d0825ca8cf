//! `andon restore`.

use std::path::PathBuf;
use std::time::Instant;

use super::backup::{Screen, contents};
use crate::app::backup::{self, Place};
use crate::app::config::Config;
use crate::platform::kernel::error::Result;

/// Arguments.
#[derive(clap::Args)]
#[command(
    after_help = "Give an empty place: a SQLite file that is not there yet or a PostgreSQL database \n\
    without tables, and a folder for the attachments that is empty or not there. Nothing is \n\
    overwritten. When anything is wrong with the archive, or the disk gets full, the place is as \n\
    empty afterwards as it was before.\n\n\
    An archive of an earlier version is brought up to date; one of a later version is refused.\n\n\
    Examples:\n\
    \x20 andon restore andon-2026-11-21.tar.gz --database sqlite:/var/lib/andon/andon.db\n\
    \x20 andon restore andon-2026-11-21.tar.gz --database postgres://andon@db/andon \\\n\
    \x20     --attachments-path /srv/andon/attachments\n\n\
    Afterwards: andon verify, then andon serve. docs/backup.md has the whole walk."
)]
pub struct Arguments {
    /// The archive, as andon backup wrote it
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    let place = Place {
        database: &config.database,
        attachments: &config.attachments_path,
    };
    let began = Instant::now();
    let mut screen = Screen::default();
    let restored = backup::restore(&arguments.file, &place, &mut screen);
    screen.end();
    let done = restored?;
    println!(
        "{} has what {} held: {}, made {} by Andon {}; in {:.1} s",
        config.database,
        arguments.file.display(),
        contents(&done),
        done.made_at,
        done.andon,
        began.elapsed().as_secs_f64()
    );
    println!(
        "its attachments are in {}",
        config.attachments_path.display()
    );
    for content in &done.missing {
        println!("the archive never had the attached file {content}");
    }
    Ok(())
}
