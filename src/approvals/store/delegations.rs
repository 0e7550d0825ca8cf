//! Who stands in for whom.

use diesel::prelude::*;

use crate::approvals::model::Delegation;
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{delegations, people};

/// Whom somebody stands in for now.
pub fn absent_for(conn: &mut Db, person: Id<Person>, now: Utc) -> Result<Vec<Id<Person>>> {
    Ok(delegations::table
        .filter(delegations::to_id.eq(person))
        .filter(delegations::starts_at.le(now))
        .filter(delegations::ends_at.gt(now))
        .filter(delegations::ended_at.is_null())
        .select(delegations::from_id)
        .distinct()
        .load(conn)?)
}

/// Who stands in for somebody now.
pub fn stand_ins_of(conn: &mut Db, people: &[Id<Person>], now: Utc) -> Result<Vec<Id<Person>>> {
    Ok(delegations::table
        .filter(delegations::from_id.eq_any(people.to_vec()))
        .filter(delegations::starts_at.le(now))
        .filter(delegations::ends_at.gt(now))
        .filter(delegations::ended_at.is_null())
        .select(delegations::to_id)
        .distinct()
        .load(conn)?)
}

/// Delegations from or to somebody that are not over, soonest first.
pub fn of_person(conn: &mut Db, person: Id<Person>, now: Utc) -> Result<Vec<Delegation>> {
    Ok(delegations::table
        .filter(
            delegations::from_id
                .eq(person)
                .or(delegations::to_id.eq(person)),
        )
        .filter(delegations::ends_at.gt(now))
        .filter(delegations::ended_at.is_null())
        .order((delegations::starts_at, delegations::id))
        .select(Delegation::as_select())
        .load(conn)?)
}

pub fn find(conn: &mut Db, id: Id<Delegation>) -> Result<Delegation> {
    Ok(delegations::table
        .find(id)
        .select(Delegation::as_select())
        .first(conn)?)
}

pub fn insert(conn: &mut Db, delegation: &Delegation) -> Result<()> {
    diesel::insert_into(delegations::table)
        .values(delegation)
        .execute(conn)?;
    Ok(())
}

/// Ends one; of two who do it at once, one finds it over.
pub fn end(conn: &mut Db, id: Id<Delegation>, now: Utc) -> Result<()> {
    let open = delegations::table
        .find(id)
        .filter(delegations::ended_at.is_null());
    let ended = diesel::update(open)
        .set(delegations::ended_at.eq(Some(now)))
        .execute(conn)?;
    if ended == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Where people live: a delegation's days are whole ones there.
pub fn zones_of(conn: &mut Db, ids: &[Id<Person>]) -> Result<Vec<(Id<Person>, String)>> {
    Ok(people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::zone))
        .load(conn)?)
}
