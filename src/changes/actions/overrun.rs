//! Work that takes longer than planned: whoever implements it is asked for a new end, and those whose
//! changes come after are told.

use time::Duration;

use super::{Found, clashes, found, not_from, of_record, tell_others, write};
use crate::changes::model::Change;
use crate::changes::rules::window::{LONGEST, Span};
use crate::changes::store;
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{Number, Record};

/// For so long it is taken to go on, as long as nobody says when it ends.
const GOES_ON: Duration = Duration::HOUR;

/// Changes whose work goes on beyond the end that was planned or expected.
pub fn changes_overrunning(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    store::overrunning(conn, now, limit)
}

/// Notices that the work takes longer.
pub fn overran(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = of_record(w, record)?;
    let before = clashes::in_the_way(w, &found)?;
    let after = Change {
        overran_at: Some(ctx.now),
        ..found.change.clone()
    };
    let (record, scope) = (found.record.clone(), found.scope.clone());
    let said = Vec::new();
    let record = write(w, ctx, &found, record, &after, &scope, "overran", said)?;
    let longer = Found {
        change: Change {
            expected_ends_at: Some(ctx.now.plus(GOES_ON)),
            ..after
        },
        record,
        scope,
    };
    tell_others(w, ctx, &before, &longer)
}

/// Whoever implements it says when the work is to end.
pub fn expect_end(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    at: Option<Utc>,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let found = found(w, visitor, number)?;
    if found.record.state != "implementing" {
        return Err(not_from(&found));
    }
    visitor.needs(Right::Work)?;
    let Some(at) = at else {
        return Err(Error::invalid("expected_ends_at", "error-required"));
    };
    let began = found.change.actual_starts_at.unwrap_or(ctx.now);
    if at <= ctx.now || Span::new(began, at).ends > began.plus(LONGEST) {
        return Err(Error::invalid("expected_ends_at", "change-expected-wrong"));
    }
    let before = clashes::in_the_way(w, &found)?;
    let after = Found {
        change: Change {
            expected_ends_at: Some(at),
            ..found.change.clone()
        },
        ..found.clone()
    };
    let record = found.record.clone();
    let (change, scope) = (&after.change, &after.scope);
    let record = write(
        w,
        ctx,
        &found,
        record,
        change,
        scope,
        "end_expected",
        Vec::new(),
    )?;
    tell_others(w, ctx, &before, &after)?;
    Ok(record)
}
