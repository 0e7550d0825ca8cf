//! Reports: every number, where it leads, who reads it, what is settled for good. The clocks are written
//! as rows here: how they come to be is told elsewhere.

pub mod clocks;
pub mod closing;
mod figures;
mod pages;
mod plans;
mod real;
pub mod results;
