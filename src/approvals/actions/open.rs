//! Opening a round, and closing one whose record is over.

use uuid::Uuid;

use super::Acting;
use super::append::{append, asked_at_first, event, seated, settle, write_seats};
use super::tell::{self, Said};
use crate::approvals::model::{Case, Content, Happening, Kept, Round, RoundRow, Version};
use crate::approvals::rules::{
    Bench, Decision, Digest, Electorate, Former, Standing, carried, seat,
};
use crate::approvals::store::{policies, rounds};
use crate::approvals::terms::{Chosen, Policy, choose};
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Record};

mod people;
use people::{refusal, who_is_meant};

/// Puts the question: opens a round whose seats are filled now, or says by name why it cannot. What was
/// approved in the round before on what is still the same is not asked again. A round that still goes
/// on is over: it was about something else.
pub fn submit(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, case: &Case) -> Result<Round> {
    if case.decide_by.is_some_and(|by| by <= ctx.now) {
        return Err(Error::refused("approval-window-past"));
    }
    let record = records::find_visible_by_id(w, visitor, case.record)?;
    let all = policies::policies(w)?;
    let (version, policy) = in_force(&all, case)?;
    let people = who_is_meant(w, &record, policy, case)?;
    let electorate = match seat(policy, &people) {
        Ok(electorate) => electorate,
        Err(short) => return Err(refusal(w, &short)?),
    };
    let mut acting = None;
    let mut number = 1;
    let mut keeps = vec![None; policy.stages.len()];
    let mut decided = Vec::new();
    if let Some(former) = rounds::newest(w, record.id)? {
        number = former.row.number + 1;
        decided = deciders(w, &former)?;
        keeps = kept_of(
            w,
            &former,
            policy,
            case,
            &people.excluded,
            &decided,
            ctx.now,
        )?;
        acting = Some(over(w, ctx, record.clone(), former)?);
    }
    let (record, former) = match acting {
        Some(acting) => (acting.record, Some(acting.round)),
        None => (record, None),
    };
    let electorate = carry(electorate, &keeps, policy, former.as_ref(), &decided);
    let conditions = match &former {
        Some(former) => still_open(w, former, &electorate)?,
        None => Vec::new(),
    };
    let new = New {
        number,
        revision: case.revision,
        version: version.id,
        electorate,
        conditions,
        digest: case.digest(),
        content: &case.content,
        bounds: case.bounds,
        decide_by: case.decide_by,
    };
    open(w, ctx, record, &new).map(|acting| acting.round)
}

/// Whatever the record was waiting for is over: its newest round ends if it still goes on, and what it
/// decided can no longer be contested.
pub fn close(w: &mut Write<'_>, ctx: &Ctx, record: Id<Record>, why: &str) -> Result<()> {
    let Some(round) = rounds::newest(w, record)? else {
        return Ok(());
    };
    if round.events.iter().any(|e| e.what == Happening::Closed) {
        return Ok(());
    }
    let record = records::find_by_id(w, record)?;
    let mut closed = event(&round, ctx, Happening::Closed);
    why.clone_into(&mut closed.text);
    append(w, ctx, Acting { record, round }, closed, Vec::new()).map(drop)
}

/// Ends a round that still goes on, because a newer one begins.
fn over(w: &mut Write<'_>, ctx: &Ctx, record: Record, round: Round) -> Result<Acting> {
    let acting = Acting { record, round };
    if acting.round.row.decision.is_some() {
        return Ok(acting);
    }
    let closed = event(&acting.round, ctx, Happening::Closed);
    append(w, ctx, acting, closed, Vec::new())
}

/// The policy that holds.
fn in_force<'a>(all: &'a [Kept], case: &Case) -> Result<(&'a Version, &'a Policy)> {
    let latest = all
        .iter()
        .filter_map(Kept::latest)
        .filter(|v| !v.is_retired);
    let facts = case.facts();
    match choose(&facts, latest.map(|version| (version, &version.policy))) {
        Chosen::One(version) => Ok((version, &version.policy)),
        Chosen::None => Err(Error::refused("approval-no-policy")),
        Chosen::Several(several) => {
            let names: Vec<&str> = several.iter().map(|v| v.policy.name.as_str()).collect();
            let names = names.join(", ");
            Err(Error::refused(
                Message::new("approval-several-policies").arg("names", names),
            ))
        }
    }
}

/// For each stage, the round whose yes still stands.
fn kept_of(
    conn: &mut Db,
    former: &Round,
    policy: &Policy,
    case: &Case,
    excluded: &[Uuid],
    decided: &[Vec<Uuid>],
    now: Utc,
) -> Result<Vec<Option<i32>>> {
    let before = policies::find_version(conn, former.row.policy_version_id)?;
    let standing = former.standing(now);
    let digest = case.digest();
    let of = Former {
        number: former.row.number,
        policy: &before,
        electorate: &former.electorate,
        standing: &standing,
        digest: &former.digest,
        bounds: former.bounds(),
        voted: decided,
    };
    Ok(carried(&of, policy, &digest, case.bounds, excluded))
}

/// The humans who decided each stage: whoever said something, for whom, and who was at the meeting. Of a
/// stage that was carried already, those who decided it then.
pub(super) fn deciders(conn: &mut Db, round: &Round) -> Result<Vec<Vec<Uuid>>> {
    let present = rounds::present_of(conn, round.row.id)?;
    let mut decided: Vec<Vec<Uuid>> = (round.electorate.stages.iter())
        .map(|bench| bench.deciders.clone())
        .collect();
    for event in &round.events {
        let stage = event.stage.and_then(|n| decided.get_mut(n as usize));
        if let (Happening::Voted | Happening::Met, Some(stage)) = (event.what, stage) {
            stage.extend(event.person_id.map(Id::uuid));
            stage.extend(event.behalf_id.map(Id::uuid));
            let there = present.iter().filter(|(n, _)| *n == event.n);
            stage.extend(there.map(|(_, person)| person.uuid()));
        }
    }
    for stage in &mut decided {
        stage.sort_unstable();
        stage.dedup();
    }
    Ok(decided)
}

/// Marks the stages that are not asked again; their people stay as they were.
fn carry(
    mut electorate: Electorate,
    keeps: &[Option<i32>],
    policy: &Policy,
    former: Option<&Round>,
    decided: &[Vec<Uuid>],
) -> Electorate {
    let stages = electorate.stages.iter_mut().zip(keeps).zip(&policy.stages);
    for ((bench, keeps), stage) in stages {
        let Some(round) = keeps else { continue };
        bench.carried = Some(*round);
        let before = former
            .map(|f| f.electorate.stages.as_slice())
            .unwrap_or_default();
        if let Some(at) = before.iter().position(|b| b.key == stage.key)
            && let (Some(was), Some(decided)) = (before.get(at), decided.get(at))
        {
            bench.seats.clone_from(&was.seats);
            bench.needed = was.needed;
            bench.deciders.clone_from(decided);
        }
    }
    electorate
}

/// The conditions of a round that nobody met yet, of the stages that are carried into the next: a yes
/// under a condition stays one.
pub(super) fn still_open(
    conn: &mut Db,
    former: &Round,
    next: &Electorate,
) -> Result<Vec<(i32, String)>> {
    let mut open = Vec::new();
    for condition in rounds::conditions_of(conn, former.row.id)? {
        let bench = former.electorate.stages.get(condition.stage as usize);
        let carried = |of: &&str| {
            let same = |b: &Bench| b.key == **of && b.carried.is_some();
            next.stages.iter().position(same)
        };
        let stage = bench.map(|b| b.key.as_str()).as_ref().and_then(carried);
        if let (Some(stage), None) = (stage, condition.met_at) {
            open.push((stage as i32, condition.text));
        }
    }
    Ok(open)
}

/// A round about to be opened.
pub(super) struct New<'a> {
    pub number: i32,
    pub revision: i32,
    pub version: Id<crate::approvals::model::PolicyVersion>,
    pub electorate: Electorate,
    /// Under which what is carried was approved, with the stage of each.
    pub conditions: Vec<(i32, String)>,
    pub digest: Digest,
    pub content: &'a [Content],
    pub bounds: Option<(Utc, Utc)>,
    pub decide_by: Option<Utc>,
}

pub(super) fn open(w: &mut Write<'_>, ctx: &Ctx, record: Record, new: &New<'_>) -> Result<Acting> {
    let text = serde_json::to_string(&new.electorate)
        .map_err(|e| Error::inward(format!("electorate: {e}")))?;
    let row = RoundRow {
        id: Id::new(),
        record_id: record.id,
        number: new.number,
        revision: new.revision,
        policy_version_id: new.version,
        electorate: text,
        digest: rounds::digest_text(&new.digest)?,
        bounds_from: new.bounds.map(|(from, _)| from),
        bounds_to: new.bounds.map(|(_, to)| to),
        opened_at: ctx.now,
        opened_by_id: ctx.actor.id.filter(|id| !id.is_nil()).map(Id::from_uuid),
        decide_by: new.decide_by.unwrap_or(Utc::FAR),
        decision: None,
        decided_at: None,
        suspended_at: None,
        wake_at: None,
        reminded_at: None,
        open_conditions: new.conditions.len() as i32,
        events: 0,
    };
    rounds::insert(w, &row, new.content)?;
    let round = Round::of(row, Vec::new())?;
    let name = "approval.round_opened".to_owned();
    let mut told = opening(&round);
    told.extend(add_conditions(w, &round, &new.conditions)?);
    let record = records::save(w, ctx, &record, record.clone(), name, told)?;
    let standing = round.standing(ctx.now);
    write_seats(w, &round, &standing)?;
    // Every seat reads it from now on, also those whose turn comes later; told is whoever is asked now.
    rounds::insert_asked(w, record.id, &seated(None, &standing), ctx.now)?;
    tell::tell(w, ctx, record.id, Said::Asked, &asked_at_first(&standing))?;
    // Whoever is asked at first has been told; what follows is compared with how it stands now.
    let before = Standing {
        decision: None,
        ..standing
    };
    settle(w, ctx, Acting { record, round }, &before, 0)
}

/// Adds conditions to a round; what the journal says of it, if there are any: where they begin, and of
/// which stages they are.
pub(super) fn add_conditions(
    w: &mut Write<'_>,
    round: &Round,
    conditions: &[(i32, String)],
) -> Result<Option<Change>> {
    if conditions.is_empty() {
        return Ok(None);
    }
    let from = rounds::insert_conditions(w, round.row.id, conditions)?;
    let stages: Vec<String> = conditions.iter().map(|(s, _)| s.to_string()).collect();
    let word = format!("{} {from} {}", round.row.number, stages.join(" "));
    Ok(Some(Change::set("round_conditions", Value::word(word))))
}

/// What the journal says of an opening: all of it in one word for whoever verifies, the rest for
/// whoever reads.
fn opening(round: &Round) -> Vec<Change> {
    let row = &round.row;
    let mut changes = vec![
        Change::set("round_opened", Value::word(row.told())),
        Change::set("round", Value::Number(row.number.into())),
        Change::set("approval_revision", Value::Number(row.revision.into())),
    ];
    if row.decide_by < Utc::FAR {
        changes.push(Change::set("approval_decide_by", Value::At(row.decide_by)));
    }
    changes
}

/// Whether a decision is a yes.
pub(super) fn is_approved(standing: &Standing) -> bool {
    matches!(standing.decision, Some((Decision::Approved, _)))
}
