//! Opening a problem from incidents.

use super::incidents::{incidents_meant, link_all};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::problems::rules::life::PRACTICE;
use crate::records::actions::{Log, Restrict, log, restrict};
use crate::records::{self, Channel, Number, PriorityWish, Record};
use crate::services::{self, Scale, Service};

/// A problem to be, and the incidents it is opened from.
#[derive(Debug, Clone, Default)]
pub struct OpenFrom {
    pub title: String,
    pub description: String,
    pub service: Option<Id<Service>>,
    pub incidents: Vec<Number>,
}

/// Opens a problem: as bad as the worst of its incidents, on what all of them are on, and for nobody
/// who may not read a restricted one of them.
pub fn open_from(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    command: &OpenFrom,
) -> Result<Record> {
    visitor.needs(Right::Work)?;
    let incidents = incidents_meant(w, visitor, &command.incidents)?;
    let of_all = |of: fn(&Record) -> Option<uuid::Uuid>| {
        let first = incidents.first().and_then(of)?;
        incidents
            .iter()
            .all(|incident| of(incident) == Some(first))
            .then_some(first)
    };
    let service = command
        .service
        .or_else(|| of_all(|r| r.service_id.map(Id::uuid)).map(Id::from_uuid));
    let log_it = Log {
        requester: None,
        channel: Channel::Portal,
        title: command.title.clone(),
        description: command.description.clone(),
        service,
        category: of_all(|r| r.category_id.map(Id::uuid)).map(Id::from_uuid),
        item: of_all(|r| r.item_id.map(Id::uuid)).map(Id::from_uuid),
        location: None,
        priority: as_bad_as(w, &incidents)?,
        team: None,
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    };
    let mut record = log(w, visitor, ctx, &PRACTICE, &log_it)?;
    if let Some(restricted) = incidents.iter().find(|incident| incident.is_restricted) {
        let named = records::named_of(w, restricted)?;
        let command = Restrict {
            team: named.team,
            people: named.people.into_iter().map(|person| person.id).collect(),
            reason: restricted.number().to_string(),
        };
        record = restrict(w, visitor, ctx, record.number(), &command)?;
    }
    link_all(w, visitor, ctx, &record, &incidents)?;
    records::find_visible(w, visitor, record.number())
}

/// Impact and urgency of the worst; the middle of both scales where there is none.
fn as_bad_as(conn: &mut Db, incidents: &[Record]) -> Result<PriorityWish> {
    let mut middle = |scale| -> Result<Option<i32>> {
        let levels = services::list_levels(conn, scale)?;
        Ok(levels.get(levels.len() / 2).map(|level| level.level))
    };
    let impact = incidents.iter().map(|incident| incident.impact).min();
    let urgency = incidents.iter().map(|incident| incident.urgency).min();
    Ok(PriorityWish {
        impact: match impact {
            Some(level) => Some(level),
            None => middle(Scale::Impact)?,
        },
        urgency: match urgency {
            Some(level) => Some(level),
            None => middle(Scale::Urgency)?,
        },
        priority: None,
        reason: String::new(),
    })
}
