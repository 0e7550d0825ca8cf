//! Signed-in browsers. The database holds the hash of a token, never the token.
//!
//! A session ends after being idle, at its absolute end, when it is revoked, and when its person is
//! disabled. When it was last used is kept in memory and written in a batch at most once a minute
//! ([`LastSeen`]): the one write that reading a page may cause.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use diesel::dsl::exists;
use diesel::prelude::*;
use time::Duration;

use super::model::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{notices, people, sessions, teams};

/// Ended sessions are kept this long, so that a form posted on one can be parked for its person.
pub const REMEMBERED: Duration = Duration::hours(24);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: Id<Session>,
    pub person_id: Id<Person>,
    pub created_at: Utc,
    pub last_seen_at: Utc,
    pub expires_at: Utc,
    pub ended_at: Option<Utc>,
    pub address: String,
    pub device: String,
}

/// How long a session may be idle, and how long it may last.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub idle: Duration,
    pub absolute: Duration,
}

impl Session {
    /// Whether this session still counts at `now`.
    pub fn is_live(&self, now: Utc, seen: Option<Utc>, limits: Limits) -> bool {
        let last = seen.map_or(self.last_seen_at, |s| s.max(self.last_seen_at));
        self.ended_at.is_none() && now < self.expires_at && now < last.plus(limits.idle)
    }
}

/// What is asked of a person with every page, beside their row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// How many notices they have not read.
    pub unread: i64,
    /// Whether they lead a team.
    pub leads: bool,
}

/// The session of a token, live or not, with its person and what is known of them.
pub fn find(conn: &mut Db, token_hash: &[u8]) -> Result<Option<(Session, Person, Known)>> {
    let unread = notices::table
        .filter(notices::person_id.eq(people::id))
        .filter(notices::read_at.is_null())
        .count()
        .single_value();
    let leads = exists(teams::table.filter(teams::lead_id.eq(people::id.nullable())));
    let found: Option<(Session, Person, Option<i64>, bool)> = sessions::table
        .inner_join(people::table)
        .filter(sessions::token_hash.eq(token_hash))
        .select((Session::as_select(), Person::as_select(), unread, leads))
        .first(conn)
        .optional()?;
    Ok(found.map(|(session, person, unread, leads)| {
        let unread = unread.unwrap_or_default();
        (session, person, Known { unread, leads })
    }))
}

pub fn insert(
    conn: &mut Db,
    token_hash: &[u8],
    person: Id<Person>,
    now: Utc,
    limits: Limits,
    address: &str,
    device: &str,
) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::id.eq(Id::<Session>::new()),
            sessions::person_id.eq(person),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(now.plus(limits.absolute)),
            sessions::address.eq(address),
            sessions::device.eq(device),
        ))
        .execute(conn)?;
    Ok(())
}

/// A person's sessions that may still be live, newest first.
pub fn list(conn: &mut Db, person: Id<Person>, now: Utc) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order(sessions::created_at.desc())
        .select(Session::as_select())
        .load(conn)?)
}

/// Ends one session of a person, or all of them.
pub fn end(
    conn: &mut Db,
    person: Id<Person>,
    which: Option<Id<Session>>,
    now: Utc,
) -> Result<usize> {
    let open = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null());
    Ok(match which {
        Some(id) => diesel::update(open.filter(sessions::id.eq(id)))
            .set(sessions::ended_at.eq(now))
            .execute(conn)?,
        None => diesel::update(open)
            .set(sessions::ended_at.eq(now))
            .execute(conn)?,
    })
}

/// Ends a session whoever it belongs to: the one that a new sign-in of its browser replaces.
pub fn end_by_id(conn: &mut Db, id: Id<Session>, now: Utc) -> Result<()> {
    let open = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::ended_at.is_null());
    diesel::update(open)
        .set(sessions::ended_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Ends every session of a person but one.
pub fn end_others(conn: &mut Db, person: Id<Person>, keep: Id<Session>, now: Utc) -> Result<usize> {
    let others = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(keep));
    Ok(diesel::update(others)
        .set(sessions::ended_at.eq(now))
        .execute(conn)?)
}

/// Forgets sessions that ended or ran out more than [`REMEMBERED`] ago.
pub fn forget(conn: &mut Db, now: Utc) -> Result<usize> {
    let before = now.minus(REMEMBERED);
    Ok(diesel::delete(
        sessions::table.filter(
            sessions::ended_at
                .lt(before)
                .or(sessions::expires_at.lt(before)),
        ),
    )
    .execute(conn)?)
}

/// When each session was last used, held in memory between two batches.
#[derive(Default)]
pub struct LastSeen(Mutex<HashMap<Id<Session>, Utc>>);

impl LastSeen {
    /// What is known in memory of a session, before noting this use of it.
    pub fn of(&self, session: Id<Session>) -> Option<Utc> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&session)
            .copied()
    }

    pub fn note(&self, session: Id<Session>, now: Utc) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(session, now);
    }

    /// Takes what is to be written.
    pub fn take(&self) -> HashMap<Id<Session>, Utc> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes a batch of last uses.
pub fn write_last_seen(conn: &mut Db, seen: &HashMap<Id<Session>, Utc>) -> Result<()> {
    for (id, at) in seen {
        diesel::update(
            sessions::table
                .filter(sessions::id.eq(*id))
                .filter(sessions::last_seen_at.lt(*at)),
        )
        .set(sessions::last_seen_at.eq(*at))
        .execute(conn)?;
    }
    Ok(())
}
