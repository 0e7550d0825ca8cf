//! All diesel of organisations and locations, and of who belongs where.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::people::model::{
    Location, LocationForm, Organisation, OrganisationForm, Person, Whereabouts,
};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{locations, organisations, people};

pub fn find_organisation(conn: &mut Db, id: Id<Organisation>) -> Result<Organisation> {
    Ok(organisations::table
        .find(id)
        .select(Organisation::as_select())
        .first(conn)?)
}

pub fn find_location(conn: &mut Db, id: Id<Location>) -> Result<Location> {
    Ok(locations::table
        .find(id)
        .select(Location::as_select())
        .first(conn)?)
}

/// The organisation of a name, however it is written.
pub fn find_organisation_by_name(conn: &mut Db, name: &str) -> Result<Option<Organisation>> {
    Ok(organisations::table
        .filter(organisations::name_key.eq(text::fold(name)))
        .select(Organisation::as_select())
        .first(conn)
        .optional()?)
}

/// The location of a name, however it is written.
pub fn find_location_by_name(conn: &mut Db, name: &str) -> Result<Option<Location>> {
    Ok(locations::table
        .filter(locations::name_key.eq(text::fold(name)))
        .select(Location::as_select())
        .first(conn)
        .optional()?)
}

/// All organisations by name, disabled ones too.
pub fn list_organisations(conn: &mut Db) -> Result<Vec<Organisation>> {
    Ok(organisations::table
        .order((organisations::name, organisations::id))
        .select(Organisation::as_select())
        .load(conn)?)
}

/// All locations by name, disabled ones too.
pub fn list_locations(conn: &mut Db) -> Result<Vec<Location>> {
    Ok(locations::table
        .order((locations::name, locations::id))
        .select(Location::as_select())
        .load(conn)?)
}

/// Where people belong, in one statement.
pub fn whereabouts(conn: &mut Db, ids: &[Id<Person>]) -> Result<HashMap<Id<Person>, Whereabouts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Id<Person>, Whereabouts)> = people::table
        .left_join(
            organisations::table.on(people::organisation_id.eq(organisations::id.nullable())),
        )
        .left_join(locations::table.on(people::location_id.eq(locations::id.nullable())))
        .filter(people::id.eq_any(ids))
        .select((
            people::id,
            (
                people::vip,
                organisations::name.nullable(),
                locations::name.nullable(),
            ),
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub(in crate::people) fn insert_organisation(
    conn: &mut Db,
    id: Id<Organisation>,
    form: &OrganisationForm,
) -> Result<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(id),
            organisations::name.eq(&form.name),
            organisations::name_key.eq(text::fold(&form.name)),
            organisations::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub(in crate::people) fn update_organisation(
    conn: &mut Db,
    now: &Organisation,
    form: &OrganisationForm,
    disabled_at: Option<Utc>,
) -> Result<()> {
    let unchanged = organisations::table
        .find(now.id)
        .filter(organisations::version.eq(now.version));
    let changed = diesel::update(unchanged)
        .set((
            organisations::name.eq(&form.name),
            organisations::name_key.eq(text::fold(&form.name)),
            organisations::disabled_at.eq(disabled_at),
            organisations::version.eq(now.version + 1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    one(changed)
}

pub(in crate::people) fn insert_location(
    conn: &mut Db,
    id: Id<Location>,
    form: &LocationForm,
) -> Result<()> {
    diesel::insert_into(locations::table)
        .values((
            locations::id.eq(id),
            locations::name.eq(&form.name),
            locations::name_key.eq(text::fold(&form.name)),
            locations::address.eq(&form.address),
            locations::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub(in crate::people) fn update_location(
    conn: &mut Db,
    now: &Location,
    form: &LocationForm,
    disabled_at: Option<Utc>,
) -> Result<()> {
    let unchanged = locations::table
        .find(now.id)
        .filter(locations::version.eq(now.version));
    let changed = diesel::update(unchanged)
        .set((
            locations::name.eq(&form.name),
            locations::name_key.eq(text::fold(&form.name)),
            locations::address.eq(&form.address),
            locations::disabled_at.eq(disabled_at),
            locations::version.eq(now.version + 1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    one(changed)
}

fn one(changed: usize) -> Result<()> {
    if changed == 0 {
        Err(Error::Raced)
    } else {
        Ok(())
    }
}

fn name_taken(e: DieselError) -> Error {
    match &e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "name-taken")
        }
        _ => e.into(),
    }
}
