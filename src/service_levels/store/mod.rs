//! All diesel of service levels.

pub mod definitions;
