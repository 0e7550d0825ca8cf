//! Links between records.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::model::{Kind, LinkType, Record};
use crate::records::number::Number;
use crate::schema::{links, records};

/// A link as seen from one of its two records.
#[derive(Debug, Clone)]
pub struct LinkSeen {
    pub id: Id<LinkSeen>,
    pub link_type: LinkType,
    /// Whether the record looked from is the link's beginning.
    pub outward: bool,
    pub number: Number,
    pub title: String,
    pub state: String,
    pub is_open: bool,
}

/// A record's links in both directions, to records the visitor may see.
pub fn links_of(conn: &mut Db, visitor: &Visitor, record: Id<Record>) -> Result<Vec<LinkSeen>> {
    type LinkRow = (Id<LinkSeen>, Id<Record>, Id<Record>, LinkType);
    let found: Vec<LinkRow> = links::table
        .filter(links::from_id.eq(record).or(links::to_id.eq(record)))
        .order((links::at, links::id))
        .select((links::id, links::from_id, links::to_id, links::link_type))
        .load(conn)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<Id<Record>> = found
        .iter()
        .map(|(_, from, to, _)| if *from == record { *to } else { *from })
        .collect();
    let query = records::table
        .filter(records::id.eq_any(others))
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::state,
            records::is_open,
        ))
        .into_boxed();
    type Other = (Id<Record>, Kind, i64, String, String, bool);
    let others: Vec<Other> = crate::visible!(query, visitor).load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(id, from, to, link_type)| {
            let outward = from == record;
            let other = if outward { to } else { from };
            let (_, kind, n, title, state, is_open) =
                others.iter().find(|(id, ..)| *id == other)?.clone();
            Some(LinkSeen {
                id,
                link_type,
                outward,
                number: Number { kind, n },
                title,
                state,
                is_open,
            })
        })
        .collect())
}

/// Whether any link stands between two records.
pub(in crate::records) fn are_linked(conn: &mut Db, a: Id<Record>, b: Id<Record>) -> Result<bool> {
    let between: i64 = links::table
        .filter(
            (links::from_id.eq(a).and(links::to_id.eq(b)))
                .or(links::from_id.eq(b).and(links::to_id.eq(a))),
        )
        .count()
        .get_result(conn)?;
    Ok(between > 0)
}

/// Adds a link unless it is there; says whether it was added.
pub(in crate::records) fn insert_link(
    conn: &mut Db,
    from: Id<Record>,
    to: Id<Record>,
    link_type: LinkType,
    by: Option<Id<Person>>,
    at: Utc,
) -> Result<Option<Id<LinkSeen>>> {
    let id = Id::<LinkSeen>::new();
    let there: i64 = links::table
        .filter(links::from_id.eq(from))
        .filter(links::to_id.eq(to))
        .filter(links::link_type.eq(link_type))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(None);
    }
    diesel::insert_into(links::table)
        .values((
            links::id.eq(id),
            links::from_id.eq(from),
            links::to_id.eq(to),
            links::link_type.eq(link_type),
            links::by_id.eq(by),
            links::at.eq(at),
        ))
        .execute(conn)
        .map_err(|e| match e {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(Some(id))
}

/// The link of this type from one record to another.
pub(in crate::records) fn link_between(
    conn: &mut Db,
    from: Id<Record>,
    to: Id<Record>,
    link_type: LinkType,
) -> Result<Id<LinkSeen>> {
    Ok(links::table
        .filter(links::from_id.eq(from))
        .filter(links::to_id.eq(to))
        .filter(links::link_type.eq(link_type))
        .select(links::id)
        .first(conn)?)
}

/// A link's two ends and its type.
pub(in crate::records) fn find_link(
    conn: &mut Db,
    id: Id<LinkSeen>,
) -> Result<(Id<Record>, Id<Record>, LinkType)> {
    Ok(links::table
        .find(id)
        .select((links::from_id, links::to_id, links::link_type))
        .first(conn)?)
}

pub(in crate::records) fn delete_link(conn: &mut Db, id: Id<LinkSeen>) -> Result<()> {
    diesel::delete(links::table.find(id)).execute(conn)?;
    Ok(())
}
