//! All diesel of entries.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Audience, Entry, EntryRow, OnRecord, OwnEntry, PublicReply};
use crate::journal::ERASED;
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::entries;

/// An entry about to be written.
pub struct NewEntry<'a> {
    pub id: Id<Entry>,
    pub record: Id<OnRecord>,
    pub audience: Audience,
    pub channel: &'a str,
    pub author: Option<Id<Person>>,
    pub author_name: &'a str,
    pub at: Utc,
    pub body: &'a str,
    pub chaser: bool,
}

pub fn insert_entry(conn: &mut Db, entry: &NewEntry<'_>) -> Result<()> {
    diesel::insert_into(entries::table)
        .values((
            entries::id.eq(entry.id),
            entries::record_id.eq(entry.record),
            entries::audience.eq(entry.audience),
            entries::channel.eq(entry.channel),
            entries::author_id.eq(entry.author),
            entries::author_name.eq(entry.author_name),
            entries::at.eq(entry.at),
            entries::body.eq(entry.body),
            entries::chaser.eq(entry.chaser),
        ))
        .execute(conn)?;
    Ok(())
}

/// The newest entries of a record, newest first; for those who may read notes.
pub fn entries_of(
    conn: &mut Db,
    record: Id<OnRecord>,
    before: Option<(Utc, Id<Entry>)>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let (at, id) = before.unwrap_or((Utc::FAR, Id::nil()));
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::at.le(at))
        .filter(entries::at.lt(at).or(entries::id.lt(id)))
        .order((entries::at.desc(), entries::id.desc()))
        .limit(limit)
        .select(EntryRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// [`entries_of`], of some audiences only: a tab of the record's page.
pub fn entries_for(
    conn: &mut Db,
    record: Id<OnRecord>,
    audiences: &[Audience],
    before: Option<(Utc, Id<Entry>)>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let (at, id) = before.unwrap_or((Utc::FAR, Id::nil()));
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::audience.eq_any(audiences))
        .filter(entries::at.le(at))
        .filter(entries::at.lt(at).or(entries::id.lt(id)))
        .order((entries::at.desc(), entries::id.desc()))
        .limit(limit)
        .select(EntryRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// What one person may read of a record that is their own: replies, and what they said themselves when
/// they got in touch, newest first, after one of these. Of everybody else's contacts nothing, and no
/// note.
pub fn own_entries_of(
    conn: &mut Db,
    record: Id<OnRecord>,
    person: Id<Person>,
    before: Option<(Utc, Id<Entry>)>,
    limit: i64,
) -> Result<Vec<OwnEntry>> {
    let (at, id) = before.unwrap_or((Utc::FAR, Id::nil()));
    let theirs = entries::audience
        .eq(Audience::Contact)
        .and(entries::author_id.assume_not_null().eq(person));
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::audience.eq(Audience::Public).or(theirs))
        .filter(entries::at.le(at))
        .filter(entries::at.lt(at).or(entries::id.lt(id)))
        .order((entries::at.desc(), entries::id.desc()))
        .limit(limit)
        .select(EntryRow::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match Entry::from(row) {
            Entry::Reply(reply) => Some(OwnEntry::Reply(reply)),
            Entry::Contact(contact) => Some(OwnEntry::Contact(contact)),
            Entry::Note(_) => None,
        })
        .collect())
}

/// Whether an entry is what this person said when they got in touch.
pub fn is_contact_from(conn: &mut Db, entry: Id<Entry>, person: Id<Person>) -> Result<bool> {
    let there: i64 = entries::table
        .find(entry)
        .filter(entries::audience.eq(Audience::Contact))
        .filter(entries::author_id.eq(person))
        .count()
        .get_result(conn)?;
    Ok(there > 0)
}

fn reply(row: EntryRow) -> Option<PublicReply> {
    match Entry::from(row) {
        Entry::Reply(reply) => Some(reply),
        Entry::Note(_) | Entry::Contact(_) => None,
    }
}

/// These entries, in any order; for those who may read notes.
pub fn entries_by_ids(conn: &mut Db, ids: &[Id<Entry>]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::id.eq_any(ids))
        .select(EntryRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Those of these entries that are public. Notes are not read at all.
pub fn public_entries_by_ids(conn: &mut Db, ids: &[Id<Entry>]) -> Result<Vec<PublicReply>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::id.eq_any(ids))
        .filter(entries::audience.eq(Audience::Public))
        .select(EntryRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().filter_map(reply).collect())
}

/// How many replies, contacts among them, and how many notes a record has; for those who may read
/// notes.
pub fn entry_counts(conn: &mut Db, record: Id<OnRecord>) -> Result<(i64, i64)> {
    let rows: Vec<(Audience, i64)> = entries::table
        .filter(entries::record_id.eq(record))
        .group_by(entries::audience)
        .select((entries::audience, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .fold((0, 0), |(said, notes), (audience, n)| match audience {
            Audience::Public | Audience::Contact => (said + n, notes),
            Audience::Internal => (said, notes + n),
        }))
}

/// The texts of some entries, whoever may read them: for making the search index again.
pub fn bodies_of(conn: &mut Db, ids: &[Id<Entry>]) -> Result<HashMap<Id<Entry>, String>> {
    let found: Vec<(Id<Entry>, String)> = entries::table
        .filter(entries::id.eq_any(ids))
        .select((entries::id, entries::body))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The text of an entry and who may read it: what the search index is given.
pub fn body_of(conn: &mut Db, entry: Id<Entry>) -> Result<(Audience, String)> {
    Ok(entries::table
        .find(entry)
        .select((entries::audience, entries::body))
        .first(conn)?)
}

/// An entry by the record it stands on and who may read it.
#[derive(Debug, Clone, Queryable)]
pub struct Authored {
    pub id: Id<Entry>,
    pub record: Id<OnRecord>,
    pub audience: Audience,
}

/// Everything a person said, on any record: for erasing them.
pub fn authored_by(conn: &mut Db, person: Id<Person>) -> Result<Vec<Authored>> {
    Ok(entries::table
        .filter(entries::author_id.eq(person))
        .order((entries::record_id, entries::id))
        .select((entries::id, entries::record_id, entries::audience))
        .load(conn)?)
}

/// Puts what stands for an erased person in the place of their name, and what stands for an erased
/// text in the place of what they said to some audiences.
pub fn erase_author(
    conn: &mut Db,
    person: Id<Person>,
    name: &str,
    texts: &[Audience],
) -> Result<()> {
    let theirs = || entries::table.filter(entries::author_id.eq(person));
    diesel::update(theirs())
        .set(entries::author_name.eq(name))
        .execute(conn)?;
    let said = theirs()
        .filter(entries::audience.eq_any(texts))
        .filter(entries::body.ne(""));
    diesel::update(said)
        .set(entries::body.eq(ERASED))
        .execute(conn)?;
    Ok(())
}
