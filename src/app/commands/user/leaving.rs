//! Somebody leaves, somebody is erased: as the pages do it, in words on a terminal.

use super::by_mail;
use crate::app::config::Config;
use crate::app::place;
use crate::follow::practice_of;
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Db, Store};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::Practices;
use crate::records::actions::{GiveTo, Held};
use crate::settings::Choices;
use crate::settings::actions::{
    Erase, Holds, Leave, Traces, erase, erase_rest, leave, remove_files,
};

/// So many of the records and tasks are named.
const NAMED: usize = 20;

pub fn disable(
    store: &Store,
    ctx: &Ctx,
    mail: &str,
    to_teams: bool,
    to: Option<&str>,
) -> Result<()> {
    let visitor = Visitor::command(ctx.now);
    if !to_teams && to.is_none() {
        let holds = store.read_here(|r| {
            let person = by_mail(r, mail)?;
            Holds::of(r, &visitor, person.id)
        })?;
        if !holds.held.is_empty() {
            tell(&holds);
            let message = Message::new("leave-command-needed").arg("mail", mail);
            return Err(Error::Refused(message));
        }
    }
    let person = store.write_here(|w| {
        let person = by_mail(w, mail)?;
        let to = match to {
            Some(mail) => Some(GiveTo::Person(by_mail(w, mail)?.id)),
            None => to_teams.then_some(GiveTo::Teams),
        };
        let command = Leave { seen: None, to };
        leave(
            w,
            &visitor,
            ctx,
            Practices(practice_of),
            person.id,
            &command,
        )
    })?;
    println!("{} is disabled; their sessions have ended.", person.name);
    Ok(())
}

fn tell(holds: &Holds) {
    let Held { records, tasks } = &holds.held;
    println!("Open records: {}", records.len());
    for record in records.iter().take(NAMED) {
        println!("  {} {}", record.number(), record.title);
    }
    println!("Open tasks: {}", tasks.len());
    for task in tasks.iter().take(NAMED) {
        println!("  {} {}", task.record.number(), task.title);
    }
    let names = |names: Vec<&str>| match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    };
    let services = holds.services.iter().map(|s| s.name.as_str()).collect();
    let teams = holds.teams.iter().map(|t| t.name.as_str()).collect();
    println!("Services they own: {}", names(services));
    println!("Teams they lead: {}", names(teams));
    println!(
        "They manage: {}",
        names(holds.reports.iter().map(|p| p.name.as_str()).collect())
    );
    println!(
        "Open records they asked for or are affected by: {}",
        holds.as_requester
    );
    println!("Open records they watch: {}", holds.watched);
}

pub fn erase_person(config: &Config, store: &Store, ctx: &Ctx, asked: &super::Erase) -> Result<()> {
    let visitor = Visitor::command(ctx.now);
    let (person, traces) = store.read_here(|r| {
        let person = whom(r, &asked.who)?;
        let traces = Traces::of(r, &visitor, person.id)?;
        Ok((person, traces))
    })?;
    let Some(confirm) = &asked.confirm else {
        return preview(&traces);
    };
    let blobs = place::open_as_it_is(store, &config.attachments_path)?;
    let command = Erase {
        choices: Choices {
            records: asked.records,
            replies: asked.replies,
            notes: asked.notes,
            files: asked.files,
        },
        confirm: confirm.clone(),
        naming: traces.naming,
    };
    let erased = store.write_here(|w| erase(w, &visitor, ctx, person.id, &command))?;
    store.write_here(|w| erase_rest(w, &erased))?;
    let gone = remove_files(store, &blobs, ctx.now, &erased.contents)?;
    store.scrub_here()?;
    println!("Erased; what is left is {}.", erased.person.name);
    println!("Files removed from the disk: {gone}");
    println!("Backups made before this still hold what they held.");
    Ok(())
}

/// Somebody by mail address or staff number, disabled ones too.
fn whom(conn: &mut Db, who: &str) -> Result<Person> {
    people::find_person_named(conn, who)?
        .ok_or_else(|| Error::Refused(Message::new("person-unknown-mail").arg("mail", who)))
}

fn preview(traces: &Traces) -> Result<()> {
    println!("Always: name, mail address, phone, staff number, password, sessions, their names in");
    println!("        {} entries of the history", traces.facts);
    println!(
        "--records: titles and descriptions of {} records",
        traces.records
    );
    println!("--replies: {} replies and contacts", traces.replies);
    println!(
        "--notes:   {} notes, {} resolutions, and tasks",
        traces.notes, traces.endings
    );
    println!("--files:   {} files", traces.files);
    println!("Restricted records are not counted; what is on them goes too.");
    println!("Records, numbers and times stay. Backups made before hold what they held.");
    match traces.blocked {
        Some(why) => Err(Error::refused(why)),
        None => {
            println!("Nothing was erased: add --confirm with their mail address or name.");
            Ok(())
        }
    }
}
