//! Appending to a round: the event, the fact, and what the round has come to.

use uuid::Uuid;

use super::Acting;
use super::tell::{self, Said};
use crate::approvals::model::{EventRow, Happening, Round};
use crate::approvals::rules::{Cast, Phase, Standing};
use crate::approvals::store::rounds::{self, SeatRow};
use crate::journal::{Change, Value};
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records;

const HOUR: i64 = 3_600_000_000;

/// An event about to be appended.
pub(super) fn event(round: &Round, ctx: &Ctx, what: Happening) -> EventRow {
    EventRow {
        round_id: round.row.id,
        n: round.row.events + 1,
        at: ctx.now,
        what,
        stage: None,
        seat: None,
        choice: None,
        person_id: ctx.actor.id.filter(|id| !id.is_nil()).map(Id::from_uuid),
        behalf_id: ctx
            .on_behalf_of
            .as_ref()
            .and_then(|a| a.id)
            .map(Id::from_uuid),
        heir_id: None,
        text: String::new(),
        met_at: None,
    }
}

/// The name of the fact of an event.
const fn fact(what: Happening) -> &'static str {
    match what {
        Happening::Voted => "approval.voted",
        Happening::Withdrawn => "approval.vote_withdrawn",
        Happening::Vacated => "approval.seat_vacated",
        Happening::Met => "approval.met",
        Happening::Suspended => "approval.suspended",
        Happening::Continued => "approval.continued",
        Happening::Closed => "approval.round_closed",
        Happening::Asked => "approval.asked",
        Happening::Answered => "approval.answered",
        Happening::Contested => "approval.contested",
    }
}

/// Appends an event and works out what it comes to. `extra` is told beside it.
pub(super) fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut acting: Acting,
    event: EventRow,
    extra: Vec<Change>,
) -> Result<Acting> {
    let before = acting.round.standing(ctx.now);
    let events = acting.round.row.events;
    rounds::insert_event(w, &event)?;
    let mut changes = told(&acting.round, &event);
    changes.extend(extra);
    let name = fact(event.what).to_owned();
    let same = acting.record.clone();
    acting.record = records::save(w, ctx, &acting.record, same, name, changes)?;
    acting.round.row.events = event.n;
    acting.round.events.push(event);
    settle(w, ctx, acting, &before, events)
}

/// What the journal says of an event: its ids for whoever verifies, its words for whoever reads.
fn told(round: &Round, event: &EventRow) -> Vec<Change> {
    let number = round.row.number;
    let mut changes = vec![
        Change::set("round_event", Value::word(event.told(number))),
        Change::set("round", Value::Number(number.into())),
    ];
    let bench = event
        .stage
        .and_then(|n| round.electorate.stages.get(n as usize));
    if let Some(bench) = bench {
        changes.push(Change::set("approval_stage", Value::text(&bench.name)));
    }
    if let Some(choice) = event.choice {
        changes.push(Change::set("vote", Value::word(choice.word())));
    }
    if !event.text.is_empty() {
        changes.push(Change::set("approval_text", Value::text(&event.text)));
    }
    changes
}

/// Keeps what a round has come to: its row, its seats, who sees the record; tells those who are asked
/// now, and everybody when it is decided. `before` is how it stood when `events` was read.
pub(super) fn settle(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut acting: Acting,
    before: &Standing,
    events: i32,
) -> Result<Acting> {
    let now = acting.round.standing(ctx.now);
    let was = acting.round.row.decision;
    let row = &mut acting.round.row;
    row.decision = now.decision.map(|(decision, _)| decision);
    row.decided_at = now.decision.map(|(_, at)| at);
    row.suspended_at = now.suspended_at.filter(|_| now.decision.is_none());
    acting.round.row.wake_at = wake_at(&acting.round, &now);
    rounds::update(w, &acting.round.row, events)?;
    write_seats(w, &acting.round, &now)?;
    let seated = seated(Some(before), &now);
    if !seated.is_empty() {
        rounds::insert_asked(w, acting.record.id, &seated, ctx.now)?;
    }
    let asked = newly_asked(before, &now);
    if !asked.is_empty() {
        tell::tell(w, ctx, acting.record.id, Said::Asked, &asked)?;
    }
    if let (None, Some((decision, at))) = (was, now.decision) {
        let changes = vec![
            Change::set("round", Value::Number(acting.round.row.number.into())),
            Change::set("approval_decision", Value::word(decision.word())),
            Change::set("approval_decided_at", Value::At(at)),
        ];
        let same = acting.record.clone();
        let name = "approval.decided".to_owned();
        acting.record = records::save(w, ctx, &acting.record, same, name, changes)?;
        let mut all = acting.round.everybody();
        all.extend(acting.record.requester_id.map(Id::uuid));
        tell::tell(w, ctx, acting.record.id, Said::Decided(decision), &all)?;
    }
    Ok(acting)
}

/// When time next makes a difference: it ends, or somebody is reminded.
fn wake_at(round: &Round, now: &Standing) -> Option<Utc> {
    if now.decision.is_some() {
        return None;
    }
    let remind = reminder(round, now).filter(|_| round.row.reminded_at.is_none());
    let next = remind.map_or(now.due_at, |at| at.min(now.due_at));
    (next < Utc::FAR).then_some(next)
}

/// When those who have not answered are reminded: the earliest of what the open stages say.
pub(super) fn reminder(round: &Round, now: &Standing) -> Option<Utc> {
    let by = round.row.decide_by;
    if by >= Utc::FAR || now.suspended_at.is_some() {
        return None;
    }
    let stages = round.electorate.stages.iter().zip(&now.stages);
    let open = stages.filter(|(_, stage)| stage.phase == Phase::Open);
    let hours = open.filter_map(|(bench, _)| bench.reminder).max()?;
    Some(Utc::from_micros(by.micros() - i64::from(hours) * HOUR))
}

pub(super) fn write_seats(w: &mut Write<'_>, round: &Round, now: &Standing) -> Result<()> {
    rounds::write_seats(w, round.row.id, &seats(round, now))
}

/// Every seat as its row should be.
pub(in crate::approvals) fn seats(round: &Round, now: &Standing) -> Vec<SeatRow> {
    let mut rows = Vec::new();
    for (at, stage) in now.stages.iter().enumerate() {
        let open = stage.phase == Phase::Open && now.decision.is_none();
        let due = stage.due_at.min(round.row.decide_by);
        for (seat, (person, cast)) in stage.seats.iter().enumerate() {
            rows.push(SeatRow {
                stage: at as i32,
                seat: seat as i32,
                person_id: Id::from_uuid(*person),
                is_waiting: open && *cast == Cast::Waiting,
                due_at: due,
            });
        }
    }
    rows
}

/// Whoever has to answer now and had not before.
fn newly_asked(before: &Standing, now: &Standing) -> Vec<Uuid> {
    if now.decision.is_some() {
        return Vec::new();
    }
    let mut asked = Vec::new();
    for (was, is) in before.stages.iter().zip(&now.stages) {
        if is.phase != Phase::Open {
            continue;
        }
        for (n, (person, cast)) in is.seats.iter().enumerate() {
            let same = was.phase == Phase::Open && was.seats.get(n).is_some_and(|s| s.0 == *person);
            if *cast == Cast::Waiting && !same {
                asked.push(*person);
            }
        }
    }
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// Whoever sits somewhere, in whichever stage, and did not before.
pub(super) fn seated(before: Option<&Standing>, now: &Standing) -> Vec<Uuid> {
    let sat = |stage: usize, seat: usize| {
        let stage = before.and_then(|b| b.stages.get(stage));
        stage.and_then(|s| s.seats.get(seat)).map(|(who, _)| *who)
    };
    let mut new = Vec::new();
    for (at, stage) in now.stages.iter().enumerate() {
        for (seat, (person, _)) in stage.seats.iter().enumerate() {
            if sat(at, seat) != Some(*person) {
                new.push(*person);
            }
        }
    }
    new.sort_unstable();
    new.dedup();
    new
}

/// Everybody who is asked as a round opens.
pub(super) fn asked_at_first(now: &Standing) -> Vec<Uuid> {
    let open = now.stages.iter().filter(|s| s.phase == Phase::Open);
    let mut asked: Vec<Uuid> = open.flat_map(|s| s.seats.iter().map(|(p, _)| *p)).collect();
    asked.sort_unstable();
    asked.dedup();
    if now.decision.is_some() {
        Vec::new()
    } else {
        asked
    }
}
