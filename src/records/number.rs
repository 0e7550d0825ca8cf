//! A record's number: the prefix of its kind and a count that is never used again.

use std::fmt;
use std::str::FromStr;

use super::model::Kind;
use crate::people::{Right, Visitor};

/// `INC-1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number {
    pub kind: Kind,
    pub n: i64,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.prefix(), self.n)
    }
}

impl FromStr for Number {
    type Err = ();

    /// Understands what people type: any case, with or without the hyphen, zeros in front.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = text.get(..text.len() - rest.len()).ok_or(())?;
        let kind = Kind::ALL
            .iter()
            .find(|k| k.prefix().eq_ignore_ascii_case(letters))
            .ok_or(())?;
        let digits = rest.trim_start_matches(['-', ' ']);
        if digits.is_empty() || digits.len() > 15 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(());
        }
        let n = digits.parse().map_err(|_| ())?;
        if n < 1 {
            Err(())
        } else {
            Ok(Number { kind: *kind, n })
        }
    }
}

impl Number {
    /// The page of the record.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.kind.path(), self)
    }

    /// The page of the record for one who is not at the desk.
    pub fn portal_path(&self) -> String {
        format!("/portal/{self}")
    }

    /// Where those who are asked about the record read and decide.
    pub fn approval_path(&self) -> String {
        format!("{}/approval", self.path())
    }

    /// The page of the record that this visitor has.
    pub fn path_for(&self, visitor: &Visitor) -> String {
        match visitor.has(Right::Work) {
            true => self.path(),
            false => self.portal_path(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let inc = Number {
            kind: Kind::Incident,
            n: 1042,
        };
        for typed in [
            "INC-1042",
            "inc-1042",
            "inc1042",
            " INC 1042 ",
            "INC-0001042",
        ] {
            assert_eq!(typed.parse(), Ok(inc), "{typed}");
        }
        for typed in [
            "",
            "INC",
            "INC-",
            "INC-0",
            "INC-1x",
            "XYZ-1",
            "1042",
            "INC--",
            "INC-99999999999999999",
            "ÄÖÜ-1",
        ] {
            assert_eq!(typed.parse::<Number>(), Err(()), "{typed}");
        }
        assert_eq!(inc.path(), "/incidents/INC-1042");
        let review = Number {
            kind: Kind::Postmortem,
            n: 7,
        };
        for typed in ["PM-7", "pm7", " Pm 007"] {
            assert_eq!(typed.parse(), Ok(review), "{typed}");
        }
        assert_eq!(review.path(), "/postmortems/PM-7");
        for kind in Kind::ALL.iter().copied() {
            let number = Number { kind, n: 3 };
            assert_eq!(number.to_string().parse(), Ok(number));
        }
    }
}
