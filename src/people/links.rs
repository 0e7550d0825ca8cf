//! One-time links: the first administrator's set-up, and passwords set by their owner. The
//! database holds the hash of a link's token, never the token.

use diesel::prelude::*;
use time::Duration;

use super::model::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::one_time_links;

crate::text_enum! {
    /// What a link is good for.
    pub enum Purpose {
        Setup = "setup",
        Password = "password",
    }
}

/// The set-up of a desk, and of a new person's password.
pub const SETUP_LASTS: Duration = Duration::days(7);
/// The reset of a password somebody already has.
pub const RESET_LASTS: Duration = Duration::minutes(30);

/// Keeps a new link and withdraws the unused ones for the same purpose and person.
pub(super) fn insert(
    conn: &mut Db,
    hash: &[u8],
    purpose: Purpose,
    person: Option<Id<Person>>,
    expires_at: Utc,
) -> Result<()> {
    withdraw(conn, purpose, person)?;
    diesel::insert_into(one_time_links::table)
        .values((
            one_time_links::token_hash.eq(hash),
            one_time_links::purpose.eq(purpose),
            one_time_links::person_id.eq(person),
            one_time_links::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Withdraws the links nobody used yet.
pub(super) fn withdraw(conn: &mut Db, purpose: Purpose, person: Option<Id<Person>>) -> Result<()> {
    let unused = one_time_links::table
        .filter(one_time_links::purpose.eq(purpose))
        .filter(one_time_links::used_at.is_null());
    match person {
        Some(person) => {
            diesel::delete(unused.filter(one_time_links::person_id.eq(person))).execute(conn)?
        }
        None => diesel::delete(unused.filter(one_time_links::person_id.is_null())).execute(conn)?,
    };
    Ok(())
}

/// The person of a link that still works: `Some(None)` for a link without one.
pub(super) fn find(
    conn: &mut Db,
    hash: &[u8],
    purpose: Purpose,
    now: Utc,
) -> Result<Option<Option<Id<Person>>>> {
    Ok(one_time_links::table
        .find(hash)
        .filter(one_time_links::purpose.eq(purpose))
        .filter(one_time_links::used_at.is_null())
        .filter(one_time_links::expires_at.gt(now))
        .select(one_time_links::person_id)
        .first(conn)
        .optional()?)
}

/// Uses a link up. Of two who use it at once, one is told that it is gone.
pub(super) fn use_up(conn: &mut Db, hash: &[u8], now: Utc) -> Result<()> {
    let unused = one_time_links::table
        .find(hash)
        .filter(one_time_links::used_at.is_null());
    let used = diesel::update(unused)
        .set(one_time_links::used_at.eq(now))
        .execute(conn)?;
    if used == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
