//! How many open records stand where: moved with every record, read by every page.

use diesel::prelude::*;

use crate::people::{Person, Team};
use crate::platform::db::{Db, Id, dialect};
use crate::platform::kernel::error::Result;
use crate::records::life_cycle::Group;
use crate::records::model::{Kind, Record};
use crate::schema::record_tallies;

pub(super) type TallyKey = (Kind, Group, Id<Team>, Id<Person>);

/// Where an open record is counted; a finished one nowhere. A restricted one is counted for each of
/// the few who may see it, when they look.
pub(super) fn tally_key(r: &Record) -> Option<TallyKey> {
    (r.is_open && !r.is_restricted).then(|| {
        (
            r.kind,
            r.state_group,
            r.team_id.unwrap_or(Id::nil()),
            r.assignee_id.unwrap_or(Id::nil()),
        )
    })
}

/// Where an open record is counted for the team that owns it, while another works on it.
pub(super) fn handover_key(r: &Record) -> Option<(Id<Team>, Id<Team>)> {
    let (owner, team) = (r.owner_team_id?, r.team_id?);
    (r.is_open && !r.is_restricted && owner != team).then_some((owner, team))
}

pub(super) fn tally(conn: &mut Db, record: &Record, by: i64) -> Result<()> {
    if let Some((kind, group, team, assignee)) = tally_key(record) {
        let (kind, group) = (kind.word(), group.word());
        dialect::add_to_tally(conn, kind, group, team.uuid(), assignee.uuid(), by)?;
    }
    if let Some((owner, team)) = handover_key(record) {
        dialect::add_to_handover_tally(conn, owner.uuid(), team.uuid(), by)?;
    }
    Ok(())
}

/// Counts a changed record where it stands now, and no longer where it stood.
pub(super) fn retally(conn: &mut Db, before: &Record, after: &Record) -> Result<()> {
    let place = |r| (tally_key(r), handover_key(r));
    if place(before) != place(after) {
        tally(conn, before, -1)?;
        tally(conn, after, 1)?;
    }
    Ok(())
}

/// How many open records stand in one place.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = record_tallies)]
pub struct Tally {
    pub kind: Kind,
    pub state_group: Group,
    pub team_id: Id<Team>,
    pub assignee_id: Id<Person>,
    pub n: i64,
}

/// Counts of open records; what every view's number is made from.
pub fn tallies(conn: &mut Db) -> Result<Vec<Tally>> {
    Ok(record_tallies::table
        .filter(record_tallies::n.gt(0))
        .select(Tally::as_select())
        .load(conn)?)
}
