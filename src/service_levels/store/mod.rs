//! All diesel of service levels.

pub mod clocks;
pub mod definitions;
