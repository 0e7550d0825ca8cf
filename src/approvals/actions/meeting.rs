//! A stage decided by a board's chair for a meeting, and contesting that.

use super::append::{append, event};
use super::leave::vacate_gone;
use super::open::{self, New, is_approved};
use super::tell::{self, Said};
use super::vote::{has_right, is_confirmed, refused};
use super::{Acting, find};
use crate::approvals::model::{Board, EventRow, Happening, Round};
use crate::approvals::policy;
use crate::approvals::rules::{Cast, Choice, Decision, NoVote, Phase, Standing};
use crate::approvals::store::{boards, rounds};
use crate::journal::{Change, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::Number;

/// The most conditions of a meeting.
const MOST_CONDITIONS: usize = 20;
const MINUTE: i64 = 60_000_000;

/// What a meeting decided.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub stage: usize,
    pub choice: Option<Choice>,
    pub met_at: Option<Utc>,
    pub present: Vec<Id<Person>>,
    pub conditions: Vec<String>,
    pub text: String,
    /// The password hash that the chair's was found right against, where it was asked for.
    pub confirmed: Option<String>,
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
    let board = Id::from_uuid(meeting.board);
    let choice = check(w, visitor, ctx, &acting, (board, &standing), command)?;
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
    // Also those without a seat see what they are said to have decided.
    let there: Vec<_> = present.iter().map(|id| id.uuid()).collect();
    rounds::insert_asked(w, acting.record.id, &there, ctx.now)?;
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
    (board, standing): (Id<Board>, &Standing),
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
    let asked_at = standing.stages.get(command.stage).and_then(|s| s.opened_at);
    match command.met_at {
        None => invalid.add("met_at", "error-required"),
        Some(at) if at > ctx.now => invalid.add("met_at", "approval-meeting-to-come"),
        Some(at) if at < minute(asked_at.unwrap_or(acting.round.row.opened_at)) => {
            invalid.add("met_at", "approval-meeting-before");
        }
        Some(_) => {}
    }
    if command.conditions.len() > MOST_CONDITIONS {
        let message = Message::new("approval-too-many-conditions").arg("max", MOST_CONDITIONS);
        invalid.add("conditions", message);
    }
    if command.text.is_empty() && choice != Choice::Approve {
        invalid.add("meeting_text", "approval-comment-missing");
    }
    let bench = acting.round.electorate.stages.get(command.stage);
    if bench.is_some_and(|b| b.reauthenticate) {
        is_confirmed(w, visitor, command.confirmed.as_ref(), &mut invalid)?;
    }
    check_present(w, visitor, acting, (board, standing), command, &mut invalid)?;
    invalid.or(choice)
}

/// The minute an instant lies in: forms know no less.
fn minute(at: Utc) -> Utc {
    Utc::from_micros(at.micros().div_euclid(MINUTE) * MINUTE)
}

/// Who was there: more than the chair, all who must say yes and still sit, nobody who may not decide on
/// it, and nobody else than the board's people and those who sit in the stage.
fn check_present(
    w: &mut Write<'_>,
    visitor: &Visitor,
    acting: &Acting,
    (board, standing): (Id<Board>, &Standing),
    command: &Meeting,
    invalid: &mut Invalid,
) -> Result<()> {
    if command.present.iter().all(|person| *person == visitor.id) {
        invalid.add("present", "approval-nobody-present");
    }
    let electorate = &acting.round.electorate;
    let named = |key: &'static str, w: &mut Write<'_>, ids: &[Id<Person>]| -> Result<Message> {
        let people = people::people_by_ids(w, ids)?.into_iter();
        let names: Vec<String> = people.map(|p| p.name).collect();
        Ok(Message::new(key).arg("names", names.join(", ")))
    };
    let own = |id: &&Id<Person>| electorate.excluded.contains(&id.uuid());
    let own: Vec<_> = command.present.iter().filter(own).copied().collect();
    if !own.is_empty() {
        invalid.add("present", named("approval-present-own", w, &own)?);
    }
    let bench = electorate.stages.get(command.stage);
    let weights = bench.into_iter().flat_map(|b| &b.seats);
    let seats = standing.stages.get(command.stage);
    // Whoever sits there now: somebody may have left since it opened.
    let seats = seats.into_iter().flat_map(|s| &s.seats);
    let seats: Vec<(Id<Person>, bool)> = (seats.zip(weights))
        .filter(|((_, cast), _)| *cast != Cast::Vacant)
        .map(|((person, _), weight)| (Id::from_uuid(*person), weight.mandatory))
        .collect();
    let there = |id: &Id<Person>| *id == visitor.id || command.present.contains(id);
    let absent: Vec<Id<Person>> = (seats.iter())
        .filter(|(id, must)| *must && !there(id))
        .map(|(id, _)| *id)
        .collect();
    if !absent.is_empty() {
        invalid.add("present", named("approval-present-missing", w, &absent)?);
    }
    let members = boards::members_of_board(w, board)?;
    let known = |id: &Id<Person>| {
        *id == visitor.id
            || members.iter().any(|m| m.id == *id)
            || seats.iter().any(|(sits, _)| sits == id)
    };
    let strangers = !command.present.iter().all(known);
    let rightless: Vec<_> = command.present.iter().map(|id| id.uuid()).collect();
    if strangers || !rounds::rightless_of(w, &rightless)?.is_empty() {
        invalid.add("present", "error-unknown-choice");
    }
    Ok(())
}

/// Whom a meeting decided for, of what the round asks: the stage, and who was there. A decision that was
/// carried is still the meeting's.
pub(in crate::approvals) fn met_at(
    conn: &mut Db,
    round: &Round,
) -> Result<Vec<(usize, Vec<Id<Person>>)>> {
    let mut met = Vec::new();
    for (at, bench) in round.electorate.stages.iter().enumerate() {
        let origin = match bench.carried {
            Some(number) => rounds::find_number(conn, round.row.record_id, number)?,
            None => round.clone(),
        };
        let stages = &origin.electorate.stages;
        let place = stages.iter().position(|b| b.key == bench.key);
        let said = |e: &&EventRow| {
            e.what == Happening::Met
                && e.stage == place.map(|n| n as i32)
                && e.choice == Some(Choice::Approve)
        };
        if let Some(event) = origin.events.iter().find(said) {
            let all = rounds::present_of(conn, origin.row.id)?.into_iter();
            let there = all.filter(|(n, _)| *n == event.n).map(|(_, id)| id);
            met.push((at, there.collect()));
        }
    }
    Ok(met)
}

/// Whether what meetings decided of a round can still be contested: it stands, and what it allowed has not
/// begun.
pub(in crate::approvals) fn is_contestable(round: &Round, standing: &Standing) -> bool {
    let ended = |e: &EventRow| e.what == Happening::Closed;
    let stands = is_approved(standing) || standing.decision.is_none();
    stands && !round.events.iter().any(ended)
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
    let mut met = met_at(w, &acting.round)?;
    met.retain(|(_, present)| present.contains(&visitor.id));
    if met.is_empty() {
        return Err(Error::forbidden());
    }
    if !is_contestable(&acting.round, &acting.round.standing(ctx.now)) {
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
    let contested: Vec<usize> = met.into_iter().map(|(stage, _)| stage).collect();
    again(w, ctx, acting, &contested)
}

/// The same question once more, without what a meeting said that is contested. Whoever took a seat since
/// keeps it.
fn again(w: &mut Write<'_>, ctx: &Ctx, acting: Acting, contested: &[usize]) -> Result<Round> {
    let decided = open::deciders(w, &acting.round)?;
    let Acting { record, round } = acting;
    let standing = round.standing(ctx.now);
    let mut electorate = round.electorate.clone();
    let number = round.row.number;
    for (at, bench) in electorate.stages.iter_mut().enumerate() {
        let Some(stage) = standing.stages.get(at) else {
            continue;
        };
        let approved = stage.phase == Phase::Ended(Decision::Approved);
        if approved && !contested.contains(&at) {
            bench.carried = bench.carried.or(Some(number));
            bench.deciders = decided.get(at).cloned().unwrap_or_default();
            continue;
        }
        bench.carried = None;
        bench.deciders = Vec::new();
        for (seat, (person, _)) in bench.seats.iter_mut().zip(&stage.seats) {
            seat.person = *person;
        }
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
        // Where the window has begun meanwhile, nobody can decide it in time any more.
        decide_by: (round.row.decide_by < Utc::FAR).then(|| round.row.decide_by.max(ctx.now)),
    };
    let acting = open::open(w, ctx, record, &new)?;
    vacate_gone(w, ctx, acting).map(|acting| acting.round)
}
