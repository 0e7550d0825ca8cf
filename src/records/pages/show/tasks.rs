//! The tasks of a record as its page shows them: the open ones in their order, each a press away
//! from done, what has ended folded below.

use crate::people::{self, FormView, Shell, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::tasks::{self, Holder, TaskSeen, TaskState};

use super::panels::{Choice, data, ours};

/// A task in words.
#[derive(Debug, Clone)]
pub struct TaskView {
    pub id: String,
    pub title: String,
    /// Who holds it; a person who left meanwhile is still named.
    pub who: Option<String>,
    pub due: Option<When>,
    pub late: bool,
    pub blocking: bool,
    pub state: TaskState,
    /// Key of how it ended.
    pub how: &'static str,
    pub reason: String,
    pub ended: Option<When>,
}

impl TaskView {
    pub fn of(shell: &Shell, seen: TaskSeen) -> Self {
        let who = seen.who().map(str::to_owned);
        let task = seen.task;
        let due = task.due();
        Self {
            id: task.id.to_string(),
            late: task.is_open() && due.is_some_and(|at| at < shell.now),
            due: due.map(|at| shell.when(at)),
            how: match task.state {
                TaskState::Open => "task-state-open",
                TaskState::Done => "task-state-done",
                TaskState::Skipped => "task-state-skipped",
                TaskState::Cancelled => "task-state-cancelled",
            },
            ended: task.ended_at.map(|at| shell.when(at)),
            title: task.title,
            who,
            blocking: task.blocking,
            state: task.state,
            reason: task.reason,
        }
    }

    pub fn is_done(&self) -> bool {
        self.state == TaskState::Done
    }
}

/// The tasks of a record.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    pub open: Vec<TaskView>,
    pub ended: Vec<TaskView>,
    /// Of a record that is closed nothing changes any more.
    pub may_change: bool,
}

impl Tasks {
    pub fn read(conn: &mut Db, shell: &Shell, record: &Record) -> Result<Self> {
        let (open, ended) = tasks::list_of(conn, record.id.cast())?
            .into_iter()
            .partition::<Vec<_>, _>(|seen| seen.task.is_open());
        let views = |list: Vec<TaskSeen>| {
            let views = list.into_iter().map(|seen| TaskView::of(shell, seen));
            views.collect()
        };
        Ok(Self {
            open: views(open),
            ended: views(ended),
            may_change: record.is_open || record.closed_at.is_none(),
        })
    }

    pub fn total(&self) -> usize {
        self.open.len() + self.ended.len()
    }
}

/// Choices under one heading; the first have none.
#[derive(Debug, Clone)]
pub struct Group {
    pub label: Option<&'static str>,
    pub choices: Vec<Choice>,
}

/// The form of a task with whom it can be given to.
#[derive(Debug, Clone)]
pub struct TaskForm {
    pub form: FormView,
    pub groups: Vec<Group>,
}

impl TaskForm {
    /// What a field held when the form was made.
    pub fn was(&self, name: &str) -> &str {
        self.form.value(&format!("was-{name}"))
    }

    /// `now` holds the task already: offered even when they could not be chosen anew.
    pub fn read(
        conn: &mut Db,
        visitor: &Visitor,
        form: FormView,
        now: Option<Holder>,
    ) -> Result<Self> {
        let t = visitor.words;
        let teams: Vec<Choice> = people::list_teams(conn)?
            .into_iter()
            .filter(|team| team.disabled_at.is_none())
            .map(|team| data(Holder::Team(team.id), team.name))
            .collect();
        let (me, others): (Vec<_>, Vec<_>) = people::list_agents(conn)?
            .into_iter()
            .partition(|person| person.id == visitor.id);
        let mut first = vec![ours("", t.s("record-nobody"))];
        first.extend(
            me.into_iter()
                .map(|me| ours(Holder::Person(me.id), t.s("assignee-me"))),
        );
        let people: Vec<Choice> = others
            .into_iter()
            .map(|person| data(Holder::Person(person.id), person.name))
            .collect();
        if let Some(now) = now {
            let value = now.to_string();
            let mut offered = first.iter().chain(&teams).chain(&people);
            if !offered.any(|choice| choice.value == value) {
                first.push(data(value, tasks::holder_name(conn, now)?));
            }
        }
        Ok(Self {
            form,
            groups: vec![
                Group {
                    label: None,
                    choices: first,
                },
                Group {
                    label: Some("task-teams"),
                    choices: teams,
                },
                Group {
                    label: Some("task-people"),
                    choices: people,
                },
            ],
        })
    }
}
