//! All diesel of freezes, of who passes them, and of maintenance windows.

use diesel::prelude::*;

use crate::changes::model::{FreezeRow, Maintenance, Pass};
use crate::changes::rules::window::Span;
use crate::journal::Value;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::Record;
use crate::schema::{freeze_passes, freezes, maintenance_windows};

/// Rows of a settings page.
const MOST: i64 = 200;

pub fn find_freeze(conn: &mut Db, id: Id<FreezeRow>) -> Result<FreezeRow> {
    Ok(freezes::table
        .find(id)
        .select(FreezeRow::as_select())
        .first(conn)?)
}

/// The freezes that end last, also those that are over.
pub fn list_freezes(conn: &mut Db) -> Result<Vec<FreezeRow>> {
    Ok(freezes::table
        .order((freezes::ends_at.desc(), freezes::id.desc()))
        .limit(MOST)
        .select(FreezeRow::as_select())
        .load(conn)?)
}

/// The freezes in force that touch a span.
pub fn freezes_between(conn: &mut Db, span: Span) -> Result<Vec<FreezeRow>> {
    Ok(freezes::table
        .filter(freezes::ends_at.gt(span.starts))
        .filter(freezes::starts_at.lt(span.ends))
        .filter(freezes::disabled_at.is_null())
        .order((freezes::starts_at, freezes::id))
        .select(FreezeRow::as_select())
        .load(conn)?)
}

pub fn insert_freeze(conn: &mut Db, row: &FreezeRow) -> Result<()> {
    diesel::insert_into(freezes::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes a freeze over the version it was read in.
pub fn update_freeze(conn: &mut Db, row: &FreezeRow) -> Result<()> {
    let unchanged = freezes::table
        .find(row.id)
        .filter(freezes::version.eq(row.version - 1));
    one(diesel::update(unchanged).set(row).execute(conn)?)
}

/// Who lets a change through which freezes.
pub fn passes_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<(Pass, FreezeRow)>> {
    Ok(freeze_passes::table
        .inner_join(freezes::table)
        .filter(freeze_passes::record_id.eq(record))
        .order(freeze_passes::asked_at)
        .select((Pass::as_select(), FreezeRow::as_select()))
        .load(conn)?)
}

/// Who lets a change through what, as one value: freeze, who asked, who agreed.
pub fn passes_value(conn: &mut Db, record: Id<Record>) -> Result<Value> {
    let passes = passes_of(conn, record)?;
    let names: Vec<&str> = passes.iter().map(|(_, f)| f.name.as_str()).collect();
    let rows: Vec<Pass> = passes.iter().map(|(pass, _)| pass.clone()).collect();
    Ok(passes_as_value(&rows, names.join(", ")))
}

/// The same of rows that were read.
pub fn passes_as_value(passes: &[Pass], names: String) -> Value {
    if passes.is_empty() {
        return Value::Nothing;
    }
    let one = |pass: &Pass| {
        let agreed = pass
            .agreed_by_id
            .map_or_else(String::new, |id| id.to_string());
        let at = pass.agreed_at.map_or_else(String::new, Utc::rfc3339_micros);
        format!("{}/{}/{agreed}/{at}", pass.freeze_id, pass.asked_by_id)
    };
    let mut all: Vec<String> = passes.iter().map(one).collect();
    all.sort_unstable();
    Value::Code(all.join(","), names)
}

/// The passes of some changes.
pub fn passes_of_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Pass>> {
    Ok(freeze_passes::table
        .filter(freeze_passes::record_id.eq_any(records))
        .order((freeze_passes::record_id, freeze_passes::freeze_id))
        .select(Pass::as_select())
        .load(conn)?)
}

pub fn pass_of(conn: &mut Db, record: Id<Record>, freeze: Id<FreezeRow>) -> Result<Option<Pass>> {
    Ok(freeze_passes::table
        .find((record, freeze))
        .select(Pass::as_select())
        .first(conn)
        .optional()?)
}

pub fn put_pass(conn: &mut Db, pass: &Pass) -> Result<()> {
    let row = freeze_passes::table.find((pass.record_id, pass.freeze_id));
    if diesel::update(row).set(pass).execute(conn)? == 0 {
        diesel::insert_into(freeze_passes::table)
            .values(pass)
            .execute(conn)?;
    }
    Ok(())
}

pub fn find_maintenance(conn: &mut Db, id: Id<Maintenance>) -> Result<Maintenance> {
    Ok(maintenance_windows::table
        .find(id)
        .select(Maintenance::as_select())
        .first(conn)?)
}

/// Every maintenance window, those switched off too.
pub fn list_maintenance(conn: &mut Db) -> Result<Vec<Maintenance>> {
    Ok(maintenance_windows::table
        .order((maintenance_windows::name, maintenance_windows::id))
        .limit(MOST)
        .select(Maintenance::as_select())
        .load(conn)?)
}

pub fn insert_maintenance(conn: &mut Db, row: &Maintenance) -> Result<()> {
    diesel::insert_into(maintenance_windows::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes one over the version it was read in.
pub fn update_maintenance(conn: &mut Db, row: &Maintenance) -> Result<()> {
    let unchanged = maintenance_windows::table
        .find(row.id)
        .filter(maintenance_windows::version.eq(row.version - 1));
    one(diesel::update(unchanged).set(row).execute(conn)?)
}

fn one(changed: usize) -> Result<()> {
    match changed {
        0 => Err(Error::Raced),
        _ => Ok(()),
    }
}

/// Keeps a freeze's row for as long as anybody asks when it was switched off.
pub fn switched_off(was: Option<Utc>, off: bool, now: Utc) -> Option<Utc> {
    off.then(|| was.unwrap_or(now))
}
