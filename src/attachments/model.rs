//! An attachment's row.

use diesel::prelude::*;

use crate::entries::{Audience, Entry, OnRecord};
use crate::platform::db::{Id, Utc};
use crate::schema::attachments;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: Id<Attachment>,
    pub record_id: Id<OnRecord>,
    pub entry_id: Option<Id<Entry>>,
    pub audience: Audience,
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// SHA-256 of the content, in hex.
    pub content: String,
    pub at: Utc,
}

/// A file for somebody whose own the record is: a public one, or one they sent when they got in touch.
#[derive(Debug, Clone)]
pub struct OwnAttachment(pub Attachment);
