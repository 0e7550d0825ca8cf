//! Calendars and agreements from a file (`andon agreements apply FILE`; docs/agreements.toml explains
//! every field). A door: it translates names into what they name and says of each line what is wrong
//! with it; `actions::apply` keeps all of it or nothing.

mod read;
mod table;

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};
use uuid::Uuid;

pub use table::Wrong;

use super::actions::{Definitions, Problem, Wish};
use super::kept::{All, Kept};
use super::store::definitions;
use crate::people;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::dates;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::text;
use read::Names;
use table::{Lines, Section, line_at};

/// What a file wants, and where it says so.
#[derive(Debug, Clone)]
pub struct File {
    pub wanted: Definitions,
    calendars: Vec<Lines>,
    agreements: Vec<Lines>,
}

impl File {
    /// What is wrong with what the file wants, by its lines.
    pub fn wrong(&self, problems: &[Problem]) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        for problem in problems {
            let lines = match problem.wish {
                Wish::Calendar(at) => self.calendars.get(at),
                Wish::Agreement(at) => self.agreements.get(at),
            };
            let Some(lines) = lines else { continue };
            for (field, why) in &problem.invalid.0 {
                wrong.push(Wrong {
                    line: lines.of_field(read::key_of(field)),
                    of: lines.of.clone(),
                    why: why.clone(),
                });
            }
        }
        in_order(wrong)
    }
}

/// Reads a file; what is wrong with it otherwise, in the order of its lines.
pub fn read(conn: &mut Db, source: &str, now: Utc) -> Result<Result<File, Vec<Wrong>>> {
    let root = match DeTable::parse(source) {
        Ok(root) => root,
        Err(e) => {
            let at = e.span().map_or(0, |span| span.start);
            let why = Message::new("levels-file-not-toml").arg("why", e.message());
            return Ok(Err(vec![Wrong {
                line: line_at(source, at),
                of: String::new(),
                why,
            }]));
        }
    };
    let all = definitions::all(conn)?;
    let zone = dates::zone(&people::default_zone(conn)?);
    let zone = zone.map_err(|e| Error::inward(format!("the default zone: {e}")))?;
    let mut reading = Reading {
        source,
        now,
        names: Names::of(&all, zone),
        all,
        wrong: Vec::new(),
        seen: HashMap::new(),
    };
    let calendars = reading.sections(root.get_ref(), "calendar");
    let agreements = reading.sections(root.get_ref(), "agreement");
    reading.unknown(root.get_ref());
    // Calendars may be named before they are written.
    for section in &calendars {
        reading.names.announce(section);
    }
    let mut file = File {
        wanted: Definitions::default(),
        calendars: Vec::new(),
        agreements: Vec::new(),
    };
    for mut section in calendars {
        let wanted = reading.calendar(&mut section);
        file.wanted.calendars.push(wanted);
        file.calendars.push(reading.done("calendar", section));
    }
    for mut section in agreements {
        let wanted = reading.agreement(conn, &mut section)?;
        file.wanted.agreements.push(wanted);
        file.agreements.push(reading.done("agreement", section));
    }
    Ok(if reading.wrong.is_empty() {
        Ok(file)
    } else {
        Err(in_order(reading.wrong))
    })
}

/// A file being read.
struct Reading<'a> {
    source: &'a str,
    now: Utc,
    all: All,
    names: Names,
    wrong: Vec<Wrong>,
    /// The line on which each name was given, by what has it.
    seen: HashMap<(&'static str, String), usize>,
}

impl<'a> Reading<'a> {
    fn sections<'i>(&mut self, root: &'a DeTable<'i>, word: &'static str) -> Vec<Section<'a, 'i>> {
        let mut found = root.iter();
        let Some((key, value)) = found.find(|(key, _)| key.get_ref().as_ref() == word) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.not_tables(key.span().start, word);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section::of(self.source, item.span().start, table));
                }
                _ => self.not_tables(item.span().start, word),
            }
        }
        sections
    }

    fn not_tables(&mut self, at: usize, word: &str) {
        self.wrong.push(Wrong {
            line: line_at(self.source, at),
            of: String::new(),
            why: Message::new("levels-file-not-tables").arg("word", word),
        });
    }

    fn unknown(&mut self, root: &DeTable<'_>) {
        for (key, _) in root {
            let name = key.get_ref().as_ref();
            if !matches!(name, "calendar" | "agreement") {
                let why = Message::new("levels-file-unknown-field").arg("field", name);
                self.wrong.push(Wrong {
                    line: line_at(self.source, key.span().start),
                    of: String::new(),
                    why: why.arg("known", "[[calendar]], [[agreement]]"),
                });
            }
        }
    }

    /// A section was read: what nobody took of it is wrong, and so is a name that was there before.
    fn done(&mut self, word: &'static str, mut section: Section<'_, '_>) -> Lines {
        section.name_unknown();
        let key = (word, text::fold(&section.lines.of));
        let line = section.lines.of_field("name");
        if let Some(first) = self.seen.insert(key, line) {
            let why = Message::new("levels-file-twice").arg("line", first);
            section.problem("name", why);
        }
        self.wrong.append(&mut section.wrong);
        section.lines
    }

    /// The id of what has a name already, or a new one.
    fn id_of<D>(&self, all: &[Kept<D>], name: &str) -> (Id<Kept<D>>, bool) {
        let key = text::fold(name);
        match all.iter().find(|kept| text::fold(&kept.name) == key) {
            Some(kept) => (kept.id, true),
            None => (Id::new(), false),
        }
    }

    /// An instant in the past is from when a first version holds, and nothing to a later one.
    fn beginning_of(&self, section: &mut Section<'_, '_>, is_there: bool) -> Option<Utc> {
        let text = section.instant("from")?;
        let Some(from) = self.names.instant(&text) else {
            let not = Message::new("levels-from-not-understood").arg("value", text);
            section.problem("from", not);
            return None;
        };
        Some(from).filter(|from| !is_there || *from > self.now)
    }
}

fn in_order(mut wrong: Vec<Wrong>) -> Vec<Wrong> {
    wrong.sort_by_key(|w| w.line);
    wrong
}

/// The id a calendar has, or will have.
fn calendar_id(names: &HashMap<String, Uuid>, name: &str) -> Option<Uuid> {
    names.get(&text::fold(name)).copied()
}
