//! All diesel of erasing what somebody wrote of a change, or of a template.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{change_templates, changes, freeze_passes};

/// Puts what stands for an erased text in the place of one of a change's (or a template's), by the name
/// the journal knows it by.
pub fn erase_written(conn: &mut Db, subject: Id<Record>, field: &str) -> Result<()> {
    macro_rules! erase {
        ($table:ident, $id:expr, $column:ident) => {
            diesel::update($table::table.find($id).filter($table::$column.ne("")))
                .set($table::$column.eq(ERASED))
                .execute(conn)?
        };
    }
    match field {
        "implementation_plan" => {
            erase!(changes, subject, implementation_plan);
            erase!(
                change_templates,
                subject.cast::<crate::changes::model::Template>(),
                implementation_plan
            );
        }
        "test_plan" => {
            erase!(changes, subject, test_plan);
            erase!(
                change_templates,
                subject.cast::<crate::changes::model::Template>(),
                test_plan
            );
        }
        "backout_plan" => {
            erase!(changes, subject, backout_plan);
            erase!(
                change_templates,
                subject.cast::<crate::changes::model::Template>(),
                backout_plan
            );
        }
        "outcome_text" => {
            erase!(changes, subject, outcome_text);
        }
        "review_text" => {
            erase!(changes, subject, review_text);
        }
        "authority_how" => {
            erase!(changes, subject, authority_how);
        }
        "verdict_text" => {
            erase!(changes, subject, verdict_text);
        }
        "pass_reason" => {
            let reasons = freeze_passes::table.filter(freeze_passes::record_id.eq(subject));
            diesel::update(reasons)
                .set(freeze_passes::reason.eq(ERASED))
                .execute(conn)?;
        }
        "deviations" => {
            erase!(changes, subject, deviations);
        }
        _ => {}
    }
    Ok(())
}
