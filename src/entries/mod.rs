//! Entries: what is said on a record.
//!
//! A *reply* is public: everybody may read it whose own the record is (requester, caller, affected
//! people, watchers). A *note* is internal. A *contact* is what somebody said who got in touch about
//! the record: theirs and the desk's, nobody else's. They are three types over one table, so that
//! neither note nor contact can be handed to anything that renders for the public. The verbs that say
//! something are the record's (`records::actions`); here is what was said.

mod model;
mod store;

pub use model::{Audience, Contact, Entry, InternalNote, OnRecord, OwnEntry, PublicReply, Said};
pub use store::{
    Authored, NewEntry, authored_by, bodies_of, body_of, entries_by_ids, entries_for, entries_of,
    entry_counts, erase_author, insert_entry, is_contact_from, own_entries_of,
    public_entries_by_ids,
};
