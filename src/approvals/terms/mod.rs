//! What a policy says: who is asked, in which order, and how many of them must say yes.

mod check;
mod covers;
mod model;

#[cfg(test)]
mod tests;

pub use check::{Fault, faults};
pub use covers::{Chosen, Facts, choose, clash};
pub use model::{Count, Covers, Entry, Part, Policy, Stage, Who};
