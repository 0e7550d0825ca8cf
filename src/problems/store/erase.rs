//! All diesel of erasing what somebody wrote of a problem.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{factors, known_error_versions, known_errors, problems};

/// Puts what stands for an erased text in the place of a problem's, by the name the journal knows it by.
pub fn erase_written(conn: &mut Db, record: Id<Record>, field: &str) -> Result<()> {
    if field == "workaround" {
        let own = problems::table
            .find(record)
            .filter(problems::workaround.ne(""));
        diesel::update(own)
            .set(problems::workaround.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

/// The same of what a person said of problems under their own name: factors, versions of known errors,
/// reasons for taking one back.
pub fn erase_authored(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let said = || factors::table.filter(factors::by_id.eq(person));
    diesel::update(said().filter(factors::evidence.ne("")))
        .set(factors::evidence.eq(ERASED))
        .execute(conn)?;
    diesel::update(said())
        .set(factors::text.eq(ERASED))
        .execute(conn)?;
    let published = known_error_versions::table.filter(known_error_versions::by_id.eq(person));
    diesel::update(published)
        .set((
            known_error_versions::symptoms.eq(ERASED),
            known_error_versions::workaround.eq(ERASED),
        ))
        .execute(conn)?;
    let retired = known_errors::table
        .filter(known_errors::retired_by_id.eq(person))
        .filter(known_errors::retired_reason.ne(""));
    diesel::update(retired)
        .set(known_errors::retired_reason.eq(ERASED))
        .execute(conn)?;
    Ok(())
}
