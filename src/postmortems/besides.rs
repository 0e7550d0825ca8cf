//! What the record's own page says of a post-mortem: where it is written and read.

use crate::people::{Shell, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::records::{Beside, Record, Sheet, Step};

/// Leads to the post-mortem's own page, which has everything else.
pub fn of(_: &mut Db, _: &Shell, _: &Visitor, _: &Record) -> Result<Beside> {
    Ok(Beside {
        sheet: Sheet {
            acts: vec![Step {
                path: "",
                label: "postmortem-read",
                posts: false,
                solid: true,
            }],
            ..Sheet::default()
        },
        ..Beside::default()
    })
}
