//! How calendars and agreements are written, in forms and in files alike.

mod calendar;
mod steps;

pub use calendar::{
    Line, exception, holiday, hours, lines, read_exception, read_holiday, read_hours,
};
pub use steps::{WrittenStep, WrittenTell, step};
