//! What is agreed.

mod model;
mod span;

pub use model::{
    Agreement, AgreementKind, Covers, PriorityChange, Reopening, Span, Step, StopsAt, Target, Tell,
    When,
};
pub use span::NotASpan;
