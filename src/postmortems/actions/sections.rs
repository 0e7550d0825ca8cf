//! Writing a section. Every save is a version; what two wrote at once is shown to the second, both of it.

use super::facts::back;
use super::{to_write, write};
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::postmortems::labels;
use crate::postmortems::model::{Postmortem, SectionVersion};
use crate::postmortems::rules::sections::{LONGEST, Section};
use crate::postmortems::rules::versions::{Save, Version, save};
use crate::postmortems::store;
use crate::records::{Number, Record};

/// A section as its form has it.
#[derive(Debug, Clone)]
pub struct SaveSection {
    pub section: Section,
    /// The version the form was made with; 0 where there was none.
    pub base: i64,
    pub text: String,
}

/// Saves a section; refused where somebody saved another text since the form was made.
pub fn save_section(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &SaveSection,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let id = found.record.id;
    let section = command.section;
    let got = command.text.chars().count();
    if got > LONGEST {
        let long = Message::new("error-too-long").arg("max", LONGEST);
        return Err(Error::invalid("text", long.arg("got", got)));
    }
    let head = head_of(w, id, section)?;
    let base = match command.base {
        0 => Some(String::new()),
        n => store::find_version(w, id, section, n)?.map(|version| version.text),
    };
    let base = base.as_deref().map(|text| Version {
        n: command.base,
        text,
    });
    let stands = Version {
        n: head.version,
        text: &head.text,
    };
    match save(base, stands, &command.text) {
        Save::Nothing => return Ok(found.record),
        Save::Conflict { .. } => return Err(Error::refused("postmortem-section-changed")),
        Save::Write => {}
    }
    let version = SectionVersion {
        record_id: id,
        section,
        version: head.version + 1,
        text: command.text.clone(),
        by_id: person_of(ctx),
        at: ctx.now,
    };
    store::insert_version(w, &version)?;
    if let Some(person) = version.by_id {
        store::put_author(w, id, person, ctx.now)?;
    }
    let said = vec![
        Said::new(
            labels::section(section),
            Value::text(&head.text),
            Value::text(&version.text),
        ),
        Said::set("section_version", Value::Number(version.version)),
    ];
    // A fact that changes is agreed again.
    let after = Postmortem {
        facts_version: found.of.facts_version + i64::from(section.is_fact()),
        ..found.of.clone()
    };
    let record = match (section.is_fact(), found.record.state.as_str()) {
        (true, "facts_agreed" | "in_review") => back(w, ctx, &found)?,
        _ => found.record.clone(),
    };
    write(w, ctx, &found, record, &after, "section_saved", said)
}

/// Whoever acts, where that is a person.
pub(super) fn person_of(ctx: &Ctx) -> Option<Id<crate::people::Person>> {
    let id = ctx.actor.id.filter(|id| !id.is_nil());
    id.map(Id::from_uuid)
}

/// A section as it stands: version 0 and no words where nobody wrote any.
pub(super) fn head_of(
    w: &mut crate::platform::db::Db,
    id: Id<Record>,
    section: Section,
) -> Result<SectionVersion> {
    let heads = store::heads_of(w, id)?;
    let head = heads.into_iter().find(|head| head.section == section);
    Ok(head.unwrap_or(SectionVersion {
        record_id: id,
        section,
        version: 0,
        text: String::new(),
        by_id: None,
        at: crate::platform::db::Utc::from_micros(0),
    }))
}
