//! Periods whose figures are settled. A row is written once and never changed.

use diesel::prelude::*;
use uuid::Uuid;

use crate::journal::verify::Standing;
use crate::journal::{Value, hex};
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::sha256;
use crate::schema::{closed_periods as periods, people};

/// A closed period. Its figures are kept as they were written, to the byte.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = periods)]
pub struct Closed {
    pub id: Id<Closed>,
    pub from_at: Utc,
    pub to_at: Utc,
    pub closed_at: Utc,
    pub closed_by_id: Id<Person>,
    pub hash: Vec<u8>,
    pub figures: String,
}

/// Those that lie in a span, oldest first.
pub fn closed_between(conn: &mut Db, from: Utc, before: Utc) -> Result<Vec<Closed>> {
    Ok(periods::table
        .filter(periods::from_at.ge(from))
        .filter(periods::to_at.le(before))
        .order(periods::from_at)
        .select(Closed::as_select())
        .load(conn)?)
}

/// A period and the name of whoever closed it.
pub fn closed_period(conn: &mut Db, id: Id<Closed>) -> Result<(Closed, String)> {
    Ok(periods::table
        .inner_join(people::table.on(people::id.eq(periods::closed_by_id)))
        .filter(periods::id.eq(id))
        .select((Closed::as_select(), people::name))
        .first(conn)?)
}

/// When a period begins and ends, when it was closed and by whom; newest first.
pub type Listed = (Id<Closed>, Utc, Utc, Utc, String, Vec<u8>);

/// The closed periods without their figures.
pub fn closed_periods(conn: &mut Db) -> Result<Vec<Listed>> {
    Ok(periods::table
        .inner_join(people::table.on(people::id.eq(periods::closed_by_id)))
        .order(periods::from_at.desc())
        .select((
            periods::id,
            periods::from_at,
            periods::to_at,
            periods::closed_at,
            people::name,
            periods::hash,
        ))
        .load(conn)?)
}

/// Closes a period; one that is closed stays as it is.
pub fn insert_closed(conn: &mut Db, closed: &Closed) -> Result<()> {
    let overlapping: i64 = periods::table
        .filter(periods::from_at.lt(closed.to_at))
        .filter(periods::to_at.gt(closed.from_at))
        .count()
        .get_result(conn)?;
    if overlapping > 0 {
        return Err(Error::refused("report-period-closed-already"));
    }
    diesel::insert_into(periods::table)
        .values(closed)
        .execute(conn)?;
    Ok(())
}

/// Ids after one, in order: for the journal's verification.
pub fn all_ids(conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<Closed>> = periods::table
        .filter(periods::id.gt(Id::<Closed>::from_uuid(after.unwrap_or(Uuid::nil()))))
        .order(periods::id)
        .limit(limit)
        .select(periods::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// What stands of some periods. The hash is worked out anew, so that figures changed behind the
/// journal's back differ from their fact.
pub fn standings(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
    let ids = ids.iter().map(|id| Id::<Closed>::from_uuid(*id));
    let rows: Vec<Closed> = periods::table
        .filter(periods::id.eq_any(ids))
        .select(Closed::as_select())
        .load(conn)?;
    let standing = |row: Closed| Standing {
        id: row.id.uuid(),
        name: format!("closed period {}", row.from_at.rfc3339()),
        head: None,
        must_have_facts: true,
        fields: vec![
            ("from", Value::At(row.from_at)),
            ("to", Value::At(row.to_at)),
            ("hash", Value::word(hex(&row.hash))),
            ("figures", Value::word(hex(&sha256(row.figures.as_bytes())))),
        ],
    };
    Ok(rows.into_iter().map(standing).collect())
}
