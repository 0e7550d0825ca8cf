//! Solved while the caller was on the line, and no longer so when it comes back.

use crate::incidents::store;
use crate::journal::{Change, Value};
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records::{self, Record};

/// Marks an incident that was resolved while its caller was on the line.
pub fn mark_first_contact(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<Record> {
    store::set_first_contact(w, record.id, true)?;
    let change = Change::new("first_contact", Value::Flag(false), Value::Flag(true));
    records::save(
        w,
        ctx,
        &record,
        record.clone(),
        records::actions::fact(record.kind, "solved_at_first_contact"),
        vec![change],
    )
}

/// A re-opened incident was not solved at first contact after all.
pub fn unmark_first_contact(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<Record> {
    if !store::is_first_contact(w, record.id)? {
        return Ok(record);
    }
    store::set_first_contact(w, record.id, false)?;
    let change = Change::new("first_contact", Value::Flag(true), Value::Flag(false));
    records::save(
        w,
        ctx,
        &record,
        record.clone(),
        records::actions::fact(record.kind, "first_contact_withdrawn"),
        vec![change],
    )
}
