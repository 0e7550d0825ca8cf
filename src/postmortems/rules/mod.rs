//! The rules of post-mortems and of their action items. Pure: no database, no clock on the wall; time is
//! an argument.

pub mod actions;
pub mod instants;
pub mod life;
pub mod outline;
pub mod recurrence;
pub mod required;
pub mod sections;
pub mod timeline;
pub mod versions;
pub mod wording;
