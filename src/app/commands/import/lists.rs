//! `andon import people` and `andon import items`: the same as their pages, for long files.

use super::List;
use crate::people::Visitor;
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::words::{DEFAULT, Words};
use crate::settings::import::{What, plan};

/// Plans a file, says what it would do, and does it unless that is all that was asked for.
pub fn run(store: &Store, what: What, list: &List) -> Result<()> {
    let words = Words::of(DEFAULT);
    let said = |why: &Message| {
        let args: Vec<(&str, &str)> = why.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        words.with(why.key, &args)
    };
    let in_words = |e: Error| match e {
        Error::Invalid(invalid) => {
            let why: Vec<String> = invalid.0.iter().map(|(_, why)| said(why)).collect();
            Error::inward(format!("{}: {}", list.file.display(), why.join(" ")))
        }
        Error::Stale(_) => Error::inward(words.s("import-meanwhile")),
        e => e,
    };
    let plan = store
        .read_here(|r| plan(r, what, &list.file, None))
        .map_err(in_words)?;
    let summary = plan.summary();
    for row in &summary.rejected {
        let why = row.why.as_ref().map(said).unwrap_or_default();
        eprintln!("line {}: {}: {why}", row.line, row.what);
    }
    if !summary.ignored.is_empty() {
        eprintln!("columns left out: {}", summary.ignored.join(", "));
    }
    if !list.dry_run {
        let clock = Clock::system();
        for step in 0..plan.steps() {
            let ctx = Ctx::system(clock.now(), Door::Command);
            let visitor = Visitor::command(ctx.now);
            store
                .write_here(|w| plan.write(w, &visitor, &ctx, step))
                .map_err(in_words)?;
        }
    }
    let counts = summary.counts;
    let would = if list.dry_run { "would be " } else { "" };
    println!("{}", list.file.display());
    println!(
        "  {would}added: {}, {would}changed: {}, unchanged: {}, rejected: {}",
        counts.added, counts.changed, counts.unchanged, counts.rejected
    );
    for (what, names) in &summary.places {
        println!("  {would}added besides: {} {}", names.len(), words.s(what));
    }
    if list.dry_run {
        println!("  nothing was written (--dry-run)");
    }
    Ok(())
}
