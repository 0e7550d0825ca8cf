//! What people add to a clock's result, with the fact in the record's journal that says so.

use crate::journal::Change;
use crate::people::{self, Right, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{self, Number, Record};
use crate::service_levels::results::{self, Explain, Which};

/// The teams a visitor leads.
pub fn led_by(conn: &mut Db, visitor: &Visitor) -> Result<Vec<(Id<Team>, String)>> {
    let teams = people::list_teams(conn)?.into_iter();
    Ok(teams
        .filter(|team| team.lead_id == Some(visitor.id))
        .map(|team| (team.id, team.name))
        .collect())
}

/// Says why a clock was missed: whoever leads a team, or manages.
pub fn explain_breach(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    explain: &Explain,
) -> Result<Record> {
    let record = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if !visitor.has(Right::Manage) && led_by(w, visitor)?.is_empty() {
        return Err(Error::forbidden());
    }
    let said = results::explain_breach(w, record.id.cast(), visitor.id, ctx.now, explain)?;
    write(w, ctx, record, "breach_explained", said)
}

/// Asks that a missed clock shall not count.
pub fn ask_exemption(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    which: Which,
    reason: &str,
) -> Result<Record> {
    let record = found(w, visitor, number)?;
    visitor.needs(Right::Manage)?;
    let said = results::ask_exemption(w, record.id.cast(), visitor.id, ctx.now, which, reason)?;
    write(w, ctx, record, "exemption_asked", said)
}

/// Approves what another person asked for.
pub fn approve_exemption(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    which: Which,
) -> Result<Record> {
    let record = found(w, visitor, number)?;
    visitor.needs(Right::Manage)?;
    let said = results::approve_exemption(w, record.id.cast(), visitor.id, ctx.now, which)?;
    write(w, ctx, record, "exemption_approved", said)
}

/// The record, as far as it exists for the visitor.
fn found(w: &mut Write<'_>, visitor: &Visitor, number: Number) -> Result<Record> {
    records::find_visible(w, visitor, number)
}

fn write(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    what: &str,
    said: Vec<Change>,
) -> Result<Record> {
    if said.is_empty() {
        return Ok(record);
    }
    let fact = records::actions::fact(record.kind, what);
    let after = record.clone();
    records::save(w, ctx, &record, after, fact, said)
}
