//! When things happened in an incident and how we know, and what makes one major.

use diesel::prelude::*;

use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::Record;
use crate::schema::{incident_instants, majors};

crate::text_enum! {
    /// The instants of an incident besides those the desk knows by itself (reported, resolved).
    pub enum Which {
        /// Something began to hurt somebody.
        ImpactBegan = "impact_began",
        /// Somebody or something noticed.
        Detected = "detected",
        /// The first person was assigned; written by itself.
        Acknowledged = "acknowledged",
        /// It hurts nobody any more, though the work may go on.
        Mitigated = "mitigated",
    }
}

crate::text_enum! {
    /// How an instant is known. A number is worth what its source is worth.
    pub enum Source {
        Person = "person",
        Monitoring = "monitoring",
        Log = "log",
        Estimate = "estimate",
        /// By itself, with the first assignment to a person. Nobody chooses it.
        FirstAssignment = "first_assignment",
    }
}

/// The fields of one instant, as forms, the journal and exports call them.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub at: &'static str,
    pub source: &'static str,
    pub note: &'static str,
    /// Who set it, and when they did.
    pub by: &'static str,
    pub set_at: &'static str,
}

impl Which {
    pub const fn names(self) -> Names {
        match self {
            Which::ImpactBegan => Names {
                at: "impact_began_at",
                source: "impact_began_source",
                note: "impact_began_note",
                by: "impact_began_by",
                set_at: "impact_began_set_at",
            },
            Which::Detected => Names {
                at: "detected_at",
                source: "detected_source",
                note: "detected_note",
                by: "detected_by",
                set_at: "detected_set_at",
            },
            Which::Acknowledged => Names {
                at: "acknowledged_at",
                source: "acknowledged_source",
                note: "acknowledged_note",
                by: "acknowledged_by",
                set_at: "acknowledged_set_at",
            },
            Which::Mitigated => Names {
                at: "mitigated_at",
                source: "mitigated_source",
                note: "mitigated_note",
                by: "mitigated_by",
                set_at: "mitigated_set_at",
            },
        }
    }
}

/// An instant as it was last said. One that was cleared has neither time nor source.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = incident_instants, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Instant {
    pub record_id: Id<Record>,
    pub which: Which,
    pub at: Option<Utc>,
    pub source: Option<Source>,
    pub note: String,
    pub by_id: Option<Id<Person>>,
    pub set_at: Utc,
}

/// What makes an incident major: why, who leads, and by when the next word is promised.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = majors, primary_key(record_id))]
pub struct Major {
    pub record_id: Id<Record>,
    pub reason: String,
    pub lead_id: Id<Person>,
    pub next_update_at: Utc,
    pub since: Utc,
}
