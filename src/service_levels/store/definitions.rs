//! Calendars and agreements with their versions. There are few of them, so they are read whole.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{
    agreement_versions, agreements as agreement_rows, calendar_versions,
    calendars as calendar_rows, catalogue_state,
};
use crate::service_levels::kept::{All, Kept, Version};
use crate::service_levels::{Agreement, AgreementKind, Calendar};

/// A version's row of either table, its owner first.
type VersionRow = (Id<()>, Id<()>, i32, Utc, Utc, bool, String);

/// Everything that is defined.
pub fn all(conn: &mut Db) -> Result<All> {
    Ok(All {
        calendars: calendars(conn)?,
        agreements: agreements(conn)?,
    })
}

/// All calendars by name, retired ones too.
pub fn calendars(conn: &mut Db) -> Result<Vec<Kept<Calendar>>> {
    parsed(calendar_texts(conn, None)?)
}

/// All agreements by name, retired ones too.
pub fn agreements(conn: &mut Db) -> Result<Vec<Kept<Agreement>>> {
    parsed(agreement_texts(conn, None)?)
}

/// Calendars by name with their definitions as they are kept: all, or those of some ids.
pub fn calendar_texts(conn: &mut Db, ids: Option<&[Uuid]>) -> Result<Vec<Kept<String>>> {
    let mut rows = calendar_rows::table
        .order((calendar_rows::name, calendar_rows::id))
        .select((
            calendar_rows::id,
            calendar_rows::name,
            calendar_rows::is_retired,
        ))
        .into_boxed();
    let mut versions = calendar_versions::table
        .order((calendar_versions::calendar_id, calendar_versions::number))
        .select((
            calendar_versions::calendar_id,
            calendar_versions::id,
            calendar_versions::number,
            calendar_versions::from_at,
            calendar_versions::saved_at,
            calendar_versions::definition,
        ))
        .into_boxed();
    if let Some(ids) = ids {
        rows = rows.filter(calendar_rows::id.eq_any(typed(ids)));
        versions = versions.filter(calendar_versions::calendar_id.eq_any(typed(ids)));
    }
    let versions: Vec<(Id<()>, Id<()>, i32, Utc, Utc, String)> = versions.load(conn)?;
    let versions = versions.into_iter().map(|v| {
        let (of, id, number, from_at, saved_at, definition) = v;
        (of, id, number, from_at, saved_at, false, definition)
    });
    Ok(together(rows.load(conn)?, versions))
}

/// Agreements by name with their definitions as they are kept: all, or those of some ids.
pub fn agreement_texts(conn: &mut Db, ids: Option<&[Uuid]>) -> Result<Vec<Kept<String>>> {
    let mut rows = agreement_rows::table
        .order((agreement_rows::name, agreement_rows::id))
        .select((
            agreement_rows::id,
            agreement_rows::name,
            agreement_rows::is_retired,
        ))
        .into_boxed();
    let mut versions = agreement_versions::table
        .order((agreement_versions::agreement_id, agreement_versions::number))
        .select((
            agreement_versions::agreement_id,
            agreement_versions::id,
            agreement_versions::number,
            agreement_versions::from_at,
            agreement_versions::saved_at,
            agreement_versions::is_retired,
            agreement_versions::definition,
        ))
        .into_boxed();
    if let Some(ids) = ids {
        rows = rows.filter(agreement_rows::id.eq_any(typed(ids)));
        versions = versions.filter(agreement_versions::agreement_id.eq_any(typed(ids)));
    }
    let versions: Vec<VersionRow> = versions.load(conn)?;
    Ok(together(rows.load(conn)?, versions.into_iter()))
}

/// Ids of calendars after one, in order.
pub fn calendar_ids(conn: &mut Db, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<()>> = calendar_rows::table
        .filter(calendar_rows::id.gt(Id::<()>::from_uuid(after)))
        .order(calendar_rows::id)
        .limit(limit)
        .select(calendar_rows::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// Ids of agreements after one, in order.
pub fn agreement_ids(conn: &mut Db, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<()>> = agreement_rows::table
        .filter(agreement_rows::id.gt(Id::<()>::from_uuid(after)))
        .order(agreement_rows::id)
        .limit(limit)
        .select(agreement_rows::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

fn typed(ids: &[Uuid]) -> Vec<Id<()>> {
    ids.iter().map(|id| Id::from_uuid(*id)).collect()
}

/// A calendar, or an agreement, of an id.
pub fn find<D>(all: Vec<Kept<D>>, id: Id<Kept<D>>) -> Result<Kept<D>> {
    all.into_iter()
        .find(|kept| kept.id == id)
        .ok_or(Error::NotFound)
}

fn together(
    rows: Vec<(Id<Kept<String>>, String, bool)>,
    versions: impl Iterator<Item = VersionRow>,
) -> Vec<Kept<String>> {
    let mut of: HashMap<Uuid, Vec<Version<String>>> = HashMap::with_capacity(rows.len());
    for (owner, id, number, from_at, saved_at, is_retired, definition) in versions {
        of.entry(owner.uuid()).or_default().push(Version {
            id: id.uuid(),
            number,
            from_at,
            saved_at,
            is_retired,
            definition,
        });
    }
    let kept = rows.into_iter().map(|(id, name, is_retired)| Kept {
        versions: of.remove(&id.uuid()).unwrap_or_default(),
        id,
        name,
        is_retired,
    });
    kept.collect()
}

fn parsed<D: DeserializeOwned>(texts: Vec<Kept<String>>) -> Result<Vec<Kept<D>>> {
    let parse = |text: &str| {
        serde_json::from_str(text).map_err(|e| Error::inward(format!("a definition: {e}")))
    };
    let kept = texts.into_iter().map(|kept| {
        let versions = kept.versions.into_iter();
        let versions = versions.map(|version| {
            Ok(Version {
                definition: parse(&version.definition)?,
                id: version.id,
                number: version.number,
                from_at: version.from_at,
                saved_at: version.saved_at,
                is_retired: version.is_retired,
            })
        });
        Ok(Kept {
            versions: versions.collect::<Result<_>>()?,
            id: kept.id.cast(),
            name: kept.name,
            is_retired: kept.is_retired,
        })
    });
    kept.collect()
}

pub fn insert_calendar(
    conn: &mut Db,
    id: Id<Kept<Calendar>>,
    name: &str,
    is_retired: bool,
    now: Utc,
) -> Result<()> {
    diesel::insert_into(calendar_rows::table)
        .values((
            calendar_rows::id.eq(id),
            calendar_rows::name.eq(name),
            calendar_rows::is_retired.eq(is_retired),
            calendar_rows::created_at.eq(now),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_calendar(
    conn: &mut Db,
    id: Id<Kept<Calendar>>,
    name: &str,
    is_retired: bool,
) -> Result<()> {
    diesel::update(calendar_rows::table.find(id))
        .set((
            calendar_rows::name.eq(name),
            calendar_rows::is_retired.eq(is_retired),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn insert_agreement(
    conn: &mut Db,
    id: Id<Kept<Agreement>>,
    name: &str,
    kind: AgreementKind,
    is_retired: bool,
    now: Utc,
) -> Result<()> {
    diesel::insert_into(agreement_rows::table)
        .values((
            agreement_rows::id.eq(id),
            agreement_rows::name.eq(name),
            agreement_rows::kind.eq(kind.word()),
            agreement_rows::is_retired.eq(is_retired),
            agreement_rows::created_at.eq(now),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_agreement(
    conn: &mut Db,
    id: Id<Kept<Agreement>>,
    name: &str,
    is_retired: bool,
) -> Result<()> {
    diesel::update(agreement_rows::table.find(id))
        .set((
            agreement_rows::name.eq(name),
            agreement_rows::is_retired.eq(is_retired),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn insert_calendar_version(
    conn: &mut Db,
    of: Id<Kept<Calendar>>,
    version: &Version<String>,
) -> Result<()> {
    diesel::insert_into(calendar_versions::table)
        .values((
            calendar_versions::id.eq(Id::<()>::from_uuid(version.id)),
            calendar_versions::calendar_id.eq(of),
            calendar_versions::number.eq(version.number),
            calendar_versions::from_at.eq(version.from_at),
            calendar_versions::saved_at.eq(version.saved_at),
            calendar_versions::definition.eq(&version.definition),
        ))
        .execute(conn)
        .map_err(raced)?;
    Ok(())
}

pub fn insert_agreement_version(
    conn: &mut Db,
    of: Id<Kept<Agreement>>,
    version: &Version<String>,
) -> Result<()> {
    diesel::insert_into(agreement_versions::table)
        .values((
            agreement_versions::id.eq(Id::<()>::from_uuid(version.id)),
            agreement_versions::agreement_id.eq(of),
            agreement_versions::number.eq(version.number),
            agreement_versions::from_at.eq(version.from_at),
            agreement_versions::saved_at.eq(version.saved_at),
            agreement_versions::is_retired.eq(version.is_retired),
            agreement_versions::definition.eq(&version.definition),
        ))
        .execute(conn)
        .map_err(raced)?;
    Ok(())
}

/// Which definitions hold: another value whenever one was saved.
pub fn revision(conn: &mut Db) -> Result<Uuid> {
    let revision: Id<()> = catalogue_state::table
        .find(1)
        .select(catalogue_state::revision)
        .first(conn)?;
    Ok(revision.uuid())
}

/// Says that a definition was saved.
pub fn change_revision(conn: &mut Db) -> Result<()> {
    diesel::update(catalogue_state::table.find(1))
        .set(catalogue_state::revision.eq(Id::<()>::new()))
        .execute(conn)?;
    Ok(())
}

fn name_taken(e: DieselError) -> Error {
    match e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "name-taken")
        }
        e => e.into(),
    }
}

/// Two at once gave the same number; the later one's action runs again and sees the other's.
fn raced(e: DieselError) -> Error {
    match e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
        e => e.into(),
    }
}
