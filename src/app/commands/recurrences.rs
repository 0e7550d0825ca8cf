//! `andon recurrences`: the recurrence rule asked of every incident there is, imported ones too, as a
//! list. Recurrences are opened as incidents are reported, and by nothing else.

use crate::platform::db::Store;
use crate::platform::kernel::error::Result;
use crate::postmortems;
use crate::postmortems::rules::recurrence::Same;

/// Arguments.
#[derive(clap::Args)]
#[command(after_help = "\
One line a pair: the action, when it was done, the incident, when it was reported, and what they have in \
common, with tabs between.

Example:
  andon recurrences --dry-run | cut -f 1 | uniq -c")]
pub struct Arguments {
    /// Only list; there is nothing else this command does
    #[arg(long, required = true)]
    dry_run: bool,
}

pub fn run(store: &Store, _: &Arguments) -> Result<()> {
    let pairs = store.read_here(|r| postmortems::recurrences(r))?;
    for pair in &pairs {
        let same = match pair.same {
            Same::ServiceAndCategory => "service and category",
            Same::CategoryAndSubcategory => "category and subcategory",
        };
        println!(
            "{}\t{}\t{}\t{}\t{same}",
            pair.action,
            pair.done_at.rfc3339(),
            pair.incident,
            pair.reported_at.rfc3339(),
        );
    }
    eprintln!("{} pairs; nothing was written", pairs.len());
    Ok(())
}
