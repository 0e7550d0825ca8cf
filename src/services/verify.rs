//! Services, categories, codes and settings as the journal's verification sees them.

mod named;

pub use named::{CODES, Settings};

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Category, Service};
use crate::journal::Value;
use crate::journal::verify::{Fields, Rows, Standing};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{categories, services};

pub const SERVICES: Rows = Rows {
    kind: "service",
    fields: &["name", "owner", "team", "criticality", "disabled"],
    added: "service.added",
    after: |conn, after, limit| {
        let after = Id::<Service>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Service>> = services::table
            .filter(services::id.gt(after))
            .order(services::id)
            .limit(limit)
            .select(services::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: service_standings,
    seed: |_| None,
    called: |fields| called("service", fields),
};

pub const CATEGORIES: Rows = Rows {
    kind: "category",
    fields: &["name", "team", "disabled"],
    added: "category.added",
    after: |conn, after, limit| {
        let after = Id::<Category>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Category>> = categories::table
            .filter(categories::id.gt(after))
            .order(categories::id)
            .limit(limit)
            .select(categories::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: category_standings,
    seed: |_| None,
    called: |fields| called("category", fields),
};

/// What to call something that is gone: by the name its facts gave it.
fn called(kind: &str, fields: &Fields) -> Option<String> {
    let name = fields.get("name")?;
    Some(format!("{kind} {}", name.shown()))
}

fn service_standings(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
    let ids = ids.iter().map(|id| Id::<Service>::from_uuid(*id));
    let rows: Vec<Service> = services::table
        .filter(services::id.eq_any(ids))
        .select(Service::as_select())
        .load(conn)?;
    let standing = |row: Service| Standing {
        id: row.id.uuid(),
        name: format!("service {}", row.name),
        head: None,
        must_have_facts: true,
        fields: vec![
            ("name", Value::text(&row.name)),
            ("owner", reference(row.owner_id)),
            ("team", reference(row.team_id)),
            ("criticality", Value::Number(row.criticality.into())),
            ("disabled", Value::Flag(row.disabled_at.is_some())),
        ],
    };
    Ok(rows.into_iter().map(standing).collect())
}

fn category_standings(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
    let ids = ids.iter().map(|id| Id::<Category>::from_uuid(*id));
    let rows: Vec<Category> = categories::table
        .filter(categories::id.eq_any(ids))
        .select(Category::as_select())
        .load(conn)?;
    let standing = |row: Category| Standing {
        id: row.id.uuid(),
        name: format!("category {}", row.name),
        head: None,
        must_have_facts: true,
        fields: vec![
            ("name", Value::text(&row.name)),
            ("team", reference(row.team_id)),
            ("disabled", Value::Flag(row.disabled_at.is_some())),
        ],
    };
    Ok(rows.into_iter().map(standing).collect())
}

fn reference<T>(id: Option<Id<T>>) -> Value {
    Value::reference(id.map(|id| (id.uuid(), String::new())))
}
