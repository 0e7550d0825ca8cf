//! All diesel of attachments.

use diesel::prelude::*;

use super::model::{Attachment, OwnAttachment};
use crate::entries::{Audience, Entry, OnRecord};
use crate::people::{Person, Upload};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::attachments;

pub fn insert(
    conn: &mut Db,
    record: Id<OnRecord>,
    entry: Option<Id<Entry>>,
    audience: Audience,
    file: &Upload,
    by: Option<Id<Person>>,
    at: Utc,
) -> Result<Id<Attachment>> {
    let id = Id::new();
    diesel::insert_into(attachments::table)
        .values((
            attachments::id.eq(id),
            attachments::record_id.eq(record),
            attachments::entry_id.eq(entry),
            attachments::audience.eq(audience),
            attachments::name.eq(&file.name),
            attachments::media_type.eq(&file.media_type),
            attachments::size.eq(file.size),
            attachments::content.eq(&file.content),
            attachments::by_id.eq(by),
            attachments::at.eq(at),
        ))
        .execute(conn)?;
    Ok(id)
}

/// All attachments of a record, oldest first; for those who may read internal ones.
pub fn attachments_of(conn: &mut Db, record: Id<OnRecord>) -> Result<Vec<Attachment>> {
    Ok(attachments::table
        .filter(attachments::record_id.eq(record))
        .order((attachments::at, attachments::id))
        .select(Attachment::as_select())
        .load(conn)?)
}

/// The public attachments of a record, and those of some contacts, which are the reader's own; oldest
/// first. Others are not read at all.
pub fn own_attachments_of(
    conn: &mut Db,
    record: Id<OnRecord>,
    contacts: &[Id<Entry>],
) -> Result<Vec<OwnAttachment>> {
    let theirs = attachments::audience
        .eq(Audience::Contact)
        .and(attachments::entry_id.assume_not_null().eq_any(contacts));
    let files: Vec<Attachment> = attachments::table
        .filter(attachments::record_id.eq(record))
        .filter(attachments::audience.eq(Audience::Public).or(theirs))
        .order((attachments::at, attachments::id))
        .select(Attachment::as_select())
        .load(conn)?;
    Ok(files.into_iter().map(OwnAttachment).collect())
}

/// An attachment by id. The caller finds its record through the person.
pub fn find_attachment(conn: &mut Db, id: Id<Attachment>) -> Result<Attachment> {
    Ok(attachments::table
        .find(id)
        .select(Attachment::as_select())
        .first(conn)?)
}

/// The contents of all attachments, each once, in order; `after` one, or from the first.
pub fn contents_after(conn: &mut Db, after: &str, limit: i64) -> Result<Vec<String>> {
    Ok(attachments::table
        .filter(attachments::content.gt(after))
        .select(attachments::content)
        .distinct()
        .order(attachments::content)
        .limit(limit)
        .load(conn)?)
}

/// Whether any attachment has this content.
pub fn has_content(conn: &mut Db, content: &str) -> Result<bool> {
    let named: Option<Id<Attachment>> = attachments::table
        .filter(attachments::content.eq(content))
        .select(attachments::id)
        .first(conn)
        .optional()?;
    Ok(named.is_some())
}
