//! One-time links to a round. The database holds the hash of a link's token, never the token.

use diesel::prelude::*;

use crate::approvals::model::Round;
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::round_links;

/// A link's row.
#[derive(Debug, Clone, Queryable)]
pub struct LinkRow {
    pub round_id: Id<Round>,
    pub person_id: Id<Person>,
    pub expires_at: Utc,
    pub used_at: Option<Utc>,
}

/// Keeps a new link; the unused one for the same person and round ends.
pub fn insert(
    conn: &mut Db,
    hash: &[u8],
    round: Id<Round>,
    person: Id<Person>,
    expires_at: Utc,
) -> Result<()> {
    let unused = round_links::table
        .filter(round_links::round_id.eq(round))
        .filter(round_links::person_id.eq(person))
        .filter(round_links::used_at.is_null());
    diesel::delete(unused).execute(conn)?;
    diesel::insert_into(round_links::table)
        .values((
            round_links::token_hash.eq(hash),
            round_links::round_id.eq(round),
            round_links::person_id.eq(person),
            round_links::expires_at.eq(expires_at),
            round_links::used_at.eq(None::<Utc>),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Db, hash: &[u8]) -> Result<Option<LinkRow>> {
    Ok(round_links::table
        .find(hash)
        .select((
            round_links::round_id,
            round_links::person_id,
            round_links::expires_at,
            round_links::used_at,
        ))
        .first(conn)
        .optional()?)
}

/// Uses a link up. Of two who use it at once, one is told so.
pub fn use_up(conn: &mut Db, hash: &[u8], now: Utc) -> Result<bool> {
    let unused = round_links::table
        .find(hash)
        .filter(round_links::used_at.is_null());
    let used = diesel::update(unused)
        .set(round_links::used_at.eq(Some(now)))
        .execute(conn)?;
    Ok(used == 1)
}
