//! `andon agreements`: calendars and agreements from a file, and the list of them.

use std::path::PathBuf;

use crate::people::Visitor;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::words::{DEFAULT, Words};
use crate::service_levels::actions::{self, Looked};
use crate::service_levels::file::{self, Wrong};
use crate::service_levels::{self, Saving};

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = "\
What the file may say is in docs/agreements.toml. All of it is kept or nothing; what is there already \
as the file says it stays as it is, and what the file does not name is left alone.

Example:
  andon agreements apply agreements.toml --dry-run")]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Keep the calendars and agreements of a file, as new versions where they differ
    Apply {
        /// The file (TOML)
        file: PathBuf,
        /// Say what it would do, and do nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// List agreements: name, kind, calendar, targets, state
    List,
}

pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    match &arguments.verb {
        Verb::Apply { file, dry_run } => apply(store, file, *dry_run),
        Verb::List => list(store),
    }
}

fn apply(store: &Store, path: &PathBuf, dry_run: bool) -> Result<()> {
    let words = Words::of(DEFAULT);
    let source = std::fs::read_to_string(path).map_err(|e| {
        let why = Message::new("levels-file-unreadable").arg("why", e);
        Error::inward(format!("{}: {}", path.display(), said(words, &why)))
    })?;
    let ctx = Ctx::system(Clock::system().now(), Door::Command);
    let visitor = Visitor::command(ctx.now);
    let outcome = if dry_run {
        store.read_here(|r| {
            let file = file::read(r, &source, ctx.now)?;
            let Ok(file) = file else {
                return Ok(file.map(|_| None));
            };
            let looked = actions::look(r, file.wanted.clone(), ctx.now)?;
            Ok(looked.map(Some).map_err(|problems| file.wrong(&problems)))
        })?
    } else {
        store.write_here(|w| {
            let file = file::read(w, &source, ctx.now)?;
            let Ok(file) = file else {
                return Ok(file.map(|_| None));
            };
            let looked = actions::apply(w, &visitor, &ctx, file.wanted.clone())?;
            Ok(looked.map(Some).map_err(|problems| file.wrong(&problems)))
        })?
    };
    match outcome {
        Ok(looked) => {
            tell(looked.as_ref(), dry_run);
            Ok(())
        }
        Err(wrong) => {
            for wrong in &wrong {
                eprintln!("{}", line(words, wrong));
            }
            let n = wrong.len();
            let mistakes = if n == 1 { "mistake" } else { "mistakes" };
            Err(Error::inward(format!(
                "{}: {n} {mistakes}; nothing was changed",
                path.display()
            )))
        }
    }
}

fn said(words: Words, message: &Message) -> String {
    let args: Vec<(&str, &str)> = message.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    words.with(message.key, &args)
}

fn line(words: Words, wrong: &Wrong) -> String {
    let why = said(words, &wrong.why);
    if wrong.of.is_empty() {
        format!("line {}: {why}", wrong.line)
    } else {
        format!("line {}: {}: {why}", wrong.line, wrong.of)
    }
}

fn tell(looked: Option<&Looked>, dry_run: bool) {
    let Some(looked) = looked else { return };
    let calendars = looked.wanted.calendars.iter().map(|w| &w.definition.name);
    let agreements = looked.wanted.agreements.iter().map(|w| &w.definition.name);
    let told = calendars
        .zip(&looked.calendars)
        .map(|told| ("calendar", told))
        .chain(
            agreements
                .zip(&looked.agreements)
                .map(|told| ("agreement", told)),
        );
    let would = if dry_run { "would be " } else { "" };
    for (what, (name, saving)) in told {
        match saving {
            Saving::Added => println!("{what} {name}: {would}added"),
            Saving::Changed => println!("{what} {name}: {would}changed, as a new version"),
            Saving::Unchanged => println!("{what} {name}: unchanged"),
        }
    }
    if dry_run {
        println!("nothing was changed (--dry-run)");
    }
}

fn list(store: &Store) -> Result<()> {
    store.read_here(|r| {
        let all = service_levels::all(r)?;
        for kept in &all.agreements {
            let Some(latest) = kept.latest() else {
                continue;
            };
            let agreement = &latest.definition;
            let calendar = all.calendars.iter();
            let calendar = calendar.filter(|c| c.id.uuid() == agreement.calendar);
            let calendar = calendar.map(|c| c.name.as_str()).collect::<String>();
            let targets = agreement.targets.iter();
            let targets: Vec<String> = targets.map(|(t, span)| format!("{t} {span}")).collect();
            let state = match () {
                () if kept.is_retired => "retired".to_owned(),
                () => format!(
                    "version {} from {}",
                    latest.number,
                    latest.from_at.rfc3339()
                ),
            };
            let (name, kind, targets) = (&kept.name, agreement.kind, targets.join(", "));
            println!("{name}\t{kind}\t{calendar}\t{targets}\t{state}");
        }
        Ok(())
    })
}
