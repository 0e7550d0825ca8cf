//! A stage decided by a board's chair for a meeting, and contesting that.

use super::append::{append, event};
use super::open::{self, New, is_approved};
use super::tell::{self, Said};
use super::vote::{has_right, refused};
use super::{Acting, find};
use crate::approvals::model::{EventRow, Happening, Round};
use crate::approvals::policy;
use crate::approvals::rules::{Choice, Decision, NoVote, Phase};
use crate::approvals::store::{boards, rounds};
use crate::journal::{Change, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::Number;

/// The most conditions of a meeting.
const MOST_CONDITIONS: usize = 20;

/// What a meeting decided.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub stage: usize,
    pub choice: Option<Choice>,
    pub met_at: Option<Utc>,
    pub present: Vec<Id<Person>>,
    pub conditions: Vec<String>,
    pub text: String,
}

/// Decides a stage for a meeting of its board.
pub fn decide_for_meeting(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    command: &Meeting,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    let electorate = &acting.round.electorate;
    let bench = electorate
        .stages
        .get(command.stage)
        .ok_or(Error::NotFound)?;
    let meeting = bench.meeting.ok_or(Error::NotFound)?;
    policy::may_preside(
        visitor,
        &boards::find_board(w, Id::from_uuid(meeting.board))?,
    )?;
    if electorate.excluded.contains(&visitor.id.uuid()) {
        return Err(refused(NoVote::OwnChange));
    }
    has_right(w, visitor)?;
    let standing = acting.round.standing(ctx.now);
    let open = standing
        .stages
        .get(command.stage)
        .is_some_and(|s| s.phase == Phase::Open);
    if standing.decision.is_some() || !open {
        return Err(refused(NoVote::Decided));
    }
    if standing.suspended_at.is_some() {
        return Err(refused(NoVote::Suspended));
    }
    let choice = check(w, visitor, ctx, &acting, command)?;
    let mut met = event(&acting.round, ctx, Happening::Met);
    met.stage = Some(command.stage as i32);
    met.choice = Some(choice);
    met.met_at = command.met_at;
    met.text.clone_from(&command.text);
    let n = met.n;
    let mut acting = acting;
    let mut extra = Vec::new();
    if choice == Choice::Approve {
        let stage = command.stage as i32;
        let conditions: Vec<(i32, String)> = (command.conditions.iter())
            .map(|text| (stage, text.clone()))
            .collect();
        extra.extend(open::add_conditions(w, &acting.round, &conditions)?);
        acting.round.row.open_conditions += conditions.len() as i32;
    }
    let mut present = command.present.clone();
    present.push(visitor.id);
    present.sort_unstable();
    present.dedup();
    rounds::insert_present(w, acting.round.row.id, n, &present)?;
    let ids: Vec<String> = present.iter().map(Id::to_string).collect();
    let there = format!("{round} {n} {}", ids.join(" "));
    extra.push(Change::set("round_present", Value::word(there)));
    if choice == Choice::Approve && !command.conditions.is_empty() {
        let conditions = command.conditions.join("\n");
        extra.push(Change::set("approval_conditions", Value::text(&conditions)));
    }
    append(w, ctx, acting, met, extra).map(|acting| acting.round)
}

fn check(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    acting: &Acting,
    command: &Meeting,
) -> Result<Choice> {
    let mut invalid = Invalid::default();
    let choice = match command.choice {
        Some(Choice::Abstain) | None => {
            invalid.add("choice", "approval-choice-missing");
            Choice::Abstain
        }
        Some(choice) => choice,
    };
    match command.met_at {
        None => invalid.add("met_at", "error-required"),
        Some(at) if at > ctx.now => invalid.add("met_at", "approval-meeting-to-come"),
        Some(_) => {}
    }
    if command.conditions.len() > MOST_CONDITIONS {
        let message = Message::new("approval-too-many-conditions").arg("max", MOST_CONDITIONS);
        invalid.add("conditions", message);
    }
    if command.text.is_empty() && choice != Choice::Approve {
        invalid.add("meeting_text", "approval-comment-missing");
    }
    if command.present.iter().all(|person| *person == visitor.id) {
        invalid.add("present", "approval-nobody-present");
    }
    let electorate = &acting.round.electorate;
    let bench = electorate.stages.get(command.stage);
    let names = |w: &mut Write<'_>, ids: Vec<Id<Person>>| -> Result<String> {
        let people = people::people_by_ids(w, &ids)?;
        Ok(people
            .into_iter()
            .map(|p| p.name)
            .collect::<Vec<_>>()
            .join(", "))
    };
    let own = |id: &&Id<Person>| electorate.excluded.contains(&id.uuid());
    let own: Vec<_> = command.present.iter().filter(own).copied().collect();
    if !own.is_empty() {
        let names = names(w, own)?;
        invalid.add(
            "present",
            Message::new("approval-present-own").arg("names", names),
        );
    }
    let must = bench
        .into_iter()
        .flat_map(|b| &b.seats)
        .filter(|s| s.mandatory);
    let absent = must.map(|s| Id::from_uuid(s.person));
    let absent: Vec<Id<Person>> = absent
        .filter(|id| *id != visitor.id && !command.present.contains(id))
        .collect();
    if !absent.is_empty() {
        let names = names(w, absent)?;
        invalid.add(
            "present",
            Message::new("approval-present-missing").arg("names", names),
        );
    }
    invalid.or(choice)
}

/// Somebody who was named as present says that it was not so. The round stays as it is; a new one asks
/// the stages again that a meeting decided.
pub fn contest(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    reason: &str,
) -> Result<Round> {
    let acting = find(w, visitor, number, round)?;
    let present = rounds::present_of(w, acting.round.row.id)?;
    if !present.iter().any(|(_, person)| *person == visitor.id) {
        return Err(Error::forbidden());
    }
    let ended = |e: &EventRow| e.what == Happening::Closed;
    let standing = acting.round.standing(ctx.now);
    let stands = is_approved(&standing) || standing.decision.is_none();
    if acting.round.events.iter().any(ended) || !stands || acting.round.row.decide_by <= ctx.now {
        return Err(Error::refused("approval-contest-late"));
    }
    if reason.is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let mut contested = event(&acting.round, ctx, Happening::Contested);
    reason.clone_into(&mut contested.text);
    let mut acting = append(w, ctx, acting, contested, Vec::new())?;
    if acting.round.row.decision.is_none() {
        let closed = event(&acting.round, ctx, Happening::Closed);
        acting = append(w, ctx, acting, closed, Vec::new())?;
    }
    let all = acting.round.everybody();
    tell::tell(w, ctx, acting.record.id, Said::Contested, &all)?;
    again(w, ctx, acting)
}

/// The same question once more, without what meetings said.
fn again(w: &mut Write<'_>, ctx: &Ctx, acting: Acting) -> Result<Round> {
    let Acting { record, round } = acting;
    let standing = round.standing(ctx.now);
    let mut electorate = round.electorate.clone();
    let number = round.row.number;
    for (at, bench) in electorate.stages.iter_mut().enumerate() {
        let met = |e: &EventRow| e.what == Happening::Met && e.stage == Some(at as i32);
        let approved = standing
            .stages
            .get(at)
            .is_some_and(|s| s.phase == Phase::Ended(Decision::Approved));
        bench.carried = match bench.carried {
            Some(carried) => Some(carried),
            None if approved && !round.events.iter().any(met) => Some(number),
            None => None,
        };
    }
    let content = rounds::content_of(w, round.row.id)?;
    let conditions = open::still_open(w, &round, &electorate)?;
    let new = New {
        number: number + 1,
        revision: round.row.revision,
        version: round.row.policy_version_id,
        electorate,
        conditions,
        digest: round.digest.clone(),
        content: &content,
        bounds: round.bounds(),
        decide_by: (round.row.decide_by < Utc::FAR).then_some(round.row.decide_by),
    };
    open::open(w, ctx, record, &new).map(|acting| acting.round)
}
