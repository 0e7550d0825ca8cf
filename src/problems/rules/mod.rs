//! The rules of problems and known errors. Pure: no database, no clock on the wall; time is an argument.

pub mod cost;
pub mod fix;
pub mod known_errors;
pub mod life;
pub mod trend;
pub mod why;
