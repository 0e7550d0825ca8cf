//! Who else a record touches, and how often somebody got in touch about it: all diesel of the
//! tables `involved` and `contact_counts`.
//!
//! A record has its requester; a *caller*, where somebody else called for them; and further
//! *affected* people. Callers and affected people are `involved`. The counts have a row for each
//! record that has any of this, and none for the many that have not, so that nothing is read for
//! those.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::Record;
use super::rules::Standing;
use super::verify::Detail;
use crate::journal::Value;
use crate::people::{Person, PersonBrief, Visitor};
use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::schema::{contact_counts, involved, people, records};

crate::text_enum! {
    /// What an involved person is to the record.
    pub enum Role {
        Caller = "caller",
        Affected = "affected",
    }
}

/// How many affected people and contacts a record has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = contact_counts)]
pub struct ContactCounts {
    pub affected: i32,
    pub contacts: i32,
    pub chased: i32,
}

/// A count as the journal holds it: none is nothing, so that the facts of a record nobody called
/// about say nothing of it.
pub(super) fn counted(n: i32) -> Value {
    match n {
        0 => Value::Nothing,
        n => Value::Number(n.into()),
    }
}

/// The counts of a record; `None` when it has neither caller, nor affected people, nor contacts.
pub(super) fn counts_of(conn: &mut Db, record: Id<Record>) -> Result<Option<ContactCounts>> {
    Ok(contact_counts::table
        .find(record)
        .select(ContactCounts::as_select())
        .first(conn)
        .optional()?)
}

/// [`counts_of`], for pages: nothing counted is none.
pub fn contact_counts(conn: &mut Db, record: Id<Record>) -> Result<ContactCounts> {
    Ok(counts_of(conn, record)?.unwrap_or_default())
}

/// Writes a record's counts; `before` is what [`counts_of`] gave.
pub(super) fn set_counts(
    conn: &mut Db,
    record: Id<Record>,
    before: Option<ContactCounts>,
    now: ContactCounts,
) -> Result<()> {
    let values = (
        contact_counts::affected.eq(now.affected),
        contact_counts::contacts.eq(now.contacts),
        contact_counts::chased.eq(now.chased),
    );
    if before.is_some() {
        diesel::update(contact_counts::table.find(record))
            .set(values)
            .execute(conn)?;
    } else {
        diesel::insert_into(contact_counts::table)
            .values((contact_counts::record_id.eq(record), values))
            .execute(conn)?;
    }
    Ok(())
}

/// Who called for the requester.
pub fn caller_of(conn: &mut Db, record: Id<Record>) -> Result<Option<PersonBrief>> {
    Ok(involved::table
        .inner_join(people::table)
        .filter(involved::record_id.eq(record))
        .filter(involved::role.eq(Role::Caller))
        .select(PersonBrief::as_select())
        .first(conn)
        .optional()?)
}

/// An affected person, and since when the record says so.
#[derive(Debug, Clone, Queryable)]
pub struct AffectedPerson {
    pub id: Id<Person>,
    pub name: String,
    pub at: Utc,
}

/// The affected people of a record, newest first, after one of them.
pub fn affected_of(
    conn: &mut Db,
    record: Id<Record>,
    before: Option<(Utc, Id<Person>)>,
    limit: i64,
) -> Result<Vec<AffectedPerson>> {
    let (at, id) = before.unwrap_or((Utc::FAR, Id::nil()));
    Ok(involved::table
        .inner_join(people::table)
        .filter(involved::record_id.eq(record))
        .filter(involved::role.eq(Role::Affected))
        .filter(involved::at.le(at))
        .filter(involved::at.lt(at).or(involved::person_id.lt(id)))
        .order((involved::at.desc(), involved::person_id.desc()))
        .limit(limit)
        .select((people::id, people::name, involved::at))
        .load(conn)?)
}

/// What a person is to a record.
pub(super) fn standing(conn: &mut Db, record: &Record, person: Id<Person>) -> Result<Standing> {
    if record.requester_id == Some(person) {
        return Ok(Standing::Requester);
    }
    let roles: Vec<Role> = involved::table
        .filter(involved::record_id.eq(record.id))
        .filter(involved::person_id.eq(person))
        .select(involved::role)
        .load(conn)?;
    Ok(if roles.contains(&Role::Caller) {
        Standing::Caller
    } else if roles.contains(&Role::Affected) {
        Standing::Affected
    } else {
        Standing::Nobody
    })
}

/// How many people a record affects besides its requester and some others.
pub(super) fn count_affected_besides(
    conn: &mut Db,
    record: Id<Record>,
    others: &[Id<Person>],
) -> Result<i64> {
    Ok(involved::table
        .filter(involved::record_id.eq(record))
        .filter(involved::role.eq(Role::Affected))
        .filter(involved::person_id.ne_all(others))
        .count()
        .get_result(conn)?)
}

/// Whether what a person writes on their own page of a record is theirs and the desk's: they called for
/// the requester, or are affected besides, and nobody asked them to write to all of the others.
pub fn writes_privately(conn: &mut Db, record: &Record, person: Id<Person>) -> Result<bool> {
    let standing = standing(conn, record, person)?;
    Ok(matches!(standing, Standing::Caller | Standing::Affected))
}

/// Whether a person stands among the affected of a record.
pub(super) fn is_affected(conn: &mut Db, record: Id<Record>, person: Id<Person>) -> Result<bool> {
    let there: i64 = involved::table
        .find((record, Role::Affected, person))
        .count()
        .get_result(conn)?;
    Ok(there > 0)
}

pub(super) fn insert_involved(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
    role: Role,
    at: Utc,
) -> Result<()> {
    diesel::insert_into(involved::table)
        .values((
            involved::record_id.eq(record),
            involved::person_id.eq(person),
            involved::role.eq(role),
            involved::at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Adds affected people who are not there yet, all at once.
pub(super) fn insert_affected(
    conn: &mut Db,
    record: Id<Record>,
    persons: Vec<Id<Person>>,
    at: Utc,
) -> Result<()> {
    let rows: Vec<_> = persons
        .into_iter()
        .map(|person| {
            (
                involved::record_id.eq(record),
                involved::person_id.eq(person),
                involved::role.eq(Role::Affected),
                involved::at.eq(at),
            )
        })
        .collect();
    dialect::insert_many!(conn, involved::table, rows);
    Ok(())
}

/// Everybody involved in a record, callers behind affected people, with the names they have now.
pub(super) fn involved_in(
    conn: &mut Db,
    record: Id<Record>,
) -> Result<Vec<(Role, Id<Person>, String)>> {
    Ok(involved::table
        .inner_join(people::table)
        .filter(involved::record_id.eq(record))
        .order((involved::role, involved::at, involved::person_id))
        .select((involved::role, people::id, people::name))
        .load(conn)?)
}

pub(super) fn delete_involved(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
    role: Role,
) -> Result<()> {
    diesel::delete(involved::table.find((record, role, person))).execute(conn)?;
    Ok(())
}

/// The names of everybody involved in some records: what a search by name finds them by.
pub fn names_involved(
    conn: &mut Db,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<String>>> {
    let mut names: HashMap<Id<Record>, Vec<String>> = HashMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    let found: Vec<(Id<Record>, String)> = involved::table
        .inner_join(people::table)
        .filter(involved::record_id.eq_any(ids))
        .order((involved::record_id, involved::role, involved::person_id))
        .select((involved::record_id, people::name))
        .load(conn)?;
    for (record, name) in found {
        names.entry(record).or_default().push(name);
    }
    Ok(names)
}

/// The number of open records in which each of some people is involved without being the requester,
/// as far as the visitor may see them; who is in none is left out.
pub fn open_involving(
    conn: &mut Db,
    visitor: &Visitor,
    persons: &[Id<Person>],
) -> Result<HashMap<Id<Person>, i64>> {
    let person = involved::person_id;
    let query = records::table
        .inner_join(involved::table.on(involved::record_id.eq(records::id)))
        .filter(person.eq_any(persons.to_vec()))
        .filter(records::is_open.eq(true))
        .filter(
            records::requester_id
                .is_null()
                .or(records::requester_id.ne(person.nullable())),
        )
        .group_by(person)
        .select((person, diesel::dsl::count(records::id).aggregate_distinct()))
        .into_boxed();
    let rows: Vec<(Id<Person>, i64)> = crate::visible!(query, visitor).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// What `andon verify` compares of the counts; who is involved it compares row by row.
pub const DETAIL: Detail = Detail {
    fields: &["affected_count", "contacts", "chased"],
    stands: |conn, ids| {
        type Counted = (Id<Record>, ContactCounts);
        let counts: Vec<Counted> = contact_counts::table
            .filter(contact_counts::record_id.eq_any(ids))
            .select((contact_counts::record_id, ContactCounts::as_select()))
            .load(conn)?;
        Ok(counts
            .into_iter()
            .flat_map(|(id, n)| {
                [
                    (id, "affected_count", counted(n.affected)),
                    (id, "contacts", counted(n.contacts)),
                    (id, "chased", counted(n.chased)),
                ]
            })
            .collect())
    },
};
