//! Offering known errors: while a call is logged, and on the incidents that are like one.
//!
//! On an incident an offer is a row, written when the incident or the publication is: reading the page
//! compares nothing, and an offer is counted once.

use crate::items::Item;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::problems::model::{Known, Offered, compared};
use crate::problems::rules::known_errors::is_match;
use crate::problems::rules::why::{self, Why};
use crate::problems::store;
use crate::records::{self, Kind, Record};
use crate::search::alike::{Traits, alike};
use crate::services::{Category, Service};

/// What somebody types of an incident that does not exist yet.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub title: String,
    pub description: String,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub item: Option<Id<Item>>,
}

impl Asked {
    fn traits(&self) -> Traits {
        Traits {
            words: compared(&self.title, &self.description),
            service: self.service,
            item: self.item,
            category: self.category,
            subcategory: None,
            factors: Vec::new(),
        }
    }

    fn of(record: &Record) -> Self {
        Self {
            title: record.title.clone(),
            description: record.description.clone(),
            service: record.service_id,
            category: record.category_id,
            item: record.item_id,
        }
    }
}

/// Known errors offered on one incident, at most.
const OFFERED: usize = 5;

/// The known errors like what is asked about, the likest first, each with the reasons. Without a
/// visitor those of restricted problems are `hidden` or not.
fn matching(
    conn: &mut Db,
    asked: &Traits,
    visitor: Option<&Visitor>,
    hidden: bool,
) -> Result<Vec<(Known, Vec<Why>)>> {
    let mut ids = store::candidate_ids(conn, &asked.words, asked.item)?;
    if let Some(visitor) = visitor {
        let seen = store::visible_ids(conn, visitor, &ids)?;
        ids.retain(|id| seen.contains(id));
    }
    let mut known = store::known_of(conn, &ids)?;
    if hidden {
        known.retain(|one| !one.is_restricted);
    }
    let candidates: Vec<(usize, Utc, Traits)> = (known.iter().enumerate())
        .map(|(n, one)| (n, one.updated_at, one.traits()))
        .collect();
    let mut found = Vec::new();
    for like in alike(asked, &candidates, candidates.len()) {
        if !is_match(asked, like.score, &like.reasons) {
            continue;
        }
        if let Some(one) = known.get(like.what) {
            let why = like.reasons.into_iter().map(Why::Alike).collect();
            found.push((one.clone(), why));
        }
        if found.len() == OFFERED {
            break;
        }
    }
    Ok(found)
}

/// What is known of a call that is being typed.
pub fn known_for(
    conn: &mut Db,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<Vec<(Known, Vec<Why>)>> {
    matching(conn, &asked.traits(), Some(visitor), false)
}

/// Offers on an incident what is like it now. What nobody used and is not like it any more is taken
/// back; what somebody linked stays.
pub fn offer(w: &mut Write<'_>, ctx: &Ctx, incident: &Record) -> Result<()> {
    if incident.kind != Kind::Incident || !incident.is_open {
        return Ok(());
    }
    let asked = Asked::of(incident).traits();
    let found = matching(w, &asked, None, !incident.is_restricted)?;
    let before = store::offers_of(w, incident.id)?;
    let is_kept = |offered: &Offered| {
        found
            .iter()
            .any(|(known, _)| known.problem_id == offered.problem_id)
            || why::read(&offered.why).contains(&Why::Linked)
    };
    let gone: Vec<Id<Record>> = before
        .iter()
        .filter(|offered| !is_kept(offered))
        .map(|offered| offered.problem_id)
        .collect();
    store::forget_unused(w, incident.id, &gone)?;
    for (known, why) in found {
        let known_before = before.iter().find(|o| o.problem_id == known.problem_id);
        put(w, ctx, incident.id, known.problem_id, known_before, why)?;
    }
    Ok(())
}

/// Offers the known error of a problem on an incident that was linked to it.
pub(super) fn offer_linked(
    w: &mut Write<'_>,
    ctx: &Ctx,
    problem: Id<Record>,
    incident: Id<Record>,
) -> Result<()> {
    if store::known_of(w, &[problem])?.is_empty() {
        return Ok(());
    }
    let before = store::find_offer(w, incident, problem)?;
    let mut why = before.as_ref().map_or_else(Vec::new, |o| why::read(&o.why));
    if !why.contains(&Why::Linked) {
        why.insert(0, Why::Linked);
    }
    put(w, ctx, incident, problem, before.as_ref(), why)
}

/// A known error was published, or is offered again: it is offered on the open incidents linked to its
/// problem, and on those that are like it.
pub fn published(w: &mut Write<'_>, ctx: &Ctx, problem: &Record) -> Result<()> {
    for incident in store::open_linked_ids(w, problem.id, super::MOST)? {
        offer_linked(w, ctx, problem.id, incident)?;
    }
    let Some(known) = store::known_of(w, &[problem.id])?.pop() else {
        return Ok(());
    };
    if known.is_restricted {
        return Ok(());
    }
    let traits = known.traits();
    let ids = crate::search::candidates(w, None, &traits.words)?;
    let mut incidents = store::incidents_by_ids(w, None, &ids)?;
    incidents.retain(|incident| incident.is_open);
    let candidates: Vec<(usize, Utc, Traits)> = (incidents.iter().enumerate())
        .map(|(n, one)| (n, one.reported_at, one.traits(Vec::new())))
        .collect();
    for like in alike(&traits, &candidates, candidates.len()) {
        let Some(incident) = incidents.get(like.what) else {
            continue;
        };
        if !is_match(&traits, like.score, &like.reasons) {
            continue;
        }
        let before = store::find_offer(w, incident.id, problem.id)?;
        let mut why: Vec<Why> = like.reasons.into_iter().map(Why::Alike).collect();
        if before
            .as_ref()
            .is_some_and(|o| why::read(&o.why).contains(&Why::Linked))
        {
            why.insert(0, Why::Linked);
        }
        put(w, ctx, incident.id, problem.id, before.as_ref(), why)?;
    }
    Ok(())
}

/// Writes an offer; one that was made before keeps when, and what came of it.
fn put(
    w: &mut Write<'_>,
    ctx: &Ctx,
    incident: Id<Record>,
    problem: Id<Record>,
    before: Option<&Offered>,
    why: Vec<Why>,
) -> Result<()> {
    let why = why::write(&why);
    let offered = match before {
        Some(before) if before.why == why => return Ok(()),
        Some(before) => Offered {
            why,
            ..before.clone()
        },
        None => Offered {
            incident_id: incident,
            problem_id: problem,
            offered_at: ctx.now,
            why,
            used_at: None,
            used_version: None,
            used_by_id: None,
            worked: None,
            worked_at: None,
        },
    };
    store::put_offer(w, &offered)
}

/// An incident, for what a person does with what is offered on it.
pub(super) fn incident(
    conn: &mut Db,
    visitor: &Visitor,
    number: records::Number,
) -> Result<Record> {
    if number.kind != Kind::Incident {
        return Err(crate::platform::kernel::error::Error::NotFound);
    }
    records::find_visible(conn, visitor, number)
}
