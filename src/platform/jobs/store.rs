//! All diesel of schedules.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::schedules;

#[derive(Queryable, Selectable)]
#[diesel(table_name = schedules)]
pub(super) struct Schedule {
    pub next_run_at: Utc,
    pub lease_token: i64,
    pub lease_until: Option<Utc>,
}

impl Schedule {
    /// Its time has come and nobody holds it.
    pub fn is_due(&self, now: Utc) -> bool {
        self.next_run_at <= now && !self.is_held(now)
    }

    pub fn is_held(&self, now: Utc) -> bool {
        self.lease_until.is_some_and(|until| until > now)
    }
}

pub(super) fn find(conn: &mut Db, name: &str) -> Result<Option<Schedule>> {
    Ok(schedules::table
        .find(name)
        .select(Schedule::as_select())
        .first(conn)
        .optional()?)
}

/// The first claim of a job ever; gives back its token.
pub(super) fn insert(conn: &mut Db, name: &str, now: Utc, until: Utc) -> Result<i64> {
    diesel::insert_into(schedules::table)
        .values((
            schedules::name.eq(name),
            schedules::next_run_at.eq(now),
            schedules::lease_token.eq(1),
            schedules::lease_until.eq(until),
        ))
        .execute(conn)
        .map_err(|e| match e {
            // Another instance was first; the claim runs again and finds its lease.
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(1)
}

/// A later claim, if nobody claimed since `seen`; gives back its token.
pub(super) fn take(conn: &mut Db, name: &str, seen: i64, until: Utc) -> Result<Option<i64>> {
    let taken = diesel::update(schedules::table.find(name))
        .filter(schedules::lease_token.eq(seen))
        .set((
            schedules::lease_token.eq(seen + 1),
            schedules::lease_until.eq(until),
        ))
        .execute(conn)?;
    Ok((taken == 1).then_some(seen + 1))
}

pub(super) fn extend(conn: &mut Db, name: &str, token: i64, until: Utc) -> Result<bool> {
    let mine = diesel::update(schedules::table.find(name))
        .filter(schedules::lease_token.eq(token))
        .set(schedules::lease_until.eq(until))
        .execute(conn)?;
    Ok(mine == 1)
}

pub(super) fn finish(conn: &mut Db, name: &str, token: i64, now: Utc, next: Utc) -> Result<bool> {
    let mine = diesel::update(schedules::table.find(name))
        .filter(schedules::lease_token.eq(token))
        .set((
            schedules::last_run_at.eq(now),
            schedules::next_run_at.eq(next),
            schedules::lease_until.eq(None::<Utc>),
        ))
        .execute(conn)?;
    Ok(mine == 1)
}

pub(super) fn give_up(conn: &mut Db, name: &str, token: i64) -> Result<()> {
    diesel::update(schedules::table.find(name))
        .filter(schedules::lease_token.eq(token))
        .set(schedules::lease_until.eq(None::<Utc>))
        .execute(conn)?;
    Ok(())
}

pub(super) fn release_all(conn: &mut Db) -> Result<()> {
    diesel::update(schedules::table)
        .set(schedules::lease_until.eq(None::<Utc>))
        .execute(conn)?;
    Ok(())
}

/// Makes a job due, whoever is at it.
pub(super) fn request(conn: &mut Db, name: &str, now: Utc) -> Result<()> {
    let again = diesel::update(schedules::table.find(name))
        .set((
            schedules::next_run_at.eq(now),
            schedules::lease_token.eq(schedules::lease_token + 1),
            schedules::lease_until.eq(None::<Utc>),
        ))
        .execute(conn)?;
    if again == 0 {
        let token = insert(conn, name, now, now)?;
        give_up(conn, name, token)?;
    }
    Ok(())
}
