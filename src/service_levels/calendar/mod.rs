//! When somebody is there: weekly hours in a time zone, holidays, closures, extra openings.
//!
//! One sentence decides every night on which clocks change: **a calendar is open at an instant when
//! the clock on the wall of its zone shows an open time.** So an hour that does not exist has no
//! length, an hour that comes twice counts twice, and a day that a zone skipped is no day.
//!
//! A definition is what people write; [`Hours`] is one definition made ready for counting, a year at
//! a time when it is first asked for; a [`Timeline`] is a calendar's versions one after the other.

mod check;
mod hours;
mod local;
mod model;
mod pieces;
mod timeline;

#[cfg(test)]
mod tests;

pub use check::{Fault, faults};
pub use hours::{BusinessDay, Hours};
pub use local::{LocalDate, LocalMinute};
pub use model::{Calendar, Exception, Holiday, NotATime, Week, Window};
pub use timeline::{Timeline, Version as CalendarVersion};
