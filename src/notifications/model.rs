//! What a notice holds.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::Record;
use crate::service_levels::Target;
use crate::services::Service;

/// The kind of notice that tells of clocks.
pub const CLOCKS: &str = "clocks";

/// The kind of notice that tells of approvals.
pub const APPROVALS: &str = "approvals";

/// One thing of a notice of approvals: about a record, or of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    #[serde(default)]
    pub record: Option<Id<Record>>,
    /// Key of the catalogue.
    pub said: String,
    /// Whom it is about, where not a record.
    #[serde(default)]
    pub person: Option<Id<Person>>,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
}

impl Approval {
    /// What a notice tells; what cannot be read is left out.
    pub fn read(data: &str) -> Vec<Approval> {
        let items: Vec<Value> = serde_json::from_str(data).unwrap_or_default();
        let items = items.into_iter();
        items
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect()
    }
}

/// The kind of notice that tells of changes.
pub const CHANGES: &str = "changes";

/// The kind of notice that tells of problems; it tells the same things as one of changes.
pub const PROBLEMS: &str = "problems";

/// The kind of notice that tells of post-mortems and action items, in the same way.
pub const POSTMORTEMS: &str = "postmortems";

/// One thing of a notice of changes, problems or post-mortems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    pub record: Id<Record>,
    /// Key of the catalogue.
    pub said: String,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    #[serde(default)]
    pub services: Vec<Id<Service>>,
    /// Minutes.
    #[serde(default)]
    pub outage: i32,
    #[serde(default)]
    pub from: Option<i64>,
    #[serde(default)]
    pub to: Option<i64>,
}

impl News {
    /// What a notice tells; what cannot be read is left out.
    pub fn read(data: &str) -> Vec<News> {
        let items: Vec<Value> = serde_json::from_str(data).unwrap_or_default();
        let items = items.into_iter();
        items
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect()
    }
}

/// One thing of a notice of clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub record: Id<Record>,
    pub target: Target,
    /// `breach`, or the word of an escalation's step.
    pub step: String,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
}

impl Told {
    pub fn at(&self) -> Utc {
        Utc::from_micros(self.at)
    }

    /// As the notice keeps it.
    pub fn kept(&self) -> Value {
        serde_json::json!(self)
    }

    /// What a notice tells; what cannot be read is left out.
    pub fn read(data: &str) -> Vec<Told> {
        let items: Vec<Value> = serde_json::from_str(data).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect()
    }
}
