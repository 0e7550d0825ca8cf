//! Rows of problems' own tables.

use diesel::prelude::*;
use time::Duration;

use super::rules::fix::WATCHED;
use super::rules::known_errors::{Audience, Publication, Retired, Standing};
use crate::items::Item;
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::{Kind, Number, Record};
use crate::schema::{factors, known_error_offers, known_error_versions, known_errors, problems};
use crate::search::alike::Traits;
use crate::search::telling;
use crate::services::{Category, Service};

/// What only a problem has.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = problems, primary_key(record_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Problem {
    pub record_id: Id<Record>,
    pub workaround: String,
    /// For so many days a fix is watched; 0 where nobody said.
    pub watched_days: i32,
    /// Until when the fix is watched, while it is.
    pub verify_until: Option<Utc>,
    /// When an accepted risk is looked at again.
    pub review_at: Option<Utc>,
}

impl Problem {
    /// A problem of which nothing was said yet.
    pub fn blank(record: Id<Record>) -> Self {
        Self {
            record_id: record,
            workaround: String::new(),
            watched_days: 0,
            verify_until: None,
            review_at: None,
        }
    }

    /// How long its fix is watched.
    pub fn watched(&self) -> Duration {
        match self.watched_days {
            days if days > 0 => Duration::days(days.into()),
            _ => WATCHED,
        }
    }
}

/// Something that contributed. Its kind keeps the label it had.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = factors, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Factor {
    pub id: Id<Factor>,
    pub record_id: Id<Record>,
    pub position: i32,
    pub code: String,
    pub code_label: String,
    pub text: String,
    pub evidence: String,
    pub by_id: Option<Id<Person>>,
    pub at: Utc,
    pub removed_at: Option<Utc>,
}

/// A publication as it stands. An empty `retired` is one that is offered.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = known_errors, primary_key(problem_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct KnownError {
    pub problem_id: Id<Record>,
    pub version: i64,
    pub audience: Audience,
    pub retired: String,
    pub retired_at: Option<Utc>,
    pub retired_by_id: Option<Id<Person>>,
    pub retired_reason: String,
}

impl KnownError {
    pub fn standing(&self) -> Standing {
        Standing {
            version: self.version,
            retired: Retired::from_word(&self.retired),
        }
    }
}

/// One version of a publication.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = known_error_versions, treat_none_as_default_value = false)]
pub struct Version {
    pub problem_id: Id<Record>,
    pub version: i64,
    pub symptoms: String,
    pub workaround: String,
    pub audience: Audience,
    pub by_id: Option<Id<Person>>,
    pub at: Utc,
}

impl Version {
    pub fn publication(&self) -> Publication {
        Publication {
            symptoms: self.symptoms.clone(),
            workaround: self.workaround.clone(),
            audience: self.audience,
        }
    }
}

/// A known error offered on an incident, and what came of it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = known_error_offers, primary_key(incident_id, problem_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Offered {
    pub incident_id: Id<Record>,
    pub problem_id: Id<Record>,
    pub offered_at: Utc,
    /// Why, as [`super::rules::why`] writes it.
    pub why: String,
    pub used_at: Option<Utc>,
    pub used_version: Option<i64>,
    pub used_by_id: Option<Id<Person>>,
    pub worked: Option<bool>,
    pub worked_at: Option<Utc>,
}

/// A known error that is offered, with what it is recognised by.
#[derive(Debug, Clone, Queryable)]
pub struct Known {
    pub problem_id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub is_restricted: bool,
    pub service: Option<Id<Service>>,
    pub item: Option<Id<Item>>,
    pub category: Option<Id<Category>>,
    pub updated_at: Utc,
    pub symptoms: String,
    pub workaround: String,
    pub audience: Audience,
    pub version: i64,
}

/// Words it is recognised by, at most.
const WORDS: usize = 40;

/// The words a known error is recognised by: those of its title and its symptoms.
pub fn words_of(title: &str, symptoms: &str) -> Vec<String> {
    telling(&format!("{title}\n{symptoms}"), WORDS)
}

impl Known {
    pub fn number(&self) -> Number {
        Number {
            kind: Kind::Problem,
            n: self.n,
        }
    }

    pub fn traits(&self) -> Traits {
        Traits {
            words: words_of(&self.title, &self.symptoms),
            service: self.service,
            item: self.item,
            category: self.category,
            subcategory: None,
            factors: Vec::new(),
        }
    }
}

/// An incident, with what makes it like another.
#[derive(Debug, Clone, Queryable)]
pub struct Like {
    pub id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub description: String,
    pub state: String,
    pub is_open: bool,
    pub reported_at: Utc,
    pub service: Option<Id<Service>>,
    pub item: Option<Id<Item>>,
    pub category: Option<Id<Category>>,
}

/// Words of an incident that are compared, at most.
const COMPARED: usize = 24;

/// The words an incident is compared by.
pub fn compared(title: &str, description: &str) -> Vec<String> {
    telling(&format!("{title}\n{description}"), COMPARED)
}

impl Like {
    pub fn number(&self) -> Number {
        Number {
            kind: Kind::Incident,
            n: self.n,
        }
    }

    pub fn traits(&self, factors: Vec<String>) -> Traits {
        Traits {
            words: compared(&self.title, &self.description),
            service: self.service,
            item: self.item,
            category: self.category,
            subcategory: None,
            factors,
        }
    }
}

/// An incident linked to a problem.
#[derive(Debug, Clone, Queryable)]
pub struct Linked {
    pub id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub is_open: bool,
    pub reported_at: Utc,
    pub resolved_at: Option<Utc>,
    pub service: Option<Id<Service>>,
}

impl Linked {
    pub fn number(&self) -> Number {
        Number {
            kind: Kind::Incident,
            n: self.n,
        }
    }
}
