//! Entries: what is said on a record.
//!
//! A *reply* is public: requester and watchers may read it. A *note* is internal. They are two types
//! over one table, so that a note cannot be handed to anything that renders for the public. The
//! verbs that say something are the record's (`records::actions`); here is what was said.

mod model;
mod store;

pub use model::{Audience, Entry, InternalNote, OnRecord, PublicReply, Said};
pub use store::{
    NewEntry, body_of, entries_by_ids, entries_for, entries_of, entry_counts, insert_entry,
    public_entries_by_ids, public_entries_of,
};
