//! What the recurrence rule asks: actions that were completed, with what the incidents of their
//! post-mortems were about, and incidents as they were reported.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::journal;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::secrets;
use crate::postmortems::rules::recurrence::{About, Completed, Reported};
use crate::records::{Kind, Record};
use crate::schema::{action_items, categories, external_ids, links, postmortem_incidents, records};
use crate::services::{Category, Service};

/// What stands between a category and what it is part of: *Printing / Toner*.
const WITHIN: &str = " / ";

/// A category whose name says where it belongs is as fine as a subcategory.
fn is_fine(name: Option<&str>) -> bool {
    name.is_some_and(|name| name.contains(WITHIN))
}

fn about(
    service: Option<Id<Service>>,
    category: Option<Id<Category>>,
    name: Option<&str>,
    imported: Option<Id<Category>>,
) -> About {
    About {
        service,
        category,
        subcategory: imported.or(category.filter(|_| is_fine(name))),
    }
}

/// Whether a record was brought in from another system.
pub fn is_imported(conn: &mut Db, record: Id<Record>) -> Result<bool> {
    let n: i64 = external_ids::table
        .filter(external_ids::record_id.eq(record))
        .count()
        .get_result(conn)?;
    Ok(n > 0)
}

/// What an incident is about.
pub fn about_of(conn: &mut Db, incident: &Record) -> Result<About> {
    let name: Option<String> = match incident.category_id {
        None => None,
        Some(id) => categories::table
            .find(id)
            .select(categories::name)
            .first(conn)
            .optional()?,
    };
    let (service, category) = (incident.service_id, incident.category_id);
    Ok(about(service, category, name.as_deref(), None))
}

type DoneRow = (
    Id<Record>,
    Option<Utc>,
    Id<Record>,
    Option<Id<Service>>,
    Option<Id<Category>>,
    Option<String>,
);

fn completed(rows: Vec<DoneRow>, fine: &HashMap<Id<Record>, Id<Category>>) -> Vec<Done> {
    rows.into_iter()
        .filter_map(|(action, at, incident, service, category, name)| {
            let imported = fine.get(&incident).copied();
            Some(Completed {
                action,
                at: at?,
                about: about(service, category, name.as_deref(), imported),
            })
        })
        .collect()
}

/// An action that was completed.
pub type Done = Completed<Id<Record>>;

/// The actions that were completed within a span, each with every incident of this category that its
/// post-mortem is over.
pub fn completed_between(
    conn: &mut Db,
    category: Id<Category>,
    from: Utc,
    to: Utc,
) -> Result<Vec<Done>> {
    let rows: Vec<DoneRow> = action_items::table
        .inner_join(
            postmortem_incidents::table
                .on(postmortem_incidents::record_id.eq(action_items::postmortem_id)),
        )
        .inner_join(records::table.on(records::id.eq(postmortem_incidents::incident_id)))
        .left_join(categories::table.on(records::category_id.eq(categories::id.nullable())))
        .filter(action_items::done_at.ge(from))
        .filter(action_items::done_at.le(to))
        .filter(records::category_id.eq(category))
        .order((action_items::done_at, action_items::record_id))
        .select((
            action_items::record_id,
            action_items::done_at,
            records::id,
            records::service_id,
            records::category_id,
            categories::name.nullable(),
        ))
        .load(conn)?;
    Ok(completed(rows, &HashMap::new()))
}

/// Every action that was completed, for the dry report.
pub fn all_completed(conn: &mut Db) -> Result<Vec<Done>> {
    let rows: Vec<DoneRow> = action_items::table
        .inner_join(
            postmortem_incidents::table
                .on(postmortem_incidents::record_id.eq(action_items::postmortem_id)),
        )
        .inner_join(records::table.on(records::id.eq(postmortem_incidents::incident_id)))
        .left_join(categories::table.on(records::category_id.eq(categories::id.nullable())))
        .filter(action_items::done_at.is_not_null())
        .order((action_items::done_at, action_items::record_id))
        .select((
            action_items::record_id,
            action_items::done_at,
            records::id,
            records::service_id,
            records::category_id,
            categories::name.nullable(),
        ))
        .load(conn)?;
    let ids: Vec<Id<Record>> = rows.iter().map(|row| row.2).collect();
    let fine = subcategories(conn, &ids)?;
    Ok(completed(rows, &fine))
}

/// Incidents that are read at once.
const SOME: i64 = 1_000;

type ReportedRow = (
    Id<Record>,
    Utc,
    Option<Id<Service>>,
    Option<Id<Category>>,
    Option<String>,
    Option<String>,
);

/// The incidents of some categories that were reported within a span, with whether each was imported.
/// Read for the dry report alone, which nobody waits for.
pub fn reported_between(
    conn: &mut Db,
    within: &[Id<Category>],
    from: Utc,
    to: Utc,
) -> Result<Vec<Reported<Id<Record>>>> {
    let mut all = Vec::new();
    let mut after: Option<Id<Record>> = None;
    loop {
        let mut query = records::table
            .left_join(categories::table.on(records::category_id.eq(categories::id.nullable())))
            .left_join(external_ids::table.on(external_ids::record_id.eq(records::id)))
            .filter(records::kind.eq(Kind::Incident))
            .filter(records::category_id.eq_any(within.to_vec()))
            .filter(records::reported_at.between(from, to))
            .order(records::id)
            .limit(SOME)
            .select((
                records::id,
                records::reported_at,
                records::service_id,
                records::category_id,
                categories::name.nullable(),
                external_ids::source.nullable(),
            ))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(records::id.gt(after));
        }
        let rows: Vec<ReportedRow> = query.load(conn)?;
        after = rows.last().map(|row| row.0);
        if after.is_none() {
            return Ok(all);
        }
        let imported = rows.iter().filter(|row| row.5.is_some());
        let imported: Vec<Id<Record>> = imported.map(|row| row.0).collect();
        let fine = subcategories(conn, &imported)?;
        for (incident, at, service, category, name, source) in rows {
            let own = fine.get(&incident).copied();
            all.push(Reported {
                incident,
                at,
                about: about(service, category, name.as_deref(), own),
                is_imported: source.is_some(),
            });
        }
    }
}

/// The subcategories that imported incidents had in their source, where the journal alone keeps them:
/// by an id made of the text.
fn subcategories(conn: &mut Db, ids: &[Id<Record>]) -> Result<HashMap<Id<Record>, Id<Category>>> {
    let mut found = HashMap::new();
    for some in ids.chunks(500) {
        let ids: Vec<Uuid> = some.iter().map(|id| id.uuid()).collect();
        for told in journal::changes_of(conn, &ids, "source_subcategory")? {
            let digest = secrets::sha256(told.after.as_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(digest.first_chunk::<16>().unwrap_or(&[0; 16]));
            let id = Id::from_uuid(Uuid::from_bytes(bytes));
            // The newest is the last.
            found.insert(Id::from_uuid(told.subject), id);
        }
    }
    Ok(found)
}

/// What was opened since an action did not prevent what it was for.
pub fn recurrences_of(conn: &mut Db, action: Id<Record>) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .filter(action_items::recurrence_of_id.eq(action))
        .order((records::created_at, records::id))
        .select(Record::as_select())
        .load(conn)?)
}

/// Whether an incident is linked to an action.
pub fn is_linked(conn: &mut Db, incident: Id<Record>, action: Id<Record>) -> Result<bool> {
    let n: i64 = links::table
        .filter(links::from_id.eq(incident))
        .filter(links::to_id.eq(action))
        .count()
        .get_result(conn)?;
    Ok(n > 0)
}
