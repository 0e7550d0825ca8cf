//! All diesel of what happens around a change: other changes at the same time, what their items depend
//! on, what failed before.

use std::collections::HashMap;

use diesel::dsl::not;
use diesel::prelude::*;

use crate::changes::rules::emergency::Standing;
use crate::changes::rules::outcome::Outcome;
use crate::changes::rules::steps::ChangeType;
use crate::changes::rules::window::{LONGEST, Span};
use crate::items::Item;
use crate::people::{Person, Team, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::schema::{change_items, change_services, changes, item_edges, records};
use crate::services::Service;

/// The states in which a window is taken.
pub const LIVE: [&str; 3] = ["awaiting_approval", "scheduled", "implementing"];
/// So many changes are on a calendar at most.
const MOST: i64 = 2_000;
/// Edges read around some items: a walk, not the whole network.
const EDGES: i64 = 50_000;

/// A change on a calendar.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Live {
    pub id: Id<Record>,
    pub number: i64,
    pub title: String,
    pub state: String,
    pub change_type: ChangeType,
    pub environment: String,
    pub starts_at: Option<Utc>,
    pub ends_at: Option<Utc>,
    pub team: Option<Id<Team>>,
    pub began_at: Option<Utc>,
    pub ended_at: Option<Utc>,
}

/// A change as a collision needs it, with what a person calls it.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Other {
    pub id: Id<Record>,
    pub starts_at: Option<Utc>,
    pub ends_at: Option<Utc>,
    pub implementer: Option<Id<Person>>,
    /// When work that takes longer is expected to end.
    pub expected: Option<Utc>,
    pub state: String,
}

/// The changes whose windows touch a span, as far as the visitor may see them; of one service, or of
/// all. What was never planned takes the time of its work, which goes on until now where it has no end.
pub fn live_between(
    conn: &mut Db,
    visitor: &Visitor,
    span: Span,
    service: Option<Id<Service>>,
) -> Result<Vec<Live>> {
    // No window is longer, so nothing older can reach in here.
    let oldest = span.starts.minus(LONGEST);
    let planned = (changes::window_starts_at.lt(span.ends))
        .and(changes::window_starts_at.gt(oldest))
        .and(changes::window_ends_at.gt(span.starts));
    let unplanned = (changes::window_starts_at.is_null())
        .and(changes::actual_starts_at.lt(span.ends))
        .and(changes::actual_starts_at.gt(oldest));
    let mut query = records::table
        .inner_join(changes::table)
        .filter(planned.assume_not_null().or(unplanned.assume_not_null()))
        .filter(records::state.ne_all(["cancelled", "rejected"]))
        .order((changes::window_starts_at, records::id))
        .limit(MOST)
        .select((
            records::id,
            records::number,
            records::title,
            records::state,
            changes::change_type,
            changes::environment,
            changes::window_starts_at,
            changes::window_ends_at,
            records::team_id,
            changes::actual_starts_at,
            changes::actual_ends_at,
        ))
        .into_boxed();
    if let Some(service) = service {
        let of = change_services::table
            .filter(change_services::service_id.eq(service))
            .select(change_services::record_id);
        query = query.filter(records::id.eq_any(of));
    }
    let mut found: Vec<Live> = crate::visible!(query, visitor).load(conn)?;
    for live in &mut found {
        if live.starts_at.is_none() {
            live.starts_at = live.began_at;
            live.ends_at = Some(live.ended_at.unwrap_or(visitor.now));
        }
    }
    found.retain(|live| live.ends_at > Some(span.starts));
    Ok(found)
}

/// The other changes that take a window which touches a span: what a plan is compared with. It is
/// compared with all of them, also with what its author may not see; they are named to those who may.
pub fn lives_of(conn: &mut Db, span: Span, but: Id<Record>) -> Result<Vec<Other>> {
    Ok(changes::table
        .inner_join(records::table)
        .filter(changes::window_starts_at.lt(span.ends))
        .filter(changes::window_starts_at.gt(span.starts.minus(LONGEST)))
        .filter(
            changes::window_ends_at
                .gt(span.starts)
                .or(changes::expected_ends_at.gt(span.starts)),
        )
        .filter(not(records::state.ne_all(LIVE)))
        .filter(records::id.ne(but))
        .select((
            changes::record_id,
            changes::window_starts_at,
            changes::window_ends_at,
            changes::implementer_id,
            changes::expected_ends_at,
            records::state,
        ))
        .load(conn)?)
}

/// Those of some records that a visitor may see.
pub fn visible_of(conn: &mut Db, visitor: &Visitor, ids: &[Id<Record>]) -> Result<Vec<Record>> {
    let query = records::table
        .filter(records::id.eq_any(ids))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The items of some changes.
pub fn live_of_items(
    conn: &mut Db,
    records: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<Id<Item>>>> {
    let rows: Vec<(Id<Record>, Id<Item>)> = change_items::table
        .filter(change_items::record_id.eq_any(records))
        .select((change_items::record_id, change_items::item_id))
        .load(conn)?;
    let mut found: HashMap<Id<Record>, Vec<Id<Item>>> = HashMap::new();
    for (record, item) in rows {
        found.entry(record).or_default().push(item);
    }
    Ok(found)
}

/// The services of some changes.
pub fn services_of(
    conn: &mut Db,
    records: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<Id<Service>>>> {
    let rows: Vec<(Id<Record>, Id<Service>)> = change_services::table
        .filter(change_services::record_id.eq_any(records))
        .order((change_services::record_id, change_services::service_id))
        .select((change_services::record_id, change_services::service_id))
        .load(conn)?;
    let mut found: HashMap<Id<Record>, Vec<Id<Service>>> = HashMap::new();
    for (record, service) in rows {
        found.entry(record).or_default().push(service);
    }
    Ok(found)
}

/// The edges within so many steps around some items, both ways: two statements a step.
pub fn edges_around(
    conn: &mut Db,
    from: &[Id<Item>],
    depth: usize,
) -> Result<Vec<(Id<Item>, Id<Item>)>> {
    let mut edges = Vec::new();
    for down in [true, false] {
        let mut seen: std::collections::HashSet<Id<Item>> = from.iter().copied().collect();
        let mut edge = from.to_vec();
        for _ in 0..depth {
            if edge.is_empty() {
                break;
            }
            let query = item_edges::table
                .limit(EDGES)
                .select((item_edges::item_id, item_edges::needs_id))
                .into_boxed();
            let query = match down {
                true => query.filter(item_edges::item_id.eq_any(edge)),
                false => query.filter(item_edges::needs_id.eq_any(edge)),
            };
            let found: Vec<(Id<Item>, Id<Item>)> = query.load(conn)?;
            edge = found
                .iter()
                .map(|(item, needs)| if down { *needs } else { *item })
                .filter(|item| seen.insert(*item))
                .collect();
            edges.extend(found);
        }
    }
    Ok(edges)
}

/// How many changes of these services failed or were backed out since an instant.
pub fn failures_of(conn: &mut Db, services: &[Id<Service>], since: Utc) -> Result<i64> {
    let of = change_services::table
        .filter(change_services::service_id.eq_any(services))
        .select(change_services::record_id);
    Ok(changes::table
        .filter(changes::record_id.eq_any(of))
        .filter(changes::actual_ends_at.gt(since))
        .filter(changes::outcome.eq_any([Outcome::Failed.word(), Outcome::BackedOut.word()]))
        .count()
        .get_result(conn)?)
}

/// The changes that are under way.
pub fn under_way(conn: &mut Db) -> Result<Vec<Record>> {
    Ok(records::table
        .filter(records::kind.eq(Kind::Change))
        .filter(records::is_open.eq(true))
        .filter(records::state.eq("implementing"))
        .order(records::id)
        .select(Record::as_select())
        .load(conn)?)
}

/// Changes whose work goes on although the end that was planned, or expected since, is over, and of
/// whom nobody has said so yet.
pub fn overrunning(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    let planned = changes::expected_ends_at
        .is_null()
        .and(changes::window_ends_at.lt(now))
        .and(changes::overran_at.is_null());
    let expected = changes::expected_ends_at.lt(now).and(
        changes::overran_at
            .is_null()
            .or(changes::overran_at.lt(changes::expected_ends_at)),
    );
    Ok(records::table
        .inner_join(changes::table)
        .filter(records::kind.eq(Kind::Change))
        .filter(records::is_open.eq(true))
        .filter(records::state.eq("implementing"))
        .filter(planned.or(expected))
        .order(records::id)
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}

/// Incidents on some items or services that were reported in a span, as far as the visitor may see
/// them, the earliest first.
pub fn incidents_around(
    conn: &mut Db,
    visitor: &Visitor,
    items: &[Id<Item>],
    span: Span,
) -> Result<Vec<Record>> {
    let items: Vec<Option<Id<Item>>> = items.iter().copied().map(Some).collect();
    let query = records::table
        // Both, so that the index by item is come in by.
        .filter(records::is_open.eq_any([true, false]))
        .filter(records::item_id.eq_any(items))
        .filter(not(records::kind.ne(Kind::Incident)))
        .filter(records::reported_at.ge(span.starts))
        .filter(records::reported_at.lt(span.ends))
        .order((records::reported_at, records::id))
        .limit(50)
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The changes somebody is said to have authorised and has not confirmed, the most urgent first.
pub fn to_confirm(conn: &mut Db, visitor: &Visitor) -> Result<Vec<(Record, Option<Utc>)>> {
    let query = records::table
        .inner_join(changes::table)
        .filter(changes::authority_id.eq(visitor.id))
        .filter(changes::standing.eq(Standing::Due))
        .filter(not(records::is_open.ne(true)))
        .order((changes::confirm_by, records::id))
        .limit(100)
        .select((Record::as_select(), changes::confirm_by))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}
