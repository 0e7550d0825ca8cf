//! The incidents of a problem: linked and unlinked in bulk, resolved together, and those like one.

use std::collections::HashMap;

use super::{Found, MOST, found};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::problems::model::{Like, compared};
use crate::problems::store;
use crate::records::actions::{self, Resolve};
use crate::records::{self, Kind, LinkType, Number, Plan, Practices, Record};
use crate::search::alike::{Reason, Traits, alike};

/// So many are linked at once.
const AT_ONCE: usize = 200;

/// The incidents that a form names, each once, by the numbers they have or had.
pub(super) fn incidents_meant(
    conn: &mut Db,
    visitor: &Visitor,
    numbers: &[Number],
) -> Result<Vec<Record>> {
    if numbers.len() > AT_ONCE {
        let message = Message::new("problem-too-many-at-once").arg("max", AT_ONCE);
        return Err(Error::invalid("incidents", message));
    }
    let mut meant: Vec<Record> = Vec::new();
    for number in numbers {
        let unknown = || {
            let message = Message::new("problem-incident-unknown").arg("number", number);
            Error::invalid("incidents", message)
        };
        match records::find_meant(conn, visitor, *number) {
            Ok(record) if record.kind != Kind::Incident => return Err(unknown()),
            Ok(record) if meant.iter().any(|known| known.id == record.id) => {}
            Ok(record) => meant.push(record),
            Err(Error::NotFound) => return Err(unknown()),
            Err(e) => return Err(e),
        }
    }
    Ok(meant)
}

/// Links incidents as caused by a problem; those that are stay as they are. Gives how many there were.
pub(super) fn link_all(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    problem: &Record,
    incidents: &[Record],
) -> Result<usize> {
    for incident in incidents {
        let (from, to) = (incident.number(), problem.number());
        actions::link(w, visitor, ctx, from, to, LinkType::CausedBy)?;
    }
    Ok(incidents.len())
}

/// Links incidents to a problem, all of them or none.
pub fn link_incidents(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    incidents: &[Number],
) -> Result<usize> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if incidents.is_empty() {
        return Err(Error::invalid("incidents", "error-required"));
    }
    let meant = incidents_meant(w, visitor, incidents)?;
    link_all(w, visitor, ctx, &found.record, &meant)
}

/// Takes incidents away from a problem. One that is not linked any more is no error.
pub fn unlink_incidents(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    incidents: &[Number],
) -> Result<usize> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if incidents.is_empty() {
        return Err(Error::invalid("incidents", "problem-choose-incidents"));
    }
    let links = records::links_of(w, visitor, found.record.id)?;
    let mut gone = 0;
    for link in links {
        let caused = link.link_type == LinkType::CausedBy && !link.outward;
        if caused && incidents.contains(&link.number) {
            actions::unlink(w, visitor, ctx, number, link.id)?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// What resolving the open incidents of a problem would do.
pub fn linked_plan(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    found: &Found,
) -> Result<Plan> {
    let ids = store::open_linked_ids(conn, found.record.id, MOST + 1)?;
    actions::together_plan(conn, visitor, practices, &found.record, &ids)
}

/// Resolves the open incidents of a problem whose fix is known, as it was previewed.
pub fn resolve_linked(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    number: Number,
    (command, shown): (&Resolve, &str),
) -> Result<usize> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if !["verifying", "resolved", "closed"].contains(&found.record.state.as_str()) {
        return Err(Error::refused(
            Message::new("problem-not-fixed").arg("number", number),
        ));
    }
    let ids = store::open_linked_ids(w, found.record.id, MOST + 1)?;
    let above = &found.record;
    actions::resolve_together(w, visitor, ctx, practices, above, &ids, (command, shown))
}

/// Incidents shown as like another.
const SHOWN: usize = 20;
/// Incidents of the same item that are looked at.
const OF_ITEM: i64 = 20;

/// The incidents like one, of those the visitor may see, each with the reasons.
pub fn similar(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
) -> Result<Vec<(Like, Vec<Reason>)>> {
    let words = compared(&record.title, &record.description);
    let mut ids = crate::search::candidates(conn, Some(visitor), &words)?;
    if let Some(item) = record.item_id {
        ids.extend(store::incidents_of_item(conn, item, OF_ITEM)?);
    }
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| *id != record.id);
    let found = store::incidents_by_ids(conn, Some(visitor), &ids)?;
    let mut all: Vec<Id<Record>> = found.iter().map(|one| one.id).collect();
    all.push(record.id);
    let mut factors = store::factors_behind(conn, &all)?;
    let asked = Traits {
        words,
        service: record.service_id,
        item: record.item_id,
        category: record.category_id,
        subcategory: None,
        factors: factors.remove(&record.id).unwrap_or_default(),
    };
    let candidates: Vec<(usize, Utc, Traits)> = (found.iter().enumerate())
        .map(|(n, one)| {
            let factors = factors.remove(&one.id).unwrap_or_default();
            (n, one.reported_at, one.traits(factors))
        })
        .collect();
    let mut by_place: HashMap<usize, Like> = found.into_iter().enumerate().collect();
    let likest = alike(&asked, &candidates, SHOWN);
    Ok(likest
        .into_iter()
        .filter_map(|like| Some((by_place.remove(&like.what)?, like.reasons)))
        .collect())
}
