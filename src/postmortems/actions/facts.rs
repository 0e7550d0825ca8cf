//! Agreeing on the facts: each of those who were there says whether it was so, of the facts as they
//! stand; what changes afterwards is agreed again.

use super::{Found, found, tell, to_write, write};
use crate::journal::{Change as Said, Value};
use crate::people::{self as persons, Right, Visitor};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::postmortems::model::{Participant, Postmortem};
use crate::postmortems::rules::life::{Act, Agreeing, Agreement, PRACTICE, agreeing, step};
use crate::postmortems::rules::sections::Section;
use crate::postmortems::store;
use crate::records::{self, Number, Record, Verb};

/// A participant agrees, or says what was otherwise.
pub fn say_of_facts(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    agrees: bool,
    said: &str,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let was = store::participants_of(w, found.record.id)?;
    let Some(own) = was.iter().find(|who| who.person_id == visitor.id) else {
        return Err(Error::Forbidden(Message::new(
            "postmortem-not-a-participant",
        )));
    };
    if !agrees && said.trim().is_empty() {
        return Err(Error::invalid("said", "postmortem-say-what-differs"));
    }
    let own = Participant {
        facts_version: Some(found.of.facts_version),
        agrees,
        said: said.to_owned(),
        at: Some(ctx.now),
        ..own.clone()
    };
    store::put_participant(w, &own)?;
    let is = store::participants_of(w, found.record.id)?;
    let mut what: Vec<Said> = super::people::change(w, &was, &is)?.into_iter().collect();
    if !said.is_empty() {
        what.push(Said::set("facts_said", Value::text(said)));
    }
    let fact = if agrees {
        "facts_agreed_by"
    } else {
        "facts_disputed"
    };
    // Whoever disputes agreed facts takes them back to where they are written.
    let record = match (agrees, found.record.state.as_str()) {
        (false, "facts_agreed" | "in_review") => back(w, ctx, &found)?,
        _ => found.record.clone(),
    };
    let record = write(w, ctx, &found, record, &found.of, fact, what)?;
    if !agrees {
        tell(
            w,
            ctx,
            &record,
            found.of.facilitator_id,
            "notice-postmortem-disputed",
        )?;
    }
    Ok(record)
}

/// The record back in draft.
pub(super) fn back(w: &mut Write<'_>, ctx: &Ctx, found: &Found) -> Result<Record> {
    let to = step(Act::Return, &found.record.state)?;
    records::actions::moved(w, &PRACTICE, &found.record, Verb::Advance, to, ctx.now)
}

/// How far they agree on the facts as they stand.
pub fn standing(conn: &mut Db, found: &Found) -> Result<Agreeing> {
    let all = store::participants_of(conn, found.record.id)?;
    let mut words = Vec::with_capacity(all.len());
    for who in &all {
        let person = persons::find_person(conn, who.person_id)?;
        words.push(Agreement {
            of: who.facts_version,
            agrees: who.agrees,
            has_left: person.disabled_at.is_some() || person.erased.is_some(),
        });
    }
    Ok(agreeing(&words, found.of.facts_version))
}

/// Whether there are facts that somebody could agree on.
fn has_facts(conn: &mut Db, found: &Found) -> Result<bool> {
    let heads = store::heads_of(conn, found.record.id)?;
    let told = |head: &crate::postmortems::model::SectionVersion| {
        head.section == Section::WhatHappened && !head.text.trim().is_empty()
    };
    Ok(heads.iter().any(told))
}

/// The facilitator finds that the facts are agreed; whom nobody waits for any longer is said with a
/// reason.
pub fn agree_facts(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    not_waiting: Option<&str>,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let to = step(Act::AgreeFacts, &found.record.state)?;
    if found.of.facilitator_id != Some(visitor.id) && !visitor.has(Right::Manage) {
        return Err(Error::Forbidden(Message::new(
            "postmortem-facilitator-only",
        )));
    }
    if !has_facts(w, &found)? {
        return Err(Error::refused("postmortem-no-facts"));
    }
    let sum = standing(w, &found)?;
    let reason = not_waiting.map(str::trim);
    if reason.is_some_and(str::is_empty) && sum.waiting > 0 {
        return Err(Error::invalid("reason", "postmortem-why-not-wait"));
    }
    if !sum.is_reached(reason.is_some()) {
        let key = match (sum.objecting, sum.agreed) {
            (1.., _) => "postmortem-facts-objected",
            (_, 0) => "postmortem-nobody-agreed",
            _ => "postmortem-facts-waiting",
        };
        return Err(Error::refused(Message::new(key).arg("n", sum.waiting)));
    }
    let said = match reason {
        Some(reason) if sum.waiting > 0 => vec![Said::set("reason", Value::text(reason))],
        _ => Vec::new(),
    };
    let record = records::actions::moved(w, &PRACTICE, &found.record, Verb::Advance, to, ctx.now)?;
    let of: &Postmortem = &found.of;
    write(w, ctx, &found, record, of, "facts_agreed", said)
}
