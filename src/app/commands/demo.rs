//! `andon demo`: sample data for an empty database, and the logins to look at it with.

use crate::app::config::Config;
use crate::app::demo::{self, Found};
use crate::app::{place, state};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};

/// Arguments.
#[derive(clap::Args)]
#[command(
    after_help = "A database with sample data stays as it is, and its logins are printed again.\n\
    A database with anything else in it is refused: sample data has passwords that everybody knows."
)]
pub struct Arguments {
    /// Leave a database that is in use as it is, without a failure
    #[arg(long)]
    pub if_empty: bool,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    let store = state::store(config)?;
    match store.read_here(|r| demo::look(r))? {
        Found::Filled => println!("{} has the sample data already.", config.database),
        Found::Empty => {
            let blobs = place::open(&store, &config.attachments_path)?;
            let records = demo::fill(&store, &blobs, Clock::system().now())?;
            println!("{} has {records} sample records now.", config.database);
        }
        Found::Real if arguments.if_empty => {
            println!("{} is in use; no sample data was added.", config.database);
            return Ok(());
        }
        Found::Real => {
            return Err(Error::inward(format!(
                "{} is in use: sample data, with passwords that everybody knows, goes into an \
                 empty database only. Give another one with --database",
                config.database
            )));
        }
        Found::HalfFilled => {
            return Err(Error::inward(format!(
                "an earlier andon demo on {} was interrupted: remove the database and run it again",
                config.database
            )));
        }
    }
    print_logins(config);
    Ok(())
}

fn print_logins(config: &Config) {
    let logins = demo::logins();
    let width = |f: fn(&demo::Login) -> &str| {
        let widths = logins.iter().map(|login| f(login).chars().count());
        widths.max().unwrap_or(0)
    };
    let (name, mail) = (width(|l| l.name), width(|l| &l.mail));
    let roles = width(|l| &l.roles);
    println!(
        "\nSign in at {}/login as one of these; the password is the same for all:\n",
        config.public_url
    );
    println!(
        "  {:name$}  {:mail$}  {:roles$}  Password",
        "Name", "Mail", "Roles"
    );
    for login in &logins {
        println!(
            "  {:name$}  {:mail$}  {:roles$}  {}",
            login.name,
            login.mail,
            login.roles,
            demo::PASSWORD
        );
    }
    println!();
}
