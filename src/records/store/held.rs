//! What one person holds: records assigned to them, their open tasks, records they watch.

use diesel::prelude::*;

use crate::people::{Person, Team, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::model::{Kind, Record};
use crate::records::number::Number;
use crate::schema::{records, tasks, watchers};
use crate::tasks::{Task, TaskState};

/// A record somebody holds, or one on which they hold a task.
#[derive(Debug, Clone, Queryable)]
pub struct HeldRecord {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub team_id: Option<Id<Team>>,
}

impl HeldRecord {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }
}

/// A task somebody holds.
#[derive(Debug, Clone, Queryable)]
pub struct HeldTask {
    pub id: Id<Task>,
    pub title: String,
    pub record: HeldRecord,
}

/// The open records assigned to a person, as far as the visitor may see them.
pub fn assigned_to(
    conn: &mut Db,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<Vec<HeldRecord>> {
    let query = records::table
        .filter(records::is_open.eq(true))
        .filter(records::assignee_id.eq(person))
        .order((records::priority, records::reported_at, records::id))
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::team_id,
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// A person's open tasks, on records the visitor may see.
pub fn tasks_of_person(
    conn: &mut Db,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<Vec<HeldTask>> {
    let query = tasks::table
        .inner_join(records::table)
        .filter(tasks::assignee_id.eq(person))
        .filter(tasks::state.eq(TaskState::Open))
        .order((tasks::due_at, tasks::id))
        .select((
            tasks::id,
            tasks::title,
            (
                records::id,
                records::kind,
                records::number,
                records::title,
                records::team_id,
            ),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Everything open that somebody holds, by its ids.
#[derive(Debug, Default)]
pub(in crate::records) struct AllHeld {
    pub records: Vec<Id<Record>>,
    /// Each with its record.
    pub tasks: Vec<(Id<Record>, Id<Task>)>,
}

/// Everything open that a person holds, whoever may see it.
pub(in crate::records) fn all_held(conn: &mut Db, person: Id<Person>) -> Result<AllHeld> {
    let records = records::table
        .filter(records::is_open.eq(true))
        .filter(records::assignee_id.eq(person))
        .select(records::id)
        .load(conn)?;
    let tasks = tasks::table
        .inner_join(records::table)
        .filter(tasks::assignee_id.eq(person))
        .filter(tasks::state.eq(TaskState::Open))
        .select((records::id, tasks::id))
        .load(conn)?;
    Ok(AllHeld { records, tasks })
}

/// How many open records a person watches, as far as the visitor may see them.
pub fn count_watched(conn: &mut Db, visitor: &Visitor, person: Id<Person>) -> Result<i64> {
    let watched = watchers::table
        .filter(watchers::person_id.eq(person))
        .select(watchers::record_id);
    let query = records::table
        .filter(records::id.eq_any(watched))
        .filter(diesel::dsl::not(records::is_open.ne(true)))
        .select(diesel::dsl::count_star())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}
