//! All diesel of standard changes.

use diesel::prelude::*;

use crate::changes::model::Template;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::change_templates;

/// Templates of a page. A desk has some dozens.
const MOST: i64 = 500;

pub fn find_template(conn: &mut Db, id: Id<Template>) -> Result<Template> {
    Ok(change_templates::table
        .find(id)
        .select(Template::as_select())
        .first(conn)?)
}

/// Every version, by name, the newest first.
pub fn list_templates(conn: &mut Db) -> Result<Vec<Template>> {
    Ok(change_templates::table
        .order((change_templates::name_key, change_templates::version.desc()))
        .limit(MOST)
        .select(Template::as_select())
        .load(conn)?)
}

/// Those a change may be made from.
pub fn templates_in_use(conn: &mut Db) -> Result<Vec<Template>> {
    let mut all = list_templates(conn)?;
    all.retain(Template::is_authorised);
    // The newest of each name: they come first.
    all.dedup_by(|later, first| later.name_key == first.name_key);
    Ok(all)
}

/// The newest version of a name, 0 when there is none.
pub fn last_version(conn: &mut Db, name_key: &str) -> Result<i32> {
    let last: Option<i32> = change_templates::table
        .filter(change_templates::name_key.eq(name_key))
        .select(diesel::dsl::max(change_templates::version))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

pub fn insert_template(conn: &mut Db, template: &Template) -> Result<()> {
    diesel::insert_into(change_templates::table)
        .values(template)
        .execute(conn)?;
    Ok(())
}

/// Writes that a version was authorised or withdrawn, once each: what was withdrawn meanwhile stays so.
pub fn update_template(conn: &mut Db, template: &Template) -> Result<()> {
    let row = change_templates::table
        .find(template.id)
        .filter(change_templates::withdrawn_at.is_null());
    match diesel::update(row).set(template).execute(conn)? {
        0 => Err(Error::Raced),
        _ => Ok(()),
    }
}
