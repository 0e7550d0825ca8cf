//! All diesel of changes' own tables.

mod around;
mod erase;
mod fields;
mod freezes;
mod parties;
mod report;
mod templates;

pub use around::{
    LIVE, Live, edges_around, failures_of, incidents_around, live_between, live_of_items, lives_of,
    overrunning, services_of, to_confirm, under_way, visible_of,
};
pub use erase::erase_written;
pub use fields::{freeze_fields, maintenance_fields, template_fields};
pub use freezes::{
    find_freeze, find_maintenance, freezes_between, insert_freeze, insert_maintenance,
    list_freezes, list_maintenance, pass_of, passes_as_value, passes_of, passes_of_many,
    passes_value, put_pass, switched_off, update_freeze, update_maintenance,
};
pub use parties::{
    answer_remark, derived_parties, erase_remarks, insert_remark, kept_parties, kept_parties_of,
    parties_as_value, people_of, put_parties, remarks_as_value, remarks_of, remarks_of_many,
    services_touched,
};
pub use report::{EndedRow, REPORTED, caused_by, ended_between, overdue, passes_between};
pub use templates::{
    find_template, insert_template, last_version, list_templates, templates_in_use, update_template,
};

use diesel::prelude::*;

use super::labels::Scope;
use super::model::Change;
use super::rules::outcome::Outcome;
use crate::items::Item;
use crate::platform::db::{Db, Id, dialect};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{change_items, change_services, changes, items};

/// Whoever lets a change begin, and whoever sets or takes away what stops or authorises one, waits here
/// for the others: neither may rest on what the other is about to alter. Called before anything is read.
pub fn one_at_a_time(conn: &mut Db) -> Result<()> {
    dialect::one_at_a_time(conn, dialect::Turn::Changes)
}

/// What only this change has; one that nobody planned here (a call, an import) is blank.
pub fn find(conn: &mut Db, record: Id<Record>) -> Result<Change> {
    Ok(find_row(conn, record)?.unwrap_or_else(|| Change::blank(record)))
}

/// Its row, if it has one.
pub fn find_row(conn: &mut Db, record: Id<Record>) -> Result<Option<Change>> {
    Ok(changes::table
        .find(record)
        .select(Change::as_select())
        .first(conn)
        .optional()?)
}

/// How the work of a change ended, once it has.
pub fn outcome_of(conn: &mut Db, record: Id<Record>) -> Result<Option<Outcome>> {
    Ok(find_row(conn, record)?.and_then(|change| change.outcome()))
}

/// Whether the work of a change is over, whatever is still to be said of it.
pub fn has_ended(conn: &mut Db, record: Id<Record>) -> Result<bool> {
    Ok(outcome_of(conn, record)?.is_some())
}

/// The rows of some changes.
pub fn find_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Change>> {
    Ok(changes::table
        .filter(changes::record_id.eq_any(records))
        .select(Change::as_select())
        .load(conn)?)
}

/// Writes a change, whether it had a row or not.
pub fn put(conn: &mut Db, change: &Change) -> Result<()> {
    let row = changes::table.find(change.record_id);
    if diesel::update(row).set(change).execute(conn)? == 0 {
        diesel::insert_into(changes::table)
            .values(change)
            .execute(conn)?;
    }
    Ok(())
}

/// What it touches.
pub fn scope_of(conn: &mut Db, record: Id<Record>) -> Result<Scope> {
    Ok(Scope {
        services: change_services::table
            .filter(change_services::record_id.eq(record))
            .order(change_services::service_id)
            .select(change_services::service_id)
            .load(conn)?,
        items: change_items::table
            .filter(change_items::record_id.eq(record))
            .order(change_items::item_id)
            .select(change_items::item_id)
            .load(conn)?,
    })
}

/// Writes what it touches in the place of what it touched.
pub fn put_scope(conn: &mut Db, record: Id<Record>, scope: &Scope) -> Result<()> {
    diesel::delete(change_services::table.filter(change_services::record_id.eq(record)))
        .execute(conn)?;
    diesel::delete(change_items::table.filter(change_items::record_id.eq(record))).execute(conn)?;
    for service in &scope.services {
        diesel::insert_into(change_services::table)
            .values((
                change_services::record_id.eq(record),
                change_services::service_id.eq(service),
            ))
            .execute(conn)?;
    }
    for item in &scope.items {
        diesel::insert_into(change_items::table)
            .values((
                change_items::record_id.eq(record),
                change_items::item_id.eq(item),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Items in the order of their ids.
pub fn items_by_ids(conn: &mut Db, ids: &[Id<Item>]) -> Result<Vec<Item>> {
    Ok(items::table
        .filter(items::id.eq_any(ids))
        .order(items::id)
        .select(Item::as_select())
        .load(conn)?)
}
