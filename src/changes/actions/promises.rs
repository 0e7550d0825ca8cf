//! What an outage would break of what was promised: how much of it may fall into service hours, and
//! how much of the time it takes in which an outage is to be over.

use crate::changes::model::Change;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::service_levels::{
    self, Agreement, AgreementKind, Calendar, Hours, Kept, Span as Promised, Target,
};
use crate::services::Service;

/// What an outage touches of the promises there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Touched {
    /// Minutes of it that may fall into the hours of an agreement.
    pub minutes_in_hours: i64,
    /// In percent of the shortest time to resolve that is promised; 0 where none is.
    pub share: i64,
}

/// What the outage of a change touches, for its services.
pub fn touched_by(conn: &mut Db, services: &[Id<Service>], change: &Change) -> Result<Touched> {
    let outage = i64::from(change.outage_minutes);
    let Some(window) = change.window().filter(|_| outage > 0) else {
        return Ok(Touched::default());
    };
    let agreements = service_levels::agreements(conn)?;
    let now = window.starts;
    let in_force: Vec<&Agreement> = (agreements.iter())
        .filter(|kept| !kept.is_retired)
        .filter_map(|kept| kept.in_force(now))
        .filter(|version| !version.is_retired)
        .map(|version| &version.definition)
        .filter(|agreement| covers(agreement, services))
        .collect();
    if in_force.is_empty() {
        return Ok(Touched::default());
    }
    let calendars = service_levels::calendars(conn)?;
    let mut most = Touched::default();
    for agreement in in_force {
        let of = |id| in_calendar(&calendars, id, now);
        let Some(own) = of(agreement.calendar) else {
            continue;
        };
        let also = own.also.iter().filter_map(|id| of(*id));
        let Some(hours) = Hours::of(std::iter::once(own).chain(also)) else {
            continue;
        };
        let open = hours.between(window.starts, window.ends) / 60_000_000;
        let minutes = open.min(outage);
        most.minutes_in_hours = most.minutes_in_hours.max(minutes);
        let (counted, promised) = match agreement.targets.get(&Target::Resolution) {
            Some(Promised::Business { minutes: m }) => (minutes, i64::from(*m)),
            Some(Promised::Clock { minutes: m }) => (outage, i64::from(*m)),
            _ => continue,
        };
        most.share = most.share.max(counted * 100 / promised.max(1));
    }
    Ok(most)
}

/// An agreement with those who use one of the services, about incidents.
fn covers(agreement: &Agreement, services: &[Id<Service>]) -> bool {
    let of = &agreement.covers;
    let own = |service| services.iter().any(|id| id.uuid() == service);
    agreement.kind == AgreementKind::Sla
        && (of.record.is_empty() || of.record == "incident")
        && of.service.is_none_or(own)
}

fn in_calendar(
    all: &[Kept<Calendar>],
    id: uuid::Uuid,
    at: crate::platform::db::Utc,
) -> Option<&Calendar> {
    let kept = all.iter().find(|kept| kept.id.uuid() == id)?;
    kept.in_force(at).map(|version| &version.definition)
}
