//! Rows and enums of services, categories, codes and levels.

use diesel::prelude::*;

use crate::people::{Person, Team};
use crate::platform::db::{Id, Utc};
use crate::schema::{categories, codes, levels, services};

/// A service's row. `criticality` runs from 1 (critical) to 4 (low).
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = services)]
pub struct Service {
    pub id: Id<Service>,
    pub name: String,
    pub owner_id: Option<Id<Person>>,
    pub team_id: Option<Id<Team>>,
    pub criticality: i32,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = categories)]
pub struct Category {
    pub id: Id<Category>,
    pub name: String,
    pub team_id: Option<Id<Team>>,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

crate::text_enum! {
    /// The lists of codes.
    pub enum CodeList {
        Hold = "hold",
        Resolution = "resolution",
        Cancellation = "cancellation",
        /// Kinds of what contributed to a failure.
        Factor = "factor",
    }
}

/// A code of one list. `behaviour` is what the rules know it by; empty for an administrator's own.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = codes)]
pub struct Code {
    pub list: CodeList,
    pub code: String,
    pub label: String,
    pub behaviour: String,
    pub position: i32,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// The code by which a problem ends that is lived with.
pub const RISK_ACCEPTED: &str = "risk_accepted";

impl Code {
    /// Whether it asks for more than a text, on a page of its own: no other form offers it.
    pub fn has_own_form(&self) -> bool {
        self.list == CodeList::Resolution && self.code == RISK_ACCEPTED
    }
}

crate::text_enum! {
    /// What is measured in levels; 1 is the highest.
    pub enum Scale {
        Impact = "impact",
        Urgency = "urgency",
        Priority = "priority",
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = levels)]
pub struct Level {
    pub scale: Scale,
    pub level: i32,
    pub name: String,
    pub hint: String,
}
