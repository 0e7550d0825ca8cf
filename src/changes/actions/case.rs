//! What approvers are asked about.

use super::Found;
use super::content::content;
use crate::approvals::Case;
use crate::changes::store;
use crate::journal;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::services::{self, Service};

/// What approvers are asked about: all that a change says, in parts.
pub fn case(conn: &mut Db, found: &Found) -> Result<Case> {
    let (record, c) = (&found.record, &found.change);
    let content = content(conn, found)?;
    let raised_by = raised_by(conn, record.id)?;
    let touched = store::services_touched(conn, &found.scope)?;
    let criticality = most_critical(conn, &touched)?;
    Ok(Case {
        record: record.id,
        revision: c.revision,
        kind: Kind::Change,
        change_type: Some(c.change_type.word().to_owned()),
        risk: (!c.risk.is_empty()).then(|| c.risk.clone()),
        environment: (!c.environment.is_empty()).then(|| c.environment.clone()),
        criticality,
        services: touched,
        items: found.scope.items.clone(),
        requester: record.requester_id,
        // Whoever raised it stays so, whoever is named as its requester since.
        excluded: c.implementer_id.into_iter().chain(raised_by).collect(),
        content,
        decide_by: c.window_starts_at,
        bounds: c.bounds().map(|span| (span.starts, span.ends)),
    })
}

/// The criticality of the most critical of some services.
pub fn most_critical(conn: &mut Db, services: &[Id<Service>]) -> Result<Option<i32>> {
    let mut most: Option<i32> = None;
    for id in services {
        let of = services::find_service(conn, *id)?.criticality;
        most = Some(most.map_or(of, |most| most.min(of)));
    }
    Ok(most)
}

/// Who raised a change: nobody becomes somebody else by an edit.
pub fn raised_by(conn: &mut Db, record: Id<Record>) -> Result<Option<Id<Person>>> {
    let begun = journal::begun(conn, record.uuid())?;
    Ok(begun.and_then(|begun| begun.by_id).map(Id::cast))
}
