//! Voting, for oneself or for somebody who let one, and taking a vote back.

use super::append::{append, event};
use super::{Acting, find};
use crate::approvals::model::{Happening, Round};
use crate::approvals::rules::{Cast, Choice, NoVote, may_vote, may_withdraw};
use crate::approvals::store::{delegations, rounds};
use crate::people::{self, Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::{Actor, Ctx};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::Number;

/// What somebody says from a seat.
#[derive(Debug, Clone)]
pub struct Vote {
    pub stage: usize,
    pub seat: usize,
    pub choice: Option<Choice>,
    pub text: String,
    /// The password hash that theirs was found right against, where it was asked for.
    pub confirmed: Option<String>,
}

/// Votes from a seat of a record's newest round.
pub fn vote(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    command: &Vote,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    let ctx = &on_behalf(w, visitor, ctx, &acting, (command.stage, command.seat))?;
    let behalf = ctx.on_behalf_of.as_ref().and_then(|a| a.id);
    let standing = acting.round.standing(ctx.now);
    let place = (command.stage, command.seat);
    may_vote(
        &acting.round.electorate,
        &standing,
        place,
        visitor.id.uuid(),
        behalf,
        &acting.round.spoke(&standing, command.stage),
    )
    .map_err(refused)?;
    has_right(w, visitor)?;
    let mut invalid = Invalid::default();
    let Some(choice) = command.choice else {
        return Err(Error::invalid("choice", "approval-choice-missing"));
    };
    if command.text.is_empty() && matches!(choice, Choice::Reject | Choice::Return) {
        invalid.add("comment", "approval-comment-missing");
    }
    let bench = acting.round.electorate.stages.get(command.stage);
    if bench.is_some_and(|b| b.reauthenticate) {
        is_confirmed(w, visitor, command.confirmed.as_ref(), &mut invalid)?;
    }
    invalid.or(())?;
    let mut voted = event(&acting.round, ctx, Happening::Voted);
    voted.stage = Some(command.stage as i32);
    voted.seat = Some(command.seat as i32);
    voted.choice = Some(choice);
    voted.text.clone_from(&command.text);
    let acting = append(w, ctx, acting, voted, Vec::new())?;
    // Whoever spoke for somebody still sees what they spoke of when that is over.
    rounds::insert_asked(w, acting.record.id, &[visitor.id.uuid()], ctx.now)?;
    Ok(acting.round)
}

/// Takes back what was said from a seat, while nothing follows from it. Whoever said it may, and whose
/// seat it is.
pub fn withdraw(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    place: (usize, usize),
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    let standing = acting.round.standing(ctx.now);
    let ctx = &on_behalf(w, visitor, ctx, &acting, place)?;
    may_withdraw(&standing, place).map_err(refused)?;
    let mut withdrawn = event(&acting.round, ctx, Happening::Withdrawn);
    withdrawn.stage = Some(place.0 as i32);
    withdrawn.seat = Some(place.1 as i32);
    append(w, ctx, acting, withdrawn, Vec::new()).map(|acting| acting.round)
}

/// For whom somebody speaks who takes a seat: themself, or whoever let them and sits there.
fn on_behalf(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    acting: &Acting,
    (stage, seat): (usize, usize),
) -> Result<Ctx> {
    let standing = acting.round.standing(ctx.now);
    let sits = standing.stages.get(stage).and_then(|s| s.seats.get(seat));
    let Some((sits, _)) = sits.filter(|(_, cast)| *cast != Cast::Vacant) else {
        return Err(refused(NoVote::NoSeat));
    };
    let mut ctx = ctx.clone();
    if *sits == visitor.id.uuid() {
        return Ok(ctx);
    }
    let absent = delegations::absent_for(w, visitor.id, ctx.now)?;
    if !absent.contains(&Id::from_uuid(*sits)) {
        return Err(refused(NoVote::NoSeat));
    }
    let person = people::find_person(w, Id::from_uuid(*sits))?;
    ctx.on_behalf_of = Some(Actor {
        id: Some(*sits),
        label: person.name,
    });
    Ok(ctx)
}

/// Whether the password that was found right is still theirs.
pub(super) fn is_confirmed(
    w: &mut Write<'_>,
    visitor: &Visitor,
    confirmed: Option<&String>,
    invalid: &mut Invalid,
) -> Result<()> {
    let now = people::find_person(w, visitor.id)?.password_hash;
    if now.is_none() || confirmed != now.as_ref() {
        invalid.add("approval_password", "approval-password-wrong");
    }
    Ok(())
}

/// The right to approve is asked at the vote, as it is in this transaction: whoever lost it a second ago
/// decides nothing, for nobody.
pub(super) fn has_right(w: &mut Write<'_>, visitor: &Visitor) -> Result<()> {
    let person = people::find_person(w, visitor.id)?;
    if person.disabled_at.is_none() && Right::Approve.is_held_by(person.roles()) {
        Ok(())
    } else {
        Err(refused(NoVote::NoRight))
    }
}

pub(super) fn refused(why: NoVote) -> Error {
    Error::refused(match why {
        NoVote::Decided => "approval-no-vote-decided",
        NoVote::NotAsked => "approval-no-vote-not-asked",
        NoVote::Suspended => "approval-no-vote-suspended",
        NoVote::OwnChange => "approval-no-vote-own",
        NoVote::Voted => "approval-no-vote-voted",
        NoVote::SitsAlready => "approval-no-vote-sits",
        NoVote::Spoke => "approval-no-vote-spoke",
        NoVote::NoRight => "approval-no-vote-right",
        NoVote::NoSeat => "approval-no-vote-seat",
    })
}
