//! A task's row, its states, and who holds it.

use std::fmt;
use std::str::FromStr;

use diesel::prelude::*;
use uuid::Uuid;

use crate::entries::OnRecord;
use crate::people::{Person, Team};
use crate::platform::db::{Id, Utc};
use crate::schema::tasks;

crate::text_enum! {
    /// How far a task is.
    pub enum TaskState {
        Open = "open",
        Done = "done",
        /// Not done, for a reason somebody gave.
        Skipped = "skipped",
        /// Ended with its record.
        Cancelled = "cancelled",
    }
}

/// Who a task is given to: `team:ID` or `person:ID` in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Team(Id<Team>),
    Person(Id<Person>),
}

impl Holder {
    pub fn uuid(self) -> Uuid {
        match self {
            Holder::Team(id) => id.uuid(),
            Holder::Person(id) => id.uuid(),
        }
    }

    pub fn team(self) -> Option<Id<Team>> {
        match self {
            Holder::Team(id) => Some(id),
            Holder::Person(_) => None,
        }
    }

    pub fn person(self) -> Option<Id<Person>> {
        match self {
            Holder::Person(id) => Some(id),
            Holder::Team(_) => None,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::Team(id) => write!(f, "team:{id}"),
            Holder::Person(id) => write!(f, "person:{id}"),
        }
    }
}

impl FromStr for Holder {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("team", id)) => id.parse().map(Holder::Team).map_err(drop),
            Some(("person", id)) => id.parse().map(Holder::Person).map_err(drop),
            _ => Err(()),
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub struct Task {
    pub id: Id<Task>,
    pub record_id: Id<OnRecord>,
    /// Its place among the tasks of its record, from 1.
    pub place: i32,
    pub title: String,
    pub team_id: Option<Id<Team>>,
    pub assignee_id: Option<Id<Person>>,
    /// [`Utc::FAR`] when there is no date.
    pub due_at: Utc,
    pub blocking: bool,
    pub state: TaskState,
    /// Why it was skipped.
    pub reason: String,
    pub created_at: Utc,
    pub ended_at: Option<Utc>,
}

impl Task {
    pub fn holder(&self) -> Option<Holder> {
        self.assignee_id
            .map(Holder::Person)
            .or(self.team_id.map(Holder::Team))
    }

    pub fn due(&self) -> Option<Utc> {
        (self.due_at < Utc::FAR).then_some(self.due_at)
    }

    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }
}

/// A task with the name of whoever holds it, who may have left meanwhile.
#[derive(Debug, Clone, Queryable)]
pub struct TaskSeen {
    pub task: Task,
    pub team: Option<String>,
    pub person: Option<String>,
}

impl TaskSeen {
    pub fn who(&self) -> Option<&str> {
        self.person.as_deref().or(self.team.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_a_team_or_a_person() {
        for holder in [Holder::Team(Id::new()), Holder::Person(Id::new())] {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
        for wrong in ["", "team:", "person:1", "group:0", "team"] {
            assert_eq!(wrong.parse::<Holder>(), Err(()), "{wrong}");
        }
    }
}
