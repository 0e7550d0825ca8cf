//! Moves that follow from something else, though people make them too: a fix that was tried, a time that
//! is over. What they come with (dates, reasons) is the practice's to say in the same fact.

use super::super::tasks::unblocked;
use super::super::{enter, fact, not_from};
use super::end::Ending;
use crate::journal::{Change, Value};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::Record;
use crate::records::store;
use crate::services::Code;

/// To another working state.
pub fn advance_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: &Record,
    to: &str,
    extra: Vec<Change>,
) -> Result<Record> {
    let step = practice
        .find(Verb::Advance, &before.state, Some(to))
        .ok_or_else(|| not_from(before))?;
    let mut after = before.clone();
    enter(&mut after, practice, step.to)?;
    let what = fact(practice.kind, "advanced");
    store::save(w, ctx, before, after, what, extra)
}

/// Ends a record well, in the name of whoever brought it about, if anybody did. What blocks it for
/// people blocks it here.
pub fn resolve_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: &Record,
    (code, text): (&Code, &str),
    extra: Vec<Change>,
) -> Result<Record> {
    let step = practice
        .find(Verb::Resolve, &before.state, None)
        .ok_or_else(|| not_from(before))?;
    unblocked(w, before, step)?;
    let ending = Ending {
        code,
        text,
        by: ctx.actor.id.map(Id::from_uuid),
    };
    store::supersede_resolution(w, before.id, ctx.now)?;
    store::insert_resolution(w, &ending.of(before, ctx.now))?;
    let mut after = before.clone();
    enter(&mut after, practice, step.to)?;
    after.resolved_at = Some(ctx.now);
    let mut said = ending.said();
    said.extend(extra);
    let what = fact(practice.kind, "resolved");
    store::save(w, ctx, before, after, what, said)
}

/// Takes a record up again, however long ago it was resolved.
pub fn reopen_by_itself(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: &Record,
    because: &str,
    extra: Vec<Change>,
) -> Result<Record> {
    let step = practice
        .find(Verb::Reopen, &before.state, None)
        .ok_or_else(|| not_from(before))?;
    store::supersede_resolution(w, before.id, ctx.now)?;
    let mut after = before.clone();
    enter(&mut after, practice, step.to)?;
    after.resolved_at = None;
    after.reopens += 1;
    let mut said = vec![Change::set("reopened_because", Value::text(because))];
    said.extend(extra);
    let what = fact(practice.kind, "reopened");
    store::save(w, ctx, before, after, what, said)
}
