//! All diesel of erasing what somebody wrote of a post-mortem.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::postmortems::labels;
use crate::postmortems::model::{Edition, Frozen};
use crate::postmortems::rules::sections::Section;
use crate::records::Record;
use crate::schema::{
    action_items, factors, postmortem_annotation_versions, postmortem_annotations,
    postmortem_editions, postmortem_heads, postmortem_instants, postmortem_participants,
    postmortem_sections, postmortems, wording_dismissals,
};

/// Puts what stands for an erased text in the place of one that stands, by the name the journal knows
/// it by.
pub fn erase_written(conn: &mut Db, record: Id<Record>, field: &str) -> Result<()> {
    super::items::erase_item(conn, record, field)?;
    let own = postmortems::table.find(record);
    match field {
        "meeting_place" => {
            diesel::update(own.filter(postmortems::meeting_place.ne("")))
                .set(postmortems::meeting_place.eq(ERASED))
                .execute(conn)?;
        }
        "no_action_reason" => {
            diesel::update(own.filter(postmortems::no_action_reason.ne("")))
                .set(postmortems::no_action_reason.eq(ERASED))
                .execute(conn)?;
        }
        field => {
            let sections = Section::ALL.iter().copied();
            for section in sections.filter(|section| labels::section(*section) == field) {
                let head = postmortem_heads::table
                    .find((record, section))
                    .select(postmortem_heads::version);
                let standing = postmortem_sections::table
                    .filter(postmortem_sections::record_id.eq(record))
                    .filter(postmortem_sections::section.eq(section))
                    .filter(postmortem_sections::version.eq_any(head));
                diesel::update(standing)
                    .set(postmortem_sections::text.eq(ERASED))
                    .execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The same of what a person said of post-mortems under their own name: versions of sections,
/// annotations, notes of instants, reasons, what they said of the facts.
pub fn erase_authored(conn: &mut Db, person: Id<Person>) -> Result<()> {
    erase_published(conn, person)?;
    diesel::update(postmortem_sections::table.filter(postmortem_sections::by_id.eq(person)))
        .filter(postmortem_sections::text.ne(""))
        .set(postmortem_sections::text.eq(ERASED))
        .execute(conn)?;
    let notes = || postmortem_annotations::table.filter(postmortem_annotations::by_id.eq(person));
    diesel::update(notes().filter(postmortem_annotations::evidence.ne("")))
        .set(postmortem_annotations::evidence.eq(ERASED))
        .execute(conn)?;
    diesel::update(notes())
        .set(postmortem_annotations::text.eq(ERASED))
        .execute(conn)?;
    let versions = postmortem_annotation_versions::table
        .filter(postmortem_annotation_versions::by_id.eq(person));
    diesel::update(versions)
        .set((
            postmortem_annotation_versions::text.eq(ERASED),
            postmortem_annotation_versions::evidence.eq(""),
        ))
        .execute(conn)?;
    diesel::update(postmortem_instants::table.filter(postmortem_instants::by_id.eq(person)))
        .filter(postmortem_instants::note.ne(""))
        .set(postmortem_instants::note.eq(ERASED))
        .execute(conn)?;
    diesel::update(wording_dismissals::table.filter(wording_dismissals::by_id.eq(person)))
        .set(wording_dismissals::reason.eq(ERASED))
        .execute(conn)?;
    let said = postmortem_participants::table.filter(postmortem_participants::person_id.eq(person));
    diesel::update(said.filter(postmortem_participants::said.ne("")))
        .set(postmortem_participants::said.eq(ERASED))
        .execute(conn)?;
    let seen = action_items::table.filter(action_items::verified_by_id.eq(person));
    diesel::update(seen.filter(action_items::seen.ne("")))
        .set(action_items::seen.eq(ERASED))
        .execute(conn)?;
    Ok(())
}

/// Takes the words of somebody out of the copies that were published: those that are theirs, wherever
/// they stand in one.
fn erase_published(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let mut theirs: Vec<(Id<Record>, String)> = postmortem_sections::table
        .filter(postmortem_sections::by_id.eq(person))
        .select((postmortem_sections::record_id, postmortem_sections::text))
        .load(conn)?;
    let noted: Vec<(Id<Record>, String, String)> = postmortem_annotations::table
        .filter(postmortem_annotations::by_id.eq(person))
        .select((
            postmortem_annotations::record_id,
            postmortem_annotations::text,
            postmortem_annotations::evidence,
        ))
        .load(conn)?;
    let factors: Vec<(Id<Record>, String, String)> = factors::table
        .filter(factors::by_id.eq(person))
        .select((factors::record_id, factors::text, factors::evidence))
        .load(conn)?;
    for (record, text, evidence) in noted.into_iter().chain(factors) {
        theirs.extend([(record, text), (record, evidence)]);
    }
    theirs.retain(|(_, text)| !text.is_empty());
    let mut records: Vec<Id<Record>> = theirs.iter().map(|(record, _)| *record).collect();
    records.sort_unstable();
    records.dedup();
    let editions: Vec<Edition> = postmortem_editions::table
        .filter(postmortem_editions::record_id.eq_any(records))
        .select(Edition::as_select())
        .load(conn)?;
    for edition in editions {
        let own = theirs.iter().filter(|(of, _)| *of == edition.record_id);
        let own: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
        let Ok(mut copy) = serde_json::from_str::<Frozen>(&edition.frozen) else {
            continue;
        };
        let texts = copy.sections.iter_mut().map(|(_, text)| text);
        let factors = copy.factors.iter_mut().flat_map(|(_, a, b)| [a, b]);
        let rows = copy.timeline.iter_mut().flat_map(|row| row.said.iter_mut());
        let rows = rows.flat_map(|(a, b, _)| [a, b]);
        for text in texts.chain(factors).chain(rows) {
            if own.contains(&text.as_str()) {
                *text = ERASED.to_owned();
            }
        }
        let frozen = serde_json::to_string(&copy).map_err(|e| Error::inward(e.to_string()))?;
        diesel::update(postmortem_editions::table.find((edition.record_id, edition.edition)))
            .set(postmortem_editions::frozen.eq(frozen))
            .execute(conn)?;
    }
    Ok(())
}
