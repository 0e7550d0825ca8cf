//! `andon postmortems`: in from Markdown that was written elsewhere, and out again.

use std::fs;
use std::path::PathBuf;

use crate::people::Visitor;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::postmortems;
use crate::records::Number;

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = "\
Headings say which section a text belongs to; what no heading claims is what happened, and no line is \
left out.

Examples:
  andon postmortems import 2026-11-21-payments.md --over INC-1042
  andon postmortems export PM-7 > payments.md")]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Raise a post-mortem from a Markdown file, as a draft
    Import {
        /// The file; its first heading is the title, or its name
        file: PathBuf,
        /// An incident it is over; may be given several times
        #[arg(long, value_name = "NUMBER", value_parser = number)]
        over: Vec<Number>,
    },
    /// Write a post-mortem to standard output as Markdown
    Export {
        /// The post-mortem
        #[arg(value_parser = number)]
        number: Number,
    },
}

fn number(text: &str) -> Result<Number, String> {
    text.parse()
        .map_err(|()| "a number such as INC-1042 or PM-7".to_owned())
}

pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    let now = Clock::system().now();
    match &arguments.verb {
        Verb::Import { file, over } => {
            let text = fs::read_to_string(file)
                .map_err(|e| Error::inward(format!("{}: {e}", file.display())))?;
            let named = file.file_stem().unwrap_or_default().to_string_lossy();
            let ctx = Ctx::system(now, Door::Command);
            let record = store.write_here(|w| {
                postmortems::import(w, &Visitor::command(now), &ctx, (&named, &text), over)
            })?;
            println!("{}", record.number());
        }
        Verb::Export { number } => {
            let text =
                store.read_here(|r| postmortems::export(r, &Visitor::command(now), *number))?;
            print!("{text}");
        }
    }
    Ok(())
}
