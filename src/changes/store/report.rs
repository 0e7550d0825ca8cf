//! All diesel of the report of changes.

use std::collections::HashMap;

use diesel::dsl::not;
use diesel::prelude::*;

use crate::changes::model::Change;
use crate::changes::rules::emergency::Standing;
use crate::changes::rules::window::Span;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, LinkType, Record};
use crate::schema::{changes, freeze_passes, links, records, teams};

/// Changes of one report. A span holds no more that anybody reads.
pub const REPORTED: i64 = 5_000;

/// A change whose work ended, with the name of its team.
#[derive(Debug, Clone, Queryable)]
pub struct EndedRow {
    pub record: Record,
    pub change: Change,
    pub team: Option<String>,
}

/// The changes whose work ended in a span, the latest first, as far as the visitor may see them.
pub fn ended_between(conn: &mut Db, visitor: &Visitor, span: Span) -> Result<Vec<EndedRow>> {
    let query = records::table
        .inner_join(changes::table)
        .left_join(teams::table)
        .filter(changes::actual_ends_at.ge(span.starts))
        .filter(changes::actual_ends_at.lt(span.ends))
        .order((changes::actual_ends_at.desc(), records::id))
        .limit(REPORTED)
        .select((
            Record::as_select(),
            Change::as_select(),
            teams::name.nullable(),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// How many incidents name each of these as their cause, as far as the visitor may see them.
pub fn caused_by(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, i64>> {
    let query = links::table
        .inner_join(records::table.on(records::id.eq(links::from_id)))
        .filter(links::to_id.eq_any(ids.to_vec()))
        .filter(links::link_type.eq(LinkType::CausedBy))
        .filter(not(records::kind.ne(Kind::Incident)))
        .select(links::to_id)
        .into_boxed();
    let rows: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    let mut found = HashMap::new();
    for id in rows {
        *found.entry(id).or_insert(0) += 1;
    }
    Ok(found)
}

/// How often two people let a change through a freeze in a span.
pub fn passes_between(conn: &mut Db, span: Span) -> Result<i64> {
    Ok(freeze_passes::table
        .filter(freeze_passes::agreed_at.ge(span.starts))
        .filter(freeze_passes::agreed_at.lt(span.ends))
        .count()
        .get_result(conn)?)
}

/// Open changes whose review or whose confirmation is overdue, the longest overdue first.
pub fn overdue(conn: &mut Db, visitor: &Visitor, now: Utc) -> Result<Vec<(Record, Change)>> {
    let review = changes::review_due_at
        .lt(now)
        .and(changes::reviewed_at.is_null());
    let confirmation = changes::confirm_by
        .lt(now)
        .and(changes::standing.eq(Standing::Due));
    let query = records::table
        .inner_join(changes::table)
        .filter(records::kind.eq(Kind::Change))
        .filter(records::is_open.eq(true))
        .filter(review.or(confirmation))
        .order((changes::review_due_at, records::id))
        .limit(200)
        .select((Record::as_select(), Change::as_select()))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}
