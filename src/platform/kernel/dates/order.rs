//! Is a whole file read with day and month the wrong way round?
//!
//! One value alone cannot tell: `5/13/2016` in a day-first file may be a slip. So the values of the
//! whole file are looked at before any of it is used, and those that can tell (a number above 12 in
//! either place) are counted.

use super::{DateFormat, DateProblem};

#[derive(Debug, Clone, Default)]
pub struct OrderCheck {
    right: u64,
    swapped: u64,
    first: Option<(u64, DateProblem)>,
}

/// Most dates that can tell contradict the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongOrder {
    /// The first line that shows it.
    pub line: u64,
    /// How many dates show it.
    pub dates: u64,
    pub problem: DateProblem,
}

impl std::fmt::Display for WrongOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            line,
            dates,
            problem,
        } = self;
        write!(
            f,
            "line {line}: {problem} ({dates} dates in the file say the same; nothing was imported)"
        )
    }
}

impl OrderCheck {
    pub fn look_at(&mut self, format: &DateFormat, value: &str, line: u64) {
        match format.parse(value) {
            Ok(date) if date.proves_order() => self.right += 1,
            Err(problem @ DateProblem::Swapped { .. }) => {
                self.swapped += 1;
                self.first.get_or_insert((line, problem));
            }
            _ => {}
        }
    }

    /// A slip among many good dates is a rejected row; where swapped ones prevail, it is the file.
    pub fn verdict(self) -> Result<(), WrongOrder> {
        match self.first {
            Some((line, problem)) if self.swapped > self.right => Err(WrongOrder {
                line,
                dates: self.swapped,
                problem,
            }),
            _ => Ok(()),
        }
    }
}
