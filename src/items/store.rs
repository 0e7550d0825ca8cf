//! All diesel of items, their edges and suppliers.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::model::{Item, ItemRow, Supplier, SupplierRow};
use crate::platform::db::page::{Page, Way};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{item_edges, items, suppliers};

pub fn find_item(conn: &mut Db, id: Id<Item>) -> Result<Item> {
    Ok(items::table
        .find(id)
        .select(Item::as_select())
        .first(conn)?)
}

pub fn item_name(conn: &mut Db, id: Id<Item>) -> Result<String> {
    Ok(items::table.find(id).select(items::name).first(conn)?)
}

/// Items of these (folded) names.
pub fn items_by_keys(conn: &mut Db, keys: &[String]) -> Result<Vec<Item>> {
    Ok(items::table
        .filter(items::name_key.eq_any(keys))
        .select(Item::as_select())
        .load(conn)?)
}

/// Items in use whose names begin like what was typed, by name.
pub fn find_items_named(conn: &mut Db, typed: &str, limit: i64) -> Result<Vec<Item>> {
    let begin = text::fold(typed.trim());
    if begin.is_empty() {
        return Ok(Vec::new());
    }
    let end = format!("{begin}\u{10ffff}");
    Ok(items::table
        .filter(items::name_key.ge(begin))
        .filter(items::name_key.lt(end))
        .filter(items::disabled_at.is_null())
        .order(items::name_key)
        .limit(limit)
        .select(Item::as_select())
        .load(conn)?)
}

/// Which items a list shows.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What their names begin with.
    pub name: String,
    pub disabled_too: bool,
    /// The item this page lies before or after.
    pub from: Option<(Way, Id<Item>)>,
}

/// One page of items by name.
pub fn list_items(conn: &mut Db, asked: &Asked, size: usize) -> Result<Page<Item>> {
    let from = match asked.from {
        None => None,
        Some((way, id)) => {
            let name: Option<String> = items::table
                .find(id)
                .select(items::name_key)
                .first(conn)
                .optional()?;
            name.map(|name| (way, name, id))
        }
    };
    let way = from.as_ref().map_or(Way::Next, |(way, _, _)| *way);
    let mut query = items::table
        .limit(size as i64 + 1)
        .select(Item::as_select())
        .into_boxed();
    // No two have the same name, so the name alone is the key.
    query = match way {
        Way::Next => query.order(items::name_key.asc()),
        Way::Previous => query.order(items::name_key.desc()),
    };
    if let Some((way, name, _)) = from.clone() {
        query = match way {
            Way::Next => query.filter(items::name_key.gt(name)),
            Way::Previous => query.filter(items::name_key.lt(name)),
        };
    }
    if !asked.disabled_too {
        query = query.filter(items::disabled_at.is_null());
    }
    let begin = text::fold(asked.name.trim());
    if !begin.is_empty() {
        let end = format!("{begin}\u{10ffff}");
        query = query
            .filter(items::name_key.ge(begin))
            .filter(items::name_key.lt(end));
    }
    let from = from.map(|(_, _, id)| id.to_string());
    Ok(Page::of(
        query.load(conn)?,
        size,
        way,
        from.as_deref(),
        |i| i.id.to_string(),
    ))
}

pub fn insert_item(conn: &mut Db, id: Id<Item>, row: &ItemRow) -> Result<()> {
    diesel::insert_into(items::table)
        .values((
            items::id.eq(id),
            items::name.eq(&row.name),
            items::name_key.eq(text::fold(&row.name)),
            items::class.eq(&row.class),
            items::environment.eq(&row.environment),
            items::team_id.eq(row.team),
            items::service_id.eq(row.service),
            items::disabled_at.eq(row.disabled_at),
            items::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_item(conn: &mut Db, id: Id<Item>, version: i64, row: &ItemRow) -> Result<()> {
    let changed = diesel::update(items::table.find(id).filter(items::version.eq(version)))
        .set((
            items::name.eq(&row.name),
            items::name_key.eq(text::fold(&row.name)),
            items::class.eq(&row.class),
            items::environment.eq(&row.environment),
            items::team_id.eq(row.team),
            items::service_id.eq(row.service),
            items::disabled_at.eq(row.disabled_at),
            items::version.eq(version + 1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    one(changed)
}

/// What an item depends on, by name.
pub fn needs_of(conn: &mut Db, item: Id<Item>, limit: i64) -> Result<Vec<Item>> {
    let needed = item_edges::table
        .filter(item_edges::item_id.eq(item))
        .select(item_edges::needs_id);
    Ok(items::table
        .filter(items::id.eq_any(needed))
        .order(items::name_key)
        .limit(limit)
        .select(Item::as_select())
        .load(conn)?)
}

/// Each of these items with what it depends on, by ids.
pub(super) fn needs_of_many(conn: &mut Db, ids: &[Id<Item>]) -> Result<Vec<(Id<Item>, Id<Item>)>> {
    Ok(item_edges::table
        .filter(item_edges::item_id.eq_any(ids))
        .select((item_edges::item_id, item_edges::needs_id))
        .load(conn)?)
}

/// Each of these items with the folded name of what it depends on.
pub fn need_keys_of(conn: &mut Db, ids: &[Id<Item>]) -> Result<Vec<(Id<Item>, String)>> {
    Ok(item_edges::table
        .inner_join(items::table.on(items::id.eq(item_edges::needs_id)))
        .filter(item_edges::item_id.eq_any(ids))
        .select((item_edges::item_id, items::name_key))
        .load(conn)?)
}

/// What depends on any of these items.
pub(super) fn needed_by_any(conn: &mut Db, needed: &[Id<Item>], limit: usize) -> Result<Vec<Item>> {
    let users = item_edges::table
        .filter(item_edges::needs_id.eq_any(needed))
        .select(item_edges::item_id);
    Ok(items::table
        .filter(items::id.eq_any(users))
        .order(items::name_key)
        .limit(limit as i64)
        .select(Item::as_select())
        .load(conn)?)
}

pub fn count_needs(conn: &mut Db, item: Id<Item>) -> Result<usize> {
    let n: i64 = item_edges::table
        .filter(item_edges::item_id.eq(item))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// Adds an edge unless it is there; says whether it was added.
pub fn insert_edge(conn: &mut Db, item: Id<Item>, needs: Id<Item>) -> Result<bool> {
    let there: i64 = item_edges::table
        .find((item, needs))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    diesel::insert_into(item_edges::table)
        .values((item_edges::item_id.eq(item), item_edges::needs_id.eq(needs)))
        .execute(conn)
        .map_err(|e| match e {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(true)
}

/// Takes an edge away; says whether it was there.
pub fn delete_edge(conn: &mut Db, item: Id<Item>, needs: Id<Item>) -> Result<bool> {
    Ok(diesel::delete(item_edges::table.find((item, needs))).execute(conn)? > 0)
}

pub fn find_supplier(conn: &mut Db, id: Id<Supplier>) -> Result<Supplier> {
    Ok(suppliers::table
        .find(id)
        .select(Supplier::as_select())
        .first(conn)?)
}

/// The supplier in use of a name, however it is written.
pub fn find_supplier_by_name(conn: &mut Db, name: &str) -> Result<Option<Supplier>> {
    Ok(suppliers::table
        .filter(suppliers::name_key.eq(text::fold(name.trim())))
        .filter(suppliers::disabled_at.is_null())
        .select(Supplier::as_select())
        .first(conn)
        .optional()?)
}

/// All suppliers by name, disabled ones too.
pub fn list_suppliers(conn: &mut Db) -> Result<Vec<Supplier>> {
    Ok(suppliers::table
        .order((suppliers::name, suppliers::id))
        .select(Supplier::as_select())
        .load(conn)?)
}

pub fn insert_supplier(conn: &mut Db, id: Id<Supplier>, row: &SupplierRow) -> Result<()> {
    diesel::insert_into(suppliers::table)
        .values((
            suppliers::id.eq(id),
            suppliers::name.eq(&row.name),
            suppliers::name_key.eq(text::fold(&row.name)),
            suppliers::phone.eq(&row.phone),
            suppliers::mail.eq(&row.mail),
            suppliers::disabled_at.eq(row.disabled_at),
            suppliers::version.eq(1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_supplier(
    conn: &mut Db,
    id: Id<Supplier>,
    version: i64,
    row: &SupplierRow,
) -> Result<()> {
    let unchanged = suppliers::table
        .find(id)
        .filter(suppliers::version.eq(version));
    let changed = diesel::update(unchanged)
        .set((
            suppliers::name.eq(&row.name),
            suppliers::name_key.eq(text::fold(&row.name)),
            suppliers::phone.eq(&row.phone),
            suppliers::mail.eq(&row.mail),
            suppliers::disabled_at.eq(row.disabled_at),
            suppliers::version.eq(version + 1),
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
