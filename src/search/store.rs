//! What is indexed. Texts are folded here, once, for both databases.

use crate::platform::db::{Db, Id, dialect};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text::index_text;

/// Indexes a new record's title and description.
pub fn index_record<R>(conn: &mut Db, record: Id<R>, title: &str, description: &str) -> Result<()> {
    dialect::insert_text(
        conn,
        record.cast(),
        None,
        "public",
        &index_text(&format!("{title}\n{description}")),
    )
}

/// Indexes them again after a change.
pub fn reindex_record<R>(
    conn: &mut Db,
    record: Id<R>,
    title: &str,
    description: &str,
) -> Result<()> {
    dialect::delete_text(conn, record.cast())?;
    index_record(conn, record, title, description)
}

/// Indexes a text that the requester may read.
pub fn index_public<R, E>(conn: &mut Db, record: Id<R>, entry: Id<E>, body: &str) -> Result<()> {
    dialect::insert_text(
        conn,
        record.cast(),
        Some(entry.cast()),
        "public",
        &index_text(body),
    )
}

/// Indexes a text for those who work on records only.
pub fn index_internal<R, E>(conn: &mut Db, record: Id<R>, entry: Id<E>, body: &str) -> Result<()> {
    dialect::insert_text(
        conn,
        record.cast(),
        Some(entry.cast()),
        "internal",
        &index_text(body),
    )
}
