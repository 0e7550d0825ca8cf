//! Who is told of a step of the escalation.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::model::{CLOCKS, Told};
use crate::people::{self, Person, Team};
use crate::platform::db::store::Emitted;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::error::Result;
use crate::records::{self, Record};
use crate::service_levels::{self, Catalogue, Step, Target, Tell, When};

/// Tells everybody whom the steps name, each person once however many records it is about.
pub fn escalated(w: &mut Write<'_>, facts: &[&Emitted]) -> Result<()> {
    let Some(catalogue) = service_levels::catalogue(w)? else {
        return Ok(());
    };
    let steps: Vec<(Told, &Step)> = facts.iter().filter_map(|f| step(&catalogue, f)).collect();
    let Some(now) = facts.first().map(|fact| fact.ctx.now) else {
        return Ok(());
    };
    let mut ids: Vec<Id<Record>> = steps.iter().map(|(told, _)| told.record).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = records::find_by_ids(w, &ids)?;
    let found: HashMap<Id<Record>, Record> = found.into_iter().map(|r| (r.id, r)).collect();
    let mut known = Known::default();
    let mut told: BTreeMap<Uuid, (Id<Person>, Vec<Told>)> = BTreeMap::new();
    for (item, step) in steps {
        let Some(record) = found.get(&item.record) else {
            continue;
        };
        for person in known.named(w, record, &step.tell)? {
            let of = told
                .entry(person.uuid())
                .or_insert_with(|| (person, Vec::new()));
            of.1.push(item.clone());
        }
    }
    for (person, items) in told.into_values() {
        tell(w, person, now, &items)?;
    }
    Ok(())
}

fn tell(conn: &mut Db, person: Id<Person>, now: Utc, items: &[Told]) -> Result<()> {
    let items = items.iter().map(Told::kept).collect();
    people::tell(conn, person, CLOCKS, now, items)
}

/// What a fact says happened, and the step it was; nothing where a later step is told in its place.
fn step<'c>(catalogue: &'c Catalogue, fact: &Emitted) -> Option<(Told, &'c Step)> {
    let after = |field: &str| fact.data.pointer(&format!("/set/{field}/1"));
    if after("clock_step_overtaken").is_some() {
        return None;
    }
    let version = after("clock_version")?.as_str()?.parse().ok()?;
    let index = after("clock_step_index")?.as_u64()?;
    let step = catalogue.step(version, index as usize)?;
    let word = match step.when {
        When::Percent(n) => format!("p{n}"),
        When::Before(n) => format!("b{n}"),
        When::After(n) => format!("a{n}"),
    };
    let told = Told {
        record: Id::from_uuid(fact.subject),
        target: Target::from_word(after("clock_target")?.as_str()?)?,
        step: word,
        at: fact.occurred_at.micros(),
    };
    Some((told, step))
}

/// A team's lead and its members.
type LeadAndMembers = (Option<Id<Person>>, Vec<Id<Person>>);

/// Teams and managers, read once for all the records of a pass.
#[derive(Default)]
struct Known {
    teams: HashMap<Id<Team>, LeadAndMembers>,
    managers: Option<Vec<Id<Person>>>,
}

impl Known {
    /// Everybody named, each once: who works here still, and may know of the record.
    fn named(&mut self, conn: &mut Db, record: &Record, tell: &[Tell]) -> Result<Vec<Id<Person>>> {
        let mut named = Vec::new();
        for whom in tell {
            match whom {
                Tell::Assignee => named.extend(record.assignee_id),
                Tell::Person(id) => named.push(Id::from_uuid(*id)),
                Tell::Managers => named.extend_from_slice(self.managers(conn)?),
                Tell::Team | Tell::TeamLead => {
                    if let Some(team) = record.team_id {
                        let (lead, members) = self.team(conn, team)?;
                        match whom {
                            Tell::Team => named.extend_from_slice(members),
                            _ => named.extend(*lead),
                        }
                    }
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        if record.is_restricted {
            let mut open = Vec::with_capacity(named.len());
            for person in named {
                if records::is_open_to(conn, record, person)? {
                    open.push(person);
                }
            }
            return Ok(open);
        }
        Ok(named)
    }

    fn team(&mut self, conn: &mut Db, id: Id<Team>) -> Result<&LeadAndMembers> {
        Ok(match self.teams.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let lead = people::find_team(conn, id)?.lead_id;
                let members = people::members_of(conn, id)?;
                unknown.insert((lead, members.into_iter().map(|p| p.id).collect()))
            }
        })
    }

    fn managers(&mut self, conn: &mut Db) -> Result<&[Id<Person>]> {
        if self.managers.is_none() {
            self.managers = Some(people::list_managers(conn)?);
        }
        Ok(self.managers.as_deref().unwrap_or_default())
    }
}
