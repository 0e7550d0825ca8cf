//! All diesel of services, categories, codes, levels and the matrix.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::fields;
use super::model::{Category, Code, CodeList, Level, Scale, Service};
use super::seeds;
use crate::people::{Person, Team};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{categories, codes, levels, priority_matrix, services, settings};

pub fn find_service(conn: &mut Db, id: Id<Service>) -> Result<Service> {
    Ok(services::table
        .find(id)
        .select(Service::as_select())
        .first(conn)?)
}

pub fn find_category(conn: &mut Db, id: Id<Category>) -> Result<Category> {
    Ok(categories::table
        .find(id)
        .select(Category::as_select())
        .first(conn)?)
}

/// The service of a name, however it is written.
pub fn find_service_by_name(conn: &mut Db, name: &str) -> Result<Option<Id<Service>>> {
    Ok(services::table
        .filter(services::name_key.eq(text::fold(name)))
        .select(services::id)
        .first(conn)
        .optional()?)
}

/// The category of a name, however it is written.
pub fn find_category_by_name(conn: &mut Db, name: &str) -> Result<Option<Id<Category>>> {
    Ok(categories::table
        .filter(categories::name_key.eq(text::fold(name)))
        .select(categories::id)
        .first(conn)
        .optional()?)
}

/// All services by name, disabled ones too.
pub fn list_services(conn: &mut Db) -> Result<Vec<Service>> {
    Ok(services::table
        .order((services::name, services::id))
        .select(Service::as_select())
        .load(conn)?)
}

/// All categories by name, disabled ones too.
pub fn list_categories(conn: &mut Db) -> Result<Vec<Category>> {
    Ok(categories::table
        .order((categories::name, categories::id))
        .select(Category::as_select())
        .load(conn)?)
}

/// A list of codes in its order, disabled ones too.
pub fn list_codes(conn: &mut Db, list: CodeList) -> Result<Vec<Code>> {
    Ok(codes::table
        .filter(codes::list.eq(list))
        .order((codes::position, codes::code))
        .select(Code::as_select())
        .load(conn)?)
}

/// A code that may be chosen now.
pub fn find_code(conn: &mut Db, list: CodeList, code: &str) -> Result<Option<Code>> {
    Ok(codes::table
        .find((list, code))
        .filter(codes::disabled_at.is_null())
        .select(Code::as_select())
        .first(conn)
        .optional()?)
}

pub fn list_levels(conn: &mut Db, scale: Scale) -> Result<Vec<Level>> {
    Ok(levels::table
        .filter(levels::scale.eq(scale))
        .order(levels::level)
        .select(Level::as_select())
        .load(conn)?)
}

/// The cells of the matrix: impact, urgency, priority.
pub fn list_matrix(conn: &mut Db) -> Result<Vec<(i32, i32, i32)>> {
    Ok(priority_matrix::table
        .order((priority_matrix::impact, priority_matrix::urgency))
        .select((
            priority_matrix::impact,
            priority_matrix::urgency,
            priority_matrix::priority,
        ))
        .load(conn)?)
}

/// A setting's value, where one is set.
pub fn setting(conn: &mut Db, name: &str) -> Result<Option<String>> {
    Ok(settings::table
        .find(name)
        .select(settings::value)
        .first(conn)
        .optional()?)
}

/// After how many days what is resolved closes by itself, as it stands in the settings.
pub fn close_after_days(conn: &mut Db) -> Result<String> {
    Ok(setting(conn, fields::CLOSE_AFTER_DAYS)?
        .unwrap_or_else(|| seeds::CLOSE_AFTER_DAYS.to_owned()))
}

/// The team that gets what nothing sends elsewhere.
pub fn desk_team(conn: &mut Db) -> Result<Option<Id<Team>>> {
    Ok(setting(conn, fields::DESK_TEAM)?.and_then(|id| id.parse().ok()))
}

/// How many hours work of a class may wait, as it stands in the settings; 0 of what is no class.
pub fn allowance_hours(conn: &mut Db, class: &str) -> Result<i64> {
    let known = fields::ALLOWANCES.iter().find(|(word, ..)| *word == class);
    let Some((_, name, usual)) = known else {
        return Ok(0);
    };
    let set = setting(conn, name)?.and_then(|hours| hours.parse().ok());
    Ok(set.unwrap_or(*usual))
}

/// The teams that take work in the fair order.
pub fn fair_teams(conn: &mut Db) -> Result<Vec<Id<Team>>> {
    let ids = setting(conn, fields::FAIR_TEAMS)?.unwrap_or_default();
    Ok(ids.split(',').filter_map(|id| id.parse().ok()).collect())
}

/// Sets a setting: update, or insert when there is none yet.
pub fn set_setting(conn: &mut Db, name: &str, value: &str) -> Result<()> {
    let changed = diesel::update(settings::table.find(name))
        .set(settings::value.eq(value))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(conn)?;
    }
    Ok(())
}

/// Sets a setting that nobody has set. Of two at once one does; the other's action runs again and
/// finds it set.
pub fn claim_setting(conn: &mut Db, name: &str, value: &str) -> Result<()> {
    diesel::insert_into(settings::table)
        .values((settings::name.eq(name), settings::value.eq(value)))
        .execute(conn)
        .map_err(|e| match e {
            diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UniqueViolation,
                _,
            ) => Error::Raced,
            e => e.into(),
        })?;
    Ok(())
}

/// What a service's form gives.
#[derive(Debug, Clone)]
pub struct ServiceForm {
    pub name: String,
    pub owner: Option<Id<Person>>,
    pub team: Option<Id<Team>>,
    pub criticality: i32,
    pub disabled_at: Option<Utc>,
}

pub fn insert_service(conn: &mut Db, id: Id<Service>, form: &ServiceForm) -> Result<()> {
    diesel::insert_into(services::table)
        .values((
            services::id.eq(id),
            services::name.eq(&form.name),
            services::name_key.eq(text::fold(&form.name)),
            services::owner_id.eq(form.owner),
            services::team_id.eq(form.team),
            services::criticality.eq(form.criticality),
            services::disabled_at.eq(form.disabled_at),
            services::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_service(
    conn: &mut Db,
    id: Id<Service>,
    version: i64,
    form: &ServiceForm,
) -> Result<()> {
    let changed = diesel::update(
        services::table
            .find(id)
            .filter(services::version.eq(version)),
    )
    .set((
        services::name.eq(&form.name),
        services::name_key.eq(text::fold(&form.name)),
        services::owner_id.eq(form.owner),
        services::team_id.eq(form.team),
        services::criticality.eq(form.criticality),
        services::disabled_at.eq(form.disabled_at),
        services::version.eq(version + 1),
    ))
    .execute(conn)
    .map_err(name_taken)?;
    if changed == 0 {
        Err(Error::Raced)
    } else {
        Ok(())
    }
}

pub fn insert_category(
    conn: &mut Db,
    id: Id<Category>,
    name: &str,
    team: Option<Id<Team>>,
) -> Result<()> {
    diesel::insert_into(categories::table)
        .values((
            categories::id.eq(id),
            categories::name.eq(name),
            categories::name_key.eq(text::fold(name)),
            categories::team_id.eq(team),
            categories::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_category(
    conn: &mut Db,
    id: Id<Category>,
    version: i64,
    name: &str,
    team: Option<Id<Team>>,
    disabled_at: Option<Utc>,
) -> Result<()> {
    let changed = diesel::update(
        categories::table
            .find(id)
            .filter(categories::version.eq(version)),
    )
    .set((
        categories::name.eq(name),
        categories::name_key.eq(text::fold(name)),
        categories::team_id.eq(team),
        categories::disabled_at.eq(disabled_at),
        categories::version.eq(version + 1),
    ))
    .execute(conn)
    .map_err(name_taken)?;
    if changed == 0 {
        Err(Error::Raced)
    } else {
        Ok(())
    }
}

/// A code that may be disabled.
pub fn find_any_code(conn: &mut Db, list: CodeList, code: &str) -> Result<Code> {
    Ok(codes::table
        .find((list, code))
        .select(Code::as_select())
        .first(conn)?)
}

pub fn insert_code(conn: &mut Db, code: &Code) -> Result<()> {
    diesel::insert_into(codes::table)
        .values((
            codes::list.eq(code.list),
            codes::code.eq(&code.code),
            codes::label.eq(&code.label),
            codes::behaviour.eq(&code.behaviour),
            codes::position.eq(code.position),
            codes::disabled_at.eq(code.disabled_at),
            codes::version.eq(code.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a code's label, behaviour, position and whether it is disabled, if it still has the
/// version given.
pub fn update_code(conn: &mut Db, code: &Code) -> Result<()> {
    let unchanged = codes::table
        .find((code.list, &code.code))
        .filter(codes::version.eq(code.version));
    let changed = diesel::update(unchanged)
        .set((
            codes::label.eq(&code.label),
            codes::behaviour.eq(&code.behaviour),
            codes::position.eq(code.position),
            codes::disabled_at.eq(code.disabled_at),
            codes::version.eq(code.version + 1),
        ))
        .execute(conn)?;
    if changed == 0 {
        Err(Error::Raced)
    } else {
        Ok(())
    }
}

pub fn insert_level(conn: &mut Db, level: &Level) -> Result<()> {
    diesel::insert_into(levels::table)
        .values((
            levels::scale.eq(level.scale),
            levels::level.eq(level.level),
            levels::name.eq(&level.name),
            levels::hint.eq(&level.hint),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn update_level(conn: &mut Db, level: &Level) -> Result<()> {
    diesel::update(levels::table.find((level.scale, level.level)))
        .set((levels::name.eq(&level.name), levels::hint.eq(&level.hint)))
        .execute(conn)?;
    Ok(())
}

/// Takes a level away, with the matrix's row or column of it.
pub fn delete_level(conn: &mut Db, scale: Scale, level: i32) -> Result<()> {
    match scale {
        Scale::Impact => {
            let row = priority_matrix::table.filter(priority_matrix::impact.eq(level));
            diesel::delete(row).execute(conn)?;
        }
        Scale::Urgency => {
            let column = priority_matrix::table.filter(priority_matrix::urgency.eq(level));
            diesel::delete(column).execute(conn)?;
        }
        Scale::Priority => {}
    }
    diesel::delete(levels::table.find((scale, level))).execute(conn)?;
    Ok(())
}

/// Sets a cell of the matrix: update, or insert where there is none yet.
pub fn set_cell(conn: &mut Db, impact: i32, urgency: i32, priority: i32) -> Result<()> {
    let changed = diesel::update(priority_matrix::table.find((impact, urgency)))
        .set(priority_matrix::priority.eq(priority))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(priority_matrix::table)
            .values((
                priority_matrix::impact.eq(impact),
                priority_matrix::urgency.eq(urgency),
                priority_matrix::priority.eq(priority),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn name_taken(e: DieselError) -> Error {
    match &e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "name-taken")
        }
        _ => e.into(),
    }
}
