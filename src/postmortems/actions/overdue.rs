//! A post-mortem nobody published in time: whoever leads it is told once, and the managers' report has
//! it until it is published.

use super::{of_record, tell, write};
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::postmortems::model::Postmortem;
use crate::postmortems::store;
use crate::records::{self, Record};

/// Post-mortems that are overdue and of which nobody was told.
pub fn overdue(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    let rows = store::awaited(conn, None, now, limit)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    records::find_by_ids(conn, &ids)
}

/// Tells whoever leads one, and who was there, that it is overdue.
pub fn tell_overdue(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = of_record(w, record)?;
    let after = Postmortem {
        told_at: Some(ctx.now),
        ..found.of.clone()
    };
    let record = found.record.clone();
    let record = write(w, ctx, &found, record, &after, "overdue", Vec::new())?;
    let there = store::participants_of(w, record.id)?;
    let there = there.into_iter().map(|who| who.person_id);
    let who: Vec<_> = found.of.facilitator_id.into_iter().chain(there).collect();
    tell(w, ctx, &record, who, "notice-postmortem-overdue")
}
