//! Moves through the life cycle. Which exist, who may make them and what they need is the table of
//! the practice; what a move writes is here.

mod by_itself;
mod end;
mod hold;

pub use by_itself::{advance_by_itself, reopen_by_itself, resolve_by_itself};
pub(super) use end::{Ending, checked_code, ended};
pub use end::{
    Reopen, Resolve, cancel, close, close_by_itself, reopen, reopen_window, resolve,
    resolve_family, withdraw,
};
pub use hold::{HoldCommand, hold, hold_family, resume, resume_by_itself};
pub(super) use hold::{held_because, hold_over, leave_hold};

use super::{enter, fact, step, unblocked};
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::life_cycle::{Need, Practice, Verb, Who};
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::store;

/// To the next working state by hand, or (with [`Verb::Reject`]) to a refusal.
pub fn advance(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    to: &str,
    reason: &str,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    let verb = if practice
        .find(Verb::Reject, &record.state, Some(to))
        .is_some()
    {
        Verb::Reject
    } else {
        Verb::Advance
    };
    let (before, found) = step(w, visitor, practice, number, verb, Some(to))?;
    if found.needs.contains(&Need::Reason) && reason.is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let mut after = before.clone();
    enter(&mut after, practice, found.to)?;
    if !after.is_open {
        after.closed_at = Some(ctx.now);
    }
    let extra = (!reason.is_empty()).then(|| Change::set("reason", Value::text(reason)));
    let what = if verb == Verb::Reject {
        "rejected"
    } else {
        "advanced"
    };
    store::save(
        w,
        ctx,
        &before,
        after,
        fact(practice.kind, what),
        extra.into_iter().collect(),
    )
}

/// A record after a move that its practice makes by itself, which the practice then saves with what it
/// has to say of it. A move that the table leaves to people is none of these.
pub fn moved(
    conn: &mut Db,
    practice: &'static Practice,
    before: &Record,
    verb: Verb,
    to: &str,
    now: Utc,
) -> Result<Record> {
    let step = practice
        .find(verb, &before.state, Some(to))
        .filter(|step| step.who == Who::System)
        .ok_or_else(|| super::not_from(before))?;
    unblocked(conn, before, step)?;
    let mut after = before.clone();
    enter(&mut after, practice, step.to)?;
    after.closed_at = (!after.is_open).then_some(now);
    Ok(after)
}
