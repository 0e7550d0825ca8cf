//! Post-mortems that were written elsewhere, in Markdown: in as sections, and out again.

use super::raise::make;
use super::sections::{SaveSection, save_section};
use crate::people::Visitor;
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::postmortems::rules::outline;
use crate::postmortems::rules::sections::Section;
use crate::postmortems::store;
use crate::records::{self, Kind, Number, Record};

/// The longest title of a record.
const TITLE: usize = 300;

/// Takes a text apart by its headings and raises a post-mortem of it, over incidents if there are some.
/// `named` is its title where the text begins with none.
pub fn import(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    (named, source): (&str, &str),
    over: &[Number],
) -> Result<Record> {
    let source = source.replace("\r\n", "\n");
    let read = outline::read(&source);
    let title = match read.title.trim_start_matches('#').trim() {
        "" => named,
        title => title,
    };
    let title = text::clean_line(title, TITLE)
        .map_err(|_| Error::invalid("title", "postmortem-title-long"))?;
    if title.is_empty() {
        return Err(Error::invalid("title", "postmortem-title-needed"));
    }
    let mut incidents = Vec::new();
    for number in over {
        let record = records::find_visible(w, visitor, *number)?;
        if record.kind != Kind::Incident {
            return Err(Error::NotFound);
        }
        incidents.push(record);
    }
    let record = make(w, Some(visitor), ctx, &title, &incidents, "")?;
    for section in Section::ALL.iter().copied() {
        let text = read.section(section);
        if text.is_empty() {
            continue;
        }
        let command = SaveSection {
            section,
            base: 0,
            text,
        };
        save_section(w, visitor, ctx, record.number(), &command)?;
    }
    records::find_by_id(w, record.id)
}

/// A post-mortem as one text: its title, then its sections as they were written.
pub fn export(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<String> {
    let found = super::found(conn, visitor, number)?;
    let heads = store::heads_of(conn, found.record.id)?;
    let mut all = format!("# {}\n", found.record.title);
    for section in Section::ALL {
        let head = heads.iter().find(|head| head.section == *section);
        if let Some(head) = head.filter(|head| !head.text.is_empty()) {
            if !all.ends_with('\n') {
                all.push('\n');
            }
            all.push_str(&head.text);
        }
    }
    Ok(all)
}
