//! Rows of changes' own tables.

use diesel::prelude::*;

use super::labels::Scope;
use super::rules::emergency::Standing;
use super::rules::outcome::{Outcome, Verdict};
use super::rules::plan::Rollout;
use super::rules::risk::Risk;
use super::rules::steps::{ChangeType, Mode};
use super::rules::window::Span;
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::Record;
use crate::schema::{
    change_remarks, change_templates, changes, freeze_passes, freezes, maintenance_windows,
};
use crate::services::Service;

/// What only a change has. A word that is not said is empty.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = changes, primary_key(record_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Change {
    pub record_id: Id<Record>,
    pub change_type: ChangeType,
    pub mode: String,
    pub environment: String,
    pub window_starts_at: Option<Utc>,
    pub window_ends_at: Option<Utc>,
    pub outage_minutes: i32,
    pub implementer_id: Option<Id<Person>>,
    pub verifier_id: Option<Id<Person>>,
    pub rollout: Rollout,
    pub observe_minutes: i32,
    pub implementation_plan: String,
    pub test_plan: String,
    pub backout_plan: String,
    pub backout_minutes: i32,
    pub backout_rehearsed: bool,
    pub risk_reach: String,
    pub risk_reversible: String,
    pub risk_done_before: String,
    pub risk_steps: String,
    pub risk: String,
    pub risk_points: i32,
    /// Words of the rules that spoke, with blanks between.
    pub risk_reasons: String,
    pub revision: i32,
    pub actual_starts_at: Option<Utc>,
    pub actual_ends_at: Option<Utc>,
    pub outcome: String,
    pub outcome_text: String,
    pub review_due_at: Option<Utc>,
    pub review_text: String,
    pub reviewed_at: Option<Utc>,
    pub standing: Standing,
    pub authority_id: Option<Id<Person>>,
    pub authority_at: Option<Utc>,
    pub authority_how: String,
    pub confirm_by: Option<Utc>,
    pub verdict: String,
    pub verdict_text: String,
    pub template_id: Option<Id<Template>>,
    /// What was done otherwise than planned.
    pub deviations: String,
    /// Between which instants the window may be moved without asking again.
    pub bounds_starts_at: Option<Utc>,
    pub bounds_ends_at: Option<Utc>,
    /// When work that takes longer is expected to end.
    pub expected_ends_at: Option<Utc>,
    /// When it was noticed that the work takes longer.
    pub overran_at: Option<Utc>,
}

impl Change {
    /// A change of which nothing was planned yet.
    pub fn blank(record: Id<Record>) -> Self {
        Self {
            record_id: record,
            change_type: ChangeType::Normal,
            mode: String::new(),
            environment: String::new(),
            window_starts_at: None,
            window_ends_at: None,
            outage_minutes: 0,
            implementer_id: None,
            verifier_id: None,
            rollout: Rollout::AtOnce,
            observe_minutes: 0,
            implementation_plan: String::new(),
            test_plan: String::new(),
            backout_plan: String::new(),
            backout_minutes: 0,
            backout_rehearsed: false,
            risk_reach: String::new(),
            risk_reversible: String::new(),
            risk_done_before: String::new(),
            risk_steps: String::new(),
            risk: String::new(),
            risk_points: 0,
            risk_reasons: String::new(),
            revision: 1,
            actual_starts_at: None,
            actual_ends_at: None,
            outcome: String::new(),
            outcome_text: String::new(),
            review_due_at: None,
            review_text: String::new(),
            reviewed_at: None,
            standing: Standing::None,
            authority_id: None,
            authority_at: None,
            authority_how: String::new(),
            confirm_by: None,
            verdict: String::new(),
            verdict_text: String::new(),
            template_id: None,
            deviations: String::new(),
            bounds_starts_at: None,
            bounds_ends_at: None,
            expected_ends_at: None,
            overran_at: None,
        }
    }

    pub fn window(&self) -> Option<Span> {
        Some(Span::new(self.window_starts_at?, self.window_ends_at?))
    }

    /// Between which instants it may be done: the window itself, where nothing wider was asked for.
    pub fn bounds(&self) -> Option<Span> {
        match (self.bounds_starts_at, self.bounds_ends_at) {
            (Some(starts), Some(ends)) => Some(Span::new(starts, ends)),
            _ => self.window(),
        }
    }

    /// The time it takes up: its window, and longer where the work is expected to go on.
    pub fn taken(&self) -> Option<Span> {
        let window = self.window()?;
        let ends = self.expected_ends_at.unwrap_or(window.ends);
        Some(Span::new(window.starts, ends.max(window.ends)))
    }

    pub fn mode(&self) -> Option<Mode> {
        Mode::from_word(&self.mode)
    }

    pub fn risk(&self) -> Option<Risk> {
        Risk::from_word(&self.risk)
    }

    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::from_word(&self.outcome)
    }

    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::from_word(&self.verdict)
    }

    /// The answer to a question of the questionnaire.
    pub fn answer(&self, question: &str) -> Option<&str> {
        let given = match question {
            "reach" => &self.risk_reach,
            "reversible" => &self.risk_reversible,
            "done_before" => &self.risk_done_before,
            "steps" => &self.risk_steps,
            _ => return None,
        };
        (!given.is_empty()).then_some(given.as_str())
    }
}

/// A version of a standard change.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = change_templates, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Template {
    pub id: Id<Template>,
    pub name: String,
    pub name_key: String,
    pub version: i32,
    pub from_id: Id<Record>,
    pub environment: String,
    pub rollout: Rollout,
    pub observe_minutes: i32,
    pub implementation_plan: String,
    pub test_plan: String,
    pub backout_plan: String,
    pub backout_minutes: i32,
    pub backout_rehearsed: bool,
    pub risk_reach: String,
    pub risk_reversible: String,
    pub risk_done_before: String,
    pub risk_steps: String,
    /// Ids with commas between.
    pub services: String,
    pub items: String,
    /// The risk it was proposed with.
    pub risk: Risk,
    pub proposed_by_id: Id<Person>,
    pub proposed_at: Utc,
    pub authorised_by_id: Option<Id<Person>>,
    pub authorised_at: Option<Utc>,
    pub withdrawn_at: Option<Utc>,
}

impl Template {
    /// Whether a change may rest on it.
    pub fn is_authorised(&self) -> bool {
        self.authorised_at.is_some() && self.withdrawn_at.is_none()
    }

    /// Whether what it fixes stands in a change as it stands here.
    pub fn is_untouched_in(&self, change: &Change, scope: &Scope) -> bool {
        let mut filled = change.clone();
        self.fill(&mut filled);
        filled == *change && self.scope() == *scope
    }

    /// What every change made from it touches, and nothing else.
    pub fn scope(&self) -> Scope {
        Scope {
            services: parted(&self.services),
            items: parted(&self.items),
        }
    }

    /// Writes what it fixes into a change.
    pub fn fill(&self, change: &mut Change) {
        change.change_type = ChangeType::Standard;
        change.template_id = Some(self.id);
        change.environment.clone_from(&self.environment);
        change.rollout = self.rollout;
        change.observe_minutes = self.observe_minutes;
        change
            .implementation_plan
            .clone_from(&self.implementation_plan);
        change.test_plan.clone_from(&self.test_plan);
        change.backout_plan.clone_from(&self.backout_plan);
        change.backout_minutes = self.backout_minutes;
        change.backout_rehearsed = self.backout_rehearsed;
        change.risk_reach.clone_from(&self.risk_reach);
        change.risk_reversible.clone_from(&self.risk_reversible);
        change.risk_done_before.clone_from(&self.risk_done_before);
        change.risk_steps.clone_from(&self.risk_steps);
    }
}

/// The ids of a list with commas between, in their order.
fn parted<T>(list: &str) -> Vec<Id<T>> {
    let ids = list.split(',').filter_map(|id| id.parse().ok());
    let mut ids: Vec<Id<T>> = ids.collect();
    ids.sort_unstable();
    ids
}

/// A freeze's row. Each list of its scope is ids or words with commas between; an empty one is all.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = freezes, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FreezeRow {
    pub id: Id<FreezeRow>,
    pub name: String,
    pub reason: String,
    pub starts_at: Utc,
    pub ends_at: Utc,
    pub services: String,
    pub teams: String,
    pub environments: String,
    pub types: String,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// Two people let one change through one freeze: one asks, another agrees.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = freeze_passes, primary_key(record_id, freeze_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Pass {
    pub record_id: Id<Record>,
    pub freeze_id: Id<FreezeRow>,
    pub reason: String,
    pub asked_by_id: Id<Person>,
    pub asked_at: Utc,
    pub agreed_by_id: Option<Id<Person>>,
    pub agreed_at: Option<Utc>,
}

/// What somebody who is affected said of a change, and what was answered.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = change_remarks)]
pub struct Remark {
    pub id: Id<Remark>,
    pub record_id: Id<Record>,
    pub person_id: Id<Person>,
    pub objects: bool,
    pub text: String,
    pub said_at: Utc,
    pub answer: String,
    pub answered_by_id: Option<Id<Person>>,
    pub answered_at: Option<Utc>,
}

/// A maintenance window's row.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = maintenance_windows, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Maintenance {
    pub id: Id<Maintenance>,
    pub name: String,
    pub service_id: Option<Id<Service>>,
    pub environment: String,
    pub zone: String,
    /// Monday is bit 0.
    pub days: i32,
    /// Minute of the day.
    pub opens: i32,
    pub minutes: i32,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}
