//! From the plan to the review: assessing, scheduling, starting, finishing, looking back, closing.

use super::{
    Found, case, clashes, found, gate, go, go_saying, not_from, of_record, tell_others, write,
};
use crate::approvals::{self, Decision};
use crate::changes::model::Change;
use crate::changes::rules::emergency::Standing;
use crate::changes::rules::freezes::Deed;
use crate::changes::rules::outcome::{self, Ended, Outcome};
use crate::changes::rules::plan::{self, Ready};
use crate::changes::rules::steps::{Act, ChangeType, Mode, leads};
use crate::changes::rules::window::{self, Span};
use crate::changes::store;
use crate::journal::{Change as Said, Value};
use crate::people::{Right, Visitor};
use crate::platform::db::{Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::{self, Number, Record};

/// How it went.
#[derive(Debug, Clone)]
pub struct Ending {
    pub outcome: Option<Outcome>,
    pub text: String,
    /// When the work ended; now, when nobody says otherwise.
    pub ended_at: Option<Utc>,
}

/// Refuses a plan that is not ready to be authorised, naming each field.
fn is_ready(found: &Found) -> Result<()> {
    let (change, scope) = (&found.change, &found.scope);
    plan::ready(Ready {
        has_environment: !change.environment.is_empty() || emergency(found),
        has_scope: !scope.services.is_empty() || !scope.items.is_empty(),
        has_window: change.window().is_some(),
        has_implementer: change.implementer_id.is_some(),
        // In an emergency the plan may follow; the way back may not.
        has_plan: !change.implementation_plan.is_empty() || emergency(found),
        has_backout: !change.backout_plan.is_empty(),
        is_assessed: change.risk().is_some(),
    })
    .map_err(|error| match error {
        // A button has no fields: the first of them is said.
        Error::Invalid(bad) => match bad.0.into_iter().next() {
            Some((_, message)) => Error::refused(message),
            None => Error::Invalid(Invalid::default()),
        },
        error => error,
    })
}

fn emergency(found: &Found) -> bool {
    found.change.change_type == ChangeType::Emergency
}

fn is_possible(found: &Found, act: Act) -> Result<()> {
    leads(act, found.change.change_type, &found.record.state)
        .map(drop)
        .ok_or_else(|| not_from(found))
}

/// Its plan, its parties and its risk were looked at.
pub fn assess(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Assess)?;
    visitor.needs(Right::ManageChanges)?;
    is_ready(&found)?;
    let mut after = found.change.clone();
    gate::judge(w, &found, &mut after, ctx.now)?;
    go(w, ctx, &found, Act::Assess, &after, "assessed")
}

/// It goes to those who decide: a round of approval is opened for exactly what it says now.
pub fn submit(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    store::one_at_a_time(w)?;
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Submit)?;
    let emergency = found.change.change_type == ChangeType::Emergency;
    visitor.needs(match emergency {
        // Minutes count: whoever works on it asks.
        true => Right::Work,
        false => Right::ManageChanges,
    })?;
    is_ready(&found)?;
    in_time(&found, ctx.now)?;
    gate::unfrozen(w, visitor, &found, Deed::Submit, ctx.now)?;
    let mut after = found.change.clone();
    if emergency {
        Mode::Expedited.word().clone_into(&mut after.mode);
    }
    go(w, ctx, &found, Act::Submit, &after, "submitted")?;
    let found = super::found(w, visitor, number)?;
    tell_others(w, ctx, &[], &found)?;
    let case = case::case(w, &found)?;
    approvals::submit(w, visitor, ctx, &case)?;
    records::find_visible(w, visitor, number)
}

/// What a round came to. Approved, it waits to be scheduled; rejected, it rests there; and whatever
/// came back for rework or was not decided is a draft again, as the next revision.
pub fn decided(w: &mut Write<'_>, ctx: &Ctx, record: Record, decision: Decision) -> Result<()> {
    let found = of_record(w, record)?;
    let (act, revision, what) = match decision {
        Decision::Approved | Decision::Closed => return Ok(()),
        Decision::Rejected => (Act::Reject, found.change.revision, "rejected"),
        Decision::Returned | Decision::NotDecidedInTime | Decision::Undecided => {
            (Act::Return, found.change.revision + 1, "returned")
        }
    };
    if is_possible(&found, act).is_err() {
        return Ok(());
    }
    let after = Change {
        revision,
        ..found.change.clone()
    };
    go(w, ctx, &found, act, &after, what).map(drop)
}

/// The decision of a meeting was contested before the work began: it is asked about again.
pub fn contested(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = of_record(w, record)?;
    if is_possible(&found, Act::Contest).is_err() {
        return Ok(());
    }
    go(w, ctx, &found, Act::Contest, &found.change, "contested").map(drop)
}

/// Refuses a window that is over or has begun.
fn in_time(found: &Found, now: Utc) -> Result<()> {
    let Some(span) = found.change.window() else {
        return Ok(());
    };
    window::planned(span, found.change.outage_minutes.into(), now)
        .map_err(|wrong| Error::refused(wrong.said().1))
}

/// Back to draft, as the next revision.
pub fn revise(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Revise)?;
    visitor.needs(Right::Work)?;
    let mine = case::raised_by(w, found.record.id)? == Some(visitor.id);
    if found.record.state == "rejected" && !mine {
        // What was rejected is for whoever raised it to take up.
        return Err(Error::forbidden());
    }
    let after = Change {
        revision: found.change.revision + 1,
        ..found.change.clone()
    };
    go(w, ctx, &found, Act::Revise, &after, "revised")
}

/// Its window is fixed. Asks for its authority, freezes and the time once more.
pub fn schedule(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    store::one_at_a_time(w)?;
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Schedule)?;
    visitor.needs(match found.change.change_type {
        // It was authorised with its template.
        ChangeType::Standard => Right::Work,
        _ => Right::ManageChanges,
    })?;
    is_ready(&found)?;
    in_time(&found, ctx.now)?;
    gate::authorise(w, &found, ctx.now)?;
    gate::unfrozen(w, visitor, &found, Deed::Schedule, ctx.now)?;
    clashes::unblocked(w, visitor, &found)?;
    let told = collisions(w, visitor, &found)?;
    let was_live = store::LIVE.contains(&found.record.state.as_str());
    let (act, change) = (Act::Schedule, &found.change);
    let record = go_saying(w, ctx, &found, act, change, "scheduled", told)?;
    if !was_live {
        let after = of_record(w, record.clone())?;
        tell_others(w, ctx, &[], &after)?;
    }
    Ok(record)
}

/// The work begins, inside the window.
pub fn start(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    store::one_at_a_time(w)?;
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Start)?;
    if found.record.state == "draft" {
        // Nobody was asked. Somebody's word is recorded where it is given.
        return Err(not_from(&found));
    }
    visitor.needs(Right::Work)?;
    gate::authorise(w, &found, ctx.now)?;
    gate::unfrozen(w, visitor, &found, Deed::Start, ctx.now)?;
    if found.change.window().is_some_and(|span| !span.has(ctx.now)) {
        let message = Message::new("change-start-outside").arg("number", number);
        return Err(Error::refused(message));
    }
    clashes::unblocked(w, visitor, &found)?;
    let told = collisions(w, visitor, &found)?;
    let after = Change {
        actual_starts_at: Some(ctx.now),
        ..found.change.clone()
    };
    go_saying(w, ctx, &found, Act::Start, &after, "started", told)
}

/// How many changes it collides with now, for the fact that says it goes on all the same.
fn collisions(w: &mut Write<'_>, visitor: &Visitor, found: &Found) -> Result<Vec<Said>> {
    let n = clashes::clashes(w, visitor, found)?.len();
    let said = (n > 0).then(|| Said::set("change_conflicts", Value::Number(n as i64)));
    Ok(said.into_iter().collect())
}

/// Enters implementing. Only what was authorised comes here.
pub(super) fn begin(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    mut after: Change,
) -> Result<Record> {
    after.actual_starts_at = Some(ctx.now);
    go(w, ctx, found, Act::Start, &after, "started")
}

/// What was done otherwise than planned: it stands beside the plan, which stays as it was authorised.
pub fn deviate(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    text: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if !["implementing", "review"].contains(&found.record.state.as_str()) {
        return Err(not_from(&found));
    }
    if text.is_empty() {
        return Err(Error::invalid("deviation", "error-required"));
    }
    let mut after = found.change.clone();
    if !after.deviations.is_empty() {
        after.deviations.push_str("\n\n");
    }
    after.deviations.push_str(text);
    let record = found.record.clone();
    write(
        w,
        ctx,
        &found,
        record,
        &after,
        &found.scope,
        "deviated",
        Vec::new(),
    )
}

/// The work is over, and how it went.
pub fn finish(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    ending: &Ending,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Finish)?;
    visitor.needs(Right::Work)?;
    let began = found.change.actual_starts_at.unwrap_or(ctx.now);
    let after = ended(&found, ending, began, ctx.now)?;
    go(w, ctx, &found, Act::Finish, &after, "finished")
}

/// A change with its outcome, and by when somebody looks back on it.
pub(super) fn ended(found: &Found, ending: &Ending, began: Utc, now: Utc) -> Result<Change> {
    let mut bad = Invalid::default();
    // A form says minutes: an end within the minute it began in is not before it.
    let minute = |at: Utc| at.micros().div_euclid(60_000_000);
    let ended_at = match ending.ended_at {
        Some(at) if minute(at) == minute(began) => at.max(began),
        at => at.unwrap_or(now),
    };
    if ended_at > now || ended_at < began {
        bad.add("actual_ends_at", "change-actual-wrong");
    }
    let Some(outcome) = ending.outcome else {
        bad.add("outcome", "error-choose");
        return Err(Error::Invalid(bad));
    };
    if outcome != Outcome::Successful && ending.text.is_empty() {
        bad.add("outcome_text", "change-outcome-text-missing");
    }
    bad.or(())?;
    let change = &found.change;
    let within = outcome::review_within(change.change_type, outcome, change.standing);
    Ok(Change {
        actual_starts_at: Some(began),
        actual_ends_at: Some(ended_at),
        outcome: outcome.word().to_owned(),
        outcome_text: ending.text.clone(),
        review_due_at: within.map(|span| now.plus(span)),
        ..change.clone()
    })
}

/// Times that are over, of a change that is written up.
pub(super) fn happened(began: Option<Utc>, ended: Option<Utc>, now: Utc) -> Result<Span> {
    let mut bad = Invalid::default();
    if began.is_none() {
        bad.add("actual_starts_at", "error-required");
    }
    if ended.is_none() {
        bad.add("actual_ends_at", "error-required");
    }
    let (Some(began), Some(ended)) = (began, ended) else {
        return Err(Error::Invalid(bad));
    };
    let span = Span::new(began, ended);
    match window::happened(span, now) {
        Ok(()) => Ok(span),
        Err(wrong) => Err(Error::invalid("actual_ends_at", wrong.said().1)),
    }
}

/// Somebody looked back on it.
pub fn review(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    text: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    if found.record.state != "review" {
        return Err(not_from(&found));
    }
    visitor.needs(Right::ManageChanges)?;
    if text.is_empty() {
        return Err(Error::invalid("review_text", "error-required"));
    }
    let after = Change {
        review_text: text.to_owned(),
        reviewed_at: Some(ctx.now),
        ..found.change.clone()
    };
    let record = found.record.clone();
    write(
        w,
        ctx,
        &found,
        record,
        &after,
        &found.scope,
        "reviewed",
        Vec::new(),
    )
}

/// Nothing more is to be said of it.
pub fn close(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    let found = found(w, visitor, number)?;
    is_possible(&found, Act::Close)?;
    visitor.needs(Right::ManageChanges)?;
    outcome::may_close(Ended {
        must_review: found.change.review_due_at.is_some()
            || found.change.standing == Standing::Refused,
        reviewed: found.change.reviewed_at.is_some(),
        standing: found.change.standing,
        verdict: found.change.verdict(),
    })
    .map_err(|why| Error::refused(Message::new(why.word()).arg("number", number)))?;
    go(w, ctx, &found, Act::Close, &found.change, "closed")
}
