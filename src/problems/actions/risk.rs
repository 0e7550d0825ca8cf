//! Accepting a risk: somebody owns it, says why, and looks again on a day. The workaround stays offered.

use super::{tell_waiting, to_write};
use crate::people::Visitor;
use crate::platform::db::{Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Invalid, Result};
use crate::platform::words::Words;
use crate::problems::labels;
use crate::problems::model::Problem;
use crate::problems::rules::fix::{Accepted, check_accepted, is_due_for_review};
use crate::problems::rules::life::PRACTICE;
use crate::problems::store;
use crate::records::{Number, Record, Verb, actions};
use crate::services::{self, CodeList, RISK_ACCEPTED};

/// Resolves a problem as a risk that is accepted until a day.
pub fn accept_risk(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
    review_at: Option<Utc>,
) -> Result<Record> {
    actions::before_move(w, visitor, &PRACTICE, number, Verb::Resolve, None)?;
    let found = to_write(w, visitor, number)?;
    let mut invalid = Invalid::default();
    let of = Accepted {
        has_owner: found.record.assignee_id.is_some(),
        reason,
        review_at,
    };
    check_accepted(&of, ctx.now, &mut invalid);
    invalid.or(())?;
    let code = services::find_any_code(w, CodeList::Resolution, RISK_ACCEPTED)?;
    let after = Problem {
        verify_until: None,
        review_at,
        ..found.problem.clone()
    };
    let said = labels::changes(&found.problem, &after);
    store::put(w, &after)?;
    actions::resolve_by_itself(w, ctx, &PRACTICE, &found.record, (&code, reason), said)
}

/// The day has come: it is back in the queue, and its owner is told.
pub fn review_risk(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = super::of_record(w, record)?;
    let (state, review_at) = (&found.record.state, found.problem.review_at);
    let code = super::fix::resolution(w, &found)?;
    if !code.is_some_and(|code| is_due_for_review(state, code, review_at, ctx.now)) {
        return Ok(());
    }
    let after = Problem {
        review_at: None,
        ..found.problem.clone()
    };
    let said = labels::changes(&found.problem, &after);
    let because = Words::of("en").s("risk-review-due");
    store::put(w, &after)?;
    let before = &found.record;
    let record = actions::reopen_by_itself(w, ctx, &PRACTICE, before, &because, said)?;
    tell_waiting(w, ctx, &record, "notice-risk-review")
}
