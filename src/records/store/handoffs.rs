//! Hand-offs: from which working team to which, with the notes that say why.

use diesel::prelude::*;

use crate::entries::Entry;
use crate::people::Team;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::model::{Handoff, Record};
use crate::schema::{handoffs, teams};

diesel::alias! {
    const FROM: Alias<FromTeam> = teams as handoff_from;
    const TO: Alias<ToTeam> = teams as handoff_to;
}

/// A hand-off with the names of its teams.
#[derive(Debug, Clone, Queryable)]
pub struct HandoffSeen {
    pub handoff: Handoff,
    pub from: String,
    pub to: String,
}

pub(in crate::records) fn insert_handoff(conn: &mut Db, handoff: &Handoff) -> Result<()> {
    diesel::insert_into(handoffs::table)
        .values(handoff)
        .execute(conn)?;
    Ok(())
}

/// Notes why a hand-off was sent back.
pub(in crate::records) fn return_handoff(
    conn: &mut Db,
    handoff: &Handoff,
    why: Id<Entry>,
) -> Result<()> {
    diesel::update(handoffs::table.find((handoff.record_id, handoff.n)))
        .set(handoffs::returned_entry_id.eq(why))
        .execute(conn)?;
    Ok(())
}

/// Every hand-off of a record, the first first.
pub fn handoffs_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<HandoffSeen>> {
    Ok(handoffs::table
        .inner_join(FROM.on(FROM.field(teams::id).eq(handoffs::from_team_id)))
        .inner_join(TO.on(TO.field(teams::id).eq(handoffs::to_team_id)))
        .filter(handoffs::record_id.eq(record))
        .order(handoffs::n)
        .select((
            Handoff::as_select(),
            FROM.field(teams::name),
            TO.field(teams::name),
        ))
        .load(conn)?)
}

/// The last hand-off of a record that was not sent back.
pub(in crate::records) fn last_handoff(
    conn: &mut Db,
    record: Id<Record>,
    to: Id<Team>,
) -> Result<Option<Handoff>> {
    let last: Option<Handoff> = handoffs::table
        .filter(handoffs::record_id.eq(record))
        .filter(handoffs::returned_entry_id.is_null())
        .order(handoffs::n.desc())
        .select(Handoff::as_select())
        .first(conn)
        .optional()?;
    Ok(last.filter(|handoff| handoff.to_team_id == to))
}
