//! The instants of incidents, for the times to detect, to acknowledge and to restore.

use diesel::prelude::*;

use crate::incidents::Which;
use crate::platform::db::dialect::each_of;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::schema::{incident_instants, records};

/// One instant of an incident, with what every incident has.
#[derive(Queryable)]
pub struct Said {
    pub record: Id<Record>,
    pub priority: i32,
    pub reported_at: Utc,
    pub resolved_at: Option<Utc>,
    pub which: Which,
    pub at: Option<Utc>,
}

/// Gives the instants of the incidents reported in a period, incident by incident.
pub fn instants(conn: &mut Db, from: Utc, before: Utc, mut take: impl FnMut(Said)) -> Result<()> {
    let query = || {
        records::table
            .inner_join(incident_instants::table.on(incident_instants::record_id.eq(records::id)))
            .filter(records::reported_at.ge(from))
            .filter(records::reported_at.lt(before))
            .filter(records::is_restricted.eq(false))
            .filter(records::kind.eq(Kind::Incident))
            .filter(incident_instants::at.is_not_null())
            .order((records::reported_at, records::id))
            .select((
                records::id,
                records::priority,
                records::reported_at,
                records::resolved_at,
                incident_instants::which,
                incident_instants::at,
            ))
    };
    Ok(each_of!(conn, query(), Said, take)?)
}
