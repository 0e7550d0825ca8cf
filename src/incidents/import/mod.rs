//! Bringing in records from other systems.
//!
//! `servicenow` and `mapped` are pure: a file becomes typed rows and histories. `load` puts them into
//! the database by the one action that takes histories, a few hundred rows at a time. This door
//! belongs to the command line alone.

mod load;
pub mod mapped;
mod run;
pub mod servicenow;

pub use load::Counts;
pub use run::{Desk, Report, Watch, import_mapped, import_servicenow};

/// The name of another system: part of what a record is known by, so it is checked once and kept.
pub fn source_name(name: &str) -> Result<String, String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.contains(char::is_control) {
        return Err("give the other system's name, 1 to 60 characters".to_owned());
    }
    Ok(name.to_owned())
}
