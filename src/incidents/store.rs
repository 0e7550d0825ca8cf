//! All diesel of incidents' own tables.

mod erase;
mod instants;
mod majors;

pub use erase::erase_written;
pub use instants::{
    InstantSeen, cells, hurt_between, instants_of, instants_of_many, instants_seen, instants_since,
    put_instant, was_said,
};
pub use majors::{
    MajorSeen, delete_major, find_major, insert_major, lead_of, majors_of_many, update_major,
};

use diesel::prelude::*;

use crate::journal::Value;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::records::verify::Detail;
use crate::schema::incidents;

/// Whether an incident was solved at first contact.
pub fn is_first_contact(conn: &mut Db, record: Id<Record>) -> Result<bool> {
    Ok(incidents::table
        .find(record)
        .select(incidents::first_contact)
        .first(conn)
        .optional()?
        .unwrap_or(false))
}

/// What a resolved incident's page says besides.
pub(super) fn marks(conn: &mut Db, record: Id<Record>) -> Result<Vec<&'static str>> {
    Ok(if is_first_contact(conn, record)? {
        vec!["mark-first-contact"]
    } else {
        Vec::new()
    })
}

pub(super) fn set_first_contact(conn: &mut Db, record: Id<Record>, solved: bool) -> Result<()> {
    let changed = diesel::update(incidents::table.find(record))
        .set(incidents::first_contact.eq(solved))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(incidents::table)
            .values((
                incidents::id.eq(record),
                incidents::first_contact.eq(solved),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What `andon verify` compares of incidents' own table.
pub const DETAIL: Detail = Detail {
    fields: &["first_contact"],
    stands: |conn, ids| {
        let rows: Vec<(Id<Record>, bool)> = incidents::table
            .filter(incidents::id.eq_any(ids))
            .select((incidents::id, incidents::first_contact))
            .load(conn)?;
        Ok(rows
            .into_iter()
            .map(|(id, solved)| (id, "first_contact", Value::Flag(solved)))
            .collect())
    },
};
