//! All diesel of the incidents a problem causes, of those like another, and of the changes that fix it.
//!
//! What only checks a row that was found otherwise is written `not(column.ne(value))`: SQLite plans without
//! statistics and would come in by an equality, through every incident there ever was (ARCHITECTURE,
//! "Two databases").

use std::collections::HashMap;

use diesel::dsl::not;
use diesel::prelude::*;

use crate::items::Item;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::problems::model::{Like, Linked};
use crate::problems::rules::trend::Of;
use crate::records::{Kind, LinkType, Record};
use crate::schema::{factors, links, records, watchers};

/// The incidents a problem causes that the visitor may see, the newest first, older than one of them.
pub fn linked(
    conn: &mut Db,
    visitor: &Visitor,
    problem: Id<Record>,
    before: Option<Id<Record>>,
    limit: i64,
) -> Result<Vec<Linked>> {
    let mut query = records::table
        .inner_join(links::table.on(links::from_id.eq(records::id)))
        .filter(links::to_id.eq(problem))
        .filter(links::link_type.eq(LinkType::CausedBy))
        .filter(not(records::kind.ne(Kind::Incident)))
        .order(records::id.desc())
        .limit(limit)
        .select((
            records::id,
            records::number,
            records::title,
            records::state,
            records::is_open,
            records::reported_at,
            records::resolved_at,
            records::service_id,
        ))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(records::id.lt(before));
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The open incidents a problem causes, whoever may see them: for what follows from facts, and to be
/// asked about through a person.
pub fn open_linked_ids(conn: &mut Db, problem: Id<Record>, limit: i64) -> Result<Vec<Id<Record>>> {
    Ok(records::table
        .inner_join(links::table.on(links::from_id.eq(records::id)))
        .filter(links::to_id.eq(problem))
        .filter(links::link_type.eq(LinkType::CausedBy))
        .filter(not(records::kind.ne(Kind::Incident)))
        .filter(not(records::is_open.ne(true)))
        .order(records::id)
        .limit(limit)
        .select(records::id)
        .load(conn)?)
}

/// Whoever works on a problem or on an open incident it causes.
pub fn waiting_people(conn: &mut Db, problem: &Record) -> Result<Vec<Id<Person>>> {
    const MOST: i64 = 500;
    let of: Vec<Option<Id<Person>>> = records::table
        .inner_join(links::table.on(links::from_id.eq(records::id)))
        .filter(links::to_id.eq(problem.id))
        .filter(links::link_type.eq(LinkType::CausedBy))
        .filter(not(records::is_open.ne(true)))
        .filter(records::assignee_id.is_not_null())
        .order(records::id)
        .limit(MOST)
        .select(records::assignee_id)
        .load(conn)?;
    let mut all: Vec<Id<Person>> = of.into_iter().flatten().collect();
    all.extend(problem.assignee_id);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// How many people follow each of some records.
pub fn watcher_counts(conn: &mut Db, ids: &[Id<Record>]) -> Result<HashMap<Id<Record>, usize>> {
    let rows: Vec<Id<Record>> = watchers::table
        .filter(watchers::record_id.eq_any(ids))
        .select(watchers::record_id)
        .load(conn)?;
    let mut counts = HashMap::new();
    for id in rows {
        *counts.entry(id).or_default() += 1;
    }
    Ok(counts)
}

/// The problems a change is to fix.
pub fn problems_fixed_by(conn: &mut Db, change: Id<Record>) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(links::table.on(links::from_id.eq(records::id)))
        .filter(links::to_id.eq(change))
        .filter(links::link_type.eq(LinkType::FixedBy))
        .order(records::id)
        .select(Record::as_select())
        .load(conn)?)
}

/// The changes that are to fix a problem and are open.
pub fn fixes_of(conn: &mut Db, problem: Id<Record>) -> Result<Vec<Id<Record>>> {
    Ok(records::table
        .inner_join(links::table.on(links::to_id.eq(records::id)))
        .filter(links::from_id.eq(problem))
        .filter(links::link_type.eq(LinkType::FixedBy))
        .filter(not(records::is_open.ne(true)))
        .order(records::id)
        .select(records::id)
        .load(conn)?)
}

/// Incidents by their ids, as far as the visitor may see them; without one those that are restricted
/// are left out.
pub fn incidents_by_ids(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    ids: &[Id<Record>],
) -> Result<Vec<Like>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .filter(not(records::kind.ne(Kind::Incident)))
        .select((
            records::id,
            records::number,
            records::title,
            records::description,
            records::state,
            records::is_open,
            records::reported_at,
            records::service_id,
            records::item_id,
            records::category_id,
        ))
        .into_boxed();
    Ok(match visitor {
        Some(visitor) => crate::visible!(query, visitor).load(conn)?,
        None => query.filter(not(records::is_restricted)).load(conn)?,
    })
}

/// Incidents on an item, open ones and ended ones, so many of each.
pub fn incidents_of_item(conn: &mut Db, item: Id<Item>, limit: i64) -> Result<Vec<Id<Record>>> {
    let mut found: Vec<Id<Record>> = Vec::new();
    for open in [true, false] {
        let some: Vec<Id<Record>> = records::table
            .filter(records::is_open.eq(open))
            .filter(records::item_id.eq(item))
            .order((records::priority, records::reported_at, records::id))
            .limit(limit)
            .select(records::id)
            .load(conn)?;
        found.extend(some);
    }
    Ok(found)
}

/// The kinds of what contributed to the problems behind some incidents.
pub fn factors_behind(
    conn: &mut Db,
    incidents: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<String>>> {
    let rows: Vec<(Id<Record>, String)> = links::table
        .inner_join(factors::table.on(factors::record_id.eq(links::to_id)))
        .filter(links::from_id.eq_any(incidents))
        .filter(links::link_type.eq(LinkType::CausedBy))
        .filter(factors::removed_at.is_null())
        .order((links::from_id, factors::code))
        .select((links::from_id, factors::code))
        .load(conn)?;
    let mut found: HashMap<Id<Record>, Vec<String>> = HashMap::new();
    for (incident, code) in rows {
        found.entry(incident).or_default().push(code);
    }
    Ok(found)
}

/// The number and state of some changes, of those the visitor may see.
pub fn change_state(
    conn: &mut Db,
    visitor: &Visitor,
    problem: Id<Record>,
) -> Result<Vec<(i64, String, String)>> {
    let query = records::table
        .inner_join(links::table.on(links::to_id.eq(records::id)))
        .filter(links::from_id.eq(problem))
        .filter(links::link_type.eq(LinkType::FixedBy))
        .order(records::id)
        .select((records::number, records::title, records::state))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Incidents that are counted for what keeps coming back, at most; the newest of them.
const CAME: i64 = 20_000;

/// Incidents since an instant that no problem explains, by where they stand. Restricted ones are counted
/// for nobody.
pub fn unexplained(conn: &mut Db, since: Utc) -> Result<Vec<(Of, Utc)>> {
    let explained = links::table
        .filter(links::from_id.eq(records::id))
        .filter(links::link_type.eq(LinkType::CausedBy));
    Ok(records::table
        .filter(records::is_restricted.eq(false))
        .filter(records::reported_at.ge(since))
        .filter(records::kind.eq(Kind::Incident))
        .filter(not(diesel::dsl::exists(explained)))
        .order(records::reported_at.desc())
        .limit(CAME)
        .select((
            (records::service_id, records::category_id),
            records::reported_at,
        ))
        .load(conn)?)
}

/// The numbers of those of one place that the visitor may see, the newest first.
pub fn unexplained_of(
    conn: &mut Db,
    visitor: &Visitor,
    (service, category): Of,
    since: Utc,
    limit: i64,
) -> Result<Vec<i64>> {
    let explained = links::table
        .filter(links::from_id.eq(records::id))
        .filter(links::link_type.eq(LinkType::CausedBy));
    let mut query = records::table
        // Both, so that the index by when they were reported is come in by.
        .filter(records::is_restricted.eq_any([false, true]))
        .filter(records::reported_at.ge(since))
        .filter(not(records::kind.ne(Kind::Incident)))
        .filter(not(diesel::dsl::exists(explained)))
        .order(records::reported_at.desc())
        .limit(limit)
        .select(records::number)
        .into_boxed();
    query = match service {
        Some(service) => query.filter(records::service_id.eq(service)),
        None => query.filter(records::service_id.is_null()),
    };
    query = match category {
        Some(category) => query.filter(records::category_id.eq(category)),
        None => query.filter(records::category_id.is_null()),
    };
    Ok(crate::visible!(query, visitor).load(conn)?)
}
