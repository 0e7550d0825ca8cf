//! All diesel of what became of known errors on incidents.

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::problems::model::Offered;
use crate::problems::rules::known_errors::{Audience, Counts};
use crate::records::Record;
use crate::schema::{known_error_offers, known_error_versions, known_errors, records};

pub fn find_offer(
    conn: &mut Db,
    incident: Id<Record>,
    problem: Id<Record>,
) -> Result<Option<Offered>> {
    Ok(known_error_offers::table
        .find((incident, problem))
        .select(Offered::as_select())
        .first(conn)
        .optional()?)
}

/// All offers on an incident, in the order of the problems' ids.
pub fn offers_of(conn: &mut Db, incident: Id<Record>) -> Result<Vec<Offered>> {
    offers_of_many(conn, &[incident])
}

/// The same of many.
pub fn offers_of_many(conn: &mut Db, incidents: &[Id<Record>]) -> Result<Vec<Offered>> {
    Ok(known_error_offers::table
        .filter(known_error_offers::incident_id.eq_any(incidents))
        .order((
            known_error_offers::incident_id,
            known_error_offers::problem_id,
        ))
        .select(Offered::as_select())
        .load(conn)?)
}

/// Writes an offer, whether it was made before or not.
pub fn put_offer(conn: &mut Db, offered: &Offered) -> Result<()> {
    let row = known_error_offers::table.find((offered.incident_id, offered.problem_id));
    if diesel::update(row).set(offered).execute(conn)? == 0 {
        diesel::insert_into(known_error_offers::table)
            .values(offered)
            .execute(conn)?;
    }
    Ok(())
}

/// Takes offers back that nobody used.
pub fn forget_unused(conn: &mut Db, incident: Id<Record>, problems: &[Id<Record>]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let unused = known_error_offers::table
        .filter(known_error_offers::incident_id.eq(incident))
        .filter(known_error_offers::problem_id.eq_any(problems))
        .filter(known_error_offers::used_at.is_null());
    diesel::delete(unused).execute(conn)?;
    Ok(())
}

/// A known error as an incident's page offers it.
#[derive(Debug, Clone, Queryable)]
pub struct Seen {
    pub n: i64,
    pub title: String,
    pub workaround: String,
    pub audience: Audience,
    pub retired: String,
    pub offered: Offered,
}

/// What is offered on an incident, and what was used there, of problems that the visitor may see.
pub fn offers_seen(conn: &mut Db, visitor: &Visitor, incident: Id<Record>) -> Result<Vec<Seen>> {
    let query = records::table
        .inner_join(known_error_offers::table.on(known_error_offers::problem_id.eq(records::id)))
        .inner_join(known_errors::table.on(known_errors::problem_id.eq(records::id)))
        .inner_join(
            known_error_versions::table.on(known_error_versions::problem_id
                .eq(records::id)
                .and(known_error_versions::version.eq(known_errors::version))),
        )
        .filter(known_error_offers::incident_id.eq(incident))
        .order(known_error_offers::problem_id)
        .select((
            records::number,
            records::title,
            known_error_versions::workaround,
            known_error_versions::audience,
            known_errors::retired,
            Offered::as_select(),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// How often a known error was offered, used and worked, on incidents that the visitor may see.
pub fn counts_of(conn: &mut Db, visitor: &Visitor, problem: Id<Record>) -> Result<Counts> {
    let query = known_error_offers::table
        .inner_join(records::table.on(records::id.eq(known_error_offers::incident_id)))
        .filter(known_error_offers::problem_id.eq(problem))
        .select((
            known_error_offers::used_at.is_not_null(),
            known_error_offers::worked,
        ))
        .into_boxed();
    let offers: Vec<(bool, Option<bool>)> = crate::visible!(query, visitor).load(conn)?;
    let count = |is: fn(&(bool, Option<bool>)) -> bool| {
        offers.iter().filter(|offer| is(offer)).count() as i64
    };
    Ok(Counts {
        offered: offers.len() as i64,
        used: count(|(used, _)| *used),
        worked: count(|(_, worked)| *worked == Some(true)),
    })
}
