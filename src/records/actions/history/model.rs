//! A history as any source tells it: names instead of ids, times of its own, rows it is known by.

use std::fmt;

use crate::journal::Value;
use crate::platform::db::Utc;
use crate::records::model::Channel;
use crate::records::number::Number;
use crate::services::CodeList;

/// One record of another system with what happened to it.
#[derive(Debug, Clone)]
pub struct History {
    /// Where it comes from; with `external_id`, what the record is known by.
    pub source: String,
    /// Its number there.
    pub external_id: String,
    /// Every row of the source it is made of, in order.
    pub rows: Vec<RowKey>,
    /// In order. The first makes the record.
    pub events: Vec<Event>,
    /// For a source that gives a record's present state and no history: what to add where the
    /// record is known and its row has changed.
    pub revised: Option<Event>,
}

/// What a row is known by, beside source and number: a row that was taken brings nothing again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowKey {
    pub revision: String,
    pub hash: [u8; 32],
}

/// Something that happened, told by one row. What it leaves as it was is no change.
#[derive(Debug, Clone)]
pub struct Event {
    /// Which of the history's rows told it.
    pub row: usize,
    /// When; `None` where the source does not say, so that it counts as of now.
    pub at: Option<Utc>,
    /// Who did it, by the source's label.
    pub actor: String,
    pub sets: Vec<Set>,
}

/// One thing an event says.
#[derive(Debug, Clone)]
pub enum Set {
    Title(String),
    Description(String),
    ReportedAt(Utc),
    Requester(Option<Who>),
    Service(Option<String>),
    Category(Option<String>),
    Team(Option<String>),
    Assignee(Option<Who>),
    Channel(Channel),
    Impact(Grade),
    Urgency(Grade),
    /// The source's own, never recomputed.
    Priority(Grade),
    State(Box<Enter>),
    ResolvedAt(Option<Utc>),
    ClosedAt(Option<Utc>),
    Reassignments(i32),
    Reopens(i32),
    /// What records have no field for; it stands in the journal under this name.
    Told {
        field: &'static str,
        before: Value,
        after: Value,
    },
}

/// A person as a source names one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    pub name: String,
    /// Empty where the source gives none.
    pub mail: String,
}

impl Who {
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            mail: String::new(),
        }
    }
}

/// A level of impact, urgency or priority, with what to call it where it is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    pub level: i32,
    pub name: String,
}

/// Coming into a state of the practice.
#[derive(Debug, Clone)]
pub struct Enter {
    pub state: &'static str,
    /// For waiting: what for.
    pub waits: Option<Waits>,
    /// For a state that is done: how it ended, where the source says.
    pub ended: Option<Ended>,
}

#[derive(Debug, Clone)]
pub struct Waits {
    /// The behaviour of a hold code.
    pub behaviour: &'static str,
    /// Empty where it is none or not known.
    pub supplier: String,
}

#[derive(Debug, Clone)]
pub struct Ended {
    pub list: CodeList,
    /// The source's code; ours are not asked.
    pub code: String,
    pub text: String,
    pub by: Option<Who>,
}

/// What became of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All of its rows were known.
    Known,
    New(Told),
    /// A known record went on.
    Continued(Told),
    /// Nothing of it was taken.
    Refused(Refusal),
}

/// How much was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Unknown until the record is made.
    pub number: Option<Number>,
    pub rows: usize,
    /// Rows of it that were known.
    pub known: usize,
    pub facts: usize,
    /// It has further rows: call again.
    pub more: bool,
}

/// Why a history does not go together with what is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The number became a record of another kind.
    OtherKind(Number),
    /// Somebody worked on the record here; the source's version would overwrite that.
    ChangedHere(Number),
    /// The record is known, but not the row it begins with.
    OtherBeginning(Number),
    /// Something lies in the future.
    Future { what: &'static str, at: Utc },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKind(number) => {
                write!(f, "it was imported as {number}, which is of another kind")
            }
            Self::ChangedHere(number) => write!(
                f,
                "it was imported as {number}, and somebody has changed that here since"
            ),
            Self::OtherBeginning(number) => write!(
                f,
                "it was imported as {number}, whose first row is another one: were the columns of the export changed?"
            ),
            Self::Future { what, at } => write!(
                f,
                "{what} lies in the future ({}): is the time zone right? Give --zone",
                at.rfc3339()
            ),
        }
    }
}
