//! Rows of post-mortems' own tables.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::rules::instants::{Moment, Source};
use super::rules::required::Rule;
use super::rules::sections::Section;
use super::rules::timeline::{Annotation, AnnotationRow, Key, Knowledge, Reach};
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::{Number, Record};
use crate::schema::{
    postmortem_annotations, postmortem_editions, postmortem_instants, postmortem_participants,
    postmortem_rules, postmortem_sections, postmortems, wording_dismissals,
};
use crate::services::{Category, Service};

/// What only a post-mortem has.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = postmortems, primary_key(record_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Postmortem {
    pub record_id: Id<Record>,
    pub due_at: Option<Utc>,
    pub facilitator_id: Option<Id<Person>>,
    pub reviewer_id: Option<Id<Person>>,
    pub meeting_at: Option<Utc>,
    pub meeting_place: String,
    /// Grows with every change of what was agreed as fact.
    pub facts_version: i64,
    pub no_action_reason: String,
    /// What asked for it: the word of a rule, nothing of one raised by hand.
    pub required_by: String,
    /// The newest edition; 0 before the first.
    pub edition: i64,
    /// When somebody was told that it is overdue.
    pub told_at: Option<Utc>,
}

impl Postmortem {
    /// One of which nothing was said yet.
    pub fn blank(record: Id<Record>) -> Self {
        Self {
            record_id: record,
            due_at: None,
            facilitator_id: None,
            reviewer_id: None,
            meeting_at: None,
            meeting_place: String::new(),
            facts_version: 1,
            no_action_reason: String::new(),
            required_by: String::new(),
            edition: 0,
            told_at: None,
        }
    }
}

/// A section as it was saved once.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = postmortem_sections, treat_none_as_default_value = false)]
pub struct SectionVersion {
    pub record_id: Id<Record>,
    pub section: Section,
    pub version: i64,
    pub text: String,
    pub by_id: Option<Id<Person>>,
    pub at: Utc,
}

/// Somebody who was there, and what they say of the facts.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = postmortem_participants, primary_key(record_id, person_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Participant {
    pub record_id: Id<Record>,
    pub person_id: Id<Person>,
    /// The version of the facts they spoke of; none before they did.
    pub facts_version: Option<i64>,
    pub agrees: bool,
    pub said: String,
    pub at: Option<Utc>,
}

/// What somebody added to the timeline.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = postmortem_annotations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Added {
    pub id: Id<AnnotationRow>,
    pub record_id: Id<Record>,
    /// The record and the place in its journal it belongs to; an entry of its own without.
    pub about_id: Option<Id<Record>>,
    pub position: Option<i64>,
    pub at: Option<Utc>,
    pub written_at: Utc,
    pub text: String,
    pub evidence: String,
    pub knowledge: Knowledge,
    pub reach: Reach,
    pub is_key: bool,
    pub is_hidden: bool,
    pub by_id: Option<Id<Person>>,
    pub version: i64,
}

impl Added {
    /// As the timeline is assembled from it.
    pub fn annotation(&self) -> Annotation {
        Annotation {
            id: self.id,
            on: self
                .about_id
                .zip(self.position)
                .map(|(record, position)| Key { record, position }),
            at: self.at,
            written_at: self.written_at,
            by: self.by_id,
            text: self.text.clone(),
            evidence: self.evidence.clone(),
            knowledge: self.knowledge,
            reach: self.reach,
            is_key: self.is_key,
            is_hidden: self.is_hidden,
        }
    }
}

/// An instant as the post-mortem itself says it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = postmortem_instants, primary_key(record_id, which), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct InstantSaid {
    pub record_id: Id<Record>,
    pub which: Moment,
    pub at: Utc,
    pub source: Source,
    pub note: String,
    pub by_id: Option<Id<Person>>,
    pub set_at: Utc,
}

/// A suggestion of the language check that was not taken up.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = wording_dismissals, treat_none_as_default_value = false)]
pub struct Dismissal {
    pub record_id: Id<Record>,
    pub section: Section,
    /// A digest of the rule and the sentence.
    pub means: String,
    pub rule: String,
    pub reason: String,
    pub by_id: Option<Id<Person>>,
    pub at: Utc,
}

/// A published copy, as [`Frozen`] in JSON.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = postmortem_editions, treat_none_as_default_value = false)]
pub struct Edition {
    pub record_id: Id<Record>,
    pub edition: i64,
    pub frozen: String,
    pub published_by_id: Option<Id<Person>>,
    pub at: Utc,
    pub hash: String,
}

/// Everything a published copy says. What is of another record names it, so that whoever may not see
/// that record does not read it here either.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    pub title: String,
    /// People by id: their names are read when somebody reads it.
    pub facilitator: Option<Id<Person>>,
    pub reviewer: Option<Id<Person>>,
    pub participants: Vec<Id<Person>>,
    pub incidents: Vec<FrozenRecord>,
    pub linked: Vec<FrozenRecord>,
    /// Word, microseconds since 1970, word of the source.
    pub instants: Vec<(String, i64, String)>,
    pub sections: Vec<(String, String)>,
    /// Kind, text, evidence.
    pub factors: Vec<(String, String, String)>,
    pub timeline: Vec<FrozenRow>,
    pub actions: Vec<FrozenRecord>,
    pub no_action_reason: String,
}

/// A record as it was called.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrozenRecord {
    pub id: String,
    pub number: String,
    pub title: String,
    pub owner: Option<Id<Person>>,
    /// What an action item does, by its word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// When an action item was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
}

/// A row of the timeline as it was published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrozenRow {
    /// The record it is of; nothing of an entry that stands for itself.
    pub record: String,
    pub number: String,
    pub at: i64,
    /// The name of the fact.
    pub fact: String,
    pub by: Option<Id<Person>>,
    pub is_key: bool,
    /// Text, evidence, word of what was known.
    pub said: Vec<(String, String, String)>,
}

/// A rule of the desk: which incidents a post-mortem is asked of.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = postmortem_rules, treat_none_as_default_value = false)]
pub struct RuleRow {
    pub id: Id<RuleRow>,
    pub position: i32,
    pub major: bool,
    pub priority: Option<i32>,
    pub service_id: Option<Id<Service>>,
    pub category_id: Option<Id<Category>>,
    pub impact_minutes: Option<i64>,
    pub version: i64,
    pub removed_at: Option<Utc>,
}

impl RuleRow {
    pub fn rule(&self) -> Rule {
        Rule {
            major: self.major,
            priority: self.priority,
            service: self.service_id,
            category: self.category_id,
            impact_minutes: self.impact_minutes,
        }
    }
}

/// An action item as its post-mortem shows it.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Item {
    pub id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub is_open: bool,
    pub created_at: Utc,
    pub owner_id: Option<Id<Person>>,
    pub owner: Option<String>,
    pub kind: super::rules::actions::ActionKind,
    pub verification: String,
    pub due_at: Option<Utc>,
}

impl Item {
    pub fn number(&self) -> Number {
        Number {
            kind: crate::records::Kind::Action,
            n: self.n,
        }
    }
}

/// A row of the library.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Shelved {
    pub id: Id<Record>,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub created_at: Utc,
    pub due_at: Option<Utc>,
    pub facilitator: Option<String>,
    pub service: Option<String>,
}

impl Shelved {
    pub fn number(&self) -> Number {
        Number {
            kind: crate::records::Kind::Postmortem,
            n: self.n,
        }
    }
}
