//! Which records exist for a person, as a condition of SQL: [`Visible`] is what the macro
//! [`crate::visible`] puts into every query over records.
//!
//! Whoever works sees everything but what is restricted; that is told by the row itself, so others'
//! queues pay nothing for it. A restricted record exists for the people named and the members of one
//! team, whatever else somebody is to it.

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use super::policy::Sight;
use crate::people::Person;
use crate::platform::db::connect::MultiBackend;
use crate::platform::db::types::{SqlId, SqlUtc};
use crate::platform::db::{Id, Utc};

/// The records a person may see; a condition on `records`.
#[derive(Debug, Clone, Copy)]
pub struct Visible(pub Sight);

impl QueryId for Visible {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for Visible {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Visible {}
impl<QS> SelectableExpression<QS> for Visible {}
impl ValidGrouping<()> for Visible {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match &self.0 {
            Sight::Works(person) => {
                out.push_sql("(NOT records.is_restricted OR ");
                push_named(&mut out, person)?;
                out.push_sql(")");
            }
            Sight::Involved(person) => {
                push_involved(&mut out, person)?;
                out.push_sql(")");
            }
            Sight::Asked(person, now) => {
                out.push_sql("(");
                push_involved(&mut out, person)?;
                out.push_sql(") OR (NOT records.is_restricted AND (");
                push_asked(&mut out, person, now)?;
                out.push_sql(")))");
            }
        }
        Ok(())
    }
}

/// That a restricted record names a person, by name or by team.
pub(super) fn push_named<'b>(
    out: &mut AstPass<'_, 'b, MultiBackend>,
    person: &'b Id<Person>,
) -> QueryResult<()> {
    out.push_sql(
        "EXISTS (SELECT 1 FROM restriction_people WHERE restriction_people.record_id = records.id \
         AND restriction_people.person_id = ",
    );
    out.push_bind_param::<SqlId, _>(person)?;
    out.push_sql(
        ") OR EXISTS (SELECT 1 FROM restrictions JOIN team_members \
         ON team_members.team_id = restrictions.team_id \
         WHERE restrictions.record_id = records.id AND team_members.person_id = ",
    );
    out.push_bind_param::<SqlId, _>(person)?;
    out.push_sql(")");
    Ok(())
}

/// A person's own: few ids found by index, however many records there are.
fn push_involved<'b>(
    out: &mut AstPass<'_, 'b, MultiBackend>,
    person: &'b Id<Person>,
) -> QueryResult<()> {
    for sql in [
        // Of what was learnt from it, those outside the desk are told by the desk's own words.
        "records.kind NOT IN ('postmortem', 'action') AND records.id IN (SELECT own.id FROM records AS own \
         WHERE NOT own.is_restricted AND own.requester_id = ",
        " UNION SELECT watchers.record_id FROM watchers JOIN records AS watched \
         ON watched.id = watchers.record_id WHERE NOT watched.is_restricted AND watchers.person_id = ",
        " UNION SELECT involved.record_id FROM involved JOIN records AS touched \
         ON touched.id = involved.record_id WHERE NOT touched.is_restricted AND involved.person_id = ",
        " UNION SELECT restriction_people.record_id FROM restriction_people \
         WHERE restriction_people.person_id = ",
        " UNION SELECT restrictions.record_id FROM restrictions JOIN team_members \
         ON team_members.team_id = restrictions.team_id WHERE team_members.person_id = ",
    ] {
        out.push_sql(sql);
        out.push_bind_param::<SqlId, _>(person)?;
    }
    Ok(())
}

/// That somebody is or was asked to approve a record, or that it waits for one for whom they stand in
/// now. It is asked of each record by itself: whoever approves for years was asked about many.
fn push_asked<'b>(
    out: &mut AstPass<'_, 'b, MultiBackend>,
    person: &'b Id<Person>,
    now: &'b Utc,
) -> QueryResult<()> {
    out.push_sql(
        "EXISTS (SELECT 1 FROM asked WHERE asked.record_id = records.id AND asked.person_id = ",
    );
    out.push_bind_param::<SqlId, _>(person)?;
    out.push_sql(
        ") OR EXISTS (SELECT 1 FROM rounds AS waiting JOIN round_seats AS seats \
         ON seats.round_id = waiting.id WHERE waiting.record_id = records.id \
         AND seats.is_waiting = TRUE AND seats.person_id IN \
         (SELECT delegations.from_id FROM delegations WHERE delegations.to_id = ",
    );
    out.push_bind_param::<SqlId, _>(person)?;
    out.push_sql(" AND delegations.ended_at IS NULL AND delegations.starts_at <= ");
    out.push_bind_param::<SqlUtc, _>(now)?;
    out.push_sql(" AND delegations.ends_at > ");
    out.push_bind_param::<SqlUtc, _>(now)?;
    out.push_sql("))");
    Ok(())
}
