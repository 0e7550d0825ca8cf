//! What came in, what was finished, what is open: one scan of an index of records each.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::platform::db::dialect::each_of;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Channel, Kind};
use crate::schema::{contact_counts, holds as holds_table, incidents, records};
use crate::services::{Category, Service};

/// A record that was reported in a period.
#[derive(Queryable)]
pub struct Arrived {
    pub reported_at: Utc,
    pub kind: Kind,
    pub channel: Channel,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub handoffs: i32,
}

/// Gives every record reported from an instant on (until `before`) that is not restricted.
pub fn arrived(conn: &mut Db, from: Utc, before: Utc, mut take: impl FnMut(Arrived)) -> Result<()> {
    let query = || {
        records::table
            .filter(records::reported_at.ge(from))
            .filter(records::reported_at.lt(before))
            .filter(records::is_restricted.eq(false))
            .select((
                records::reported_at,
                records::kind,
                records::channel,
                records::service_id,
                records::category_id,
                records::handoffs,
            ))
    };
    Ok(each_of!(conn, query(), Arrived, take)?)
}

/// A record that was resolved in a period.
#[derive(Queryable)]
pub struct Finished {
    pub resolved_at: Option<Utc>,
    pub kind: Kind,
    pub reopens: i32,
}

/// Gives every record last resolved from an instant on (until `before`) that is not restricted.
pub fn finished(
    conn: &mut Db,
    from: Utc,
    before: Utc,
    mut take: impl FnMut(Finished),
) -> Result<()> {
    let query = || {
        records::table
            .filter(records::resolved_at.ge(from))
            .filter(records::resolved_at.lt(before))
            .filter(records::is_restricted.eq(false))
            .select((records::resolved_at, records::kind, records::reopens))
    };
    Ok(each_of!(conn, query(), Finished, take)?)
}

/// How many records ended without being resolved (cancelled, rejected) from an instant on, and when.
pub fn ended(conn: &mut Db, from: Utc, mut take: impl FnMut(Utc, Kind)) -> Result<()> {
    let query = || {
        records::table
            .filter(records::resolved_at.is_null())
            .filter(records::closed_at.ge(from))
            .filter(records::is_restricted.eq(false))
            .select((records::closed_at, records::kind))
    };
    type End = (Option<Utc>, Kind);
    each_of!(conn, query(), End, |(at, kind): End| {
        if let Some(at) = at {
            take(at, kind);
        }
    })?;
    Ok(())
}

/// How many of a kind are open now.
pub fn open_now(conn: &mut Db, kind: Option<Kind>) -> Result<i64> {
    let mut query = records::table
        .filter(sql::<Bool>("records.is_open = TRUE"))
        .filter(records::is_restricted.eq(false))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(records::kind.eq(kind));
    }
    Ok(query.count().get_result(conn)?)
}

/// Gives when every open record was reported.
pub fn aged(conn: &mut Db, mut take: impl FnMut(Utc, Kind)) -> Result<()> {
    let query = || {
        records::table
            .filter(sql::<Bool>("records.is_open = TRUE"))
            .filter(records::is_restricted.eq(false))
            .select((records::reported_at, records::kind))
    };
    type Open = (Utc, Kind);
    each_of!(conn, query(), Open, |(at, kind): Open| take(at, kind))?;
    Ok(())
}

/// How many incidents reported in a period were solved at first contact, of how many resolved ones.
pub fn counted_first_contact(conn: &mut Db, from: Utc, before: Utc) -> Result<i64> {
    Ok(records::table
        .inner_join(
            incidents::table
                .on(incidents::id.eq(records::id.into_sql::<crate::platform::db::types::SqlId>())),
        )
        .filter(records::resolved_at.ge(from))
        .filter(records::resolved_at.lt(before))
        .filter(records::is_restricted.eq(false))
        .filter(incidents::first_contact.eq(true))
        .count()
        .get_result(conn)?)
}

/// How many records reported in a period were chased, and how often.
pub fn counted_chased(
    conn: &mut Db,
    kind: Option<Kind>,
    from: Utc,
    before: Utc,
) -> Result<(u64, u64)> {
    let (mut records_chased, mut times) = (0, 0);
    let query = || {
        records::table
            .inner_join(contact_counts::table)
            .filter(records::reported_at.ge(from))
            .filter(records::reported_at.lt(before))
            .filter(records::is_restricted.eq(false))
            .filter(contact_counts::chased.gt(0))
            .select((records::kind, contact_counts::chased))
    };
    type Chased = (Kind, i32);
    each_of!(conn, query(), Chased, |(of, chased): Chased| {
        if kind.is_none_or(|kind| kind == of) {
            records_chased += 1;
            times += u64::from(chased.unsigned_abs());
        }
    })?;
    Ok((records_chased, times))
}

/// One stay in waiting.
#[derive(Queryable)]
pub struct Hold {
    pub reason: String,
    pub started_at: Utc,
    pub ended_at: Option<Utc>,
}

/// Gives the holds that began in a period, on records that are not restricted.
pub fn holds(conn: &mut Db, from: Utc, before: Utc, mut take: impl FnMut(Hold)) -> Result<()> {
    let query = || {
        holds_table::table
            .inner_join(records::table.on(records::id.eq(holds_table::record_id)))
            .filter(holds_table::started_at.ge(from))
            .filter(holds_table::started_at.lt(before))
            .filter(records::is_restricted.eq(false))
            .select((
                holds_table::reason,
                holds_table::started_at,
                holds_table::ended_at,
            ))
    };
    Ok(each_of!(conn, query(), Hold, take)?)
}
