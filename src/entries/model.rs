//! Three types over one table.

use diesel::prelude::*;

use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::schema::entries;

crate::text_enum! {
    /// Who may read an entry or an attachment.
    pub enum Audience {
        Public = "public",
        Internal = "internal",
        /// The person it came from, and those who work on records.
        Contact = "contact",
    }
}

/// A row as it stands; it leaves `store` only as one of the three types below.
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
    pub chaser: bool,
}

/// The record an entry or attachment stands on, seen from here: an id and nothing else.
pub struct OnRecord;

/// What all kinds of entry have; its fields are reached through the kind.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: Id<Entry>,
    pub channel: String,
    pub author_id: Option<Id<Person>>,
    pub author_name: String,
    pub at: Utc,
    pub body: String,
}

/// Something that everybody may read whose own the record is: requester, caller, affected, watcher.
#[derive(Debug, Clone)]
pub struct PublicReply(pub Said);

/// Something only those who work on the record may read.
#[derive(Debug, Clone)]
pub struct InternalNote(pub Said);

/// What somebody said who got in touch about the record. It is theirs: twelve people may call about
/// one outage, and none of them reads what another told the desk.
#[derive(Debug, Clone)]
pub struct Contact {
    pub said: Said,
    /// They asked what became of it.
    pub chaser: bool,
}

/// An entry, for those who may read all of them.
#[derive(Debug, Clone)]
pub enum Entry {
    Reply(PublicReply),
    Note(InternalNote),
    Contact(Contact),
}

/// An entry, for somebody whose own the record is: a reply, or what they said themselves.
#[derive(Debug, Clone)]
pub enum OwnEntry {
    Reply(PublicReply),
    Contact(Contact),
}

impl OwnEntry {
    pub fn said(&self) -> &Said {
        match self {
            OwnEntry::Reply(PublicReply(said)) | OwnEntry::Contact(Contact { said, .. }) => said,
        }
    }
}

impl Entry {
    pub fn said(&self) -> &Said {
        match self {
            Entry::Reply(PublicReply(said))
            | Entry::Note(InternalNote(said))
            | Entry::Contact(Contact { said, .. }) => said,
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
            Audience::Contact => Entry::Contact(Contact {
                said,
                chaser: row.chaser,
            }),
        }
    }
}
