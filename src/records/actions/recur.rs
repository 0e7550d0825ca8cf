//! What comes back when its record can no longer be re-opened: a record of its own, a recurrence of the
//! first, logged by the requester.

use super::log::{Log, log_allowed};
use super::restrict::{Restrict, restrict_record};
use crate::people::{Upload, Visitor};
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::life_cycle::{Practice, Verb, Who};
use crate::records::model::{Channel, LinkType, Record};
use crate::records::number::Number;
use crate::records::rules::PriorityWish;
use crate::records::{restrictions, rules, store};

/// What a requester says of it.
#[derive(Debug, Clone, Default)]
pub struct Recur {
    pub what: String,
    pub files: Vec<Upload>,
}

/// Whether a requester may say that this record's trouble is back: it is theirs, it ended as solved,
/// its practice knows re-opening, and the time for that is over.
pub fn may_recur(
    conn: &mut Db,
    visitor: &Visitor,
    practice: &Practice,
    record: &Record,
    now: Utc,
) -> Result<bool> {
    let asked_by_requesters =
        (practice.moves.iter()).any(|m| m.verb == Verb::Reopen && m.who == Who::AgentOrRequester);
    let theirs = record.requester_id == Some(visitor.id);
    let solved = record.resolved_at.is_some() && !record.is_open;
    if !solved || !asked_by_requesters || !theirs {
        return Ok(false);
    }
    if practice.find(Verb::Reopen, &record.state, None).is_none() {
        return Ok(true);
    }
    let until = rules::reopens_until(record, super::reopen_window(conn)?);
    Ok(until.is_some_and(|until| now >= until))
}

/// Logs the recurrence: service, category, impact and urgency are the first record's; the desk looks
/// at it anew. It tells what the first one told, so it exists for nobody the first did not.
pub fn recur(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Recur,
) -> Result<Record> {
    let first = store::find_visible(w, visitor, number)?;
    if !may_recur(w, visitor, practice, &first, ctx.now)? {
        return Err(super::not_from(&first));
    }
    if command.what.is_empty() {
        return Err(Error::invalid("what", "error-required"));
    }
    let log = Log {
        requester: Some(visitor.id),
        channel: Channel::Portal,
        title: first.title.clone(),
        description: command.what.clone(),
        service: first.service_id,
        category: first.category_id,
        priority: PriorityWish {
            impact: Some(first.impact),
            urgency: Some(first.urgency),
            ..PriorityWish::default()
        },
        team: None,
        assignee: None,
        reported_at: None,
        item: first.item_id,
        location: first.location_id,
        files: command.files.clone(),
    };
    let mut record = log_allowed(w, ctx, practice, &log, None)?;
    if first.is_restricted {
        let named = restrictions::named_of(w, &first)?;
        let command = Restrict {
            team: named.team,
            people: named.people.into_iter().map(|p| p.id).collect(),
            reason: first.number().to_string(),
        };
        record = restrict_record(w, ctx, record, &command)?;
    }
    let link = LinkType::RecurrenceOf;
    super::connect::link_records(w, visitor, ctx, record, first, link)
}
