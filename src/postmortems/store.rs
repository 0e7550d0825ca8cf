//! All diesel of post-mortems' own tables.

mod erase;
mod items;
mod items_recur;
mod library;
mod required;
mod timeline;

pub use erase::{erase_authored, erase_texts, erase_written};
pub use items::{
    Whose, carried_by, find_item, insert_item, items_besides, items_by_due, items_by_ids,
    items_of_incident, items_to_remind, moved_between, records_of_items, standing_at, update_item,
};
pub use items_recur::{
    about_of, all_completed, completed_between, is_imported, is_linked, recurrences_of,
    reported_between,
};
pub use library::{Asked, awaited, shelves};
pub use required::{
    insert_rule, list_rules, resolved_since, rule_fields, rules_by_ids, update_rule,
};
pub use timeline::{
    Linked, added_of, added_of_many, facts_of, find_added, linked_to, put_added, visible_among,
};

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{
    Dismissal, Edition, InstantSaid, Item, Participant, Postmortem, SectionVersion,
};
use super::rules::sections::Section;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::Record;
use crate::schema::{
    action_items, people, postmortem_authors, postmortem_editions, postmortem_heads,
    postmortem_incidents, postmortem_instants, postmortem_participants, postmortem_sections,
    postmortems, records, wording_dismissals,
};

/// What only this post-mortem has; one of which nothing was said is blank.
pub fn find(conn: &mut Db, record: Id<Record>) -> Result<Postmortem> {
    Ok(postmortems::table
        .find(record)
        .select(Postmortem::as_select())
        .first(conn)
        .optional()?
        .unwrap_or_else(|| Postmortem::blank(record)))
}

/// The rows of some post-mortems.
pub fn find_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Postmortem>> {
    Ok(postmortems::table
        .filter(postmortems::record_id.eq_any(ids))
        .select(Postmortem::as_select())
        .load(conn)?)
}

/// Writes a post-mortem, whether it had a row or not.
pub fn put(conn: &mut Db, row: &Postmortem) -> Result<()> {
    let there = postmortems::table.find(row.record_id);
    if diesel::update(there).set(row).execute(conn)? == 0 {
        diesel::insert_into(postmortems::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// The incidents of a post-mortem.
pub fn incidents_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Id<Record>>> {
    let all = incidents_of_many(conn, &[record])?;
    Ok(all.into_iter().map(|(_, incident)| incident).collect())
}

/// The same of many, with the post-mortem first.
pub fn incidents_of_many(
    conn: &mut Db,
    ids: &[Id<Record>],
) -> Result<Vec<(Id<Record>, Id<Record>)>> {
    Ok(postmortem_incidents::table
        .filter(postmortem_incidents::record_id.eq_any(ids))
        .order((
            postmortem_incidents::record_id,
            postmortem_incidents::incident_id,
        ))
        .select((
            postmortem_incidents::record_id,
            postmortem_incidents::incident_id,
        ))
        .load(conn)?)
}

/// The post-mortems over an incident.
pub fn over(conn: &mut Db, incident: Id<Record>) -> Result<Vec<Id<Record>>> {
    Ok(postmortem_incidents::table
        .filter(postmortem_incidents::incident_id.eq(incident))
        .order(postmortem_incidents::record_id)
        .select(postmortem_incidents::record_id)
        .load(conn)?)
}

pub fn insert_incident(conn: &mut Db, record: Id<Record>, incident: Id<Record>) -> Result<()> {
    diesel::insert_into(postmortem_incidents::table)
        .values((
            postmortem_incidents::record_id.eq(record),
            postmortem_incidents::incident_id.eq(incident),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every section as it stands.
pub fn heads_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<SectionVersion>> {
    heads_of_many(conn, &[record])
}

/// The same of many.
pub fn heads_of_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<SectionVersion>> {
    let on = postmortem_heads::record_id
        .eq(postmortem_sections::record_id)
        .and(postmortem_heads::section.eq(postmortem_sections::section))
        .and(postmortem_heads::version.eq(postmortem_sections::version));
    Ok(postmortem_sections::table
        .inner_join(postmortem_heads::table.on(on))
        .filter(postmortem_heads::record_id.eq_any(ids))
        .order((postmortem_sections::record_id, postmortem_sections::section))
        .select(SectionVersion::as_select())
        .load(conn)?)
}

/// A section as it was saved in one version.
pub fn find_version(
    conn: &mut Db,
    record: Id<Record>,
    section: Section,
    version: i64,
) -> Result<Option<SectionVersion>> {
    Ok(postmortem_sections::table
        .find((record, section, version))
        .select(SectionVersion::as_select())
        .first(conn)
        .optional()?)
}

/// Its newest versions, with who saved each.
pub fn versions_of(
    conn: &mut Db,
    record: Id<Record>,
    section: Section,
    limit: i64,
) -> Result<Vec<(SectionVersion, Option<String>)>> {
    Ok(postmortem_sections::table
        .left_join(people::table.on(postmortem_sections::by_id.eq(people::id.nullable())))
        .filter(postmortem_sections::record_id.eq(record))
        .filter(postmortem_sections::section.eq(section))
        .order(postmortem_sections::version.desc())
        .limit(limit)
        .select((SectionVersion::as_select(), people::name.nullable()))
        .load(conn)?)
}

/// Writes a version of a section, which stands from then on. Whoever was faster had the number: the
/// whole action runs again.
pub fn insert_version(conn: &mut Db, version: &SectionVersion) -> Result<()> {
    diesel::insert_into(postmortem_sections::table)
        .values(version)
        .execute(conn)
        .map_err(raced)?;
    let head = postmortem_heads::table.find((version.record_id, version.section));
    let moved = diesel::update(head)
        .set(postmortem_heads::version.eq(version.version))
        .execute(conn)?;
    if moved == 0 {
        diesel::insert_into(postmortem_heads::table)
            .values((
                postmortem_heads::record_id.eq(version.record_id),
                postmortem_heads::section.eq(version.section),
                postmortem_heads::version.eq(version.version),
            ))
            .execute(conn)
            .map_err(raced)?;
    }
    Ok(())
}

fn raced(error: diesel::result::Error) -> Error {
    match error {
        diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::UniqueViolation,
            _,
        ) => Error::Raced,
        other => other.into(),
    }
}

/// Whoever wrote of it.
pub fn authors_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Id<Person>>> {
    Ok(postmortem_authors::table
        .filter(postmortem_authors::record_id.eq(record))
        .order((postmortem_authors::since, postmortem_authors::person_id))
        .select(postmortem_authors::person_id)
        .load(conn)?)
}

/// Notes that somebody wrote of it.
pub fn put_author(conn: &mut Db, record: Id<Record>, person: Id<Person>, at: Utc) -> Result<()> {
    let there: i64 = postmortem_authors::table
        .find((record, person))
        .count()
        .get_result(conn)?;
    if there == 0 {
        diesel::insert_into(postmortem_authors::table)
            .values((
                postmortem_authors::record_id.eq(record),
                postmortem_authors::person_id.eq(person),
                postmortem_authors::since.eq(at),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Who was there.
pub fn participants_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Participant>> {
    participants_of_many(conn, &[record])
}

/// The same of many.
pub fn participants_of_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Participant>> {
    Ok(postmortem_participants::table
        .filter(postmortem_participants::record_id.eq_any(ids))
        .order((
            postmortem_participants::record_id,
            postmortem_participants::person_id,
        ))
        .select(Participant::as_select())
        .load(conn)?)
}

pub fn put_participant(conn: &mut Db, who: &Participant) -> Result<()> {
    let there = postmortem_participants::table.find((who.record_id, who.person_id));
    if diesel::update(there).set(who).execute(conn)? == 0 {
        diesel::insert_into(postmortem_participants::table)
            .values(who)
            .execute(conn)?;
    }
    Ok(())
}

pub fn delete_participant(conn: &mut Db, record: Id<Record>, person: Id<Person>) -> Result<()> {
    diesel::delete(postmortem_participants::table.find((record, person))).execute(conn)?;
    Ok(())
}

/// The instants that the post-mortem says itself.
pub fn instants_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<InstantSaid>> {
    instants_of_many(conn, &[record])
}

/// The same of many.
pub fn instants_of_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<InstantSaid>> {
    Ok(postmortem_instants::table
        .filter(postmortem_instants::record_id.eq_any(ids))
        .order((postmortem_instants::record_id, postmortem_instants::which))
        .select(InstantSaid::as_select())
        .load(conn)?)
}

pub fn put_instant(conn: &mut Db, said: &InstantSaid) -> Result<()> {
    let there = postmortem_instants::table.find((said.record_id, said.which));
    if diesel::update(there).set(said).execute(conn)? == 0 {
        diesel::insert_into(postmortem_instants::table)
            .values(said)
            .execute(conn)?;
    }
    Ok(())
}

pub fn delete_instant(conn: &mut Db, said: &InstantSaid) -> Result<()> {
    diesel::delete(postmortem_instants::table.find((said.record_id, said.which))).execute(conn)?;
    Ok(())
}

/// What of the language check was not taken up.
pub fn dismissals_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Dismissal>> {
    dismissals_of_many(conn, &[record])
}

/// The same of many.
pub fn dismissals_of_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Dismissal>> {
    Ok(wording_dismissals::table
        .filter(wording_dismissals::record_id.eq_any(ids))
        .order((
            wording_dismissals::record_id,
            wording_dismissals::section,
            wording_dismissals::means,
        ))
        .select(Dismissal::as_select())
        .load(conn)?)
}

pub fn insert_dismissal(conn: &mut Db, dismissal: &Dismissal) -> Result<()> {
    diesel::insert_into(wording_dismissals::table)
        .values(dismissal)
        .execute(conn)
        .map_err(raced)?;
    Ok(())
}

pub fn insert_edition(conn: &mut Db, edition: &Edition) -> Result<()> {
    diesel::insert_into(postmortem_editions::table)
        .values(edition)
        .execute(conn)
        .map_err(raced)?;
    Ok(())
}

pub fn find_edition(conn: &mut Db, record: Id<Record>, edition: i64) -> Result<Edition> {
    Ok(postmortem_editions::table
        .find((record, edition))
        .select(Edition::as_select())
        .first(conn)?)
}

/// Its editions, the newest first: number, when, who.
pub fn editions_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<(i64, Utc, Option<String>)>> {
    Ok(postmortem_editions::table
        .left_join(people::table.on(postmortem_editions::published_by_id.eq(people::id.nullable())))
        .filter(postmortem_editions::record_id.eq(record))
        .order(postmortem_editions::edition.desc())
        .select((
            postmortem_editions::edition,
            postmortem_editions::at,
            people::name.nullable(),
        ))
        .load(conn)?)
}

/// Action items of one post-mortem that are read, at most.
const ITEMS: i64 = 200;

/// The action items of a post-mortem that the reader may see; all of them without a reader.
pub fn items_of(conn: &mut Db, visitor: Option<&Visitor>, record: Id<Record>) -> Result<Vec<Item>> {
    let query = records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .filter(action_items::postmortem_id.eq(record))
        .order((records::created_at, records::id))
        .limit(ITEMS)
        .select((
            records::id,
            records::number,
            records::title,
            records::state,
            records::is_open,
            records::created_at,
            records::assignee_id,
            people::name.nullable(),
            action_items::action_kind,
            action_items::verification,
            action_items::due_at,
        ))
        .into_boxed();
    Ok(match visitor {
        Some(visitor) => crate::visible!(query, visitor).load(conn)?,
        None => query.load(conn)?,
    })
}

/// Names of people, by id.
pub fn names(
    conn: &mut Db,
    ids: impl IntoIterator<Item = Id<Person>>,
) -> Result<HashMap<Id<Person>, String>> {
    let ids: Vec<Id<Person>> = ids.into_iter().collect();
    let found = crate::people::people_by_ids(conn, &ids)?;
    Ok(found.into_iter().map(|p| (p.id, p.name)).collect())
}
