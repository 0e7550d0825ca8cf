//! All diesel of tasks.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Holder, Task, TaskSeen, TaskState};
use crate::entries::OnRecord;
use crate::journal::ERASED;
use crate::people;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{people as persons, tasks, teams};

/// A task about to be written.
pub struct NewTask<'a> {
    pub id: Id<Task>,
    pub record: Id<OnRecord>,
    pub place: i32,
    pub title: &'a str,
    pub holder: Option<Holder>,
    pub due_at: Option<Utc>,
    pub blocking: bool,
    pub at: Utc,
}

pub fn insert(conn: &mut Db, task: &NewTask<'_>) -> Result<()> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(task.id),
            tasks::record_id.eq(task.record),
            tasks::place.eq(task.place),
            tasks::title.eq(task.title),
            tasks::team_id.eq(task.holder.and_then(Holder::team)),
            tasks::assignee_id.eq(task.holder.and_then(Holder::person)),
            tasks::due_at.eq(task.due_at.unwrap_or(Utc::FAR)),
            tasks::blocking.eq(task.blocking),
            tasks::state.eq(TaskState::Open),
            tasks::reason.eq(""),
            tasks::created_at.eq(task.at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes everything of a task but its place.
pub fn update(conn: &mut Db, task: &Task) -> Result<()> {
    diesel::update(tasks::table.find(task.id))
        .set((
            tasks::title.eq(&task.title),
            tasks::team_id.eq(task.team_id),
            tasks::assignee_id.eq(task.assignee_id),
            tasks::due_at.eq(task.due_at),
            tasks::blocking.eq(task.blocking),
            tasks::state.eq(task.state),
            tasks::reason.eq(&task.reason),
            tasks::ended_at.eq(task.ended_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives some tasks to somebody, or to nobody.
pub fn set_holder(conn: &mut Db, tasks: &[Id<Task>], holder: Option<Holder>) -> Result<()> {
    diesel::update(tasks::table.filter(tasks::id.eq_any(tasks)))
        .set((
            tasks::team_id.eq(holder.and_then(Holder::team)),
            tasks::assignee_id.eq(holder.and_then(Holder::person)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts what stands for an erased text in the place of what some tasks say: all have a title, some a
/// reason.
pub fn erase_texts(conn: &mut Db, tasks: &[Id<Task>]) -> Result<()> {
    let theirs = || tasks::table.filter(tasks::id.eq_any(tasks));
    diesel::update(theirs())
        .set(tasks::title.eq(ERASED))
        .execute(conn)?;
    diesel::update(theirs().filter(tasks::reason.ne("")))
        .set(tasks::reason.eq(ERASED))
        .execute(conn)?;
    Ok(())
}

pub fn set_place(conn: &mut Db, task: Id<Task>, place: i32) -> Result<()> {
    diesel::update(tasks::table.find(task))
        .set(tasks::place.eq(place))
        .execute(conn)?;
    Ok(())
}

/// A task of this record; one of another record does not exist here.
pub fn find(conn: &mut Db, record: Id<OnRecord>, id: Id<Task>) -> Result<Task> {
    Ok(tasks::table
        .find(id)
        .filter(tasks::record_id.eq(record))
        .select(Task::as_select())
        .first(conn)?)
}

/// Every task of a record in its place; there are at most [`super::rules::MOST`].
pub fn list_of(conn: &mut Db, record: Id<OnRecord>) -> Result<Vec<TaskSeen>> {
    Ok(tasks::table
        .left_join(teams::table)
        .left_join(persons::table)
        .filter(tasks::record_id.eq(record))
        .order((tasks::place, tasks::id))
        .select((
            Task::as_select(),
            teams::name.nullable(),
            persons::name.nullable(),
        ))
        .load(conn)?)
}

/// The open tasks of a record in their places.
pub fn open_of(conn: &mut Db, record: Id<OnRecord>) -> Result<Vec<Task>> {
    Ok(tasks::table
        .filter(tasks::record_id.eq(record))
        .filter(tasks::state.eq(TaskState::Open))
        .order((tasks::place, tasks::id))
        .select(Task::as_select())
        .load(conn)?)
}

/// The titles of the open tasks that keep a record from being resolved.
pub fn open_blocking(conn: &mut Db, record: Id<OnRecord>) -> Result<Vec<String>> {
    Ok(tasks::table
        .filter(tasks::record_id.eq(record))
        .filter(tasks::state.eq(TaskState::Open))
        .filter(tasks::blocking.eq(true))
        .order((tasks::place, tasks::id))
        .select(tasks::title)
        .load(conn)?)
}

/// [`open_blocking`] of many records at once; those without are left out.
pub fn open_blocking_of(
    conn: &mut Db,
    records: &[Id<OnRecord>],
) -> Result<HashMap<Id<OnRecord>, Vec<String>>> {
    let mut blocking: HashMap<Id<OnRecord>, Vec<String>> = HashMap::new();
    if records.is_empty() {
        return Ok(blocking);
    }
    let found: Vec<(Id<OnRecord>, String)> = tasks::table
        .filter(tasks::record_id.eq_any(records.to_vec()))
        .filter(tasks::state.eq(TaskState::Open))
        .filter(tasks::blocking.eq(true))
        .order((tasks::record_id, tasks::place, tasks::id))
        .select((tasks::record_id, tasks::title))
        .load(conn)?;
    for (record, title) in found {
        blocking.entry(record).or_default().push(title);
    }
    Ok(blocking)
}

/// These tasks, in any order; for those who may read internal text.
pub fn by_ids(conn: &mut Db, ids: &[Id<Task>]) -> Result<Vec<Task>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(tasks::table
        .filter(tasks::id.eq_any(ids))
        .select(Task::as_select())
        .load(conn)?)
}

/// The tasks of some records, each record's in their places.
pub fn of_records(conn: &mut Db, ids: &[Id<OnRecord>]) -> Result<Vec<Task>> {
    Ok(tasks::table
        .filter(tasks::record_id.eq_any(ids))
        .order((tasks::record_id, tasks::place, tasks::id))
        .select(Task::as_select())
        .load(conn)?)
}

/// The name of who holds a task.
pub fn holder_name(conn: &mut Db, holder: Holder) -> Result<String> {
    match holder {
        Holder::Team(id) => people::team_name(conn, id),
        Holder::Person(id) => Ok(people::find_person(conn, id)?.name),
    }
}
