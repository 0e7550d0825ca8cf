//! People and teams as the journal's verification sees them.

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Person, Roles, Team};
use crate::journal::Value;
use crate::journal::verify::{Rows, Standing};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{people, teams};

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
        ],
    }
}

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
