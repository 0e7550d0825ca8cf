//! Policies. Saving makes a new version, which holds for every round opened from then on; rounds that
//! go on keep theirs.

use crate::approvals::model::Kept;
use crate::approvals::policy;
use crate::approvals::store::{boards, policies};
use crate::approvals::terms::{Fault, Policy, Who, clash, faults};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::{self, Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::services;

/// A policy somebody wants: a new one, or a new version.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub id: Option<Id<Kept>>,
    pub policy: Policy,
}

/// Everything that is wrong with a policy, each with the place of its stage.
pub fn check_policy(conn: &mut Db, wanted: &Wanted) -> Result<Vec<(Option<usize>, Message)>> {
    let mut found: Vec<(Option<usize>, Message)> = faults(&wanted.policy)
        .into_iter()
        .map(
            |Fault {
                 stage,
                 reason,
                 value,
             }| (stage, Message::new(reason).arg("value", value)),
        )
        .collect();
    for (at, stage) in wanted.policy.stages.iter().enumerate() {
        for who in stage.seats.iter().map(|e| &e.who).chain(&stage.alternates) {
            if !is_there(conn, who)? {
                let message = Message::new("policy-seat-gone").arg("value", &stage.name);
                found.push((Some(at), message));
            } else if let Some(name) = rightless(conn, who)? {
                let message = Message::new("policy-seat-rightless").arg("value", &stage.name);
                found.push((Some(at), message.arg("name", name)));
            }
        }
    }
    if let Some(service) = wanted.policy.covers.service {
        services::find_service(conn, Id::from_uuid(service))?;
    }
    let all = policies::policies(conn)?;
    let others = all.iter().filter(|kept| Some(kept.id) != wanted.id);
    let latest = others.filter_map(Kept::latest).filter(|v| !v.is_retired);
    let rivals = latest.map(|version| (version.id, &version.policy));
    if let Some((_, rival)) = clash(&wanted.policy.covers, rivals) {
        found.push((None, Message::new("policy-clash").arg("name", &rival.name)));
    }
    Ok(found)
}

fn is_there(conn: &mut Db, who: &Who) -> Result<bool> {
    let enabled = match who {
        Who::Person(id) => {
            people::find_person(conn, Id::from_uuid(*id)).map(|p| p.disabled_at.is_none())
        }
        Who::Team(id) => {
            people::find_team(conn, Id::from_uuid(*id)).map(|t| t.disabled_at.is_none())
        }
        Who::Board(id) => {
            boards::find_board(conn, Id::from_uuid(*id)).map(|b| b.disabled_at.is_none())
        }
        Who::ServiceOwner | Who::ItemsTeam | Who::LineManager => Ok(true),
    };
    match enabled {
        Err(Error::NotFound) => Ok(false),
        enabled => enabled,
    }
}

/// The name of somebody who is named one by one and may not approve: nobody could seat them.
fn rightless(conn: &mut Db, who: &Who) -> Result<Option<String>> {
    let Who::Person(id) = who else {
        return Ok(None);
    };
    let person = people::find_person(conn, Id::from_uuid(*id))?;
    let may = Right::Approve.is_held_by(person.roles());
    Ok((!may).then_some(person.name))
}

/// Keeps a new policy, or a new version of one. Gives back its id.
pub fn save_policy(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    wanted: &Wanted,
) -> Result<Id<Kept>> {
    policy::may_administer(visitor)?;
    let problems = check_policy(w, wanted)?;
    if !problems.is_empty() {
        let problems = problems.into_iter().map(|(_, message)| ("", message));
        return Err(Error::Invalid(Invalid(problems.collect())));
    }
    if wanted.policy.name.is_empty() {
        return Err(Error::invalid("name", "error-required"));
    }
    let name = &wanted.policy.name;
    let (id, before) = match wanted.id {
        Some(id) => {
            let kept = policies::find_policy(w, id)?;
            let same = kept
                .latest()
                .is_some_and(|v| !v.is_retired && v.policy == wanted.policy);
            if same {
                return Ok(id);
            }
            policies::update_policy(w, id, name, false)?;
            (id, Some(kept))
        }
        None => {
            let id = Id::new();
            policies::insert_policy(w, id, name, ctx.now)?;
            (id, None)
        }
    };
    keep(w, ctx, id, before.as_ref(), &wanted.policy, false)?;
    Ok(id)
}

/// No round is opened under it any more.
pub fn retire_policy(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, id: Id<Kept>) -> Result<()> {
    policy::may_administer(visitor)?;
    let kept = policies::find_policy(w, id)?;
    let latest = kept.latest().ok_or(Error::NotFound)?;
    if latest.is_retired {
        return Err(Error::refused("policy-retired-already"));
    }
    policies::update_policy(w, id, &kept.name, true)?;
    keep(w, ctx, id, Some(&kept), &latest.policy, true)
}

fn keep(
    w: &mut Write<'_>,
    ctx: &Ctx,
    id: Id<Kept>,
    before: Option<&Kept>,
    policy: &Policy,
    is_retired: bool,
) -> Result<()> {
    let number = before.and_then(Kept::latest).map_or(1, |v| v.number + 1);
    let written = |policy: &Policy| {
        serde_json::to_string(policy).map_err(|e| Error::inward(format!("approval policy: {e}")))
    };
    let definition = written(policy)?;
    let former = before.and_then(Kept::latest);
    policies::insert_version(w, id, number, &definition, is_retired, ctx.now)?;
    let was = before.map_or(Value::Nothing, |kept| Value::text(&kept.name));
    let retired = before
        .and_then(Kept::latest)
        .map(|v| Value::Flag(v.is_retired));
    let mut changes = vec![Change::new(
        "version",
        former.map_or(Value::Nothing, |v| Value::Number(v.number.into())),
        Value::Number(number.into()),
    )];
    let said = match former {
        Some(version) => Value::Text(written(&version.policy)?),
        None => Value::Nothing,
    };
    let says = Value::text(&definition);
    if said != says {
        changes.push(Change::new("definition", said, says));
    }
    let now = Value::text(&policy.name);
    if was != now {
        changes.push(Change::new("name", was, now));
    }
    let retired = retired.unwrap_or(Value::Nothing);
    if retired != Value::Flag(is_retired) {
        changes.push(Change::new("retired", retired, Value::Flag(is_retired)));
    }
    let name = match (before, is_retired) {
        (None, _) => "approval_policy.added",
        (Some(_), true) => "approval_policy.retired",
        (Some(_), false) => "approval_policy.edited",
    };
    let subject = Subject {
        kind: "approval_policy",
        id: id.uuid(),
    };
    journal::append_to(w, ctx, subject, &NewFact::new(name, changes))
}
