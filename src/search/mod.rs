//! Search: full text over titles, descriptions, replies and notes.
//!
//! Public and internal text are indexed apart, and the internal index is never asked for somebody
//! who may not read it. A search costs bounded work: finds are read newest first and only as many as
//! a page needs; *best match* ranks among the newest 2,000; what would take longer is said to be too
//! much, with what was found so far.

mod find;
mod marks;
pub mod pages;
mod similar;
mod store;

pub use similar::{Similar, similar_open};
pub use store::{index_internal, index_public, index_record, reindex_record, set_apart};
