//! What will breach, and whether every breach that is due has been written.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::people::{Person, Team, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::Kind;
use crate::schema::{clocks, people, records, teams};

/// A clock that runs out.
#[derive(Debug, Clone, Queryable)]
pub struct DueRow {
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub facts: i64,
    pub target: String,
    pub due_at: Utc,
    pub priority: i32,
    pub team_id: Option<Id<Team>>,
    pub team: Option<String>,
    pub assignee_id: Option<Id<Person>>,
    pub assignee: Option<String>,
}

/// The clocks that run out from `from` on and before `until`, the next one first, from a key on.
/// Nothing else than what is visible to a reader, and no restricted record.
pub fn due_until(
    conn: &mut Db,
    visitor: &Visitor,
    from: Utc,
    until: Utc,
    after: Option<(Utc, Id<()>)>,
    limit: i64,
) -> Result<Vec<(Id<()>, DueRow)>> {
    let mut query = clocks::table
        .inner_join(records::table)
        .left_join(teams::table.on(records::team_id.eq(teams::id.nullable())))
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .filter(sql::<Bool>("clocks.outcome = 'running'"))
        .filter(clocks::due_at.ge(from))
        .filter(clocks::due_at.lt(until))
        .filter(clocks::is_restricted.eq(false))
        .order((clocks::due_at, clocks::id))
        .select((
            clocks::id,
            (
                records::kind,
                records::number,
                records::title,
                records::facts,
                clocks::target,
                clocks::due_at,
                records::priority,
                records::team_id,
                teams::name.nullable(),
                records::assignee_id,
                people::name.nullable(),
            ),
        ))
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(
            clocks::due_at
                .gt(at)
                .or(clocks::due_at.eq(at).and(clocks::id.gt(id))),
        );
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Whether a clock that was due to be looked at before an instant still waits for that.
pub fn wakes_waiting(conn: &mut Db, before: Utc) -> Result<bool> {
    let one: Option<Id<()>> = clocks::table
        .filter(sql::<Bool>("clocks.wake_at IS NOT NULL"))
        .filter(clocks::wake_at.lt(before))
        .select(clocks::id)
        .first(conn)
        .optional()?;
    Ok(one.is_some())
}
