//! The tasks of a record: adding, changing, doing, skipping, putting them in order. Each deed is a
//! fact of the record's own chain.

use super::restrict::{must_be_named, must_be_named_team};
use super::{chosen, enabled, not_closed};
use crate::journal::{self, Change, Missed, Value};
use crate::people::{self, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Conflict, Error, Message, Result};
use crate::records::life_cycle::{Move, Need};
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::{policy, store};
use crate::tasks::{self, Holder, NewTask, Task, TaskState, rules};

/// So many of the tasks in the way are named.
const NAMED: usize = 3;

/// A new task.
#[derive(Debug, Clone, Default)]
pub struct AddTask {
    pub title: String,
    pub who: Option<Holder>,
    pub due_at: Option<Utc>,
    pub blocking: bool,
}

/// New values for some fields of a task.
#[derive(Debug, Clone, Default)]
pub struct EditTask {
    /// How many facts of the record the author had seen.
    pub seen: i64,
    /// The author has seen the other value and means theirs.
    pub overwrite: bool,
    pub title: Option<String>,
    pub who: Option<Option<Holder>>,
    pub due_at: Option<Option<Utc>>,
    pub blocking: Option<bool>,
}

/// The record, found through the person, if tasks may still change on it.
fn workable(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let record = store::find_visible(conn, visitor, number)?;
    policy::may_work(visitor)?;
    not_closed(&record)?;
    Ok(record)
}

/// An open task of it. What has ended stays as it ended.
fn open_task(conn: &mut Db, record: &Record, id: Id<Task>) -> Result<Task> {
    let task = tasks::find(conn, record.id.cast(), id)?;
    if task.is_open() {
        Ok(task)
    } else {
        let ended = Message::new("task-has-ended").arg("title", &task.title);
        Err(Error::refused(ended))
    }
}

/// Appends a fact about a task to its record's chain.
fn say(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    task: &Task,
    what: &str,
    more: Vec<Change>,
) -> Result<Record> {
    let named = Value::Ref(task.id.uuid(), task.title.clone());
    let mut changes = vec![Change::set("task", named)];
    changes.extend(more);
    let name = format!("task.{what}");
    store::save(w, ctx, record, record.clone(), name, changes)
}

pub fn add_task(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &AddTask,
) -> Result<Task> {
    let record = workable(w, visitor, number)?;
    if command.title.is_empty() {
        return Err(Error::invalid("task_title", "error-required"));
    }
    let who = given_to(w, &record, command.who)?;
    let there = tasks::list_of(w, record.id.cast())?.len();
    rules::room_for_one(there)?;
    let new = NewTask {
        id: Id::new(),
        record: record.id.cast(),
        place: there as i32 + 1,
        title: &command.title,
        holder: command.who,
        due_at: command.due_at,
        blocking: command.blocking,
        at: ctx.now,
    };
    tasks::insert(w, &new)?;
    let task = tasks::find(w, new.record, new.id)?;
    let mut changes = vec![Change::set("task_state", Value::word(task.state.word()))];
    let values = [
        ("task_who", who),
        ("task_due_at", Value::at(task.due())),
        ("task_blocking", flag(task.blocking)),
    ];
    changes.extend(
        values
            .into_iter()
            .filter(|(_, value)| *value != Value::Nothing)
            .map(|(field, value)| Change::set(field, value)),
    );
    say(w, ctx, &record, &task, "added", changes)?;
    Ok(task)
}

/// A flag that nobody set is nothing.
fn flag(up: bool) -> Value {
    if up {
        Value::Flag(true)
    } else {
        Value::Nothing
    }
}

/// Who gets a task: somebody who works, a team that is there, and for whom the record is there.
fn given_to(conn: &mut Db, record: &Record, who: Option<Holder>) -> Result<Value> {
    const FIELD: &str = "task_who";
    let label = match who {
        None => return Ok(Value::Nothing),
        Some(Holder::Team(id)) => {
            let team = chosen(FIELD, people::find_team(conn, id))?;
            enabled(FIELD, team.disabled_at)?;
            must_be_named_team(conn, record, FIELD, id)?;
            team.name
        }
        Some(Holder::Person(id)) => {
            let person = chosen(FIELD, people::find_person(conn, id))?;
            if person.disabled_at.is_some() || !Right::Work.is_held_by(person.roles()) {
                return Err(Error::invalid(FIELD, "task-person-cannot-work"));
            }
            must_be_named(conn, record, FIELD, id)?;
            person.name
        }
    };
    Ok(labelled(who, label))
}

fn labelled(who: Option<Holder>, label: String) -> Value {
    Value::reference(who.map(|who| (who.uuid(), label)))
}

pub fn edit_task(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Task>,
    command: &EditTask,
) -> Result<Task> {
    let record = workable(w, visitor, number)?;
    let before = open_task(w, &record, id)?;
    let mut after = before.clone();
    let mut changes = Vec::new();
    if let Some(title) = &command.title
        && *title != before.title
    {
        if title.is_empty() {
            return Err(Error::invalid("task_title", "error-required"));
        }
        after.title.clone_from(title);
        let (was, is) = (Value::text(&before.title), Value::text(title));
        changes.push(Change::new("task_title", was, is));
    }
    if let Some(who) = command.who
        && who != before.holder()
    {
        let is = given_to(w, &record, who)?;
        let was = match before.holder() {
            Some(holder) => labelled(before.holder(), tasks::holder_name(w, holder)?),
            None => Value::Nothing,
        };
        after.team_id = who.and_then(Holder::team);
        after.assignee_id = who.and_then(Holder::person);
        changes.push(Change::new("task_who", was, is));
    }
    if let Some(due) = command.due_at
        && due != before.due()
    {
        after.due_at = due.unwrap_or(Utc::FAR);
        let (was, is) = (Value::at(before.due()), Value::at(due));
        changes.push(Change::new("task_due_at", was, is));
    }
    if let Some(blocking) = command.blocking
        && blocking != before.blocking
    {
        after.blocking = blocking;
        let (was, is) = (Value::Flag(before.blocking), Value::Flag(blocking));
        changes.push(Change::new("task_blocking", was, is));
    }
    if changes.is_empty() {
        return Ok(before);
    }
    if !command.overwrite {
        refuse_overlap(w, &record, id, &changes, command.seen)?;
    }
    tasks::update(w, &after)?;
    say(w, ctx, &record, &after, "changed", changes)?;
    Ok(after)
}

/// What somebody else changed of this very task since the author looked is for the author to decide.
fn refuse_overlap(
    conn: &mut Db,
    record: &Record,
    task: Id<Task>,
    mine: &[Change],
    seen: i64,
) -> Result<()> {
    if seen >= record.facts {
        return Ok(());
    }
    let about = ("task", task.to_string());
    let missed = journal::fields_changed_about(conn, record.id.uuid(), seen, &about)?;
    let conflicts: Vec<Conflict> = mine
        .iter()
        .filter_map(|change| {
            let theirs: &Missed = missed.iter().find(|m| m.field == change.field)?;
            Some(Conflict {
                field: change.field,
                theirs: theirs.value.clone(),
                theirs_label: theirs.label.clone(),
                by: theirs.by.clone(),
                at: theirs.at,
            })
        })
        .collect();
    if conflicts.is_empty() {
        Ok(())
    } else {
        Err(Error::Stale(conflicts))
    }
}

/// It is done.
pub fn finish_task(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Task>,
) -> Result<Task> {
    let record = workable(w, visitor, number)?;
    let task = open_task(w, &record, id)?;
    end(w, ctx, &record, task, TaskState::Done, "").map(|(task, _)| task)
}

/// It will not be done, and why.
pub fn skip_task(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Task>,
    reason: &str,
) -> Result<Task> {
    let record = workable(w, visitor, number)?;
    let task = open_task(w, &record, id)?;
    if reason.is_empty() {
        return Err(Error::invalid("task_reason", "error-required"));
    }
    end(w, ctx, &record, task, TaskState::Skipped, reason).map(|(task, _)| task)
}

fn end(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    mut task: Task,
    state: TaskState,
    reason: &str,
) -> Result<(Task, Record)> {
    let was = Value::word(task.state.word());
    task.state = state;
    task.reason = reason.to_owned();
    task.ended_at = Some(ctx.now);
    tasks::update(w, &task)?;
    let mut changes = vec![Change::new("task_state", was, Value::word(state.word()))];
    if !reason.is_empty() {
        changes.push(Change::set("task_reason", Value::text(reason)));
    }
    let record = say(w, ctx, record, &task, state.word(), changes)?;
    Ok((task, record))
}

/// Gives a task another place, counted from 1, among the tasks of its record.
pub fn place_task(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Task>,
    place: usize,
) -> Result<Task> {
    let record = workable(w, visitor, number)?;
    let mut task = tasks::find(w, record.id.cast(), id)?;
    let there = tasks::list_of(w, record.id.cast())?;
    let order: Vec<Id<Task>> = there.iter().map(|seen| seen.task.id).collect();
    if place == 0 || place > order.len() {
        let message = Message::new("task-no-such-place").arg("max", order.len());
        return Err(Error::invalid("task_place", message));
    }
    let was = task.place;
    for (at, other) in rules::moved(&order, id, place).into_iter().enumerate() {
        let stands = there.iter().find(|seen| seen.task.id == other);
        let place = at as i32 + 1;
        if stands.is_some_and(|seen| seen.task.place != place) {
            tasks::set_place(w, other, place)?;
        }
    }
    task.place = place as i32;
    if task.place != was {
        let (was, is) = (Value::Number(was.into()), Value::Number(task.place.into()));
        let moved = vec![Change::new("task_place", was, is)];
        say(w, ctx, &record, &task, "reordered", moved)?;
    }
    Ok(task)
}

/// Takes the open tasks of a record from those for whom it is not there any more.
pub(super) fn take_back_tasks(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut record: Record,
    keeps: impl Fn(Holder) -> bool,
) -> Result<Record> {
    for mut task in tasks::open_of(w, record.id.cast())? {
        let Some(holder) = task.holder().filter(|holder| !keeps(*holder)) else {
            continue;
        };
        (task.team_id, task.assignee_id) = (None, None);
        tasks::update(w, &task)?;
        let was = labelled(Some(holder), tasks::holder_name(w, holder)?);
        let changes = vec![Change::new("task_who", was, Value::Nothing)];
        record = say(w, ctx, &record, &task, "changed", changes)?;
    }
    Ok(record)
}

/// The open tasks of a record that ended for good end with it.
pub fn cancel_open_tasks(w: &mut Write<'_>, ctx: &Ctx, record: Id<Record>) -> Result<()> {
    let open = tasks::open_of(w, record.cast())?;
    if open.is_empty() {
        return Ok(());
    }
    let mut record = store::find_by_id(w, record)?;
    for task in open {
        (_, record) = end(w, ctx, &record, task, TaskState::Cancelled, "")?;
    }
    Ok(())
}

/// Refuses a move that wants the blocking tasks done while one is open, by name.
pub fn unblocked(conn: &mut Db, record: &Record, step: &Move) -> Result<()> {
    if !step.needs.contains(&Need::TasksDone) {
        return Ok(());
    }
    let open = tasks::open_blocking(conn, record.id.cast())?;
    if open.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = open.iter().take(NAMED).map(|t| format!("“{t}”")).collect();
    let message = Message::new(if open.len() > NAMED {
        "tasks-block-more"
    } else {
        "tasks-block"
    });
    Err(Error::refused(
        message
            .arg("number", record.number())
            .arg("tasks", named.join(", "))
            .arg("more", open.len().saturating_sub(NAMED)),
    ))
}
