//! What verifying found: one line for each difference, as it is found.

use std::fmt::Display;

use super::held::{Held, Mark, shown};
use crate::journal::model::Value;
use crate::journal::read::stands_for_erased;

/// Passes on what was found, and counts.
pub struct Report<'s> {
    line: &'s mut dyn FnMut(&str),
    pub summary: Summary,
}

/// What was looked at, and how many differences there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub records: u64,
    pub facts: u64,
    pub checkpoints: u64,
    /// Texts that were erased from the journal, which is no difference.
    pub erased: u64,
    pub differences: u64,
    /// The newest checkpoint: number and hash.
    pub newest: Option<(i64, Vec<u8>)>,
}

impl Summary {
    pub fn whole(&self) -> bool {
        self.differences == 0
    }
}

impl<'s> Report<'s> {
    pub fn new(line: &'s mut dyn FnMut(&str)) -> Self {
        Self {
            line,
            summary: Summary::default(),
        }
    }

    /// Journal and tables differ, or the journal differs from itself.
    pub fn differs(&mut self, name: &str, what: impl Display) {
        self.summary.differences += 1;
        (self.line)(&format!("{name}: {what}"));
    }

    /// A field of something has another value than the journal says.
    pub fn differs_in(&mut self, name: &str, field: &str, journal: &str, stands: &str) {
        let said = format!("{field}: the journal says {journal}, but there stands {stands}");
        self.differs(name, said);
    }

    /// Compares what the journal holds of a field with what stands there.
    pub fn compares(&mut self, name: &str, field: &str, held: &Held, stands: &Value) {
        match held.is(stands) {
            Some(true) => {}
            Some(false) => self.differs_in(name, field, &held.shown(), &shown(stands)),
            // Our own stand-in tells nothing and hides nothing.
            None if matches!(stands, Value::Text(text) if stands_for_erased(text)) => {}
            None => self.not_compared(name, field),
        }
    }

    /// Compares a text, such as a name, with what the journal holds of it.
    pub fn compares_text(&mut self, name: &str, field: &str, held: &Mark, stands: &str) {
        match held.is(stands) {
            Some(true) => {}
            Some(false) => {
                let stands = shown(&Value::Text(stands.to_owned()));
                self.differs_in(name, field, &held.shown(), &stands);
            }
            None if stands_for_erased(stands) => {}
            None => self.not_compared(name, field),
        }
    }

    fn not_compared(&mut self, name: &str, field: &str) {
        let said = format!("{field}: erased from the journal, not compared");
        self.notes(name, said);
    }

    /// Not a difference, but somebody should know.
    pub fn notes(&mut self, name: &str, what: impl Display) {
        (self.line)(&format!("note: {name}: {what}"));
    }
}

/// `fact 3`, or `facts 3 to 5`.
pub fn range(what: &str, from: i64, to: i64) -> String {
    if from >= to {
        format!("{what} {from}")
    } else {
        format!("{what}s {from} to {to}")
    }
}
