//! `andon restricted`: the way in for whoever holds the database, when nobody named is left. It goes
//! through an action of its own and is told in the record's journal.

use crate::people::{self, Person};
use crate::platform::db::{Db, Store};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Number, actions};

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = "\
Who sees a restricted record is decided by those it names; these commands are for the day nobody of \
them is left. Whoever is let in reads in the record's history when, and why.

Example:
  andon restricted let-in INC-1042 --mail ruth@example.org --reason 'Everybody named has left'")]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// List restricted records: number, state, how many people are named, which team
    List,
    /// Name one more person on a restricted record
    LetIn {
        /// The record
        #[arg(value_parser = number)]
        number: Number,
        /// The mail address of the person
        #[arg(long)]
        mail: String,
        /// Why; it is written to the journal
        #[arg(long)]
        reason: String,
    },
}

fn number(text: &str) -> Result<Number, String> {
    text.parse()
        .map_err(|()| "a number such as INC-1042".to_owned())
}

pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    match &arguments.verb {
        Verb::List => store.read_here(|r| {
            for line in records::list_restricted(r)? {
                let team = line.team.as_deref().unwrap_or("-");
                println!("{}\t{}\t{}\t{team}", line.number, line.state, line.people);
            }
            Ok(())
        }),
        Verb::LetIn {
            number,
            mail,
            reason,
        } => {
            let ctx = Ctx::system(Clock::system().now(), Door::Command);
            let person = store.write_here(|w| {
                let person = by_mail(w, mail)?;
                actions::let_in(w, &ctx, *number, person.id, reason)?;
                Ok(person)
            })?;
            println!("{} sees {number} from now on.", person.name);
            Ok(())
        }
    }
}

fn by_mail(conn: &mut Db, mail: &str) -> Result<Person> {
    people::find_person_by_mail(conn, mail)?
        .ok_or_else(|| Error::Refused(Message::new("person-unknown-mail").arg("mail", mail)))
}
