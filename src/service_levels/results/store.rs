//! All diesel of reasons and exemptions.

use diesel::prelude::*;

use super::model::{BreachCode, Which};
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{breach_reasons, clocks, exemptions};
use crate::service_levels::Target;

type Record = Id<()>;

/// A reason's row.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = breach_reasons, treat_none_as_default_value = false)]
pub struct Reason {
    pub record_id: Record,
    pub target: String,
    pub cycle: i32,
    pub part: i32,
    pub code: BreachCode,
    pub text: String,
    pub by_id: Option<Id<Person>>,
    pub at: Utc,
}

/// An exemption's row.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = exemptions, treat_none_as_default_value = false)]
pub struct Exemption {
    pub record_id: Record,
    pub target: String,
    pub cycle: i32,
    pub reason: String,
    pub asked_by_id: Id<Person>,
    pub asked_at: Utc,
    pub approved_by_id: Option<Id<Person>>,
    pub approved_at: Option<Utc>,
}

/// Whether a clock ever breached; nothing where there is no such clock.
pub fn has_breached(conn: &mut Db, record: Record, which: Which) -> Result<Option<bool>> {
    let found: Option<Option<Utc>> = clocks::table
        .filter(clocks::record_id.eq(record))
        .filter(clocks::target.eq(which.target.word()))
        .filter(clocks::cycle.eq(which.cycle))
        .filter(clocks::part.eq(which.part))
        .select(clocks::breached_at)
        .first(conn)
        .optional()?;
    Ok(found.map(|at| at.is_some()))
}

pub fn reason_of(conn: &mut Db, record: Record, which: Which) -> Result<Option<Reason>> {
    Ok(breach_reasons::table
        .find((record, which.target.word(), which.cycle, which.part))
        .select(Reason::as_select())
        .first(conn)
        .optional()?)
}

/// Writes a reason, whether there was one or not.
pub fn put_reason(conn: &mut Db, reason: &Reason) -> Result<()> {
    let key = (reason.record_id, &reason.target, reason.cycle, reason.part);
    diesel::delete(breach_reasons::table.find(key)).execute(conn)?;
    diesel::insert_into(breach_reasons::table)
        .values(reason)
        .execute(conn)?;
    Ok(())
}

pub fn exemption_of(conn: &mut Db, record: Record, which: Which) -> Result<Option<Exemption>> {
    Ok(exemptions::table
        .find((record, which.target.word(), which.cycle))
        .select(Exemption::as_select())
        .first(conn)
        .optional()?)
}

pub fn insert_exemption(conn: &mut Db, exemption: &Exemption) -> Result<()> {
    diesel::insert_into(exemptions::table)
        .values(exemption)
        .execute(conn)?;
    Ok(())
}

/// Approves an exemption; from then on its clock is out of every attainment.
pub fn approve(conn: &mut Db, record: Record, which: Which, by: Id<Person>, at: Utc) -> Result<()> {
    diesel::update(exemptions::table.find((record, which.target.word(), which.cycle)))
        .set((
            exemptions::approved_by_id.eq(by),
            exemptions::approved_at.eq(at),
        ))
        .execute(conn)?;
    diesel::update(clocks::table)
        .filter(clocks::record_id.eq(record))
        .filter(clocks::target.eq(which.target.word()))
        .filter(clocks::cycle.eq(which.cycle))
        .filter(clocks::is_superseded.eq(false))
        .filter(clocks::outcome.eq("breached"))
        .set(clocks::outcome.eq("exempt"))
        .execute(conn)?;
    Ok(())
}

/// An exemption that waits for a second person, or got one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Waiting {
    pub record_id: Record,
    pub target: String,
    pub cycle: i32,
    pub reason: String,
    pub asked_by_id: Id<Person>,
    pub asked_at: Utc,
    pub approved_by_id: Option<Id<Person>>,
    pub approved_at: Option<Utc>,
}

/// Exemptions: those that wait, oldest first, or those that were approved, newest first.
pub fn waiting(conn: &mut Db, approved: bool, limit: i64) -> Result<Vec<Waiting>> {
    let all = exemptions::table.select((
        exemptions::record_id,
        exemptions::target,
        exemptions::cycle,
        exemptions::reason,
        exemptions::asked_by_id,
        exemptions::asked_at,
        exemptions::approved_by_id,
        exemptions::approved_at,
    ));
    Ok(if approved {
        all.filter(exemptions::approved_at.is_not_null())
            .order(exemptions::approved_at.desc())
            .limit(limit)
            .load(conn)?
    } else {
        all.filter(exemptions::approved_at.is_null())
            .order(exemptions::asked_at)
            .limit(limit)
            .load(conn)?
    })
}

/// Reasons and exemptions of some records, for the journal's verification.
pub fn reasons_of_records(conn: &mut Db, records: &[Record]) -> Result<Vec<Reason>> {
    Ok(breach_reasons::table
        .filter(breach_reasons::record_id.eq_any(records))
        .select(Reason::as_select())
        .load(conn)?)
}

pub fn exemptions_of_records(conn: &mut Db, records: &[Record]) -> Result<Vec<Exemption>> {
    Ok(exemptions::table
        .filter(exemptions::record_id.eq_any(records))
        .select(Exemption::as_select())
        .load(conn)?)
}

/// The clocks of a record of which somebody said why they were late.
pub fn explained(conn: &mut Db, record: Id<()>) -> Result<Vec<Which>> {
    let rows: Vec<(Target, i32, i32)> = breach_reasons::table
        .filter(breach_reasons::record_id.eq(record))
        .select((
            breach_reasons::target,
            breach_reasons::cycle,
            breach_reasons::part,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(target, cycle, part)| Which {
            target,
            cycle,
            part,
        })
        .collect())
}
