//! All diesel of people; `teams`, `places` and `forms` have that of theirs.

mod erase;
mod forms;
mod notices;
mod places;
mod teams;

pub(super) use erase::{erase_person, next_erased};
pub(super) use forms::{
    Parked, delete_parked, first_result, insert_parked, keep_files, list_parked, remember,
};
pub use forms::{
    forget_forms, forget_parked_under, keeps_content, kept_contents_after, kept_files,
};
pub use notices::{list_notices, read_notices, tell};
pub use places::{
    find_location, find_location_by_name, find_organisation, find_organisation_by_name,
    list_locations, list_organisations, whereabouts,
};
pub(super) use places::{
    insert_location, insert_organisation, update_location, update_organisation,
};

pub use teams::{
    count_members, find_team, find_team_by_name, list_teams, members_of, team_name, team_names_of,
};
pub(super) use teams::{
    delete_member, insert_member, insert_team, is_member, teams_of, update_team,
};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::model::{Person, PersonBrief, PersonForm, Preferences, Roles};
use super::policy::Right;
use crate::platform::db::page::{Page, Way};
use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{people, person_words, settings};

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

/// Whoever is meant by a mail address, a staff number, or a name that only one person has.
pub fn find_person_named(conn: &mut Db, typed: &str) -> Result<Option<Person>> {
    let typed = typed.trim();
    let by_key = people::table
        .filter(
            people::mail_key
                .eq(text::fold(typed))
                .or(people::staff_number.eq(typed)),
        )
        .select(Person::as_select())
        .first(conn)
        .optional()?;
    if by_key.is_some() {
        return Ok(by_key);
    }
    let named: Vec<PersonBrief> = search_people(conn, typed, 20)?
        .into_iter()
        .filter(|p| text::words(&p.name) == text::words(typed))
        .collect();
    match named.as_slice() {
        [only] => find_person(conn, only.id).map(Some),
        _ => Ok(None),
    }
}

/// Everybody who has one of these staff numbers or (folded) mail addresses.
pub fn people_by_keys(
    conn: &mut Db,
    staff_numbers: &[String],
    mails: &[String],
) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(
            people::staff_number
                .eq_any(staff_numbers)
                .or(people::mail_key.eq_any(mails)),
        )
        .select(Person::as_select())
        .load(conn)?)
}

/// Who manages somebody.
pub(super) fn manager_of(conn: &mut Db, id: Id<Person>) -> Result<Option<Id<Person>>> {
    Ok(people::table
        .find(id)
        .select(people::manager_id)
        .first(conn)
        .optional()?
        .flatten())
}

/// The first of those whom somebody manages, by name; disabled ones are nobody's.
pub fn reports_of(conn: &mut Db, manager: Id<Person>, limit: i64) -> Result<Vec<PersonBrief>> {
    Ok(people::table
        .filter(people::manager_id.eq(manager))
        .filter(people::disabled_at.is_null())
        .order((people::name, people::id))
        .limit(limit)
        .select(PersonBrief::as_select())
        .load(conn)?)
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

/// Which people a list shows.
#[derive(Debug, Clone, Default)]
pub struct PeopleAsked {
    /// Words that name, mail, phone or staff number begin with; empty for everybody.
    pub words: Vec<String>,
    pub disabled_too: bool,
    /// The person this page lies before or after.
    pub from: Option<(Way, Id<Person>)>,
}

/// One page of people by name. A person who is gone from the list still marks a place in it.
pub fn list_people(conn: &mut Db, asked: &PeopleAsked, size: usize) -> Result<Page<Person>> {
    let from = match asked.from {
        None => None,
        Some((way, id)) => {
            let name: Option<String> = people::table
                .find(id)
                .select(people::name)
                .first(conn)
                .optional()?;
            name.map(|name| (way, name, id))
        }
    };
    let way = from.as_ref().map_or(Way::Next, |(way, _, _)| *way);
    let mut query = people::table
        .limit(size as i64 + 1)
        .select(Person::as_select())
        .into_boxed();
    query = match way {
        Way::Next => query.order((people::name, people::id)),
        Way::Previous => query.order((people::name.desc(), people::id.desc())),
    };
    if let Some((way, name, id)) = from.clone() {
        let tied = people::name.eq(name.clone());
        query = match way {
            Way::Next => query.filter(people::name.gt(name).or(tied.and(people::id.gt(id)))),
            Way::Previous => query.filter(people::name.lt(name).or(tied.and(people::id.lt(id)))),
        };
    }
    if !asked.disabled_too {
        query = query.filter(people::disabled_at.is_null());
    }
    for word in asked.words.iter().take(6) {
        query = query.filter(people::id.eq_any(having_word(word)));
    }
    let from = from.map(|(_, _, id)| id.to_string());
    Ok(Page::of(
        query.load(conn)?,
        size,
        way,
        from.as_deref(),
        |p| p.id.to_string(),
    ))
}

/// Everybody who can be found by a word that begins like this.
#[diesel::dsl::auto_type(no_type_alias)]
fn having_word(word: &str) -> _ {
    let end: String = format!("{word}\u{10ffff}");
    let begin: String = word.to_owned();
    person_words::table
        .filter(person_words::word.ge(begin))
        .filter(person_words::word.lt(end))
        .select(person_words::person_id)
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
        query = query.filter(people::id.eq_any(having_word(word)));
    }
    Ok(query.load(conn)?)
}

/// Managers who work here.
pub fn list_managers(conn: &mut Db) -> Result<Vec<Id<Person>>> {
    let working: Vec<(Id<Person>, i32)> = people::table
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(0))
        .select((people::id, people::roles))
        .load(conn)?;
    let managers = working
        .into_iter()
        .filter(|(_, roles)| Roles(*roles).any_of(Roles::MANAGER));
    Ok(managers.map(|(id, _)| id).collect())
}

/// Enabled people who may work on records, by name: those who only approve are not among them.
pub fn list_workers(conn: &mut Db) -> Result<Vec<PersonBrief>> {
    let all: Vec<(PersonBrief, i32)> = people::table
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(0))
        .order((people::name, people::id))
        .select((PersonBrief::as_select(), people::roles))
        .load(conn)?;
    let work = all
        .into_iter()
        .filter(|(_, roles)| Right::Work.is_held_by(Roles(*roles)));
    Ok(work.map(|(person, _)| person).collect())
}

/// Enabled people who hold any role, by name.
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
    insert_people(conn, &[(id, form)], now)
}

pub(super) fn insert_people(
    conn: &mut Db,
    added: &[(Id<Person>, &PersonForm)],
    now: Utc,
) -> Result<()> {
    let row = |(id, form): &(Id<Person>, &PersonForm)| {
        (
            people::id.eq(*id),
            people::name.eq(form.name.clone()),
            people::mail.eq(form.mail.clone()),
            people::mail_key.eq(key(&form.mail)),
            people::phone.eq(form.phone.clone()),
            people::staff_number.eq(key_as_written(&form.staff_number).map(str::to_owned)),
            people::language.eq(form.language.clone()),
            people::zone.eq(form.zone.clone()),
            people::theme.eq("auto"),
            people::single_keys.eq(true),
            people::roles.eq(form.roles.0),
            people::created_at.eq(now),
            people::version.eq(1),
            people::organisation_id.eq(form.organisation),
            people::location_id.eq(form.location),
            people::manager_id.eq(form.manager),
            people::vip.eq(form.vip),
        )
    };
    let mut insert = || -> QueryResult<()> {
        dialect::insert_many!(
            &mut *conn,
            people::table,
            added.iter().map(row).collect::<Vec<_>>()
        );
        Ok(())
    };
    insert().map_err(person_taken)?;
    index_people(conn, added)
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
            people::organisation_id.eq(form.organisation),
            people::location_id.eq(form.location),
            people::manager_id.eq(form.manager),
            people::vip.eq(form.vip),
        ))
        .execute(conn)
        .map_err(person_taken)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    diesel::delete(person_words::table.filter(person_words::person_id.eq(id))).execute(conn)?;
    index_people(conn, &[(id, form)])
}

pub(super) fn update_preferences(conn: &mut Db, id: Id<Person>, wish: &Preferences) -> Result<()> {
    diesel::update(people::table.find(id))
        .set((
            people::language.eq(&wish.language),
            people::zone.eq(&wish.zone),
            people::theme.eq(&wish.theme),
            people::single_keys.eq(wish.single_keys),
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

/// The zone a new person gets: the setting `default_zone`, UTC where none is set.
pub fn default_zone(conn: &mut Db) -> Result<String> {
    let zone: Option<String> = settings::table
        .find("default_zone")
        .select(settings::value)
        .first(conn)
        .optional()?;
    Ok(zone.unwrap_or_else(|| "UTC".to_owned()))
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

fn index_people(conn: &mut Db, added: &[(Id<Person>, &PersonForm)]) -> Result<()> {
    let rows = added.iter().flat_map(|(id, form)| {
        let id = *id;
        let digits: String = form.phone.chars().filter(char::is_ascii_digit).collect();
        let mut words = text::words(&format!(
            "{} {} {} {}",
            form.name, form.mail, form.phone, form.staff_number
        ));
        words.push(text::fold(&form.mail));
        words.push(digits);
        words.sort();
        words.dedup();
        words.retain(|word| !word.is_empty());
        let words = words.into_iter();
        words.map(move |word| (person_words::word.eq(word), person_words::person_id.eq(id)))
    });
    dialect::insert_many!(conn, person_words::table, rows.collect::<Vec<_>>());
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
