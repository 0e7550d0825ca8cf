//! Search: full text over titles, descriptions, replies, notes and tasks.
//!
//! Public and internal text are indexed apart, and the internal index is never asked for somebody
//! who may not read it. A search costs bounded work: finds are read newest first and only as many as
//! a page needs; *best match* ranks among the newest 2,000; what would take longer is said to be too
//! much, with what was found so far.

pub mod alike;
mod find;
mod marks;
pub mod pages;
mod similar;
mod store;

pub use find::of_kind;
pub use similar::{Similar, candidates, similar_open, telling};
pub use store::{
    Indexed, forget_entry, index_internal, index_person, index_public, indexed_texts,
    reindex_internal, reindex_people, reindex_records, set_apart,
};
