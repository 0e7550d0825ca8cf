//! Who works here and what for: 40 agents in 10 teams, 2,000 requesters, services, categories.

use andon::journal::{self, Change, Head, NewFact, Subject, Value};
use andon::people::{Person, Roles, Team};
use andon::platform::db::{Id, Utc};
use andon::platform::kernel::ctx::{Actor, Ctx, Door};
use andon::platform::kernel::text;
use andon::services::{Category, Service};

use super::rows::{
    Batch, CategoryRow, FactRow, MemberRow, PersonRow, ServiceRow, TeamRow, Told, WordRow, id_at,
};
use super::words::{Random, Words};

pub const AGENTS: usize = 40;
pub const TEAMS: usize = 10;
pub const REQUESTERS: usize = 2_000;
const SERVICES: usize = 30;
const CATEGORIES: usize = 25;

/// Something with an id and a name.
pub struct Named<T: 'static> {
    pub id: Id<T>,
    pub name: String,
}

pub struct Desk {
    pub agents: Vec<Named<Person>>,
    pub requesters: Vec<Named<Person>>,
    pub teams: Vec<Named<Team>>,
    pub services: Vec<Named<Service>>,
    pub categories: Vec<Named<Category>>,
}

/// The teams of an agent: every agent is in one, every second in another besides.
pub fn teams_of(agent: usize) -> Vec<usize> {
    let own = agent * TEAMS / AGENTS;
    if agent.is_multiple_of(2) {
        vec![own, (own + 3) % TEAMS]
    } else {
        vec![own]
    }
}

impl Desk {
    /// Makes the desk, opened at `at`, and the rows that say so.
    pub fn make(words: &Words, at: Utc) -> (Self, Batch) {
        let mut random = Random(11);
        let mut batch = Batch::default();
        let agents = (0..AGENTS)
            .map(|n| {
                let roles = if n == 0 {
                    Roles::AGENT.with(Roles::ADMINISTRATOR)
                } else {
                    Roles::AGENT
                };
                person(words, &mut random, &mut batch, at, n, roles)
            })
            .collect();
        let requesters = (AGENTS..AGENTS + REQUESTERS)
            .map(|n| person(words, &mut random, &mut batch, at, n, Roles::NONE))
            .collect();
        let mut desk = Desk {
            agents,
            requesters,
            teams: Vec::new(),
            services: Vec::new(),
            categories: Vec::new(),
        };
        desk.make_teams(words, &mut random, &mut batch, at);
        desk.make_services(words, &mut random, &mut batch, at);
        (desk, batch)
    }

    fn make_teams(&mut self, words: &Words, random: &mut Random, batch: &mut Batch, at: Utc) {
        for n in 0..TEAMS {
            let name = format!("{} desk {n}", words.name(random));
            let id = id_at(at, random.next());
            batch.teams.push(TeamRow {
                id,
                name: name.clone(),
                name_key: text::fold(&name),
                lead_id: None,
                disabled_at: None,
                version: 1,
            });
            let ctx = Ctx::system(at, Door::Command);
            let subject = Subject {
                kind: "team",
                id: id.uuid(),
            };
            let label = Change::set("name", Value::Text(name.clone()));
            let added = NewFact::new("team.added", vec![label]);
            let (row, mut head) = fact_row(&ctx, subject, &Head::empty(), &added);
            batch.facts.push(row);
            for agent in (0..AGENTS).filter(|agent| teams_of(*agent).contains(&n)) {
                let agent = &self.agents[agent];
                batch.members.push(MemberRow {
                    person_id: agent.id,
                    team_id: id,
                });
                let who = Value::Ref(agent.id.uuid(), agent.name.clone());
                let joined = NewFact::new("team.member_added", vec![Change::set("member", who)]);
                let (row, next) = fact_row(&ctx, subject, &head, &joined);
                batch.facts.push(row);
                head = next;
            }
            self.teams.push(Named { id, name });
        }
    }

    fn make_services(&mut self, words: &Words, random: &mut Random, batch: &mut Batch, at: Utc) {
        for n in 0..SERVICES {
            let name = format!("{} {n}", words.name(random));
            let id = id_at(at, random.next());
            batch.services.push(ServiceRow {
                id,
                name: name.clone(),
                name_key: text::fold(&name),
                owner_id: None,
                team_id: Some(self.teams[n % TEAMS].id),
                criticality: 1 + (n % 4) as i32,
                disabled_at: None,
                version: 1,
            });
            let team = &self.teams[n % TEAMS];
            let told = vec![
                Change::set("name", Value::Text(name.clone())),
                Change::set("team", Value::Ref(team.id.uuid(), team.name.clone())),
                Change::set("criticality", Value::Number(1 + (n % 4) as i64)),
            ];
            batch.facts.push(created("service", id.uuid(), at, told));
            self.services.push(Named { id, name });
        }
        for n in 0..CATEGORIES {
            let name = format!("{} {n}", words.name(random));
            let id = id_at(at, random.next());
            batch.categories.push(CategoryRow {
                id,
                name: name.clone(),
                name_key: text::fold(&name),
                team_id: None,
                disabled_at: None,
                version: 1,
            });
            let label = Change::set("name", Value::Text(name.clone()));
            batch
                .facts
                .push(created("category", id.uuid(), at, vec![label]));
            self.categories.push(Named { id, name });
        }
    }
}

fn person(
    words: &Words,
    random: &mut Random,
    batch: &mut Batch,
    at: Utc,
    n: usize,
    roles: Roles,
) -> Named<Person> {
    let (first, last) = (words.name(random), words.name(random));
    let name = format!("{first} {last}");
    let mail = format!(
        "{}.{}.{n}@example.com",
        text::fold(&first),
        text::fold(&last)
    );
    let phone = format!("+49 30 {:06}", 100_000 + n * 7);
    let id = id_at(at, random.next());
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let mut found = text::words(&format!("{name} {mail} {phone}"));
    found.extend([text::fold(&mail), digits]);
    found.sort();
    found.dedup();
    batch.words.extend(found.into_iter().map(|word| WordRow {
        word,
        person_id: id,
    }));
    batch.people.push(PersonRow {
        id,
        name: name.clone(),
        mail: mail.clone(),
        mail_key: Some(text::fold(&mail)),
        phone,
        staff_number: None,
        language: "en".into(),
        zone: "Europe/Berlin".into(),
        theme: "auto".into(),
        single_keys: true,
        roles: roles.0,
        password_hash: None,
        disabled_at: None,
        created_at: at,
        version: 1,
    });
    let label = Change::set("name", Value::Text(name.clone()));
    batch
        .facts
        .push(created("person", id.uuid(), at, vec![label]));
    Named { id, name }
}

/// The first fact of something that is no record.
fn created(kind: &'static str, id: uuid::Uuid, at: Utc, changes: Vec<Change>) -> Told {
    let subject = Subject { kind, id };
    let fact = NewFact::new(format!("{kind}.created"), changes);
    fact_row(
        &Ctx::system(at, Door::Command),
        subject,
        &Head::empty(),
        &fact,
    )
    .0
}

/// A fact as a row, by the product's own hashing, with its texts and the chain's new head.
pub fn fact_row(ctx: &Ctx, subject: Subject, head: &Head, fact: &NewFact) -> (Told, Head) {
    let ready = journal::prepare(ctx, subject, head, fact).expect("randomness");
    let row = FactRow {
        seq: 0,
        subject_kind: subject.kind.to_owned(),
        subject_id: Id::from_uuid(subject.id),
        position: ready.head.count,
        name: fact.name.clone(),
        version: fact.version,
        occurred_at: ready.occurred_at,
        recorded_at: ctx.now,
        actor_id: ctx.actor.id.map(Id::from_uuid),
        behalf_id: None,
        door: ctx.door.word().to_owned(),
        data: ready.text,
        previous: head.hash.clone(),
        hash: ready.head.hash.clone(),
    };
    ((row, ready.kept), ready.head)
}

/// A person doing something at their browser.
pub fn ctx(at: Utc, who: &Named<Person>) -> Ctx {
    Ctx {
        now: at,
        actor: Actor {
            id: Some(who.id.uuid()),
            label: who.name.clone(),
        },
        on_behalf_of: None,
        door: Door::Web,
        request_id: String::new(),
    }
}
