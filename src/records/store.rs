//! All diesel of the spine. A record is written by [`insert`] and [`save`] alone: both append the
//! fact and move the tallies, so neither can be forgotten.

mod erase;
mod fair;
mod family;
mod handoffs;
mod held;
mod holds;
mod links;
mod numbers;
mod resolutions;
mod standings;
mod tallies;
mod watchers;
mod write;

use diesel::prelude::*;

pub(super) use erase::erase_endings_by;
pub use erase::{asked_for_by, count_endings_by, involving};
pub use fair::{Oldest, fair_order, oldest_open, oldest_waiting};
pub(super) use fair::{count_pull, fair_head, most_urgent, turn_of};
pub(super) use family::{
    above, end_holds, height, holds_because, holds_of, one_at_a_time, original_of,
    supersede_resolutions,
};
pub use family::{
    children_of, finished_children_of, number_of, numbers_of, open_among, open_children_of,
};
pub use handoffs::{HandoffSeen, handoffs_of};
pub(super) use handoffs::{insert_handoff, last_handoff, return_handoff};
pub(super) use held::{AllHeld, all_held};
pub use held::{HeldRecord, HeldTask, assigned_to, count_watched, tasks_of_person};
pub(super) use holds::{end_hold, insert_hold, insert_holds, pauses_of, set_state_before};
pub use holds::{hold_of, holds_due, holds_for, waits_for_requester};
pub use links::{LinkSeen, links_of};
pub(super) use links::{are_linked, delete_link, find_link, insert_link, link_between};
pub(super) use numbers::{find_former, insert_former_number, last_of_next_numbers, next_number};
pub use numbers::{find_meant, former_numbers_of};
pub use resolutions::resolutions_of;
pub(super) use resolutions::{insert_resolution, insert_resolutions, supersede_resolution};
pub(super) use standings::{Headed, heads_of, write_standings};
pub use standings::{ended_last, to_recount, to_try};
pub use tallies::{Tally, tallies};
pub use watchers::watchers_of;
pub(super) use watchers::{delete_watcher, insert_watcher};
pub(super) use write::{Changed, Steps, insert_told, save_all, save_chain, save_many, update_told};
pub use write::{allowance, insert, insert_as_of, save, save_as_of, subject};

use super::model::{Kind, Record};
use super::number::Number;
use super::policy::{Sight, sight_of_asked};
use super::rules::Matrix;
use super::visible::Visible;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::records;
use crate::services::{self, Level, Scale};

/// The record of a number, if the visitor may see it; otherwise it does not exist.
pub fn find_visible(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let query = records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// [`find_visible`] by id: the record that an attachment or a hold names.
pub fn find_visible_by_id(conn: &mut Db, visitor: &Visitor, id: Id<Record>) -> Result<Record> {
    let query = records::table
        .filter(records::id.eq(id))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// [`find_visible`], or a record that is put to them for approval: for the pages of approvals alone.
pub fn find_asked(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    Ok(records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .filter(Visible(sight_of_asked(visitor)))
        .select(Record::as_select())
        .first(conn)?)
}

/// [`find_asked`] by id.
pub fn find_asked_by_id(conn: &mut Db, visitor: &Visitor, id: Id<Record>) -> Result<Record> {
    Ok(records::table
        .filter(records::id.eq(id))
        .filter(Visible(sight_of_asked(visitor)))
        .select(Record::as_select())
        .first(conn)?)
}

/// Whether a record they see is somebody's own, not only put to them.
pub fn is_own(conn: &mut Db, visitor: &Visitor, id: Id<Record>) -> Result<bool> {
    let found: Option<Id<Record>> = records::table
        .filter(records::id.eq(id))
        .filter(Visible(Sight::Involved(visitor.id)))
        .select(records::id)
        .into_boxed()
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// A record by id, for what follows from facts. Doors use [`find_visible`].
pub fn find_by_id(conn: &mut Db, id: Id<Record>) -> Result<Record> {
    Ok(records::table
        .find(id)
        .select(Record::as_select())
        .first(conn)?)
}

/// A record by its number, for whoever holds the database. Doors use [`find_visible`].
pub(super) fn find_for_command(conn: &mut Db, number: Number) -> Result<Record> {
    Ok(records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .select(Record::as_select())
        .first(conn)?)
}

/// These records, in the order of their ids.
pub fn find_by_ids(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Record>> {
    Ok(records::table
        .filter(records::id.eq_any(ids))
        .order(records::id)
        .select(Record::as_select())
        .load(conn)?)
}

/// Records in a state since before an instant: what closes by itself.
pub fn resolved_before(
    conn: &mut Db,
    kind: Kind,
    state: &str,
    before: Utc,
    limit: i64,
) -> Result<Vec<Record>> {
    Ok(records::table
        .filter(records::state.eq(state))
        .filter(records::resolved_at.lt(before))
        .filter(records::kind.eq(kind))
        .order((records::resolved_at, records::id))
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}

/// The priority matrix as it stands.
pub fn matrix(conn: &mut Db) -> Result<Matrix> {
    Ok(Matrix(services::list_matrix(conn)?))
}

/// The levels of one scale, highest first.
pub fn levels(conn: &mut Db, scale: Scale) -> Result<Vec<Level>> {
    services::list_levels(conn, scale)
}
