//! The numbers beside the views, from the tallies: one statement, and no record is counted but the
//! few restricted ones that are open and name the reader. One more counts somebody's open tasks.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

use crate::people::{Person, Visitor};
use crate::platform::db::connect::MultiBackend;
use crate::platform::db::types::SqlId;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::model::Kind;
use crate::records::visible::push_named;

/// How many open records each view shows a person who works on records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub open: i64,
    pub mine: i64,
    pub teams: i64,
    pub unassigned: i64,
    pub waiting: i64,
    /// Flagged by an agreement.
    pub flagged: i64,
    /// Owned by the person's teams, while others work on them.
    pub handed_over: i64,
    /// Open tasks of the person, and of their teams.
    pub my_tasks: i64,
    pub team_tasks: i64,
    by_kind: Vec<(Kind, i64)>,
}

impl Counts {
    pub fn of_kind(&self, kind: Kind) -> i64 {
        self.by_kind
            .iter()
            .find(|(k, _)| *k == kind)
            .map_or(0, |(_, n)| *n)
    }
}

/// A statement of its own rather than `sql_query`, which would be prepared anew for every page.
#[derive(Debug, Clone, Copy, QueryId)]
struct ByKind {
    visitor: Id<Person>,
    nobody: Id<Person>,
}

impl Query for ByKind {
    type SqlType = (Text, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
}
impl<C> RunQueryDsl<C> for ByKind {}

impl QueryFragment<MultiBackend> for ByKind {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(
            "SELECT kind, CAST(sum(n) AS BIGINT), \
             CAST(sum(CASE WHEN state_group = 'waiting' THEN n ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN assignee_id = ",
        );
        out.push_bind_param::<SqlId, _>(&self.visitor)?;
        out.push_sql(" THEN n ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN coalesce(assignee_id, ");
        out.push_bind_param::<SqlId, _>(&self.nobody)?;
        out.push_sql(") = ");
        out.push_bind_param::<SqlId, _>(&self.nobody)?;
        out.push_sql(
            " THEN n ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN team_id IN \
             (SELECT team_id FROM team_members WHERE person_id = ",
        );
        out.push_bind_param::<SqlId, _>(&self.visitor)?;
        out.push_sql(
            ") THEN n ELSE 0 END) AS BIGINT), (SELECT CAST(coalesce(sum(h.n), 0) AS BIGINT) \
             FROM handover_tallies h JOIN team_members m ON m.team_id = h.owner_team_id \
             WHERE m.person_id = ",
        );
        out.push_bind_param::<SqlId, _>(&self.visitor)?;
        out.push_sql(
            ") + (SELECT count(*) FROM records WHERE is_restricted AND is_open \
             AND team_id <> owner_team_id AND owner_team_id IN \
             (SELECT team_id FROM team_members WHERE person_id = ",
        );
        out.push_bind_param::<SqlId, _>(&self.visitor)?;
        out.push_sql(") AND (");
        push_named(&mut out, &self.visitor)?;
        out.push_sql(
            ")), (SELECT count(*) FROM records WHERE is_flagged = TRUE AND is_open AND (NOT is_restricted OR ",
        );
        push_named(&mut out, &self.visitor)?;
        out.push_sql(
            ")) FROM (SELECT kind, state_group, team_id, assignee_id, n \
             FROM record_tallies WHERE n > 0 UNION ALL SELECT kind, state_group, team_id, assignee_id, 1 \
             FROM records WHERE is_restricted AND is_open AND (",
        );
        push_named(&mut out, &self.visitor)?;
        out.push_sql(")) AS standing GROUP BY kind");
        Ok(())
    }
}

/// The counts of every built-in view for one person.
pub fn counts(conn: &mut Db, visitor: &Visitor) -> Result<Counts> {
    let query = ByKind {
        visitor: visitor.id,
        nobody: Id::nil(),
    };
    let rows: Vec<(Kind, i64, i64, i64, i64, i64, i64, i64)> = query.load(conn)?;
    let mut counts = Counts::default();
    for (kind, open, waiting, mine, unassigned, teams, handed_over, flagged) in rows {
        counts.open += open;
        counts.waiting += waiting;
        counts.mine += mine;
        counts.unassigned += unassigned;
        counts.teams += teams;
        // The same beside every kind.
        counts.handed_over = handed_over;
        counts.flagged = flagged;
        counts.by_kind.push((kind, open));
    }
    (counts.my_tasks, counts.team_tasks) = super::tasks::count_tasks(conn, visitor)?;
    Ok(counts)
}
