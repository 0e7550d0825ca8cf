//! What the forms of the settings give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::items::{Item, Supplier};
use crate::people::{Person, Team};
use crate::platform::db::Id;
use crate::services::{Category, Code, Level, Service};

/// A service as its form gives it. `criticality` runs from 1 (critical) to 4 (low).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceForm {
    pub name: String,
    pub owner: Option<Id<Person>>,
    pub team: Option<Id<Team>>,
    pub criticality: i32,
    pub disabled: bool,
}

impl ServiceForm {
    /// A service as it is now.
    pub fn of(service: &Service) -> Self {
        Self {
            name: service.name.clone(),
            owner: service.owner_id,
            team: service.team_id,
            criticality: service.criticality,
            disabled: service.disabled_at.is_some(),
        }
    }
}

/// A category as its form gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryForm {
    pub name: String,
    pub team: Option<Id<Team>>,
    pub disabled: bool,
}

impl CategoryForm {
    /// A category as it is now.
    pub fn of(category: &Category) -> Self {
        Self {
            name: category.name.clone(),
            team: category.team_id,
            disabled: category.disabled_at.is_some(),
        }
    }
}

/// A supplier as its form gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierForm {
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub disabled: bool,
}

impl SupplierForm {
    /// A supplier as it is now.
    pub fn of(supplier: &Supplier) -> Self {
        Self {
            name: supplier.name.clone(),
            phone: supplier.phone.clone(),
            mail: supplier.mail.clone(),
            disabled: supplier.disabled_at.is_some(),
        }
    }
}

/// A configuration item as its form gives it. What it depends on has verbs of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemForm {
    pub name: String,
    pub class: String,
    /// A word of [`crate::items::Environment`], or empty.
    pub environment: String,
    pub team: Option<Id<Team>>,
    pub service: Option<Id<Service>>,
    pub disabled: bool,
}

impl ItemForm {
    /// An item as it is now.
    pub fn of(item: &Item) -> Self {
        Self {
            name: item.name.clone(),
            class: item.class.clone(),
            environment: item.environment.clone(),
            team: item.team_id,
            service: item.service_id,
            disabled: item.disabled_at.is_some(),
        }
    }
}

/// A code as its form gives it. `behaviour` is what the rules know a hold code by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeForm {
    pub label: String,
    pub behaviour: String,
    pub disabled: bool,
}

impl CodeForm {
    /// A code as it is now.
    pub fn of(code: &Code) -> Self {
        Self {
            label: code.label.clone(),
            behaviour: code.behaviour.clone(),
            disabled: code.disabled_at.is_some(),
        }
    }
}

/// The cells of the matrix by their fields ([`super::rules::cell`]), each with its priority.
pub type Cells = BTreeMap<String, i32>;

/// Names and hints of the levels of one scale by their fields.
pub type LevelNames = BTreeMap<String, String>;

/// The names of levels as they are now.
pub fn names_of(levels: &[Level]) -> LevelNames {
    let mut names = LevelNames::new();
    for level in levels {
        if let Some((name, hint)) = super::rules::level_fields(level.level) {
            names.insert(name.to_owned(), level.name.clone());
            names.insert(hint.to_owned(), level.hint.clone());
        }
    }
    names
}

/// The cells of the matrix as they are now.
pub fn cells_of(matrix: &[(i32, i32, i32)]) -> Cells {
    matrix
        .iter()
        .filter_map(|(impact, urgency, priority)| {
            let field = super::rules::cell(*impact, *urgency)?;
            Some((field.to_owned(), *priority))
        })
        .collect()
}

/// Settings that are a value each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct General {
    pub close_after_days: String,
    pub zone: String,
    /// The level a new record begins with; the middle of the scale when empty.
    pub default_impact: String,
    pub default_urgency: String,
}

/// The fair order as its form holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FairOrder {
    /// Ids of teams with commas between, in order.
    pub fair_teams: String,
    /// How long each class may wait, by its field.
    #[serde(flatten)]
    pub hours: std::collections::BTreeMap<String, String>,
}
