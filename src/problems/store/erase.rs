//! All diesel of erasing what somebody wrote of a problem.

use diesel::prelude::*;

use crate::journal::ERASED;
use crate::people::Person;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::problems::model::words_of;
use crate::records::Record;
use crate::schema::{
    factors, known_error_offers, known_error_versions, known_errors, problems, records,
};

/// Texts looked for at once.
const BATCH: usize = 500;

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

/// The same of the factors of a record, which more than one may have written: of those that say what
/// somebody wrote.
pub fn erase_texts(conn: &mut Db, record: Id<Record>, texts: &[String]) -> Result<()> {
    let of = || factors::table.filter(factors::record_id.eq(record));
    for some in texts.chunks(BATCH) {
        diesel::update(of().filter(factors::evidence.eq_any(some.to_vec())))
            .set(factors::evidence.eq(ERASED))
            .execute(conn)?;
        diesel::update(of().filter(factors::text.eq_any(some.to_vec())))
            .set(factors::text.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

/// The same of what a person said of problems under their own name: versions of known errors, reasons for
/// taking one back.
pub fn erase_authored(conn: &mut Db, person: Id<Person>) -> Result<()> {
    unlearn(conn, person)?;
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

/// A known error is not recognised any more by the words in which a person told its symptoms: those of
/// its title are left.
fn unlearn(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let told: Vec<(Id<Record>, String)> = known_error_versions::table
        .inner_join(
            known_errors::table.on(known_errors::problem_id
                .eq(known_error_versions::problem_id)
                .and(known_errors::version.eq(known_error_versions::version))),
        )
        .inner_join(records::table.on(records::id.eq(known_error_versions::problem_id)))
        .filter(known_error_versions::by_id.eq(person))
        .order(records::id)
        .select((records::id, records::title))
        .load(conn)?;
    for (problem, title) in told {
        super::put_words(conn, problem, &words_of(&title, ""))?;
        let offers = known_error_offers::table.filter(known_error_offers::problem_id.eq(problem));
        diesel::update(offers)
            .set(known_error_offers::why.eq(""))
            .execute(conn)?;
    }
    Ok(())
}

/// The words of what somebody asked for stand beside no offer any more.
pub fn erase_reasons(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let own = records::table
        .filter(records::requester_id.eq(person))
        .select(records::id);
    let offers = known_error_offers::table.filter(known_error_offers::incident_id.eq_any(own));
    diesel::update(offers)
        .set(known_error_offers::why.eq(""))
        .execute(conn)?;
    Ok(())
}
