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
    action_items, postmortem_annotation_versions, postmortem_annotations, postmortem_editions,
    postmortem_heads, postmortem_instants, postmortem_participants, postmortem_sections,
    postmortems, wording_dismissals,
};

/// Texts looked for at once.
const BATCH: usize = 500;

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

/// The same of what a person said of post-mortems under their own name: versions of sections, notes of
/// instants, reasons, what they said of the facts.
pub fn erase_authored(conn: &mut Db, person: Id<Person>) -> Result<()> {
    diesel::update(postmortem_sections::table.filter(postmortem_sections::by_id.eq(person)))
        .filter(postmortem_sections::text.ne(""))
        .set(postmortem_sections::text.eq(ERASED))
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

/// The same of what stands beside a post-mortem and in the copies of it that were published: of whatever
/// says what somebody wrote, also where somebody else has written another since.
pub fn erase_texts(conn: &mut Db, record: Id<Record>, texts: &[String]) -> Result<()> {
    let notes =
        || postmortem_annotations::table.filter(postmortem_annotations::record_id.eq(record));
    let ids = || notes().select(postmortem_annotations::id);
    let versions = || {
        postmortem_annotation_versions::table
            .filter(postmortem_annotation_versions::annotation_id.eq_any(ids()))
    };
    for some in texts.chunks(BATCH) {
        diesel::update(notes().filter(postmortem_annotations::text.eq_any(some.to_vec())))
            .set(postmortem_annotations::text.eq(ERASED))
            .execute(conn)?;
        diesel::update(notes().filter(postmortem_annotations::evidence.eq_any(some.to_vec())))
            .set(postmortem_annotations::evidence.eq(ERASED))
            .execute(conn)?;
        let texts = postmortem_annotation_versions::text.eq_any(some.to_vec());
        diesel::update(versions().filter(texts))
            .set(postmortem_annotation_versions::text.eq(ERASED))
            .execute(conn)?;
        let evidence = postmortem_annotation_versions::evidence.eq_any(some.to_vec());
        diesel::update(versions().filter(evidence))
            .set(postmortem_annotation_versions::evidence.eq(ERASED))
            .execute(conn)?;
    }
    let editions: Vec<Edition> = postmortem_editions::table
        .filter(postmortem_editions::record_id.eq(record))
        .select(Edition::as_select())
        .load(conn)?;
    for edition in editions {
        let Ok(mut copy) = serde_json::from_str::<Frozen>(&edition.frozen) else {
            continue;
        };
        if !strike(&mut copy, texts) {
            continue;
        }
        let frozen = serde_json::to_string(&copy).map_err(|e| Error::inward(e.to_string()))?;
        diesel::update(postmortem_editions::table.find((edition.record_id, edition.edition)))
            .set(postmortem_editions::frozen.eq(frozen))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes texts out of a copy; says whether one was there.
fn strike(copy: &mut Frozen, texts: &[String]) -> bool {
    let sections = copy.sections.iter_mut().map(|(_, text)| text);
    let factors = copy.factors.iter_mut().flat_map(|(_, a, b)| [a, b]);
    let rows = copy.timeline.iter_mut().flat_map(|row| row.said.iter_mut());
    let rows = rows.flat_map(|(a, b, _)| [a, b]);
    let reason = std::iter::once(&mut copy.no_action_reason);
    let mut found = false;
    for text in sections.chain(factors).chain(rows).chain(reason) {
        if texts.contains(text) {
            ERASED.clone_into(text);
            found = true;
        }
    }
    found
}
