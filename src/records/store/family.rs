//! Parents and children: what stands under what, and the counts of it.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::records::list::IsOpen;
use crate::records::model::{Hold, Kind, LinkType, Record};
use crate::records::number::Number;
use crate::schema::{holds, links, people, records, resolutions};

/// A child as its parent's page shows it.
#[derive(Debug, Clone, Queryable)]
pub struct Child {
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub state: String,
}

impl Child {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }
}

/// The children of a record that the visitor may see, by number, after one of them.
pub fn children_of(
    conn: &mut Db,
    visitor: &Visitor,
    parent: Id<Record>,
    after: Option<Number>,
    limit: i64,
) -> Result<Vec<Child>> {
    let mut query = records::table
        .filter(records::parent_id.eq(parent))
        .order((records::kind, records::number))
        .limit(limit)
        .select((
            records::kind,
            records::number,
            records::title,
            records::state,
        ))
        .into_boxed();
    if let Some(after) = after {
        let further = records::kind.gt(after.kind).or(records::kind
            .eq(after.kind)
            .and(records::number.gt(after.n)));
        query = query.filter(further);
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The open children of some records that the visitor may see, each with its requester's name.
pub fn open_children_of(
    conn: &mut Db,
    visitor: &Visitor,
    parents: &[Id<Record>],
    limit: usize,
) -> Result<Vec<(Record, Option<String>)>> {
    let query = records::table
        .left_join(people::table.on(records::requester_id.eq(people::id.nullable())))
        .filter(records::parent_id.eq_any(parents.to_vec()))
        .filter(IsOpen::YesSorted)
        .order((records::kind, records::number))
        .limit(limit as i64)
        .select((Record::as_select(), people::name.nullable()))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Those of some records that are open and the visitor may see, each with its requester's name.
pub fn open_among(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
    limit: usize,
) -> Result<Vec<(Record, Option<String>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = records::table
        .left_join(people::table.on(records::requester_id.eq(people::id.nullable())))
        .filter(records::id.eq_any(ids.to_vec()))
        .filter(IsOpen::YesSorted)
        .order((records::kind, records::number))
        .limit(limit as i64)
        .select((Record::as_select(), people::name.nullable()))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// How many children of a record have ended, of those the visitor may see; no further than `most`,
/// however many there were over the years.
pub fn finished_children_of(
    conn: &mut Db,
    visitor: &Visitor,
    parent: Id<Record>,
    most: usize,
) -> Result<usize> {
    let query = records::table
        .filter(records::parent_id.eq(parent))
        .filter(IsOpen::NoFew)
        .limit(most as i64)
        .select(records::id)
        .into_boxed();
    let found: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    Ok(found.len())
}

/// The numbers of these records, of those the visitor may see.
pub fn numbers_of(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Number>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .select((records::id, records::kind, records::number))
        .into_boxed();
    let found: Vec<(Id<Record>, Kind, i64)> = crate::visible!(query, visitor).load(conn)?;
    let numbers = found.into_iter();
    Ok(numbers
        .map(|(id, kind, n)| (id, Number { kind, n }))
        .collect())
}

/// The number of a record, for the journal.
pub fn number_of(conn: &mut Db, id: Id<Record>) -> Result<Number> {
    let (kind, n) = records::table
        .find(id)
        .select((records::kind, records::number))
        .first(conn)?;
    Ok(Number { kind, n })
}

/// Whoever moves records between families waits here for others who do, so that no two of them close
/// a circle together. Called before anything is read.
pub(in crate::records) fn one_at_a_time(conn: &mut Db) -> Result<()> {
    dialect::one_at_a_time(conn, dialect::Turn::Families)
}

/// The records above one, nearest first, at most so many.
pub(in crate::records) fn above(
    conn: &mut Db,
    record: &Record,
    most: usize,
) -> Result<Vec<Id<Record>>> {
    let mut up = Vec::new();
    let mut next = record.parent_id;
    while let Some(id) = next
        && up.len() < most
    {
        up.push(id);
        next = records::table
            .find(id)
            .select(records::parent_id)
            .first(conn)?;
    }
    Ok(up)
}

/// How many levels stand under some records that have children, at most so many.
pub(in crate::records) fn height(
    conn: &mut Db,
    parents: Vec<Id<Record>>,
    most: usize,
) -> Result<usize> {
    let (mut level, mut height) = (parents, 0);
    while !level.is_empty() && height < most {
        height += 1;
        level = records::table
            .filter(records::parent_id.eq_any(level))
            .filter(records::children.gt(0))
            .select(records::id)
            .load(conn)?;
    }
    Ok(height)
}

/// Moves a parent's counts. Added to what stands there, whoever read it before.
pub(super) fn count(conn: &mut Db, parent: Id<Record>, children: i32, open: i32) -> Result<()> {
    if (children, open) == (0, 0) {
        return Ok(());
    }
    diesel::update(records::table.find(parent))
        .set((
            records::children.eq(records::children + children),
            records::open_children.eq(records::open_children + open),
        ))
        .execute(conn)?;
    Ok(())
}

/// The record that one ended as a duplicate of.
pub(in crate::records) fn original_of(
    conn: &mut Db,
    record: Id<Record>,
) -> Result<Option<Id<Record>>> {
    Ok(links::table
        .filter(links::from_id.eq(record))
        .filter(links::link_type.eq(LinkType::DuplicateOf))
        .order((links::at.desc(), links::id.desc()))
        .select(links::to_id)
        .first(conn)
        .optional()?)
}

/// The holds that some records are in.
pub(in crate::records) fn holds_of(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Hold>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(holds::table
        .filter(holds::record_id.eq_any(ids.to_vec()))
        .filter(holds::ended_at.is_null())
        .select(Hold::as_select())
        .load(conn)?)
}

/// The holds that follow the one of a record above.
pub(in crate::records) fn holds_because(conn: &mut Db, above: Id<Record>) -> Result<Vec<Hold>> {
    Ok(holds::table
        .filter(holds::because_id.eq(above))
        .filter(holds::ended_at.is_null())
        .select(Hold::as_select())
        .load(conn)?)
}

pub(in crate::records) fn end_holds(conn: &mut Db, ids: &[Id<Hold>], at: Utc) -> Result<()> {
    if !ids.is_empty() {
        diesel::update(holds::table.filter(holds::id.eq_any(ids.to_vec())))
            .set(holds::ended_at.eq(at))
            .execute(conn)?;
    }
    Ok(())
}

/// Marks the present resolutions of some records as history.
pub(in crate::records) fn supersede_resolutions(
    conn: &mut Db,
    ids: &[Id<Record>],
    at: Utc,
) -> Result<()> {
    diesel::update(
        resolutions::table
            .filter(resolutions::record_id.eq_any(ids.to_vec()))
            .filter(resolutions::superseded_at.is_null()),
    )
    .set(resolutions::superseded_at.eq(at))
    .execute(conn)?;
    Ok(())
}
