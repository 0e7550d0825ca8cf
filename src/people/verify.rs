//! People and teams as the journal's verification sees them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Location, Organisation, Person, Roles, Team};
use crate::journal::Value;
use crate::journal::verify::{Checked, Fields, Held, Ledger, Report, Rows, Standing};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{locations, organisations, people, team_members, teams};

/// People. Somebody with a role cannot be there without a fact: roles are what a row slipped in
/// behind the journal's back would be for.
pub const PEOPLE: Rows = Rows {
    kind: "person",
    fields: &[
        "name",
        "mail",
        "phone",
        "staff_number",
        "language",
        "zone",
        "roles",
        "disabled",
        "organisation",
        "location",
        "manager",
        "vip",
        "erased",
    ],
    added: "person.added",
    after: |conn, after, limit| {
        let after = Id::<Person>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Person>> = people::table
            .filter(people::id.gt(after))
            .order(people::id)
            .limit(limit)
            .select(people::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: |conn, ids| {
        let ids = ids.iter().map(|id| Id::<Person>::from_uuid(*id));
        let rows: Vec<Person> = people::table
            .filter(people::id.eq_any(ids))
            .select(Person::as_select())
            .load(conn)?;
        Ok(rows.into_iter().map(person).collect())
    },
    seed: |_| None,
    called: |fields| called("person", fields),
};

fn person(row: Person) -> Standing {
    let roles = row.roles();
    Standing {
        id: row.id.uuid(),
        name: format!("person {}", row.name),
        head: None,
        must_have_facts: roles != Roles::NONE,
        fields: vec![
            ("name", Value::text(&row.name)),
            ("mail", Value::text(&row.mail)),
            ("phone", Value::text(&row.phone)),
            (
                "staff_number",
                Value::text(row.staff_number.as_deref().unwrap_or_default()),
            ),
            ("language", Value::word(row.language)),
            ("zone", Value::word(row.zone)),
            ("roles", super::actions::roles_value(roles)),
            ("disabled", Value::Flag(row.disabled_at.is_some())),
            ("organisation", reference(row.organisation_id)),
            ("location", reference(row.location_id)),
            ("manager", reference(row.manager_id)),
            ("vip", Value::Flag(row.vip)),
            ("erased", erased(row.erased)),
        ],
    }
}

fn erased(number: Option<i32>) -> Value {
    number.map_or(Value::Nothing, |n| Value::Number(n.into()))
}

fn reference<T>(id: Option<Id<T>>) -> Value {
    Value::reference(id.map(|id| (id.uuid(), String::new())))
}

pub const ORGANISATIONS: Rows = Rows {
    kind: "organisation",
    fields: super::actions::ORGANISATION_FIELDS,
    added: "organisation.added",
    after: |conn, after, limit| {
        let after = Id::<Organisation>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Organisation>> = organisations::table
            .filter(organisations::id.gt(after))
            .order(organisations::id)
            .limit(limit)
            .select(organisations::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: |conn, ids| {
        let ids = ids.iter().map(|id| Id::<Organisation>::from_uuid(*id));
        let rows: Vec<Organisation> = organisations::table
            .filter(organisations::id.eq_any(ids))
            .select(Organisation::as_select())
            .load(conn)?;
        let standing = |row: Organisation| Standing {
            id: row.id.uuid(),
            name: format!("organisation {}", row.name),
            head: None,
            must_have_facts: true,
            fields: vec![
                ("name", Value::text(&row.name)),
                ("disabled", Value::Flag(row.disabled_at.is_some())),
            ],
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("organisation", fields),
};

pub const LOCATIONS: Rows = Rows {
    kind: "location",
    fields: super::actions::LOCATION_FIELDS,
    added: "location.added",
    after: |conn, after, limit| {
        let after = Id::<Location>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Location>> = locations::table
            .filter(locations::id.gt(after))
            .order(locations::id)
            .limit(limit)
            .select(locations::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: |conn, ids| {
        let ids = ids.iter().map(|id| Id::<Location>::from_uuid(*id));
        let rows: Vec<Location> = locations::table
            .filter(locations::id.eq_any(ids))
            .select(Location::as_select())
            .load(conn)?;
        let standing = |row: Location| Standing {
            id: row.id.uuid(),
            name: format!("location {}", row.name),
            head: None,
            must_have_facts: true,
            fields: vec![
                ("name", Value::text(&row.name)),
                ("address", Value::text(&row.address)),
                ("disabled", Value::Flag(row.disabled_at.is_some())),
            ],
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("location", fields),
};

/// What to call somebody or something that is gone: by the name its facts gave it.
fn called(kind: &str, fields: &Fields) -> Option<String> {
    let name = fields.get("name")?;
    Some(format!("{kind} {}", name.shown()))
}

const TEAMS: Rows = Rows {
    kind: "team",
    fields: &["name", "lead", "disabled"],
    added: "team.added",
    after: |conn, after, limit| {
        let after = Id::<Team>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Team>> = teams::table
            .filter(teams::id.gt(after))
            .order(teams::id)
            .limit(limit)
            .select(teams::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: team_standings,
    seed: |_| None,
    called: |fields| called("team", fields),
};

/// Who may administer now: has the role, and is not disabled.
pub fn administrators(conn: &mut Db) -> Result<BTreeSet<String>> {
    let may: Vec<(Id<Person>, i32)> = people::table
        .filter(people::disabled_at.is_null())
        .filter(people::roles.ge(Roles::ADMINISTRATOR.0))
        .select((people::id, people::roles))
        .load(conn)?;
    Ok(may
        .into_iter()
        .filter(|(_, roles)| Roles(*roles).any_of(Roles::ADMINISTRATOR))
        .map(|(id, _)| id.to_string())
        .collect())
}

/// Teams, with who belongs to them.
#[derive(Default)]
pub struct Teams {
    /// The teams of the batch being looked at: their names, and their members as the facts tell.
    names: HashMap<Uuid, String>,
    told: HashMap<Uuid, BTreeSet<String>>,
}

impl Ledger for Teams {
    fn kind(&self) -> &'static str {
        TEAMS.kind
    }

    fn fields(&self) -> &[&'static str] {
        TEAMS.fields
    }

    fn tells_all(&self, first: &str) -> bool {
        TEAMS.tells_all(first)
    }

    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        TEAMS.subjects_after(conn, after, limit)
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        let found = team_standings(conn, ids)?;
        self.told.clear();
        self.names = found.iter().map(|s| (s.id, s.name.clone())).collect();
        Ok(found)
    }

    fn name(&self, fields: &Fields) -> Option<String> {
        TEAMS.name(fields)
    }

    fn fact(&mut self, fact: &Checked<'_>) {
        let members = self.told.entry(fact.fact.subject_id.uuid()).or_default();
        if let Some(Held::Ref(person, _)) = fact.before("member") {
            members.remove(person);
        }
        if let Some(Held::Ref(person, _)) = fact.after("member") {
            members.insert(person.clone());
        }
    }

    fn beside(&mut self, conn: &mut Db, _: &[Uuid], report: &mut Report<'_>) -> Result<()> {
        let ids = self.names.keys().map(|id| Id::<Team>::from_uuid(*id));
        let members: Vec<(Id<Team>, Id<Person>)> = team_members::table
            .filter(team_members::team_id.eq_any(ids))
            .order((team_members::team_id, team_members::person_id))
            .select((team_members::team_id, team_members::person_id))
            .load(conn)?;
        for (team, person) in members {
            let told = self.told.get_mut(&team.uuid());
            if !told.is_some_and(|told| told.remove(&person.to_string())) {
                let name = self.names.get(&team.uuid()).map_or("", String::as_str);
                report.differs(name, format!("member {person}: the journal has none"));
            }
        }
        for (id, name) in &self.names {
            for person in self.told.get(id).into_iter().flatten() {
                let said = format!("member {person}: the journal has it, but it is gone");
                report.differs(name, said);
            }
        }
        Ok(())
    }
}

fn team_standings(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
    let ids = ids.iter().map(|id| Id::<Team>::from_uuid(*id));
    let rows: Vec<Team> = teams::table
        .filter(teams::id.eq_any(ids))
        .select(Team::as_select())
        .load(conn)?;
    let standing = |row: Team| Standing {
        id: row.id.uuid(),
        name: format!("team {}", row.name),
        head: None,
        must_have_facts: true,
        fields: vec![
            ("name", Value::text(&row.name)),
            (
                "lead",
                Value::reference(row.lead_id.map(|id| (id.uuid(), String::new()))),
            ),
            ("disabled", Value::Flag(row.disabled_at.is_some())),
        ],
    };
    Ok(rows.into_iter().map(standing).collect())
}
