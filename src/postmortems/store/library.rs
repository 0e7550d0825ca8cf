//! The library of post-mortems, and those somebody still waits for.

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::postmortems::model::Shelved;
use crate::records::Kind;
use crate::schema::{factors, people, postmortems, records, services};
use crate::search;
use crate::services::Service;

/// Rows of a page.
const SIZE: usize = 50;

/// What of the library is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Words of the title or the summary.
    pub words: String,
    /// Code of a contributing factor.
    pub factor: String,
    pub service: Option<Id<Service>>,
    pub from: Option<Utc>,
    pub to: Option<Utc>,
    /// The number of the last row of the page before.
    pub after: Option<i64>,
}

/// A page of the library, newest first, as their numbers count them, with the key of what follows.
pub fn shelves(
    conn: &mut Db,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<(Vec<Shelved>, Option<i64>)> {
    let mut query = records::table
        .inner_join(postmortems::table.on(postmortems::record_id.eq(records::id)))
        .left_join(people::table.on(postmortems::facilitator_id.eq(people::id.nullable())))
        .left_join(services::table.on(records::service_id.eq(services::id.nullable())))
        .filter(records::kind.eq(Kind::Postmortem))
        .order(records::number.desc())
        .limit(SIZE as i64 + 1)
        .select((
            records::id,
            records::number,
            records::title,
            records::state,
            records::created_at,
            postmortems::due_at,
            people::name.nullable(),
            services::name.nullable(),
        ))
        .into_boxed();
    if !asked.words.trim().is_empty() {
        let ids = search::of_kind(conn, visitor, &asked.words, Kind::Postmortem)?;
        query = query.filter(records::id.eq_any(ids));
    }
    if !asked.factor.is_empty() {
        let having = factors::table
            .filter(factors::code.eq(asked.factor.clone()))
            .filter(factors::removed_at.is_null())
            .select(factors::record_id);
        query = query.filter(records::id.eq_any(having));
    }
    if let Some(service) = asked.service {
        query = query.filter(records::service_id.eq(service));
    }
    if let Some(from) = asked.from {
        query = query.filter(records::created_at.ge(from));
    }
    if let Some(to) = asked.to {
        query = query.filter(records::created_at.lt(to));
    }
    if let Some(after) = asked.after {
        query = query.filter(records::number.lt(after));
    }
    let mut rows: Vec<Shelved> = crate::visible!(query, visitor).load(conn)?;
    let more = rows.len() > SIZE;
    rows.truncate(SIZE);
    let next = rows.last().filter(|_| more).map(|row| row.n);
    Ok((rows, next))
}

/// Post-mortems that are not published yet and were due before an instant, longest first: those the
/// reader may see, or without a reader those nobody was told of.
pub fn awaited(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    before: Utc,
    limit: i64,
) -> Result<Vec<Shelved>> {
    let query = records::table
        .inner_join(postmortems::table.on(postmortems::record_id.eq(records::id)))
        .left_join(people::table.on(postmortems::facilitator_id.eq(people::id.nullable())))
        .left_join(services::table.on(records::service_id.eq(services::id.nullable())))
        .filter(records::state.eq_any(["draft", "facts_agreed", "in_review"]))
        .filter(records::kind.eq(Kind::Postmortem))
        .filter(postmortems::due_at.lt(before))
        .order((postmortems::due_at, records::id))
        .limit(limit)
        .select((
            records::id,
            records::number,
            records::title,
            records::state,
            records::created_at,
            postmortems::due_at,
            people::name.nullable(),
            services::name.nullable(),
        ))
        .into_boxed();
    Ok(match visitor {
        Some(visitor) => crate::visible!(query, visitor).load(conn)?,
        None => query.filter(postmortems::told_at.is_null()).load(conn)?,
    })
}
