//! What the settings ask of other slices' tables before something is taken away.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::schema::records;
use crate::services::Scale;

/// Whether any record has a level.
pub fn level_in_use(conn: &mut Db, scale: Scale, level: i32) -> Result<bool> {
    Ok(match scale {
        Scale::Impact => {
            let having = records::table.filter(records::impact.eq(level));
            diesel::select(exists(having)).get_result(conn)?
        }
        Scale::Urgency => {
            let having = records::table.filter(records::urgency.eq(level));
            diesel::select(exists(having)).get_result(conn)?
        }
        Scale::Priority => {
            let having = records::table.filter(records::priority.eq(level));
            diesel::select(exists(having)).get_result(conn)?
        }
    })
}
