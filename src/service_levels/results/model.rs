//! Words and commands.

use std::fmt;
use std::str::FromStr;

use crate::service_levels::Target;

crate::text_enum! {
    /// Why a clock was missed.
    pub enum BreachCode {
        LateAssignment = "late_assignment",
        WrongTeam = "wrong_team",
        NoCapacity = "no_capacity",
        Supplier = "supplier",
        Requester = "requester",
        Change = "change",
        KnownError = "known_error",
        Complexity = "complexity",
        WrongPriority = "wrong_priority",
        Other = "other",
    }
}

/// One clock of a record: a target, which of its cycles, and which part of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Which {
    pub target: Target,
    pub cycle: i32,
    pub part: i32,
}

impl fmt::Display for Which {
    /// `resolution.1.0`: as forms and the journal write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.target, self.cycle, self.part)
    }
}

impl FromStr for Which {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(());
        let target = Target::from_word(next()?).ok_or(())?;
        let cycle = next()?.parse().map_err(drop)?;
        let part = next()?.parse().map_err(drop)?;
        Ok(Which {
            target,
            cycle,
            part,
        })
    }
}

/// Why a clock was missed, in a code and a sentence.
#[derive(Debug, Clone)]
pub struct Explain {
    pub which: Which,
    pub code: BreachCode,
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_named_as_it_is_read() {
        let which: Which = "first_response.2.1".parse().unwrap();
        assert_eq!((which.cycle, which.part), (2, 1));
        assert_eq!(which.to_string(), "first_response.2.1");
        for wrong in [
            "",
            "resolution",
            "resolution.1",
            "resolution.x.0",
            "lunch.1.0",
            "ola.1.99999999999",
        ] {
            assert!(wrong.parse::<Which>().is_err(), "{wrong}");
        }
    }
}
