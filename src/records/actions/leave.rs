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
use crate::records::store::{self, AllHeld, HeldRecord, HeldTask, Steps};
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
    let other;
    let to = match to {
        GiveTo::Teams => {
            let teams = people::list_teams(w)?.into_iter();
            To::Teams(teams.map(|team| (team.id, team.name)).collect())
        }
        GiveTo::Person(id) if id == person.id => {
            return Err(Error::invalid("assignee", "assignee-cannot-work"));
        }
        GiveTo::Person(id) => {
            super::edit::assignable(w, id)?;
            other = people::find_person(w, id)?;
            To::Person(&other, practices)
        }
    };
    let tasks = held.tasks.iter().map(|task| (task.record.id, task.id));
    let records = held.records.iter().map(|record| record.id);
    let giving = Giving { from: person, to };
    giving.all(w, ctx, Work::of(records, tasks))
}

/// Takes what is left from a person once [`give_away`] has given away what could be seen: restricted
/// work that whoever hands on does not know of. It is with nobody then; the records' own journals say
/// so, and nothing else.
pub fn release(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, person: &Person) -> Result<()> {
    policy::may_work(visitor)?;
    let AllHeld { records, tasks } = store::all_held(w, person.id)?;
    let giving = Giving {
        from: person,
        to: To::Nobody,
    };
    giving.all(w, ctx, Work::of(records.into_iter(), tasks.into_iter()))
}

/// Records, each with those of its tasks that change hands.
struct Work(BTreeMap<Id<Record>, Vec<Id<Task>>>);

impl Work {
    fn of(
        records: impl Iterator<Item = Id<Record>>,
        tasks: impl Iterator<Item = (Id<Record>, Id<Task>)>,
    ) -> Self {
        let mut of: BTreeMap<Id<Record>, Vec<Id<Task>>> =
            records.map(|record| (record, Vec::new())).collect();
        for (record, task) in tasks {
            of.entry(record).or_default().push(task);
        }
        Self(of)
    }
}

/// Who goes on.
enum To<'a> {
    Nobody,
    /// The records' own, by their names.
    Teams(HashMap<Id<Team>, String>),
    Person(&'a Person, Practices),
}

struct Giving<'a> {
    from: &'a Person,
    to: To<'a>,
}

impl Giving<'_> {
    fn all(&self, w: &mut Write<'_>, ctx: &Ctx, Work(of): Work) -> Result<()> {
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
            let mut given: Vec<(Option<Holder>, Vec<Id<Task>>)> = Vec::new();
            for record in records {
                let own = tasks.remove(&record.id.uuid()).unwrap_or_default();
                let team = self.team(w, &record)?;
                let (holder, ids) = (self.holder(team), own.iter().map(|task| task.id));
                match given.iter_mut().find(|(to, _)| *to == holder) {
                    Some((_, tasks)) => tasks.extend(ids),
                    None => given.push((holder, ids.collect())),
                }
                all.push(self.steps(record, team, own)?);
            }
            for (holder, tasks) in &given {
                for some in tasks.chunks(BATCH) {
                    tasks::set_holder(w, some, *holder)?;
                }
            }
            store::save_all(w, ctx, &all)?;
        }
        Ok(())
    }

    /// The team a record's tasks go to. A restricted one goes to nobody it does not name.
    fn team(&self, conn: &mut Db, record: &Record) -> Result<Option<Id<Team>>> {
        match &self.to {
            To::Person(to, _) => {
                super::restrict::must_be_named(conn, record, "assignee", to.id)?;
                Ok(None)
            }
            To::Teams(_) if record.is_restricted => Ok(restrictions::named_of(conn, record)?.team),
            To::Teams(_) => Ok(record.team_id),
            To::Nobody => Ok(None),
        }
    }

    /// One record with its tasks: a fact for the assignee, one for each task.
    fn steps(&self, before: Record, team: Option<Id<Team>>, tasks: Vec<Task>) -> Result<Steps> {
        let mut after = before.clone();
        let mut facts = Vec::new();
        if before.is_open && before.assignee_id == Some(self.from.id) {
            after.assignee_id = None;
            if let To::Person(to, practices) = &self.to {
                after.assignee_id = Some(to.id);
                let practice = practices.of(before.kind);
                if let Some(step) = practice.find(Verb::Assign, &before.state, None) {
                    super::enter(&mut after, practice, step.to)?;
                }
            }
            let changes = labels::changes_with(Some(&before), &after, |_, id| Ok(self.name(id)))?;
            facts.push(NewFact::new(super::fact(before.kind, "assigned"), changes));
        }
        facts.extend(tasks.into_iter().map(|task| self.told(team, task)));
        Ok(Steps {
            before,
            after,
            facts,
        })
    }

    fn holder(&self, team: Option<Id<Team>>) -> Option<Holder> {
        match &self.to {
            To::Person(to, _) => Some(Holder::Person(to.id)),
            To::Teams(_) | To::Nobody => team.map(Holder::Team),
        }
    }

    /// What is said of a task that changes hands.
    fn told(&self, team: Option<Id<Team>>, task: Task) -> NewFact {
        let is = match (&self.to, team) {
            (To::Person(to, _), _) => Value::Ref(to.id.uuid(), to.name.clone()),
            (To::Teams(teams), Some(id)) => {
                Value::Ref(id.uuid(), teams.get(&id).cloned().unwrap_or_default())
            }
            _ => Value::Nothing,
        };
        let was = Value::Ref(self.from.id.uuid(), self.from.name.clone());
        let named = Value::Ref(task.id.uuid(), task.title);
        let changes = vec![Change::set("task", named), Change::new("task_who", was, is)];
        NewFact::new("task.changed", changes)
    }

    /// The only two people who change places here.
    fn name(&self, id: Uuid) -> String {
        match &self.to {
            To::Person(to, _) if to.id.uuid() == id => to.name.clone(),
            _ => self.from.name.clone(),
        }
    }
}
