//! Clocks' rows: what the engine said last, kept so that it can be asked for.

use diesel::prelude::*;
use uuid::Uuid;

use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::schema::{clock_steps, clocks, exemptions};
use crate::service_levels::clock::{Clock, Outcome, Phase};
use crate::service_levels::terms::Target;

/// A clock's row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clocks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ClockRow {
    pub id: Id<ClockRow>,
    pub record_id: Id<()>,
    pub target: Target,
    pub cycle: i32,
    pub part: i32,
    pub agreement_id: Id<()>,
    pub agreement_version_id: Id<()>,
    pub calendar_version_id: Id<()>,
    pub phase: Phase,
    pub started_at: Utc,
    pub due_at: Utc,
    pub risk_at: Utc,
    pub stopped_at: Option<Utc>,
    pub breached_at: Option<Utc>,
    pub target_micros: i64,
    pub elapsed_micros: i64,
    pub paused_micros: i64,
    pub met_by: Option<i64>,
    pub wake_at: Option<Utc>,
    pub outcome: Outcome,
    pub outcome_at: Utc,
    pub is_counted: bool,
    pub is_superseded: bool,
    pub is_imported: bool,
    pub is_restricted: bool,
    pub record_kind: String,
    pub priority: i32,
    pub service_id: Option<Id<()>>,
    pub team_id: Option<Id<()>>,
    pub organisation_id: Option<Id<()>>,
    pub category_id: Option<Id<()>>,
    pub assignee_id: Option<Id<()>>,
    /// The id of the supplier waited for, written out; empty where none is.
    pub supplier: String,
    pub reported_at: Utc,
}

impl ClockRow {
    /// What the engine says of a record, as a row of its own.
    pub fn of(record: Uuid, clock: &Clock, is_restricted: bool, is_exempt: bool) -> Self {
        let id = |id: Option<Uuid>| id.map(Id::from_uuid);
        Self {
            id: Id::new(),
            record_id: Id::from_uuid(record),
            target: clock.target,
            cycle: clock.cycle,
            part: clock.part,
            agreement_id: Id::from_uuid(clock.agreement),
            agreement_version_id: Id::from_uuid(clock.agreement_version),
            calendar_version_id: Id::from_uuid(clock.calendar_version),
            phase: clock.phase,
            started_at: clock.started_at,
            due_at: clock.due_at,
            risk_at: clock.risk_at,
            stopped_at: clock.stopped_at,
            breached_at: clock.breached_at,
            target_micros: clock.target_micros,
            elapsed_micros: clock.elapsed_micros,
            paused_micros: clock.paused_micros,
            met_by: clock.met_by,
            wake_at: clock.wake_at,
            // What it breached under earlier terms stays listed as that.
            outcome: match clock.outcome {
                Outcome::Breached if is_exempt && !clock.is_superseded => Outcome::Exempt,
                outcome => outcome,
            },
            outcome_at: clock.outcome_at,
            is_counted: clock.is_counted,
            is_superseded: clock.is_superseded,
            is_imported: clock.is_imported,
            is_restricted,
            record_kind: clock.record_kind.clone(),
            priority: clock.priority,
            service_id: id(clock.service),
            team_id: id(clock.team),
            organisation_id: id(clock.organisation),
            category_id: id(clock.category),
            assignee_id: id(clock.assignee),
            supplier: clock.supplier.map(|id| id.to_string()).unwrap_or_default(),
            reported_at: clock.reported_at,
        }
    }

    pub fn key(&self) -> Key {
        (self.record_id.uuid(), self.target, self.cycle, self.part)
    }
}

/// A record's clock: record, target, cycle, part.
pub type Key = (Uuid, Target, i32, i32);

/// The rows of records, in no order.
pub fn clocks_of(conn: &mut Db, records: &[Uuid]) -> Result<Vec<ClockRow>> {
    let ids: Vec<Id<()>> = records.iter().map(|id| Id::from_uuid(*id)).collect();
    let rows = clocks::table.select(ClockRow::as_select());
    Ok(match ids.as_slice() {
        [one] => rows.filter(clocks::record_id.eq(*one)).load(conn)?,
        many => rows.filter(clocks::record_id.eq_any(many)).load(conn)?,
    })
}

pub fn insert_clocks(conn: &mut Db, rows: Vec<&ClockRow>) -> Result<()> {
    dialect::insert_many!(conn, clocks::table, rows);
    Ok(())
}

pub fn update_clock(conn: &mut Db, row: &ClockRow) -> Result<()> {
    diesel::update(clocks::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

pub fn delete_clocks(conn: &mut Db, ids: &[Id<ClockRow>]) -> Result<()> {
    diesel::delete(clocks::table.filter(clocks::id.eq_any(ids))).execute(conn)?;
    Ok(())
}

/// Records of which a clock is due to be looked at, the longest due first.
pub fn due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<()>> = clocks::table
        .filter(clocks::wake_at.le(now))
        .filter(clocks::wake_at.is_not_null())
        .order((clocks::wake_at, clocks::id))
        .limit(limit)
        .select(clocks::record_id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// What was done for clocks of records: their keys and the steps' words.
pub fn steps_of(conn: &mut Db, records: &[Uuid]) -> Result<Vec<(Key, String)>> {
    let ids: Vec<Id<()>> = records.iter().map(|id| Id::from_uuid(*id)).collect();
    let rows: Vec<(Id<()>, Target, i32, i32, String)> = clock_steps::table
        .filter(clock_steps::record_id.eq_any(ids))
        .select((
            clock_steps::record_id,
            clock_steps::target,
            clock_steps::cycle,
            clock_steps::part,
            clock_steps::step,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(record, target, cycle, part, step)| ((record.uuid(), target, cycle, part), step))
        .collect())
}

/// Keeps what was done; the database refuses to keep the same twice.
pub fn insert_steps(conn: &mut Db, done: &[(Key, String)], now: Utc) -> Result<()> {
    let rows: Vec<_> = done
        .iter()
        .map(|((record, target, cycle, part), step)| {
            (
                clock_steps::record_id.eq(Id::<()>::from_uuid(*record)),
                clock_steps::target.eq(*target),
                clock_steps::cycle.eq(*cycle),
                clock_steps::part.eq(*part),
                clock_steps::step.eq(step.as_str()),
                clock_steps::fired_at.eq(now),
            )
        })
        .collect();
    dialect::insert_many!(conn, clock_steps::table, rows);
    Ok(())
}

/// Cycles of records that two people agreed not to count.
pub fn exempt(conn: &mut Db, records: &[Uuid]) -> Result<Vec<(Uuid, Target, i32)>> {
    let ids: Vec<Id<()>> = records.iter().map(|id| Id::from_uuid(*id)).collect();
    let rows: Vec<(Id<()>, Target, i32)> = exemptions::table
        .filter(exemptions::record_id.eq_any(ids))
        .filter(exemptions::approved_at.is_not_null())
        .select((exemptions::record_id, exemptions::target, exemptions::cycle))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(record, target, cycle)| (record.uuid(), target, cycle))
        .collect())
}
