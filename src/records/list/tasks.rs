//! Open tasks as somebody's work, on records they may see: their own, and those of their teams that
//! nobody took.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::model::Kind;
use super::super::number::Number;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{records, tasks, team_members, teams};
use crate::tasks::{Task, TaskState};

/// A task with the record it belongs to.
#[derive(Debug, Clone, Queryable)]
pub struct WorkTask {
    pub id: Id<Task>,
    pub title: String,
    pub due_at: Utc,
    pub blocking: bool,
    pub team: Option<String>,
    pub kind: Kind,
    pub n: i64,
    pub record_title: String,
}

impl WorkTask {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }
}

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Mine,
    MyTeams,
}

/// The condition, with the state in each half, so that each is one range of its index.
macro_rules! held_by {
    (mine $visitor:expr) => {
        tasks::assignee_id
            .eq($visitor.id)
            .and(tasks::state.eq(TaskState::Open))
    };
    (teams $visitor:expr) => {
        tasks::team_id
            .eq_any(
                team_members::table
                    .filter(team_members::person_id.eq($visitor.id))
                    .select(team_members::team_id.nullable()),
            )
            .and(tasks::state.eq(TaskState::Open))
    };
}

/// The first of somebody's open tasks, due first.
pub fn open_tasks(
    conn: &mut Db,
    visitor: &Visitor,
    whose: Whose,
    limit: i64,
) -> Result<Vec<WorkTask>> {
    let query = tasks::table
        .inner_join(records::table)
        .left_join(teams::table)
        .order((tasks::due_at, tasks::id))
        .limit(limit)
        .select((
            tasks::id,
            tasks::title,
            tasks::due_at,
            tasks::blocking,
            teams::name.nullable(),
            records::kind,
            records::number,
            records::title,
        ))
        .into_boxed();
    let query = match whose {
        Whose::Mine => query.filter(held_by!(mine visitor)),
        Whose::MyTeams => query.filter(held_by!(teams visitor)),
    };
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// How many open tasks are somebody's own, and how many are their teams'.
pub(super) fn count_tasks(conn: &mut Db, visitor: &Visitor) -> Result<(i64, i64)> {
    let query = tasks::table
        .inner_join(records::table)
        .filter(held_by!(mine visitor).or(held_by!(teams visitor)))
        .group_by(tasks::assignee_id)
        .select((tasks::assignee_id, count_star()))
        .into_boxed();
    let rows: Vec<(Option<Id<Person>>, i64)> = crate::visible!(query, visitor).load(conn)?;
    Ok(rows
        .into_iter()
        .fold((0, 0), |(mine, teams), (who, n)| match who {
            Some(_) => (mine + n, teams),
            None => (mine, teams + n),
        }))
}
