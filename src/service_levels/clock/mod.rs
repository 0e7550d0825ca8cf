//! Clocks: what the facts of a record come to.

mod lamp;
mod model;

pub use lamp::{Lamp, Standing};
pub use model::ClockState;
