//! Holds: each a stay of a record in waiting.

use diesel::prelude::*;

use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::records::life_cycle::Group;
use crate::records::model::{Hold, Record};
use crate::schema::holds;

/// The hold a record is in, if it is in one.
pub fn hold_of(conn: &mut Db, record: Id<Record>) -> Result<Option<Hold>> {
    Ok(holds::table
        .filter(holds::record_id.eq(record))
        .filter(holds::ended_at.is_null())
        .select(Hold::as_select())
        .first(conn)
        .optional()?)
}

/// When a record was held and is not any more.
pub(in crate::records) fn pauses_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<(Utc, Utc)>> {
    Ok(holds::table
        .filter(holds::record_id.eq(record))
        .filter(holds::ended_at.is_not_null())
        .order(holds::started_at)
        .select((holds::started_at, holds::ended_at.assume_not_null()))
        .load(conn)?)
}

/// Says what a hold began in, in the words of the kind its record has become.
pub(in crate::records) fn set_state_before(
    conn: &mut Db,
    hold: Id<Hold>,
    state: &str,
) -> Result<()> {
    diesel::update(holds::table.find(hold))
        .set(holds::state_before.eq(state))
        .execute(conn)?;
    Ok(())
}

/// Whether a record waits for its requester's answer, and for nothing else.
pub fn waits_for_requester(conn: &mut Db, record: &Record) -> Result<bool> {
    if record.state_group != Group::Waiting {
        return Ok(false);
    }
    Ok(hold_of(conn, record.id)?.is_some_and(|hold| hold.behaviour == "requester"))
}

pub(in crate::records) fn insert_hold(conn: &mut Db, hold: &Hold) -> Result<()> {
    diesel::insert_into(holds::table)
        .values(hold)
        .execute(conn)?;
    Ok(())
}

pub(in crate::records) fn insert_holds(conn: &mut Db, told: &[Hold]) -> Result<()> {
    dialect::insert_many!(conn, holds::table, told.iter().collect::<Vec<_>>());
    Ok(())
}

pub(in crate::records) fn end_hold(conn: &mut Db, hold: Id<Hold>, at: Utc) -> Result<()> {
    diesel::update(holds::table.find(hold))
        .set(holds::ended_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// Open holds whose date to resume has come.
pub fn holds_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Hold>> {
    Ok(holds::table
        .filter(holds::ended_at.is_null())
        .filter(holds::resume_at.le(now))
        .order(holds::resume_at)
        .limit(limit)
        .select(Hold::as_select())
        .load(conn)?)
}

/// Open holds that wait for one of some records to finish. Those that follow the hold of a record
/// above end with that.
pub fn holds_for(conn: &mut Db, finished: &[Id<Record>]) -> Result<Vec<Hold>> {
    if finished.is_empty() {
        return Ok(Vec::new());
    }
    Ok(holds::table
        .filter(holds::for_record_id.eq_any(finished.to_vec()))
        .filter(holds::because_id.is_null())
        .filter(holds::ended_at.is_null())
        .order((holds::started_at, holds::id))
        .select(Hold::as_select())
        .load(conn)?)
}
