//! What those who answer for a record do to its round, and questions to them.

use super::append::{append, event};
use super::find;
use super::tell::{self, Said};
use crate::approvals::model::{Happening, Round};
use crate::approvals::policy;
use crate::approvals::rules::Cast;
use crate::approvals::store::{delegations, rounds};
use crate::journal::{Change, Value};
use crate::people::{Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{self, Number};

/// Suspends a round: nobody votes, and its deadlines move by the time it waits.
pub fn suspend(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    reason: &str,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    policy::may_steer(visitor)?;
    let standing = acting.round.standing(ctx.now);
    if standing.decision.is_some() {
        return Err(Error::refused("approval-no-vote-decided"));
    }
    if standing.suspended_at.is_some() {
        return Err(Error::refused("approval-suspended-already"));
    }
    if reason.is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let mut suspended = event(&acting.round, ctx, Happening::Suspended);
    reason.clone_into(&mut suspended.text);
    let acting = append(w, ctx, acting, suspended, Vec::new())?;
    let all = acting.round.everybody();
    tell::tell(w, ctx, acting.record.id, Said::Suspended, &all)?;
    Ok(acting.round)
}

/// Goes on with a suspended round.
pub fn go_on(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    policy::may_steer(visitor)?;
    let standing = acting.round.standing(ctx.now);
    if standing.decision.is_some() || standing.suspended_at.is_none() {
        return Err(Error::refused("approval-not-suspended"));
    }
    let continued = event(&acting.round, ctx, Happening::Continued);
    let acting = append(w, ctx, acting, continued, Vec::new())?;
    let all = acting.round.everybody();
    tell::tell(w, ctx, acting.record.id, Said::Continued, &all)?;
    Ok(acting.round)
}

/// Asks those who want the approval something. It decides nothing.
pub fn ask(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    text: &str,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    let standing = acting.round.standing(ctx.now);
    let mut sits = vec![visitor.id];
    sits.extend(delegations::absent_for(w, visitor.id, ctx.now)?);
    let seats = standing.stages.iter().flat_map(|s| &s.seats);
    let asked = |(who, cast): &(uuid::Uuid, Cast)| {
        *cast != Cast::Vacant && sits.contains(&Id::from_uuid(*who))
    };
    if !seats.clone().any(asked) {
        return Err(Error::forbidden());
    }
    if standing.decision.is_some() {
        return Err(Error::refused("approval-no-vote-decided"));
    }
    if text.is_empty() {
        return Err(Error::invalid("comment", "approval-question-missing"));
    }
    let mut question = event(&acting.round, ctx, Happening::Asked);
    text.clone_into(&mut question.text);
    let acting = append(w, ctx, acting, question, Vec::new())?;
    let record = &acting.record;
    let people = [
        acting.round.row.opened_by_id,
        record.assignee_id,
        record.requester_id,
    ];
    let people: Vec<_> = people.into_iter().flatten().map(Id::uuid).collect();
    tell::tell(w, ctx, record.id, Said::Question, &people)?;
    Ok(acting.round)
}

/// Answers what was asked.
pub fn answer(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    text: &str,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    if acting.record.requester_id != Some(visitor.id) {
        visitor.needs(Right::Work)?;
    }
    if text.is_empty() {
        return Err(Error::invalid("answer", "error-required"));
    }
    let mut answered = event(&acting.round, ctx, Happening::Answered);
    text.clone_into(&mut answered.text);
    let acting = append(w, ctx, acting, answered, Vec::new())?;
    let all = acting.round.everybody();
    tell::tell(w, ctx, acting.record.id, Said::Answer, &all)?;
    Ok(acting.round)
}

/// Ticks a condition under which a meeting said yes.
pub fn meet_condition(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    place: i32,
) -> Result<()> {
    let mut acting = find(w, visitor, number, round)?;
    policy::may_steer(visitor)?;
    let conditions = rounds::conditions_of(w, acting.round.row.id)?;
    let condition = conditions.iter().find(|c| c.place == place);
    let condition = condition.ok_or(Error::NotFound)?;
    if !rounds::meet_condition(w, acting.round.row.id, place, visitor.id, ctx.now)? {
        return Err(Error::refused("approval-condition-met-already"));
    }
    let events = acting.round.row.events;
    acting.round.row.open_conditions -= 1;
    rounds::update(w, &acting.round.row, events)?;
    let changes = vec![
        Change::set("round", Value::Number(round.into())),
        Change::set(
            "round_condition_met",
            Value::word(format!("{round} {place} {}", visitor.id)),
        ),
        Change::set("approval_condition", Value::text(&condition.text)),
    ];
    let name = "approval.condition_met".to_owned();
    records::save(w, ctx, &acting.record, acting.record.clone(), name, changes)?;
    Ok(())
}
