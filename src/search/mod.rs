//! Search: full text over titles, descriptions, replies and notes.
//!
//! Public and internal text are indexed apart, and the internal index is never asked for somebody
//! who may not read it.

pub mod pages;
mod similar;
mod store;

pub use similar::{Similar, similar_open};
pub use store::{index_internal, index_public, index_record, reindex_record};
