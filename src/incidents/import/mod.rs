//! Bringing in incidents from other systems. The rooms here are pure: a file becomes typed rows and
//! histories; `actions` puts them into the database.

pub mod mapped;
pub mod servicenow;
