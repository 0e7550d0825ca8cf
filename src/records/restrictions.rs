//! All diesel of restrictions: whom a restricted record names.

use std::collections::HashSet;

use diesel::prelude::*;

use super::model::{Kind, Record};
use super::number::Number;
use super::policy::Sight;
use super::visible::Visible;
use crate::people::{Person, PersonBrief, Team, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{people, records, restriction_people, restrictions, team_members, teams};

/// Whom a record is restricted to.
#[derive(Debug, Clone, Default)]
pub struct Named {
    pub team: Option<Id<Team>>,
    pub people: Vec<PersonBrief>,
}

/// Whom a restricted record names; nobody where it is not restricted.
pub fn named_of(conn: &mut Db, record: &Record) -> Result<Named> {
    if !record.is_restricted {
        return Ok(Named::default());
    }
    let team: Option<Option<Id<Team>>> = restrictions::table
        .find(record.id)
        .select(restrictions::team_id)
        .first(conn)
        .optional()?;
    Ok(Named {
        team: team.flatten(),
        people: restriction_people::table
            .inner_join(people::table)
            .filter(restriction_people::record_id.eq(record.id))
            .order((people::name, people::id))
            .select(PersonBrief::as_select())
            .load(conn)?,
    })
}

/// Whether a record exists for a person who works or who is involved in it.
pub fn is_open_to(conn: &mut Db, record: &Record, person: Id<Person>) -> Result<bool> {
    if !record.is_restricted {
        return Ok(true);
    }
    let found: Option<Id<Record>> = records::table
        .filter(records::id.eq(record.id))
        .filter(Visible(Sight::Works(person)))
        .select(records::id)
        .into_boxed()
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Everybody a restricted record exists for; `None` where it is not restricted.
pub fn readers_of(conn: &mut Db, record: &Record) -> Result<Option<HashSet<Id<Person>>>> {
    if !record.is_restricted {
        return Ok(None);
    }
    let named: Vec<Id<Person>> = restriction_people::table
        .filter(restriction_people::record_id.eq(record.id))
        .select(restriction_people::person_id)
        .load(conn)?;
    let team = restrictions::table
        .filter(restrictions::record_id.eq(record.id))
        .select(restrictions::team_id);
    let members: Vec<Id<Person>> = team_members::table
        .filter(team_members::team_id.nullable().eq_any(team))
        .select(team_members::person_id)
        .load(conn)?;
    Ok(Some(named.into_iter().chain(members).collect()))
}

/// The restricted records that name a person, newest first, at most `limit`.
pub fn naming(conn: &mut Db, visitor: &Visitor, limit: i64) -> Result<Vec<Id<Record>>> {
    let by_name = restriction_people::table
        .filter(restriction_people::person_id.eq(visitor.id))
        .select(restriction_people::record_id);
    let teams = team_members::table
        .filter(team_members::person_id.eq(visitor.id))
        .select(team_members::team_id.nullable());
    Ok(restrictions::table
        .filter(
            restrictions::record_id
                .eq_any(by_name)
                .or(restrictions::team_id.eq_any(teams)),
        )
        .order(restrictions::record_id.desc())
        .limit(limit)
        .select(restrictions::record_id)
        .load(conn)?)
}

/// The restricted records that do not exist for the visitor.
pub fn hidden_from(conn: &mut Db, visitor: &Visitor) -> Result<HashSet<Id<Record>>> {
    let restricted: Vec<Id<Record>> = restrictions::table
        .select(restrictions::record_id)
        .load(conn)?;
    if restricted.is_empty() {
        return Ok(HashSet::new());
    }
    let query = records::table
        .filter(records::id.eq_any(restrictions::table.select(restrictions::record_id)))
        .select(records::id)
        .into_boxed();
    let seen: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    let seen: HashSet<Id<Record>> = seen.into_iter().collect();
    let hidden = restricted.into_iter().filter(|id| !seen.contains(id));
    Ok(hidden.collect())
}

/// Which of some ids are records that do not exist for the visitor.
pub(super) fn hidden_of(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashSet<Id<Record>>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let all: Vec<Id<Record>> = records::table
        .filter(records::id.eq_any(ids))
        .select(records::id)
        .load(conn)?;
    if all.is_empty() {
        return Ok(HashSet::new());
    }
    let query = records::table
        .filter(records::id.eq_any(all.clone()))
        .select(records::id)
        .into_boxed();
    let seen: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    Ok(all.into_iter().filter(|id| !seen.contains(id)).collect())
}

/// A restricted record for whoever holds the database: enough to find it, nothing of what it tells.
#[derive(Debug, Clone)]
pub struct Restricted {
    pub number: Number,
    pub state: String,
    pub people: i64,
    pub team: Option<String>,
}

/// All restricted records.
pub fn list_restricted(conn: &mut Db) -> Result<Vec<Restricted>> {
    let named = restriction_people::table
        .filter(restriction_people::record_id.eq(restrictions::record_id))
        .select(diesel::dsl::count_star())
        .single_value();
    type Line = (Kind, i64, String, Option<i64>, Option<String>);
    let rows: Vec<Line> = restrictions::table
        .inner_join(records::table.on(records::id.eq(restrictions::record_id)))
        .left_join(teams::table.on(restrictions::team_id.eq(teams::id.nullable())))
        .order((records::kind, records::number))
        .select((
            records::kind,
            records::number,
            records::state,
            named,
            teams::name.nullable(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(kind, n, state, people, team)| Restricted {
            number: Number { kind, n },
            state,
            people: people.unwrap_or(0),
            team,
        })
        .collect())
}

/// Names the team of a restriction, which begins with it.
pub(super) fn set_team(conn: &mut Db, record: Id<Record>, team: Option<Id<Team>>) -> Result<()> {
    let changed = diesel::update(restrictions::table.find(record))
        .set(restrictions::team_id.eq(team))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(restrictions::table)
            .values((
                restrictions::record_id.eq(record),
                restrictions::team_id.eq(team),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn insert_person(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
    at: Utc,
) -> Result<()> {
    diesel::insert_into(restriction_people::table)
        .values((
            restriction_people::record_id.eq(record),
            restriction_people::person_id.eq(person),
            restriction_people::at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete_person(conn: &mut Db, record: Id<Record>, person: Id<Person>) -> Result<()> {
    diesel::delete(restriction_people::table.find((record, person))).execute(conn)?;
    Ok(())
}

/// Forgets whom a record named: it is restricted no longer.
pub(super) fn delete(conn: &mut Db, record: Id<Record>) -> Result<()> {
    let named = restriction_people::table.filter(restriction_people::record_id.eq(record));
    diesel::delete(named).execute(conn)?;
    diesel::delete(restrictions::table.find(record)).execute(conn)?;
    Ok(())
}
