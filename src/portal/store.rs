//! What the portal reads of records: somebody's own, and of those what is public.

use diesel::prelude::*;

use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Group, Kind, Number, Record, Sight, Visible};
use crate::schema::{holds, people, records};

/// A record in the list of somebody's own.
#[derive(Debug, Clone, Queryable)]
pub struct Own {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub group: Group,
    pub is_open: bool,
    pub reported_at: Utc,
    pub requester_id: Option<Id<Person>>,
    pub requester: Option<String>,
    pub behaviour: Option<String>,
}

impl Own {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }

    /// Its place in the list, as an address holds it.
    pub fn key(&self) -> String {
        let part = if self.is_open { "open" } else { "ended" };
        format!("{part}.{}.{}", self.reported_at.micros(), self.id)
    }
}

/// A place in the list: which part of it, and the row there.
type Place = (bool, Utc, Id<Record>);

fn place(key: &str) -> Option<Place> {
    let mut parts = key.splitn(3, '.');
    let open = match parts.next()? {
        "open" => true,
        "ended" => false,
        _ => return None,
    };
    let at = Utc::from_micros(parts.next()?.parse().ok()?);
    Some((open, at, parts.next()?.parse().ok()?))
}

/// Somebody's own record by its number; what is not theirs does not exist here.
pub fn find_own(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    Ok(records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .filter(Visible(Sight::Involved(visitor.id)))
        .select(Record::as_select())
        .into_boxed()
        .first(conn)?)
}

/// Somebody's own records, open ones first, then those that ended, newest first; the rows after a
/// key, and the key of what follows.
pub fn list_own(
    conn: &mut Db,
    visitor: &Visitor,
    after: Option<&str>,
    size: usize,
) -> Result<(Vec<Own>, Option<String>)> {
    let from = after.and_then(place);
    let mut rows = Vec::new();
    for open in [true, false] {
        let wanted = size + 1 - rows.len();
        let beyond = match from {
            Some((false, ..)) if open => continue,
            Some((part, at, id)) if part == open => Some((at, id)),
            _ => None,
        };
        if wanted > 0 {
            rows.extend(part_of(conn, visitor, open, beyond, wanted as i64)?);
        }
    }
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(Own::key);
    Ok((rows, next))
}

fn part_of(
    conn: &mut Db,
    visitor: &Visitor,
    open: bool,
    beyond: Option<(Utc, Id<Record>)>,
    limit: i64,
) -> Result<Vec<Own>> {
    let mut query = records::table
        .left_join(people::table.on(records::requester_id.eq(people::id.nullable())))
        .left_join(
            holds::table.on(holds::record_id
                .eq(records::id)
                .and(holds::ended_at.is_null())),
        )
        .filter(Visible(Sight::Involved(visitor.id)))
        .filter(records::is_open.eq(open))
        .order((records::reported_at.desc(), records::id.desc()))
        .limit(limit)
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::state,
            records::state_group,
            records::is_open,
            records::reported_at,
            records::requester_id,
            people::name.nullable(),
            holds::behaviour.nullable(),
        ))
        .into_boxed();
    if let Some((at, id)) = beyond {
        query = query.filter(
            records::reported_at
                .lt(at)
                .or(records::reported_at.eq(at).and(records::id.lt(id))),
        );
    }
    Ok(query.load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_from_an_address_is_one_or_none(text in "\\PC{0,60}") {
            let _ = place(&text);
        }
    }

    #[test]
    fn a_key_says_which_part_it_is_of() {
        let id = Id::<Record>::new();
        assert_eq!(
            place(&format!("open.7.{id}")),
            Some((true, Utc::from_micros(7), id))
        );
        assert_eq!(
            place(&format!("ended.7.{id}")),
            Some((false, Utc::from_micros(7), id))
        );
        assert_eq!(place(&format!("all.7.{id}")), None);
    }
}
