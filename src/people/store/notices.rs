//! All diesel of what people are told here.

use diesel::prelude::*;
use serde_json::Value;

use crate::people::model::{Notice, Person};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::notices;

/// Tells somebody something. What they are told at one instant is one notice, however much it is and
/// in however many transactions it comes.
pub fn tell(
    conn: &mut Db,
    person: Id<Person>,
    what: &str,
    at: Utc,
    items: Vec<Value>,
) -> Result<()> {
    let same: Option<(Id<Notice>, String)> = notices::table
        .filter(notices::person_id.eq(person))
        .filter(notices::read_at.is_null())
        .filter(notices::at.eq(at))
        .filter(notices::what.eq(what))
        .order(notices::id.desc())
        .select((notices::id, notices::data))
        .first(conn)
        .optional()?;
    let Some((id, data)) = same else {
        diesel::insert_into(notices::table)
            .values((
                notices::id.eq(Id::<Notice>::new()),
                notices::person_id.eq(person),
                notices::at.eq(at),
                notices::what.eq(what),
                notices::data.eq(Value::from(items).to_string()),
            ))
            .execute(conn)?;
        return Ok(());
    };
    let mut all: Vec<Value> = serde_json::from_str(&data)
        .map_err(|e| Error::inward(format!("notice {id} cannot be read: {e}")))?;
    all.extend(items);
    diesel::update(notices::table.find(id))
        .set(notices::data.eq(Value::from(all).to_string()))
        .execute(conn)?;
    Ok(())
}

/// What somebody was told, newest first, older than `before`.
pub fn list_notices(
    conn: &mut Db,
    person: Id<Person>,
    before: Option<Id<Notice>>,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut found = notices::table
        .filter(notices::person_id.eq(person))
        .select(Notice::as_select())
        .order(notices::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        found = found.filter(notices::id.lt(before));
    }
    Ok(found.load(conn)?)
}

/// Everything up to a notice has been read.
pub fn read_notices(
    conn: &mut Db,
    person: Id<Person>,
    up_to: Id<Notice>,
    now: Utc,
) -> Result<usize> {
    let unread = notices::table
        .filter(notices::person_id.eq(person))
        .filter(notices::read_at.is_null())
        .filter(notices::id.le(up_to));
    Ok(diesel::update(unread)
        .set(notices::read_at.eq(now))
        .execute(conn)?)
}
