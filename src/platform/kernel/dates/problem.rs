//! Why a date, a format or a zone cannot be used.

use std::fmt;

/// Why a value is no date, in words for whoever has to mend the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateProblem {
    /// Does not look like the format at all.
    NotInFormat {
        value: String,
        format: String,
    },
    /// A month above 12 where day and month the other way round would fit: `swapped` is the format to
    /// try. One such value may be a slip; many mean the whole file is read with the wrong format.
    Swapped {
        month: u8,
        looks: &'static str,
        swapped: String,
    },
    /// The 31st of February, 25 o'clock, the year 216.
    Impossible {
        value: String,
        why: String,
    },
    BadPattern {
        pattern: String,
        why: String,
    },
    UnknownZone {
        name: String,
    },
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInFormat { value, format } => {
                write!(f, "“{value}” is not a date written as {format}")
            }
            Self::Swapped {
                month,
                looks,
                swapped,
            } => write!(
                f,
                "{month} cannot be a month: is this file {looks}? Give --dates {swapped}"
            ),
            Self::Impossible { value, why } => write!(f, "“{value}” is not a possible date: {why}"),
            Self::BadPattern { pattern, why } => write!(
                f,
                "“{pattern}” is no date format: {why}. Give iso, or a pattern of d m yyyy HH MM SS such as \"d/m/yyyy HH:MM\""
            ),
            Self::UnknownZone { name } => {
                write!(
                    f,
                    "“{name}” is no time zone. Give an IANA name such as Europe/Vienna, or UTC"
                )
            }
        }
    }
}

impl std::error::Error for DateProblem {}

pub(super) fn impossible(value: &str, why: &str) -> DateProblem {
    DateProblem::Impossible {
        value: shown(value),
        why: why.to_owned(),
    }
}

/// A value short enough for a message.
pub(super) fn shown(value: &str) -> String {
    if value.chars().count() <= 40 {
        return value.to_owned();
    }
    value.chars().take(39).chain(['…']).collect()
}
