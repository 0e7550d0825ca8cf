//! What a change collides with: other changes, and the hours in which nobody works. Read in the
//! transaction that asks.

use super::{Found, policy};
use crate::changes::model::Maintenance;
use crate::changes::rules::conflicts::{self, Conflict, Graph, Planned};
use crate::changes::rules::maintenance::{self, Weekly};
use crate::changes::rules::window::Span;
use crate::changes::store;
use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::zone::Zone;
use crate::records::Record;
use crate::services::Service;

/// How far dependencies are followed.
pub const DEPTH: usize = 3;

/// A collision with what a person calls the other change, where they may see it.
#[derive(Debug, Clone)]
pub struct Clash {
    pub conflict: Conflict,
    pub with: Option<Record>,
    pub item: String,
    /// Whether the other is scheduled or under way, and not only asked for.
    pub firm: bool,
}

/// What a planned change collides with now, the earliest first.
pub fn clashes(conn: &mut Db, visitor: &Visitor, found: &Found) -> Result<Vec<Clash>> {
    let conflicts = collisions(conn, found)?;
    named(conn, visitor, conflicts)
}

/// The changes it collides with now, each once.
pub fn in_the_way(conn: &mut Db, found: &Found) -> Result<Vec<Id<Record>>> {
    let found = collisions(conn, found)?;
    let mut ids: Vec<Id<Record>> = found.into_iter().map(|(c, _)| c.with).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Every collision, and whether the other is more than asked for.
fn collisions(conn: &mut Db, found: &Found) -> Result<Vec<(Conflict, bool)>> {
    let Some(span) = found.change.taken() else {
        return Ok(Vec::new());
    };
    let others = store::lives_of(conn, span, found.record.id)?;
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id<Record>> = others.iter().map(|other| other.id).collect();
    let mut items = store::live_of_items(conn, &ids)?;
    let asked: Vec<Id<Record>> = (others.iter())
        .filter(|other| other.state == "awaiting_approval")
        .map(|other| other.id)
        .collect();
    let others: Vec<Planned> = others
        .into_iter()
        .filter_map(|other| {
            let planned = other.ends_at?;
            let ends = other.expected.unwrap_or(planned).max(planned);
            Some(Planned {
                change: other.id,
                span: Span::new(other.starts_at?, ends),
                items: items.remove(&other.id).unwrap_or_default(),
                implementer: other.implementer,
            })
        })
        .collect();
    let mine = Planned {
        change: found.record.id,
        span,
        items: found.scope.items.clone(),
        implementer: found.change.implementer_id,
    };
    let graph = Graph::of(store::edges_around(conn, &mine.items, DEPTH)?);
    let found = conflicts::conflicts(&mine, &others, &graph, DEPTH);
    let firm = |c: Conflict| {
        let is_firm = !asked.contains(&c.with);
        (c, is_firm)
    };
    Ok(found.into_iter().map(firm).collect())
}

fn named(conn: &mut Db, visitor: &Visitor, conflicts: Vec<(Conflict, bool)>) -> Result<Vec<Clash>> {
    let mut records: Vec<Id<Record>> = conflicts.iter().map(|(c, _)| c.with).collect();
    records.sort_unstable();
    records.dedup();
    let seen = store::visible_of(conn, visitor, &records)?;
    let mut items: Vec<_> = conflicts.iter().filter_map(|(c, _)| c.item).collect();
    items.sort_unstable();
    items.dedup();
    let items = store::items_by_ids(conn, &items)?;
    let clash = |(conflict, firm): (Conflict, bool)| {
        let item = items.iter().find(|item| Some(item.id) == conflict.item);
        Clash {
            with: seen.iter().find(|r| r.id == conflict.with).cloned(),
            item: item.map_or_else(String::new, |item| item.name.clone()),
            conflict,
            firm,
        }
    };
    Ok(conflicts.into_iter().map(clash).collect())
}

/// Refuses what the policy does not let pass: a collision of a kind that blocks with a change that is
/// scheduled or under way, or a window outside the maintenance windows.
pub fn unblocked(conn: &mut Db, visitor: &Visitor, found: &Found) -> Result<()> {
    let blocking = policy::policy_form(conn)?.change_blocking;
    let blocks = |word: &str| blocking.split(',').any(|one| one == word);
    let number = found.record.number();
    if blocks(conflicts::OUTSIDE_MAINTENANCE) && !outside_maintenance(conn, found)?.is_empty() {
        let message = Message::new("change-outside-maintenance-blocks");
        return Err(Error::refused(message.arg("number", number)));
    }
    if blocking.is_empty() {
        return Ok(());
    }
    let clashes = clashes(conn, visitor, found)?;
    let blocked = (clashes.iter()).find(|c| c.firm && blocks(c.conflict.way.word()));
    let Some(clash) = blocked else {
        return Ok(());
    };
    let message = match &clash.with {
        Some(other) => Message::new("change-conflict-blocks").arg("other", other.number()),
        None => Message::new("change-conflict-hidden-blocks"),
    };
    Err(Error::refused(message.arg("number", number)))
}

/// A row as the rules see it; none of one whose zone is not known any more.
fn weekly(row: &Maintenance) -> Option<Weekly> {
    Some(Weekly {
        service: row.service_id,
        environment: (!row.environment.is_empty()).then(|| row.environment.clone()),
        zone: Zone::named(&row.zone)?,
        days: u8::try_from(row.days).ok()?,
        opens: row.opens.into(),
        minutes: row.minutes.into(),
    })
}

/// The maintenance windows in force, each with its rule.
pub fn maintenance_hours(conn: &mut Db) -> Result<Vec<(Maintenance, Weekly)>> {
    let rows = store::list_maintenance(conn)?.into_iter();
    let rows = rows.filter(|row| row.disabled_at.is_none());
    Ok(rows
        .filter_map(|row| weekly(&row).map(|rule| (row, rule)))
        .collect())
}

/// The services whose maintenance hours a change lies outside of.
pub fn outside_maintenance(conn: &mut Db, found: &Found) -> Result<Vec<Option<Id<Service>>>> {
    let Some(span) = found.change.window() else {
        return Ok(Vec::new());
    };
    let hours = maintenance_hours(conn)?.into_iter();
    let all: Vec<Weekly> = hours.map(|(_, weekly)| weekly).collect();
    let environment = &found.change.environment;
    Ok(maintenance::outside(
        &all,
        &found.scope.services,
        environment,
        span,
    ))
}
