//! The journal: one append-only fact for every change, chained by hash per subject.
//!
//! A fact says what changed, from what to what, when it occurred and when it was recorded, who did
//! it, for whom, and through which door. It holds ids and codes in the clear; every text and every
//! personal label stands as a salted hash, with text and salt in a table of their own that can be
//! erased without breaking a chain. Words are made when somebody reads. The database refuses to
//! change or delete a fact.

mod append;
mod chain;
mod checkpoint;
mod erase;
mod model;
mod read;
mod store;
pub mod verify;

pub use append::{Facts, Prepared, append, append_to, prepare};
pub use chain::{Head, ZERO, hex};
pub use checkpoint::{make as make_checkpoint, next_day};
pub use erase::{Naming, Parts, Side, Spot, delete_texts, facts_with_texts};
pub use model::{Change, Checkpoint, Fact, NewFact, Subject, Value, differences};
pub use read::{ChangeRead, ERASED, FactData, ValueRead, erased_person, stands_for_erased};
pub use store::{
    Begun, Missed, Moment, Told, begun, changes_of, entries_since, facts_at, facts_by_seq,
    fields_changed_about, fields_changed_since, last_changed, list_facts, moments, texts_of,
};
