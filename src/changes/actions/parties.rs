//! Who is affected by a change: who they are, what they say of it before it is decided, and what they
//! are told.

use serde_json::json;

use super::{Found, found, write};
use crate::approvals;
use crate::changes::model::Remark;
use crate::changes::rules::parties::{self, Kept, Party};
use crate::changes::rules::steps::is_planning;
use crate::changes::store;
use crate::journal::{Change as Said, Value};
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::{Number, Record};

/// Who is told of one change at most.
const MOST: usize = 200;

/// Who is affected, and which of them its services and items say.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    pub derived: Vec<Party>,
    pub told: Vec<Party>,
}

/// Who is affected by a change as it stands now.
pub fn parties(conn: &mut Db, found: &Found) -> Result<Parties> {
    let derived = store::derived_parties(conn, &found.scope)?;
    let kept = store::kept_parties(conn, found.record.id)?;
    Ok(Parties {
        told: parties::effective(&derived, &kept),
        derived,
    })
}

/// What a party is called.
pub fn party_name(conn: &mut Db, party: Party) -> Result<String> {
    match party {
        Party::Person(id) => Ok(people::find_person(conn, id)?.name),
        Party::Team(id) => people::team_name(conn, id),
        Party::Organisation(id) => Ok(people::find_organisation(conn, id)?.name),
    }
}

/// Says who is told: whoever was derived and is not among them is left out, the others are added.
pub fn edit_parties(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    told: &[Party],
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if !is_planning(&found.record.state) {
        let message = Message::new("change-plan-stands").arg("number", number);
        return Err(Error::refused(message));
    }
    if told.len() > MOST {
        let message = Message::new("change-too-many-parties").arg("max", MOST);
        return Err(Error::invalid("party", message));
    }
    let mut bad = Invalid::default();
    for party in told {
        match party_name(w, *party) {
            Ok(_) => {}
            Err(Error::NotFound) => bad.add("party", "error-no-longer-there"),
            Err(e) => return Err(e),
        }
    }
    bad.or(())?;
    let derived = store::derived_parties(w, &found.scope)?;
    let before = store::kept_parties(w, found.record.id)?;
    let after = parties::kept(&derived, told);
    if before == after {
        return Ok(found.record);
    }
    let (was, is) = (value(w, &before)?, value(w, &after)?);
    store::put_parties(w, found.record.id, &after)?;
    let said = vec![Said::new("change_parties", was, is)];
    say(w, ctx, &found, "parties_changed", said)
}

fn value(conn: &mut Db, kept: &[Kept]) -> Result<Value> {
    let mut names = Vec::new();
    for (party, _) in kept {
        names.push(party_name(conn, *party)?);
    }
    let rows: Vec<(String, bool)> = kept.iter().map(|(p, a)| (p.to_string(), *a)).collect();
    Ok(store::parties_as_value(&rows, names.join(", ")))
}

fn say(w: &mut Write<'_>, ctx: &Ctx, found: &Found, what: &str, said: Vec<Said>) -> Result<Record> {
    let (record, scope) = (found.record.clone(), &found.scope);
    write(w, ctx, found, record, &found.change, scope, what, said)
}

/// Whether somebody is among those who are affected.
pub fn is_party(visitor: &Visitor, told: &[Party], person: &Person) -> bool {
    told.iter().any(|party| match party {
        Party::Person(id) => *id == visitor.id,
        Party::Team(id) => visitor.teams.contains(id),
        Party::Organisation(id) => person.organisation_id == Some(*id),
    })
}

/// Until it is decided something may be said of it.
pub fn is_undecided(conn: &mut Db, found: &Found, now: Utc) -> Result<bool> {
    Ok(match found.record.state.as_str() {
        "draft" | "assessment" => true,
        "awaiting_approval" => approvals::standing(conn, found.record.id, now)?
            .is_none_or(|round| round.decision.is_none()),
        _ => false,
    })
}

/// Whoever is affected comments on it, or objects.
pub fn remark(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    objects: bool,
    text: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    let told = parties(w, &found)?.told;
    let person = people::find_person(w, visitor.id)?;
    if !is_party(visitor, &told, &person) {
        return Err(Error::refused("change-not-affected"));
    }
    if !is_undecided(w, &found, ctx.now)? {
        let message = Message::new("change-remark-too-late").arg("number", number);
        return Err(Error::refused(message));
    }
    if text.is_empty() {
        return Err(Error::invalid("remark", "error-required"));
    }
    let was = store::remarks_of(w, found.record.id)?;
    store::insert_remark(
        w,
        &Remark {
            id: Id::new(),
            record_id: found.record.id,
            person_id: visitor.id,
            objects,
            text: text.to_owned(),
            said_at: ctx.now,
            answer: String::new(),
            answered_by_id: None,
            answered_at: None,
        },
    )?;
    let said = remarked(
        w,
        &found,
        &was,
        Said::set("change_remark", Value::text(text)),
    )?;
    let what = if objects { "objected" } else { "commented" };
    say(w, ctx, &found, what, said)
}

/// What is said of it is answered, once.
pub fn answer_remark(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Remark>,
    text: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if text.is_empty() {
        return Err(Error::invalid("answer", "error-required"));
    }
    let was = store::remarks_of(w, found.record.id)?;
    let remark = was.iter().find(|remark| remark.id == id);
    let remark = remark.ok_or(Error::NotFound)?;
    if remark.person_id == visitor.id {
        return Err(Error::refused("change-answer-oneself"));
    }
    if store::answer_remark(w, id, text, visitor.id, ctx.now)? == 0 {
        return Err(Error::refused("change-remark-answered"));
    }
    let said = remarked(
        w,
        &found,
        &was,
        Said::set("change_answer", Value::text(text)),
    )?;
    say(w, ctx, &found, "remark_answered", said)
}

fn remarked(conn: &mut Db, found: &Found, was: &[Remark], said: Said) -> Result<Vec<Said>> {
    let is = store::remarks_of(conn, found.record.id)?;
    let (was, is) = (store::remarks_as_value(was), store::remarks_as_value(&is));
    Ok(vec![said, Said::new("change_remarks", was, is)])
}

/// Tells whoever is affected what became of a change, with the outage it means; whoever did it knows.
pub fn tell_parties(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    said: &'static str,
) -> Result<()> {
    let found = super::of_record(w, record)?;
    let told = parties(w, &found)?.told;
    let people = store::people_of(w, &told)?;
    tell(w, ctx, &found, said, &people)
}

/// Tells whoever implements a change, and whoever asked for it.
pub fn tell_implementer(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    said: &'static str,
) -> Result<()> {
    let found = super::of_record(w, record)?;
    let who = [found.change.implementer_id, found.record.requester_id];
    let who: Vec<Id<Person>> = who.into_iter().flatten().collect();
    tell(w, ctx, &found, said, &who)
}

/// Whoever manages changes, and whoever implements this one, are told that a freeze was set over it.
pub fn tell_of_freeze(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = super::of_record(w, record)?;
    let mut who = people::list_managers(w)?;
    who.extend(found.change.implementer_id);
    tell(w, ctx, &found, "notice-change-freeze", &who)
}

/// Asks whoever is said to have authorised it whether they did.
pub fn ask_authority(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = super::of_record(w, record)?;
    let due = found.change.standing == crate::changes::rules::emergency::Standing::Due;
    match found.change.authority_id.filter(|_| due) {
        Some(person) => tell(w, ctx, &found, "notice-change-confirm", &[person]),
        None => Ok(()),
    }
}

fn tell(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    said: &'static str,
    who: &[Id<Person>],
) -> Result<()> {
    let change = &found.change;
    let item = json!({
        "record": found.record.id,
        "said": said,
        "at": ctx.now.micros(),
        "services": found.scope.services,
        "outage": change.outage_minutes,
        "from": change.window_starts_at.map(Utc::micros),
        "to": change.window_ends_at.map(Utc::micros),
    });
    let mut who = who.to_vec();
    who.sort_unstable();
    who.dedup();
    who.retain(|person| Some(person.uuid()) != ctx.actor.id);
    for person in who {
        people::tell(w, person, "changes", ctx.now, vec![item.clone()])?;
    }
    Ok(())
}
