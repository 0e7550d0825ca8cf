//! Review and publishing. What is missing is said before; publishing freezes a copy; the rest follows
//! from the action items.

use super::facts::{back, standing};
use super::{Found, found, tell, to_write, wording, write};
use crate::journal::{Change as Said, Value};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::secrets;
use crate::postmortems::frozen;
use crate::postmortems::model::{Edition, Item, Postmortem};
use crate::postmortems::rules::instants::Moment;
use crate::postmortems::rules::life::{Act, PRACTICE, may_review, settles, step};
use crate::postmortems::rules::sections::{self, Missing, Section, Standing};
use crate::postmortems::store;
use crate::problems;
use crate::records::{self, Number, Record, Verb};

/// What is missing before it may be published, and what is worth a second look.
pub fn missing_of(conn: &mut Db, found: &Found) -> Result<Vec<Missing>> {
    let id = found.record.id;
    let heads = store::heads_of(conn, id)?;
    let written: Vec<Section> = heads
        .iter()
        .filter(|head| !head.text.trim().is_empty())
        .map(|head| head.section)
        .collect();
    let known = super::instants::joined_of(conn, id)?;
    let interval = known.get(Moment::ImpactBegan).is_some()
        && (known.get(Moment::Mitigated).is_some() || known.get(Moment::Resolved).is_some());
    let reviewer_wrote = match found.of.reviewer_id {
        Some(reviewer) => store::authors_of(conn, id)?.contains(&reviewer),
        None => false,
    };
    let items = store::items_of(conn, None, id)?;
    let items: Vec<sections::Item> = items
        .iter()
        .filter(|item| item.state != "declined")
        .map(|item: &Item| sections::Item {
            kind: item.kind,
            has_owner: item.owner.is_some(),
            has_due: item.due_at.is_some(),
            has_verification: !item.verification.trim().is_empty(),
        })
        .collect();
    let hits = wording::open_hits(conn, found, &heads)?;
    let linked = store::linked_to(conn, None, id)?;
    let rows = super::timeline::count(conn, id, &linked)?;
    Ok(sections::missing(&Standing {
        written: &written,
        has_impact_interval: interval,
        timeline_rows: rows,
        factors: problems::standing_factors(conn, id)?.len(),
        has_facilitator: found.of.facilitator_id.is_some(),
        has_reviewer: found.of.reviewer_id.is_some(),
        reviewer_wrote,
        is_backwards: known.is_backwards(),
        actions: &items,
        no_action_reason: &found.of.no_action_reason,
        open_hits: hits,
    }))
}

/// Says why there is no action item, where none is wanted; empty takes it back.
pub fn decline_actions(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let after = Postmortem {
        no_action_reason: reason.to_owned(),
        ..found.of.clone()
    };
    if after == found.of {
        return Ok(found.record);
    }
    let record = found.record.clone();
    write(w, ctx, &found, record, &after, "actions_waived", Vec::new())
}

/// Sends it to its reviewer.
pub fn submit(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let to = step(Act::Submit, &found.record.state)?;
    let Some(reviewer) = found.of.reviewer_id else {
        return Err(Error::refused("postmortem-reviewer-needed"));
    };
    may_review(&reviewer, &store::authors_of(w, found.record.id)?)?;
    let record = records::actions::moved(w, &PRACTICE, &found.record, Verb::Advance, to, ctx.now)?;
    let record = write(
        w,
        ctx,
        &found,
        record,
        &found.of,
        "sent_for_review",
        Vec::new(),
    )?;
    tell(w, ctx, &record, [reviewer], "notice-postmortem-to-review")?;
    Ok(record)
}

/// The reviewer asks for changes, or an author takes it back, with what for.
pub fn return_to_draft(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    step(Act::Return, &found.record.state)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let record = back(w, ctx, &found)?;
    let said = vec![Said::set("reason", Value::text(reason))];
    let record = write(w, ctx, &found, record, &found.of, "returned", said)?;
    tell(
        w,
        ctx,
        &record,
        found.of.facilitator_id,
        "notice-postmortem-returned",
    )?;
    Ok(record)
}

/// The reviewer publishes it: what it says now is frozen as an edition.
pub fn publish(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, number: Number) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let to = step(Act::Publish, &found.record.state)?;
    if found.of.reviewer_id != Some(visitor.id) {
        return Err(Error::Forbidden(Message::new("postmortem-reviewer-only")));
    }
    may_review(&visitor.id, &store::authors_of(w, found.record.id)?)?;
    let stops = missing_of(w, &found)?.into_iter();
    let mut invalid = Invalid::default();
    for what in stops.filter(|what| what.stops()) {
        invalid.add("", Message::new(missing_key(what)));
    }
    let sum = standing(w, &found)?;
    if sum.objecting > 0 {
        invalid.add("", "postmortem-facts-objected");
    }
    invalid.or(())?;
    let edition = found.of.edition + 1;
    let copy = frozen::freeze(w, &found)?;
    let json = serde_json::to_string(&copy).map_err(|e| Error::inward(e.to_string()))?;
    let hash = secrets::hex(&secrets::sha256(json.as_bytes()));
    store::insert_edition(
        w,
        &Edition {
            record_id: found.record.id,
            edition,
            frozen: json,
            published_by_id: Some(visitor.id),
            at: ctx.now,
            hash: hash.clone(),
        },
    )?;
    let after = Postmortem {
        edition,
        ..found.of.clone()
    };
    let record = records::actions::moved(w, &PRACTICE, &found.record, Verb::Advance, to, ctx.now)?;
    let said = vec![Said::set("edition_hash", Value::word(hash))];
    let record = write(w, ctx, &found, record, &after, "published", said)?;
    let people = store::participants_of(w, record.id)?;
    let people = people.into_iter().map(|who| who.person_id);
    let people: Vec<_> = people.chain(after.facilitator_id).collect();
    tell(w, ctx, &record, people, "notice-postmortem-published")?;
    // With nothing left to do it is over at once.
    settled(w, ctx, record.id)?;
    records::find_visible(w, visitor, number)
}

/// Takes up again what was published: the edition stays, the next one is another.
pub fn revise(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let to = step(Act::Revise, &found.record.state)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    let record = records::actions::moved(w, &PRACTICE, &found.record, Verb::Advance, to, ctx.now)?;
    let said = vec![Said::set("reason", Value::text(reason))];
    write(w, ctx, &found, record, &found.of, "revised", said)
}

/// An action item began or ended: a published post-mortem is closed with the last one, and taken up with
/// a new one.
pub fn settled(w: &mut Write<'_>, ctx: &Ctx, id: Id<Record>) -> Result<()> {
    let record = records::find_by_id(w, id)?;
    let items = store::items_of(w, None, id)?;
    let open = items.iter().filter(|item| item.is_open).count();
    let Some(act) = settles(&record.state, open) else {
        return Ok(());
    };
    let to = step(act, &record.state)?;
    let (verb, what) = match act {
        Act::Close => (Verb::Close, "closed"),
        _ => (Verb::Reopen, "reopened"),
    };
    let after = records::actions::moved(w, &PRACTICE, &record, verb, to, ctx.now)?;
    let fact = records::actions::fact(record.kind, what);
    records::save(w, ctx, &record, after, fact, Vec::new()).map(drop)
}

/// Key of what is missing.
pub fn missing_key(what: Missing) -> &'static str {
    match what {
        Missing::Summary => "postmortem-missing-summary",
        Missing::Impact => "postmortem-missing-impact",
        Missing::ImpactInterval => "postmortem-missing-impact-interval",
        Missing::WhatHappened => "postmortem-missing-what-happened",
        Missing::Timeline => "postmortem-missing-timeline",
        Missing::Factors => "postmortem-missing-factors",
        Missing::Facilitator => "postmortem-missing-facilitator",
        Missing::Reviewer => "postmortem-missing-reviewer",
        Missing::ReviewerWrote => "postmortem-missing-other-reviewer",
        Missing::Actions => "postmortem-missing-actions",
        Missing::ActionOwner => "postmortem-missing-action-owner",
        Missing::ActionDue => "postmortem-missing-action-due",
        Missing::ActionVerification => "postmortem-missing-action-verification",
        Missing::Backwards => "postmortem-missing-backwards",
        Missing::Surprise => "postmortem-missing-surprise",
        Missing::WentWell => "postmortem-missing-went-well",
        Missing::DidNotGoWell => "postmortem-missing-did-not-go-well",
        Missing::Luck => "postmortem-missing-luck",
        Missing::Detection => "postmortem-missing-detection",
        Missing::ManyActions => "postmortem-missing-many-actions",
        Missing::OneKind => "postmortem-missing-one-kind",
        Missing::Wording => "postmortem-missing-wording",
    }
}
