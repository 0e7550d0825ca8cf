//! The command line: arguments in, exit code out. 0 done, 1 refused or failed with the reason on
//! standard error, 2 wrong usage.

mod agreements;
mod backup;
mod demo;
mod export;
mod import;
mod postmortems;
mod recurrences;
mod report;
mod restore;
mod restricted;
mod serve;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::config::{Config, Flags, ServeFlags};
use super::{log, state};
use crate::platform::kernel::error::Result;

/// Andon, a service desk in one binary.
#[derive(Parser)]
#[command(
    name = "andon",
    version,
    about,
    after_help = "Start with `andon serve`. Settings: docs/configuration.md."
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests (migrates the database first)
    Serve(ServeFlags),
    /// Bring the database's schema up to date
    Migrate,
    /// Fill an empty database with sample data and print the logins
    Demo(demo::Arguments),
    /// Bring in records from another system, with their history
    Import(import::Arguments),
    /// Write records to standard output
    Export(export::Arguments),
    /// Print figures of service levels
    Report(report::Arguments),
    /// Bring in post-mortems from Markdown, and write them out
    Postmortems(postmortems::Arguments),
    /// List the incidents in which what action items were for happened again; nothing is written
    Recurrences(recurrences::Arguments),
    /// Write one archive of the database and the attachments, while others work
    Backup(backup::Arguments),
    /// Bring such an archive back, into an empty place
    Restore(restore::Arguments),
    /// Add, list, disable people; reset passwords
    User(user::Arguments),
    /// Let somebody see a restricted record when nobody named is left
    Restricted(restricted::Arguments),
    /// Set up calendars and agreements from a file
    Agreements(agreements::Arguments),
    /// Check the journal against the records, and name every difference
    Verify(verify::Arguments),
    /// Print the version
    Version,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    let mut flags = cli.flags;
    if let Command::Serve(serve) = &cli.command {
        flags.serve = serve.clone();
    }
    let config = match Config::load(flags) {
        Ok(config) => config,
        Err(line) => {
            eprintln!("andon: {line}");
            return ExitCode::from(2);
        }
    };
    log::start(config.log_format, config.log_level);
    match run(&config, cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("andon: {}", plain(&e));
            ExitCode::FAILURE
        }
    }
}

fn run(config: &Config, command: Command) -> Result<()> {
    match command {
        Command::Serve(_) => serve::run(config),
        Command::Migrate => {
            let done = crate::platform::db::migrate::up(&config.database)?;
            println!(
                "{} up to date, {} migrations run",
                config.database,
                done.len()
            );
            Ok(())
        }
        Command::Demo(arguments) => demo::run(config, &arguments),
        Command::Import(arguments) => import::run(&state::store(config)?, &arguments),
        Command::Export(arguments) => export::run(&state::existing_store(config)?, &arguments),
        Command::Postmortems(arguments) => postmortems::run(&state::store(config)?, &arguments),
        Command::Report(arguments) => report::run(&state::existing_store(config)?, &arguments),
        Command::Recurrences(arguments) => {
            recurrences::run(&state::existing_store(config)?, &arguments)
        }
        Command::Backup(arguments) => backup::run(config, &arguments),
        Command::Restore(arguments) => restore::run(config, &arguments),
        Command::User(arguments) => user::run(config, &arguments),
        Command::Restricted(arguments) => {
            restricted::run(&state::existing_store(config)?, &arguments)
        }
        Command::Agreements(arguments) => agreements::run(&state::store(config)?, &arguments),
        Command::Verify(arguments) => verify::run(config, &arguments),
        Command::Version => {
            println!("andon {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    }
}

/// An error as one line for a terminal, in the catalogue's words where it has some.
fn plain(e: &crate::platform::kernel::error::Error) -> String {
    use crate::platform::kernel::error::{Error, Message};
    let words = crate::platform::words::Words::of("en");
    let say = |m: &Message| {
        let args: Vec<(&str, &str)> = m.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        words.with(m.key, &args)
    };
    match e {
        Error::Invalid(invalid) => invalid
            .0
            .iter()
            .map(|(field, m)| format!("{field}: {}", say(m)))
            .collect::<Vec<_>>()
            .join("; "),
        Error::Refused(m) | Error::Forbidden(m) | Error::Busy(m) => say(m),
        other => other.to_string(),
    }
}
