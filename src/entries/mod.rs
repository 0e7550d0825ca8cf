//! Entries: what is said on a record.
//!
//! A *reply* is public: requester and watchers may read it. A *note* is internal. A *contact* is what
//! somebody said who got in touch about the record: theirs and the desk's, nobody else's. They are
//! three types over one table, so that neither note nor contact can be handed to anything that renders
//! for the public. The verbs that say something are the record's (`records::actions`); here is what
//! was said.

mod model;
mod store;

pub use model::{Audience, Contact, Entry, InternalNote, OnRecord, PublicReply, Said};
pub use store::{
    Authored, NewEntry, authored_by, bodies_of, body_of, contacts_from, entries_by_ids,
    entries_for, entries_of, entry_counts, erase_author, insert_entry, public_entries_by_ids,
    public_entries_of,
};
