//! People and teams as the journal's verification sees them.

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Location, Organisation, Person, Roles, Team};
use crate::journal::Value;
use crate::journal::verify::{Rows, Standing};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{locations, organisations, people, teams};

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
        ],
    }
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
};

pub const TEAMS: Rows = Rows {
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
};

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
        must_have_facts: false,
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
