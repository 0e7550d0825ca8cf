//! Policies and their versions.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use uuid::Uuid;

use crate::approvals::model::{Kept, PolicyVersion, Version};
use crate::approvals::terms::Policy;
use crate::journal::Value;
use crate::journal::verify::Standing;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{approval_policies, approval_policy_versions as versions};

type VersionRow = (Id<PolicyVersion>, Id<Kept>, i32, Utc, bool, String);

/// All policies by name, each with its versions. An administrator writes them: they are few.
pub fn policies(conn: &mut Db) -> Result<Vec<Kept>> {
    let kept: Vec<(Id<Kept>, String, bool)> = approval_policies::table
        .order(approval_policies::name)
        .select((
            approval_policies::id,
            approval_policies::name,
            approval_policies::is_retired,
        ))
        .load(conn)?;
    let rows: Vec<VersionRow> = versions::table
        .order((versions::policy_id, versions::number))
        .select((
            versions::id,
            versions::policy_id,
            versions::number,
            versions::saved_at,
            versions::is_retired,
            versions::definition,
        ))
        .load(conn)?;
    let mut found: Vec<Kept> = kept
        .into_iter()
        .map(|(id, name, is_retired)| Kept {
            id,
            name,
            is_retired,
            versions: Vec::new(),
        })
        .collect();
    for (id, of, number, saved_at, is_retired, definition) in rows {
        if let Some(kept) = found.iter_mut().find(|kept| kept.id == of) {
            kept.versions.push(Version {
                id,
                number,
                saved_at,
                is_retired,
                policy: read(&definition)?,
            });
        }
    }
    Ok(found)
}

pub fn find_policy(conn: &mut Db, id: Id<Kept>) -> Result<Kept> {
    let all = policies(conn)?;
    all.into_iter()
        .find(|kept| kept.id == id)
        .ok_or(Error::NotFound)
}

/// The policy as a version has it.
pub fn find_version(conn: &mut Db, id: Id<PolicyVersion>) -> Result<Policy> {
    let definition: String = versions::table
        .find(id)
        .select(versions::definition)
        .first(conn)?;
    read(&definition)
}

fn read(definition: &str) -> Result<Policy> {
    serde_json::from_str(definition).map_err(|e| Error::inward(format!("approval policy: {e}")))
}

pub fn insert_policy(conn: &mut Db, id: Id<Kept>, name: &str, now: Utc) -> Result<()> {
    diesel::insert_into(approval_policies::table)
        .values((
            approval_policies::id.eq(id),
            approval_policies::name.eq(name),
            approval_policies::is_retired.eq(false),
            approval_policies::created_at.eq(now),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_policy(conn: &mut Db, id: Id<Kept>, name: &str, is_retired: bool) -> Result<()> {
    diesel::update(approval_policies::table.find(id))
        .set((
            approval_policies::name.eq(name),
            approval_policies::is_retired.eq(is_retired),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn insert_version(
    conn: &mut Db,
    of: Id<Kept>,
    number: i32,
    definition: &str,
    is_retired: bool,
    now: Utc,
) -> Result<()> {
    diesel::insert_into(versions::table)
        .values((
            versions::id.eq(Id::<PolicyVersion>::new()),
            versions::policy_id.eq(of),
            versions::number.eq(number),
            versions::saved_at.eq(now),
            versions::is_retired.eq(is_retired),
            versions::definition.eq(definition),
        ))
        .execute(conn)
        .map_err(|e| match e {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
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

/// Ids after one, in order: for verification.
pub fn ids_after(conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let after = Id::<Kept>::from_uuid(after.unwrap_or(Uuid::nil()));
    let ids: Vec<Id<Kept>> = approval_policies::table
        .filter(approval_policies::id.gt(after))
        .order(approval_policies::id)
        .limit(limit)
        .select(approval_policies::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// What stands of some policies: their last versions.
pub fn standings(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
    let ids: Vec<Id<Kept>> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
    let kept: Vec<(Id<Kept>, String, bool)> = approval_policies::table
        .filter(approval_policies::id.eq_any(&ids))
        .select((
            approval_policies::id,
            approval_policies::name,
            approval_policies::is_retired,
        ))
        .load(conn)?;
    let rows: Vec<(Id<Kept>, i32, String)> = versions::table
        .filter(versions::policy_id.eq_any(&ids))
        .order((versions::policy_id, versions::number.desc()))
        .select((versions::policy_id, versions::number, versions::definition))
        .load(conn)?;
    let standing = |(id, name, is_retired): (Id<Kept>, String, bool)| {
        let last = rows.iter().find(|(of, ..)| *of == id);
        Standing {
            id: id.uuid(),
            name: format!("approval policy {name}"),
            head: None,
            must_have_facts: true,
            fields: vec![
                ("name", Value::text(&name)),
                ("retired", Value::Flag(is_retired)),
                (
                    "version",
                    last.map_or(Value::Nothing, |(_, n, _)| Value::Number((*n).into())),
                ),
                (
                    "definition",
                    last.map_or(Value::Nothing, |(.., text)| Value::text(text)),
                ),
            ],
        }
    };
    Ok(kept.into_iter().map(standing).collect())
}
