//! What the agreements say, as far as a report says it too: goals, and what pauses their clocks.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{agreement_versions, agreements as table};
use crate::service_levels::Agreement;

/// An agreement as it is in force.
#[derive(Debug, Clone)]
pub struct Agreed {
    pub id: Id<()>,
    pub name: String,
    pub terms: Agreement,
}

/// Every agreement with its version in force, retired ones with their last: their clocks count on.
pub fn agreed(conn: &mut Db, now: Utc) -> Result<Vec<Agreed>> {
    let rows: Vec<(Id<()>, String, i32, Utc, String)> = table::table
        .inner_join(agreement_versions::table)
        .order((table::name, agreement_versions::number))
        .select((
            agreement_versions::agreement_id,
            table::name,
            agreement_versions::number,
            agreement_versions::from_at,
            agreement_versions::definition,
        ))
        .load(conn)?;
    let mut found: Vec<Agreed> = Vec::new();
    for (id, name, number, from_at, definition) in rows {
        // The versions of one stand together, oldest first.
        let is_first = found.last().is_none_or(|last| last.id != id);
        if !is_first && from_at > now {
            continue;
        }
        let terms = serde_json::from_str(&definition)
            .map_err(|e| Error::inward(format!("agreement {name}, version {number}: {e}")))?;
        if !is_first {
            found.pop();
        }
        found.push(Agreed { id, name, terms });
    }
    Ok(found)
}

/// The names of all agreements.
pub fn agreements(conn: &mut Db) -> Result<HashMap<Id<()>, String>> {
    let rows: Vec<(Id<()>, String)> = table::table
        .select((
            diesel::dsl::sql::<crate::platform::db::types::SqlId>("agreements.id"),
            table::name,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
