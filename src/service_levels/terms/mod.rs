//! What is agreed.

mod check;
mod covers;
mod examples;
mod measure;
mod model;
mod span;

#[cfg(test)]
mod tests;

pub use check::{TooLong, faults as agreement_faults, too_long};
pub use covers::clash;
pub use examples::{Example, Shows, examples};
pub use model::{
    Agreement, AgreementKind, Covers, PriorityChange, Reopening, Span, Step, StopsAt, Target, Tell,
    When,
};
pub use span::NotASpan;
