//! Two types over one table.

use diesel::prelude::*;

use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::schema::entries;

crate::text_enum! {
    /// Who may read an entry or an attachment.
    pub enum Audience {
        Public = "public",
        Internal = "internal",
    }
}

/// A row as it stands; it leaves `store` only as one of the two types below.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub(super) struct EntryRow {
    pub id: Id<Entry>,
    pub audience: Audience,
    pub channel: String,
    pub author_id: Option<Id<Person>>,
    pub author_name: String,
    pub at: Utc,
    pub body: String,
}

/// The record an entry or attachment stands on, seen from here: an id and nothing else.
pub struct OnRecord;

/// What both kinds of entry have; its fields are reached through the kind.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: Id<Entry>,
    pub channel: String,
    pub author_id: Option<Id<Person>>,
    pub author_name: String,
    pub at: Utc,
    pub body: String,
}

/// Something requester and watchers may read.
#[derive(Debug, Clone)]
pub struct PublicReply(pub Said);

/// Something only those who work on the record may read.
#[derive(Debug, Clone)]
pub struct InternalNote(pub Said);

/// An entry, for those who may read both kinds.
#[derive(Debug, Clone)]
pub enum Entry {
    Reply(PublicReply),
    Note(InternalNote),
}

impl Entry {
    pub fn said(&self) -> &Said {
        match self {
            Entry::Reply(PublicReply(said)) | Entry::Note(InternalNote(said)) => said,
        }
    }
}

impl From<EntryRow> for Entry {
    fn from(row: EntryRow) -> Self {
        let said = Said {
            id: row.id,
            channel: row.channel,
            author_id: row.author_id,
            author_name: row.author_name,
            at: row.at,
            body: row.body,
        };
        match row.audience {
            Audience::Public => Entry::Reply(PublicReply(said)),
            Audience::Internal => Entry::Note(InternalNote(said)),
        }
    }
}
