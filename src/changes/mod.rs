//! Changes. What they share with other kinds is in `records`; their life cycle is in `rules`.

mod rules;

pub use rules::PRACTICE;
