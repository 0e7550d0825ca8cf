//! The house held to its own laws, and both databases to each other.

mod fill;
mod house;
mod introspect;
mod migrations;
mod schema;
mod source;

pub use fill::row_hashes_but;
pub use migrations::revert_last;
