//! What the view of records handed over says besides of each: since when its team has it, and the
//! last word to the caller. One page at a time, two statements.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Row;
use crate::entries::Audience;
use crate::journal;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::model::Record;
use crate::schema::{entries, records};

/// Of one record: since when its working team has it, and when the requester was last told something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandedOver {
    pub since: Option<Utc>,
    pub last_word: Option<Utc>,
}

/// Of each of these rows, which the reader sees already.
pub fn handed_over(conn: &mut Db, rows: &[Row]) -> Result<HashMap<Id<Record>, HandedOver>> {
    let ids: Vec<Id<Record>> = rows.iter().map(|row| row.id).collect();
    let mut found: HashMap<Id<Record>, HandedOver> = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    let subjects: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    for (subject, at) in journal::last_changed(conn, &subjects, "team")? {
        found.entry(Id::from_uuid(subject)).or_default().since = Some(at);
    }
    let to_caller = entries::author_id
        .is_null()
        .or(records::requester_id.is_null())
        .or(entries::author_id
            .ne(records::requester_id)
            .assume_not_null());
    let said: Vec<(Id<Record>, Option<Utc>)> = entries::table
        .inner_join(records::table)
        .filter(entries::record_id.eq_any(ids))
        .filter(entries::audience.eq(Audience::Public))
        .filter(to_caller)
        .group_by(entries::record_id)
        .select((entries::record_id, diesel::dsl::max(entries::at)))
        .load(conn)?;
    for (record, at) in said {
        found.entry(record).or_default().last_word = at;
    }
    Ok(found)
}
