//! Clocks: what the facts of a record come to.

mod model;

pub use model::ClockState;
