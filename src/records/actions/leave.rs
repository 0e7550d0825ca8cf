//! Somebody leaves: the open records and tasks they hold go back to their teams, or to somebody
//! else. Many at once: what is read is read for all of them, and each keeps a fact of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::journal::{Change, NewFact, Value};
use crate::people::{self, Person, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::life_cycle::{Practices, Verb};
use crate::records::model::Record;
use crate::records::store::{self, HeldRecord, HeldTask, Steps};
use crate::records::{labels, policy, restrictions};
use crate::tasks::{self, Holder, Task};

/// So many records are read and written together.
const BATCH: usize = 500;

/// Who gets what somebody held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveTo {
    /// The records' own teams, without a person.
    Teams,
    Person(Id<Person>),
}

/// What a person holds that somebody else must go on with.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub records: Vec<HeldRecord>,
    pub tasks: Vec<HeldTask>,
}

impl Held {
    /// What they hold, as far as the visitor may see it.
    pub fn of(conn: &mut Db, visitor: &Visitor, person: Id<Person>) -> Result<Self> {
        policy::may_work(visitor)?;
        Ok(Self {
            records: store::assigned_to(conn, visitor, person)?,
            tasks: store::tasks_of_person(conn, visitor, person)?,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.tasks.is_empty()
    }

    /// The ids of all of it, in order: another list is another sight.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        let records = self.records.iter().map(|record| record.id.uuid());
        records
            .chain(self.tasks.iter().map(|task| task.id.uuid()))
            .collect()
    }
}

/// Takes everything that was seen away from a person. Who gets it must be somebody who works.
pub fn give_away(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    person: &Person,
    held: &Held,
    to: GiveTo,
) -> Result<()> {
    policy::may_work(visitor)?;
    let to = match to {
        GiveTo::Teams => None,
        GiveTo::Person(id) if id == person.id => {
            return Err(Error::invalid("assignee", "assignee-cannot-work"));
        }
        GiveTo::Person(id) => {
            super::edit::assignable(w, id)?;
            Some(people::find_person(w, id)?)
        }
    };
    let teams = people::list_teams(w)?;
    let giving = Giving {
        practices,
        from: person,
        to: to.as_ref(),
        teams: teams.into_iter().map(|team| (team.id, team.name)).collect(),
    };
    let mut of: BTreeMap<Id<Record>, Vec<Id<Task>>> = BTreeMap::new();
    for record in &held.records {
        of.entry(record.id).or_default();
    }
    for task in &held.tasks {
        of.entry(task.record.id).or_default().push(task.id);
    }
    let ids: Vec<Id<Record>> = of.keys().copied().collect();
    for some in ids.chunks(BATCH) {
        let records = store::find_by_ids(w, some)?;
        let wanted: Vec<Id<Task>> = some
            .iter()
            .filter_map(|id| of.get(id))
            .flatten()
            .copied()
            .collect();
        let mut tasks: HashMap<Uuid, Vec<Task>> = HashMap::new();
        for task in tasks::by_ids(w, &wanted)? {
            tasks.entry(task.record_id.uuid()).or_default().push(task);
        }
        let mut all = Vec::with_capacity(records.len());
        for record in records {
            let own = tasks.remove(&record.id.uuid()).unwrap_or_default();
            all.push(giving.steps(w, record, own)?);
        }
        store::save_all(w, ctx, &all)?;
    }
    Ok(())
}

struct Giving<'a> {
    practices: Practices,
    from: &'a Person,
    to: Option<&'a Person>,
    teams: HashMap<Id<Team>, String>,
}

impl Giving<'_> {
    /// One record with its tasks: a fact for the assignee, one for each task. A restricted one goes to
    /// nobody it does not name.
    fn steps(&self, w: &mut Write<'_>, before: Record, tasks: Vec<Task>) -> Result<Steps> {
        if let Some(to) = self.to {
            super::restrict::must_be_named(w, &before, "assignee", to.id)?;
        }
        let team = match before.is_restricted {
            true => restrictions::named_of(w, &before)?.team,
            false => before.team_id,
        };
        let mut after = before.clone();
        let mut facts = Vec::new();
        if before.is_open && before.assignee_id == Some(self.from.id) {
            after.assignee_id = self.to.map(|person| person.id);
            let practice = self.practices.of(before.kind);
            if self.to.is_some()
                && let Some(step) = practice.find(Verb::Assign, &before.state, None)
            {
                super::enter(&mut after, practice, step.to)?;
            }
            let changes = labels::changes_with(Some(&before), &after, |_, id| Ok(self.name(id)))?;
            facts.push(NewFact::new(super::fact(before.kind, "assigned"), changes));
        }
        for task in tasks {
            facts.push(self.task(w, team, task)?);
        }
        Ok(Steps {
            before,
            after,
            facts,
        })
    }

    fn task(&self, w: &mut Write<'_>, team: Option<Id<Team>>, mut task: Task) -> Result<NewFact> {
        let to = match self.to {
            Some(person) => Some(Holder::Person(person.id)),
            None => team.map(Holder::Team),
        };
        task.team_id = to.and_then(Holder::team);
        task.assignee_id = to.and_then(Holder::person);
        tasks::update(w, &task)?;
        let was = Value::Ref(self.from.id.uuid(), self.from.name.clone());
        let is = match to {
            Some(Holder::Team(id)) => {
                let name = self.teams.get(&id).cloned().unwrap_or_default();
                Value::Ref(id.uuid(), name)
            }
            Some(Holder::Person(id)) => Value::Ref(id.uuid(), self.name(id.uuid())),
            None => Value::Nothing,
        };
        let named = Value::Ref(task.id.uuid(), task.title);
        let changes = vec![Change::set("task", named), Change::new("task_who", was, is)];
        Ok(NewFact::new("task.changed", changes))
    }

    /// The only two people who change places here.
    fn name(&self, id: Uuid) -> String {
        let other = self.to.filter(|person| person.id.uuid() == id);
        other.unwrap_or(self.from).name.clone()
    }
}
