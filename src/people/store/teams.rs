//! All diesel of teams and who belongs to them.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::people::model::{Person, PersonBrief, Team, TeamForm};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{people, team_members, teams};

pub fn find_team(conn: &mut Db, id: Id<Team>) -> Result<Team> {
    Ok(teams::table
        .find(id)
        .select(Team::as_select())
        .first(conn)?)
}

pub fn team_name(conn: &mut Db, id: Id<Team>) -> Result<String> {
    Ok(teams::table.find(id).select(teams::name).first(conn)?)
}

/// The team of a name, however it is written.
pub fn find_team_by_name(conn: &mut Db, name: &str) -> Result<Option<Id<Team>>> {
    Ok(teams::table
        .filter(teams::name_key.eq(text::fold(name)))
        .select(teams::id)
        .first(conn)
        .optional()?)
}

/// All teams by name, disabled ones too.
pub fn list_teams(conn: &mut Db) -> Result<Vec<Team>> {
    Ok(teams::table
        .order((teams::name, teams::id))
        .select(Team::as_select())
        .load(conn)?)
}

pub fn members_of(conn: &mut Db, team: Id<Team>) -> Result<Vec<PersonBrief>> {
    let members = team_members::table
        .filter(team_members::team_id.eq(team))
        .select(team_members::person_id);
    Ok(people::table
        .filter(people::id.eq_any(members))
        .order((people::name, people::id))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

pub(in crate::people) fn teams_of(conn: &mut Db, person: Id<Person>) -> Result<Vec<Id<Team>>> {
    Ok(team_members::table
        .filter(team_members::person_id.eq(person))
        .select(team_members::team_id)
        .load(conn)?)
}

pub(in crate::people) fn insert_team(conn: &mut Db, id: Id<Team>, form: &TeamForm) -> Result<()> {
    diesel::insert_into(teams::table)
        .values((
            teams::id.eq(id),
            teams::name.eq(&form.name),
            teams::name_key.eq(text::fold(&form.name)),
            teams::lead_id.eq(form.lead),
            teams::version.eq(1),
        ))
        .execute(conn)
        .map_err(team_taken)?;
    Ok(())
}

pub(in crate::people) fn update_team(
    conn: &mut Db,
    team: &Team,
    form: &TeamForm,
    disabled_at: Option<Utc>,
) -> Result<()> {
    let unchanged = teams::table
        .find(team.id)
        .filter(teams::version.eq(team.version));
    let changed = diesel::update(unchanged)
        .set((
            teams::name.eq(&form.name),
            teams::name_key.eq(text::fold(&form.name)),
            teams::lead_id.eq(form.lead),
            teams::disabled_at.eq(disabled_at),
            teams::version.eq(team.version + 1),
        ))
        .execute(conn)
        .map_err(team_taken)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    Ok(())
}

/// Whether a person belongs to a team.
pub(in crate::people) fn is_member(
    conn: &mut Db,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<bool> {
    let found: Option<Id<Team>> = team_members::table
        .find((person, team))
        .select(team_members::team_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

pub(in crate::people) fn insert_member(
    conn: &mut Db,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<()> {
    diesel::insert_into(team_members::table)
        .values((
            team_members::person_id.eq(person),
            team_members::team_id.eq(team),
        ))
        .execute(conn)?;
    Ok(())
}

pub(in crate::people) fn delete_member(
    conn: &mut Db,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<()> {
    diesel::delete(team_members::table.find((person, team))).execute(conn)?;
    Ok(())
}

/// The names of the teams that people belong to, by person and name.
pub fn team_names_of(conn: &mut Db, people: &[Id<Person>]) -> Result<Vec<(Id<Person>, String)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    Ok(team_members::table
        .inner_join(teams::table)
        .filter(team_members::person_id.eq_any(people))
        .order(teams::name)
        .select((team_members::person_id, teams::name))
        .load(conn)?)
}

/// How many members each team has.
pub fn count_members(conn: &mut Db) -> Result<Vec<(Id<Team>, i64)>> {
    Ok(team_members::table
        .group_by(team_members::team_id)
        .select((team_members::team_id, diesel::dsl::count_star()))
        .load(conn)?)
}

fn team_taken(e: DieselError) -> Error {
    match &e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "team-name-taken")
        }
        _ => e.into(),
    }
}
