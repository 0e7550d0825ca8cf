//! All diesel of problems' own tables.

mod erase;
mod incidents;
mod known;
mod offers;

pub use erase::{erase_authored, erase_reasons, erase_texts, erase_written};
pub use incidents::{
    change_state, factors_behind, fixes_of, incidents_by_ids, incidents_of_item, linked,
    open_linked_ids, problems_fixed_by, unexplained, unexplained_of, waiting_people,
    watcher_counts,
};
pub use known::{
    candidate_ids, find_known_error, insert_version, known_errors_of, known_of, put_known_error,
    put_words, versions_of, visible_ids,
};
pub use offers::{
    Seen, counts_of, find_offer, forget_unused, offers_of, offers_of_many, offers_seen, put_offer,
};

use diesel::dsl::not;
use diesel::prelude::*;

use super::model::{Factor, Problem};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::schema::{factors, problems, records};

/// What only this problem has; one of which nothing was said is blank.
pub fn find(conn: &mut Db, record: Id<Record>) -> Result<Problem> {
    Ok(problems::table
        .find(record)
        .select(Problem::as_select())
        .first(conn)
        .optional()?
        .unwrap_or_else(|| Problem::blank(record)))
}

/// The rows of some problems.
pub fn find_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Problem>> {
    Ok(problems::table
        .filter(problems::record_id.eq_any(ids))
        .select(Problem::as_select())
        .load(conn)?)
}

/// Writes a problem, whether it had a row or not.
pub fn put(conn: &mut Db, problem: &Problem) -> Result<()> {
    let row = problems::table.find(problem.record_id);
    if diesel::update(row).set(problem).execute(conn)? == 0 {
        diesel::insert_into(problems::table)
            .values(problem)
            .execute(conn)?;
    }
    Ok(())
}

/// What contributed to a record, in its order; what was taken away too.
pub fn factors_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Factor>> {
    factors_of_many(conn, &[record])
}

/// The same of many.
pub fn factors_of_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Factor>> {
    Ok(factors::table
        .filter(factors::record_id.eq_any(records))
        .order((factors::record_id, factors::position, factors::id))
        .select(Factor::as_select())
        .load(conn)?)
}

pub fn insert_factor(conn: &mut Db, factor: &Factor) -> Result<()> {
    diesel::insert_into(factors::table)
        .values(factor)
        .execute(conn)?;
    Ok(())
}

pub fn update_factor(conn: &mut Db, factor: &Factor) -> Result<()> {
    diesel::update(factors::table.find(factor.id))
        .set(factor)
        .execute(conn)?;
    Ok(())
}

/// Problems whose fix was watched long enough.
pub fn verified_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(problems::table)
        .filter(problems::verify_until.le(now))
        .filter(not(records::state.ne("verifying")))
        .order((problems::verify_until, records::id))
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}

/// Problems whose risk was accepted until now.
pub fn risks_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(problems::table)
        .filter(problems::review_at.le(now))
        .filter(not(records::state.ne("resolved")))
        .order((problems::review_at, records::id))
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}

/// Problems in a state since before an instant that close by themselves: an accepted risk does not.
pub fn resolved_before(conn: &mut Db, state: &str, before: Utc, limit: i64) -> Result<Vec<Record>> {
    let accepted = problems::table
        .filter(problems::review_at.is_not_null())
        .select(problems::record_id);
    Ok(records::table
        .filter(records::state.eq(state))
        .filter(records::resolved_at.lt(before))
        .filter(records::kind.eq(Kind::Problem))
        .filter(records::id.ne_all(accepted))
        .order((records::resolved_at, records::id))
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}
