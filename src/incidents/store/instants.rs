//! All diesel of an incident's instants.

use diesel::prelude::*;

use crate::incidents::model::{Instant, Which};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{incident_instants, people, records};

/// The instants of an incident, also those that were cleared.
pub fn instants_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Instant>> {
    Ok(incident_instants::table
        .filter(incident_instants::record_id.eq(record))
        .select(Instant::as_select())
        .load(conn)?)
}

/// An instant with the name of whoever set it.
#[derive(Debug, Clone, Queryable)]
pub struct InstantSeen {
    pub instant: Instant,
    pub by: Option<String>,
}

/// [`instants_of`] with who set them.
pub fn instants_seen(conn: &mut Db, record: Id<Record>) -> Result<Vec<InstantSeen>> {
    Ok(incident_instants::table
        .left_join(people::table)
        .filter(incident_instants::record_id.eq(record))
        .select((Instant::as_select(), people::name.nullable()))
        .load(conn)?)
}

/// Whether anything was ever said of an instant, even if it was cleared.
pub fn was_said(conn: &mut Db, record: Id<Record>, which: Which) -> Result<bool> {
    let said: i64 = incident_instants::table
        .find((record, which))
        .count()
        .get_result(conn)?;
    Ok(said > 0)
}

/// Writes an instant, whether it was there or not.
pub fn put_instant(conn: &mut Db, instant: &Instant) -> Result<()> {
    let changed = diesel::update(incident_instants::table.find((instant.record_id, instant.which)))
        .set(instant)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(incident_instants::table)
            .values(instant)
            .execute(conn)?;
    }
    Ok(())
}

/// The instants of some incidents.
pub fn instants_of_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Instant>> {
    Ok(incident_instants::table
        .filter(incident_instants::record_id.eq_any(records))
        .select(Instant::as_select())
        .load(conn)?)
}

/// The instants of incidents that were resolved since an instant.
pub fn instants_since(conn: &mut Db, since: Utc) -> Result<Vec<Instant>> {
    Ok(incident_instants::table
        .inner_join(records::table.on(records::id.eq(incident_instants::record_id)))
        .filter(records::resolved_at.ge(since))
        .select(Instant::as_select())
        .load(conn)?)
}

/// When an incident began to hurt and when it no longer did, as far as that was said.
pub fn hurt_between(conn: &mut Db, record: &Record) -> Result<(Option<Utc>, Option<Utc>)> {
    if !record.has_instants {
        return Ok((None, None));
    }
    let all = instants_of(conn, record.id)?;
    let at = |which| all.iter().find(|one| one.which == which)?.at;
    Ok((at(Which::ImpactBegan), at(Which::Mitigated)))
}

/// An export's cells of some incidents: each instant and its source.
pub fn cells(
    conn: &mut Db,
    records: &[Id<Record>],
) -> Result<Vec<(Id<Record>, &'static str, String)>> {
    let mut cells = Vec::new();
    for said in instants_of_many(conn, records)? {
        let names = said.which.names();
        if let (Some(at), Some(source)) = (said.at, said.source) {
            cells.push((said.record_id, names.at, at.rfc3339()));
            cells.push((said.record_id, names.source, source.word().to_owned()));
        }
    }
    Ok(cells)
}
