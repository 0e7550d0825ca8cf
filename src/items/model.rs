//! Rows and enums of items and suppliers.

use diesel::prelude::*;

use crate::people::Team;
use crate::platform::db::{Id, Utc};
use crate::schema::{items, suppliers};
use crate::services::Service;

crate::text_enum! {
    /// What an item is there for.
    pub enum Environment {
        Production = "production",
        Staging = "staging",
        Test = "test",
        Development = "development",
    }
}

/// A configuration item's row. Class and environment may be empty.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = items)]
pub struct Item {
    pub id: Id<Item>,
    pub name: String,
    pub class: String,
    pub environment: String,
    pub team_id: Option<Id<Team>>,
    pub service_id: Option<Id<Service>>,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// What is written of an item.
#[derive(Debug, Clone)]
pub struct ItemRow {
    pub name: String,
    pub class: String,
    pub environment: String,
    pub team: Option<Id<Team>>,
    pub service: Option<Id<Service>>,
    pub disabled_at: Option<Utc>,
}

/// A supplier's row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = suppliers)]
pub struct Supplier {
    pub id: Id<Supplier>,
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// What is written of a supplier.
#[derive(Debug, Clone)]
pub struct SupplierRow {
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub disabled_at: Option<Utc>,
}
