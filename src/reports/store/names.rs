//! The names of what lines are about, as they are now.

use std::collections::HashMap;

use uuid::Uuid;

use super::agreed::agreements;
use crate::people;
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::reports::model::GroupBy;
use crate::services;

/// Every name of a group, by id. A desk has hundreds of them, not thousands.
pub fn names(conn: &mut Db, group: GroupBy) -> Result<HashMap<Uuid, String>> {
    Ok(match group {
        GroupBy::Priority => HashMap::new(),
        GroupBy::Service => (services::list_services(conn)?.into_iter())
            .map(|s| (s.id.uuid(), s.name))
            .collect(),
        GroupBy::Team => (people::list_teams(conn)?.into_iter())
            .map(|t| (t.id.uuid(), t.name))
            .collect(),
        GroupBy::Organisation => (people::list_organisations(conn)?.into_iter())
            .map(|o| (o.id.uuid(), o.name))
            .collect(),
        GroupBy::Agreement => (agreements(conn)?.into_iter())
            .map(|(id, name)| (id.uuid(), name))
            .collect(),
    })
}
