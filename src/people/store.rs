//! All diesel of people and teams.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::model::{Person, PersonBrief, PersonForm, Team, TeamForm};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{people, person_words, team_members, teams};

pub fn find_person(conn: &mut Db, id: Id<Person>) -> Result<Person> {
    Ok(people::table
        .find(id)
        .select(Person::as_select())
        .first(conn)?)
}

pub fn find_person_by_mail(conn: &mut Db, mail: &str) -> Result<Option<Person>> {
    Ok(people::table
        .filter(people::mail_key.eq(text::fold(mail.trim())))
        .select(Person::as_select())
        .first(conn)
        .optional()?)
}

pub fn people_by_ids(conn: &mut Db, ids: &[Id<Person>]) -> Result<Vec<PersonBrief>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(people::table
        .filter(people::id.eq_any(ids))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

/// Everybody by name, `size + 1` after a (name, id) key.
pub fn list_people(
    conn: &mut Db,
    after: Option<(&str, Id<Person>)>,
    size: i64,
) -> Result<Vec<Person>> {
    let mut query = people::table
        .order((people::name, people::id))
        .limit(size + 1)
        .select(Person::as_select())
        .into_boxed();
    if let Some((name, id)) = after {
        query = query.filter(
            people::name
                .gt(name.to_owned())
                .or(people::name.eq(name.to_owned()).and(people::id.gt(id))),
        );
    }
    Ok(query.load(conn)?)
}

/// A person's name, as an import asks for it.
#[derive(Debug, Clone, Queryable)]
pub struct NameKnown {
    pub id: Id<Person>,
    pub name: String,
    pub mail: String,
}

/// Everybody's name, `size` of them after an id.
pub fn list_names(conn: &mut Db, after: Id<Person>, size: i64) -> Result<Vec<NameKnown>> {
    Ok(people::table
        .filter(people::id.gt(after))
        .order(people::id)
        .limit(size)
        .select((people::id, people::name, people::mail))
        .load(conn)?)
}

/// People whose name, mail, phone or staff number has a word beginning with each of the words
/// asked for; enabled people only, by name.
pub fn search_people(conn: &mut Db, asked: &str, limit: i64) -> Result<Vec<PersonBrief>> {
    let words = text::words(asked);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = people::table
        .filter(people::disabled_at.is_null())
        .order((people::name, people::id))
        .limit(limit)
        .select(PersonBrief::as_select())
        .into_boxed();
    for word in words.iter().take(6) {
        let found = person_words::table
            .filter(person_words::word.ge(word.clone()))
            .filter(person_words::word.lt(format!("{word}\u{10ffff}")))
            .select(person_words::person_id);
        query = query.filter(people::id.eq_any(found));
    }
    Ok(query.load(conn)?)
}

/// Enabled people who hold any role, by name: whom a record can be assigned to.
pub fn list_agents(conn: &mut Db) -> Result<Vec<PersonBrief>> {
    Ok(people::table
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(0))
        .order((people::name, people::id))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

pub(super) fn insert_person(
    conn: &mut Db,
    id: Id<Person>,
    form: &PersonForm,
    now: Utc,
) -> Result<()> {
    diesel::insert_into(people::table)
        .values((
            people::id.eq(id),
            people::name.eq(&form.name),
            people::mail.eq(&form.mail),
            people::mail_key.eq(key(&form.mail)),
            people::phone.eq(&form.phone),
            people::staff_number.eq(key_as_written(&form.staff_number)),
            people::language.eq(&form.language),
            people::zone.eq(&form.zone),
            people::theme.eq("auto"),
            people::single_keys.eq(true),
            people::roles.eq(form.roles.0),
            people::created_at.eq(now),
            people::version.eq(1),
        ))
        .execute(conn)
        .map_err(person_taken)?;
    index_person(conn, id, form)
}

pub(super) fn update_person(
    conn: &mut Db,
    id: Id<Person>,
    version: i64,
    form: &PersonForm,
) -> Result<()> {
    let changed = diesel::update(people::table.find(id).filter(people::version.eq(version)))
        .set((
            people::name.eq(&form.name),
            people::mail.eq(&form.mail),
            people::mail_key.eq(key(&form.mail)),
            people::phone.eq(&form.phone),
            people::staff_number.eq(key_as_written(&form.staff_number)),
            people::language.eq(&form.language),
            people::zone.eq(&form.zone),
            people::roles.eq(form.roles.0),
            people::version.eq(version + 1),
        ))
        .execute(conn)
        .map_err(person_taken)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    diesel::delete(person_words::table.filter(person_words::person_id.eq(id))).execute(conn)?;
    index_person(conn, id, form)
}

pub(super) fn update_preferences(
    conn: &mut Db,
    id: Id<Person>,
    language: &str,
    zone: &str,
    theme: &str,
    single_keys: bool,
) -> Result<()> {
    diesel::update(people::table.find(id))
        .set((
            people::language.eq(language),
            people::zone.eq(zone),
            people::theme.eq(theme),
            people::single_keys.eq(single_keys),
            people::version.eq(people::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn update_password(conn: &mut Db, id: Id<Person>, hash: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::password_hash.eq(hash))
        .execute(conn)?;
    Ok(())
}

pub(super) fn update_disabled(conn: &mut Db, id: Id<Person>, at: Option<Utc>) -> Result<()> {
    diesel::update(people::table.find(id))
        .set((
            people::disabled_at.eq(at),
            people::version.eq(people::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many enabled people hold every bit of a role.
pub(super) fn count_with_role(conn: &mut Db, role: i32) -> Result<usize> {
    let held: Vec<i32> = people::table
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(0))
        .select(people::roles)
        .load(conn)?;
    Ok(held
        .into_iter()
        .filter(|roles| roles & role == role)
        .count())
}

fn index_person(conn: &mut Db, id: Id<Person>, form: &PersonForm) -> Result<()> {
    let digits: String = form.phone.chars().filter(char::is_ascii_digit).collect();
    let mut words = text::words(&format!(
        "{} {} {} {}",
        form.name, form.mail, form.phone, form.staff_number
    ));
    words.push(text::fold(&form.mail));
    words.push(digits);
    words.sort();
    words.dedup();
    for word in words.iter().filter(|word| !word.is_empty()) {
        diesel::insert_into(person_words::table)
            .values((person_words::word.eq(word), person_words::person_id.eq(id)))
            .execute(conn)?;
    }
    Ok(())
}

fn key(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text::fold(text))
}

fn key_as_written(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// SQLite names the column, PostgreSQL the constraint; both become a message by the field.
fn person_taken(e: DieselError) -> Error {
    match &e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info)
            if info.message().contains("mail_key") =>
        {
            Error::invalid("mail", "person-mail-taken")
        }
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info)
            if info.message().contains("staff_number") =>
        {
            Error::invalid("staff_number", "person-staff-number-taken")
        }
        _ => e.into(),
    }
}

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

pub(super) fn teams_of(conn: &mut Db, person: Id<Person>) -> Result<Vec<Id<Team>>> {
    Ok(team_members::table
        .filter(team_members::person_id.eq(person))
        .select(team_members::team_id)
        .load(conn)?)
}

pub(super) fn insert_team(conn: &mut Db, id: Id<Team>, form: &TeamForm) -> Result<()> {
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
    set_members(conn, id, &form.members)
}

pub(super) fn update_team(
    conn: &mut Db,
    id: Id<Team>,
    version: i64,
    form: &TeamForm,
    disabled_at: Option<Utc>,
) -> Result<()> {
    let changed = diesel::update(teams::table.find(id).filter(teams::version.eq(version)))
        .set((
            teams::name.eq(&form.name),
            teams::name_key.eq(text::fold(&form.name)),
            teams::lead_id.eq(form.lead),
            teams::disabled_at.eq(disabled_at),
            teams::version.eq(version + 1),
        ))
        .execute(conn)
        .map_err(team_taken)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    set_members(conn, id, &form.members)
}

fn set_members(conn: &mut Db, team: Id<Team>, members: &[Id<Person>]) -> Result<()> {
    diesel::delete(team_members::table.filter(team_members::team_id.eq(team))).execute(conn)?;
    for person in members {
        diesel::insert_into(team_members::table)
            .values((
                team_members::person_id.eq(*person),
                team_members::team_id.eq(team),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn insert_member(conn: &mut Db, team: Id<Team>, person: Id<Person>) -> Result<()> {
    diesel::insert_into(team_members::table)
        .values((
            team_members::person_id.eq(person),
            team_members::team_id.eq(team),
        ))
        .execute(conn)?;
    Ok(())
}

fn team_taken(e: DieselError) -> Error {
    match &e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "team-name-taken")
        }
        _ => e.into(),
    }
}
