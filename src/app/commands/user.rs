//! `andon user`: people from the command line, through the same actions as the pages.

mod leaving;

use std::io::BufRead;

use crate::app::config::Config;
use crate::app::state;
use crate::people::actions::{self, By, MadeLink};
use crate::people::{self, PeopleAsked, Person, PersonForm, Roles, Team};
use crate::platform::db::{Db, Id, Store, Utc};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::ctx::{Actor, Ctx, Door};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::secrets;
use crate::platform::kernel::text;

/// How many people `list` reads at a time.
const CHUNK: usize = 500;

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  andon user add --name 'Noor Haddad' --mail noor@example.org --role agent --team 'Service Desk'
      Adds an agent and prints a link by which they choose their password.
  andon user add --name 'Ada Okafor' --mail ada@example.org --role administrator --password-stdin < secret
      Takes the password from standard input instead (at least 12 characters).
  andon user disable noor@example.org --to-teams
      Disables somebody who leaves; what they hold goes back to their teams.
  andon user erase noor@example.org --records --replies --confirm noor@example.org
      Erases somebody who has left (docs/privacy.md). Without --confirm it tells what there is.
  andon user reset-password noor@example.org
      Prints a link that works once, for 30 minutes. Use it when the only administrator is locked out.

Everything is written to the journal as done from the command line.")]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Add a person
    Add(Box<Add>),
    /// List everybody: mail, name, roles, teams, whether disabled
    List,
    /// Disable a person; their sessions end at once. What they hold is handed on, or listed
    Disable {
        /// The mail address they sign in with
        mail: String,
        /// Their open records and tasks go to their teams, without a person
        #[arg(long, conflicts_with = "to")]
        to_teams: bool,
        /// Their open records and tasks go to the person of this mail address
        #[arg(long, value_name = "MAIL")]
        to: Option<String>,
    },
    /// Erase a person who was disabled: names always, texts as chosen. Without --confirm it only
    /// tells what there is
    Erase(Box<Erase>),
    /// Print a link by which a person chooses a new password
    ResetPassword {
        /// The mail address they sign in with
        mail: String,
    },
}

#[derive(clap::Args)]
struct Erase {
    /// Their mail address or staff number
    who: String,
    /// Also titles and descriptions of the records they asked for
    #[arg(long)]
    records: bool,
    /// Also what they said: replies, and what they told the desk
    #[arg(long)]
    replies: bool,
    /// Also what they wrote at work: notes, what solved a record, reasons, tasks
    #[arg(long)]
    notes: bool,
    /// Also the files they gave
    #[arg(long)]
    files: bool,
    /// Do it; their mail address or name. It cannot be undone
    #[arg(long, value_name = "MAIL OR NAME")]
    confirm: Option<String>,
}

#[derive(clap::Args)]
struct Add {
    /// The name people see
    #[arg(long)]
    name: String,
    /// Mail address, by which they sign in
    #[arg(long)]
    mail: String,
    /// Phone number
    #[arg(long, default_value = "")]
    phone: String,
    /// Staff number, by which log-a-call finds them
    #[arg(long, default_value = "")]
    staff_number: String,
    /// Time zone, such as Europe/Lisbon [default: the desk's]
    #[arg(long)]
    zone: Option<String>,
    /// Language of the pages
    #[arg(long, default_value = crate::platform::words::DEFAULT)]
    language: String,
    /// A role; give it more than once for several. Without one they are a requester
    #[arg(long, value_name = "ROLE", value_parser = ["agent", "manager", "approver", "administrator"])]
    role: Vec<String>,
    /// A team they belong to, by its name; may be given more than once
    #[arg(long, value_name = "NAME")]
    team: Vec<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    let store = &state::store(config)?;
    let ctx = ctx();
    match &arguments.verb {
        Verb::Add(add) => add_person(config, store, &ctx, add),
        Verb::List => list(store),
        Verb::Disable { mail, to_teams, to } => {
            leaving::disable(store, &ctx, mail, *to_teams, to.as_deref())
        }
        Verb::Erase(erase) => leaving::erase_person(config, store, &ctx, erase),
        Verb::ResetPassword { mail } => {
            let link = store.write_here(|w| {
                let person = by_mail(w, mail)?;
                actions::make_password_link(w, By::Command, &ctx, person.id)
            })?;
            print_link(config, &link);
            Ok(())
        }
    }
}

fn add_person(config: &Config, store: &Store, ctx: &Ctx, add: &Add) -> Result<()> {
    let password = match add.password_stdin {
        true => Some(read_password(add)?),
        false => None,
    };
    let (person, link) = store.write_here(|w| {
        let given = form(w, add)?;
        let person = actions::add_person(w, By::Command, ctx, &given)?;
        for team in teams(w, &add.team)? {
            actions::add_member(w, By::Command, ctx, team, person.id)?;
        }
        let link = match &password {
            Some(hash) => {
                actions::set_password(w, By::Command, ctx, person.id, hash)?;
                None
            }
            None => Some(actions::make_password_link(w, By::Command, ctx, person.id)?),
        };
        Ok((person, link))
    })?;
    println!("Added {} ({}).", person.name, person.mail);
    if let Some(link) = link {
        print_link(config, &link);
    }
    Ok(())
}

fn form(conn: &mut Db, add: &Add) -> Result<PersonForm> {
    let roles = add
        .role
        .iter()
        .filter_map(|word| Roles::from_word(word))
        .fold(Roles::NONE, Roles::with);
    let zone = match &add.zone {
        Some(zone) => zone.clone(),
        None => people::default_zone(conn)?,
    };
    if add.mail.trim().is_empty() {
        return Err(Error::invalid("mail", "error-required"));
    }
    Ok(PersonForm {
        name: add.name.clone(),
        mail: add.mail.clone(),
        phone: add.phone.clone(),
        staff_number: add.staff_number.clone(),
        language: add.language.clone(),
        zone,
        roles,
        ..PersonForm::default()
    })
}

/// The teams of these names, however they are capitalised.
fn teams(conn: &mut Db, names: &[String]) -> Result<Vec<Id<Team>>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all = people::list_teams(conn)?;
    names
        .iter()
        .map(|name| {
            all.iter()
                .find(|team| text::fold(&team.name) == text::fold(name.trim()))
                .map(|team| team.id)
                .ok_or_else(|| Error::Refused(Message::new("team-unknown-name").arg("name", name)))
        })
        .collect()
}

fn by_mail(conn: &mut Db, mail: &str) -> Result<Person> {
    people::find_person_by_mail(conn, mail)?
        .ok_or_else(|| Error::Refused(Message::new("person-unknown-mail").arg("mail", mail)))
}

/// The hash of the first line of standard input.
fn read_password(add: &Add) -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    people::check_new_password(password, password, &[&add.name, &add.mail])?;
    secrets::hash_password(password).map_err(|e| Error::inward(format!("password: {e}")))
}

fn print_link(config: &Config, link: &MadeLink) {
    println!("{}", link_text(config, link));
}

/// The whole address where we know it. A path alone is completed by whoever knows where the desk
/// answers: a guess that is wrong would send a password to another machine.
fn link_text(config: &Config, link: &MadeLink) -> String {
    let (name, until, path) = (&link.person.name, link.expires_at.rfc3339(), link.path());
    if config.public_url_is_set {
        let url = &config.public_url;
        return format!(
            "{name} chooses a password here (works once, until {until}):\n  {url}{path}"
        );
    }
    format!(
        "{name} chooses a password here (works once, until {until}), at the desk's address:\n  {path}\n\
         Put the address before it under which people open the desk: the one \"andon serve\" prints\n\
         ({} by default). With public_url set (docs/configuration.md) it is printed here.",
        config.public_url
    )
}

fn list(store: &Store) -> Result<()> {
    println!("{}", columns(["MAIL", "NAME", "ROLES", "TEAMS", ""]));
    let mut from = None;
    loop {
        let asked = PeopleAsked {
            disabled_too: true,
            from,
            ..PeopleAsked::default()
        };
        let (page, teams) = store.read_here(|r| {
            let page = people::list_people(r, &asked, CHUNK)?;
            let ids: Vec<Id<Person>> = page.rows.iter().map(|p| p.id).collect();
            let teams = people::team_names_of(r, &ids)?;
            Ok((page, teams))
        })?;
        for person in &page.rows {
            let of: Vec<&str> = teams
                .iter()
                .filter(|(id, _)| *id == person.id)
                .map(|(_, name)| name.as_str())
                .collect();
            println!("{}", row(person, &of.join(", ")));
        }
        match page.next.and_then(|key| key.parse().ok()) {
            Some(id) => from = Some((crate::platform::db::page::Way::Next, id)),
            None => return Ok(()),
        }
    }
}

fn row(person: &Person, teams: &str) -> String {
    let roles = match person.roles().words().join(", ") {
        none if none.is_empty() => "requester".to_owned(),
        some => some,
    };
    let state = match person.disabled_at {
        Some(_) => "disabled",
        None => "",
    };
    columns([&person.mail, &person.name, &roles, teams, state])
}

fn columns([mail, name, roles, teams, state]: [&str; 5]) -> String {
    format!("{mail:<36} {name:<28} {roles:<24} {teams:<28} {state}")
        .trim_end()
        .to_owned()
}

fn ctx() -> Ctx {
    let now: Utc = Clock::system().now();
    Ctx {
        actor: Actor {
            id: None,
            label: os_user().unwrap_or_else(|| "command line".to_owned()),
        },
        ..Ctx::system(now, Door::Command)
    }
}

/// The name of whoever runs this command, where the machine says it: the owner of our own process,
/// by the list of accounts.
fn os_user() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let uid = std::fs::metadata("/proc/self").ok()?.uid().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    #[test]
    fn roles_and_teams_may_be_given_more_than_once() {
        let line =
            "x add --name N --mail n@example.org --role agent --role manager --team A --team B";
        let parsed = Line::try_parse_from(line.split(' ')).unwrap();
        match parsed.arguments.verb {
            Verb::Add(add) => {
                assert_eq!(add.role, ["agent", "manager"]);
                assert_eq!(add.team, ["A", "B"]);
            }
            _ => panic!("not add"),
        }
        assert!(
            Line::try_parse_from("x add --name N --mail n@x.org --role boss".split(' ')).is_err()
        );
    }
}
