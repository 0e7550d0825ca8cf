//! Lamps in SQL: which records show one, and how many of a list show which, in one statement.

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};

use super::{Away, Filter, IsOpen, OfTeams, Sort, narrowed};
use crate::people::{Line, Visitor};
use crate::platform::db::connect::MultiBackend;
use crate::platform::db::types::SqlUtc;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{involved, records};
use crate::service_levels::Lamp;

/// That a record shows a lamp at an instant: what [`Standing::lamp`] says of its row.
///
/// [`Standing::lamp`]: crate::service_levels::Standing::lamp
#[derive(Debug, Clone, Copy)]
pub(super) struct Shows(pub Lamp, pub Utc);

impl QueryId for Shows {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for Shows {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Shows {}
impl<QS> SelectableExpression<QS> for Shows {}
impl ValidGrouping<()> for Shows {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for Shows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Shows(lamp, now) = self;
        let (states, instants): (_, &[&str]) = match lamp {
            Lamp::Breach => ("IN ('running', 'paused')", &["next_due_at < "]),
            Lamp::Risk => ("= 'running'", &["next_due_at >= ", "next_risk_at <= "]),
            Lamp::Ok => ("= 'running'", &["next_due_at >= ", "next_risk_at > "]),
            Lamp::Paused => ("= 'paused'", &["next_due_at >= "]),
            Lamp::Met => ("= 'met'", &[]),
            Lamp::None => ("= 'none'", &[]),
        };
        out.push_sql("records.clock_state ");
        out.push_sql(states);
        for instant in instants {
            out.push_sql(" AND records.");
            out.push_sql(instant);
            out.push_bind_param::<SqlUtc, _>(now)?;
        }
        Ok(())
    }
}

/// How many of some records show a lamp.
#[derive(Debug, Clone, Copy)]
struct CountOf(Shows);

impl QueryId for CountOf {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for CountOf {
    type SqlType = BigInt;
}
impl<QS> AppearsOnTable<QS> for CountOf {}
impl<QS> SelectableExpression<QS> for CountOf {}
impl ValidGrouping<()> for CountOf {
    type IsAggregate = is_aggregate::Yes;
}

impl QueryFragment<MultiBackend> for CountOf {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("count(CASE WHEN ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" THEN 1 END)");
        Ok(())
    }
}

type Six = (i64, i64, i64, i64, i64, i64);

/// A count for each of [`Lamp::ALL`].
fn each(now: Utc) -> (CountOf, CountOf, CountOf, CountOf, CountOf, CountOf) {
    let [breach, risk, ok, paused, met, none] = Lamp::ALL.map(|lamp| CountOf(Shows(lamp, now)));
    (breach, risk, ok, paused, met, none)
}

/// The lamps of a list that are lit, in their order, each with how many show it.
pub fn lamps(
    conn: &mut Db,
    visitor: &Visitor,
    filter: &Filter,
    now: Utc,
) -> Result<Vec<(Lamp, i64)>> {
    let query = records::table.select(each(now)).into_boxed();
    let six: Six = narrowed!(query, visitor, filter, Sort::Due).first(conn)?;
    let counts = [six.0, six.1, six.2, six.3, six.4, six.5];
    let all = Lamp::ALL.into_iter().zip(counts);
    Ok(all.filter(|(_, n)| *n > 0).collect())
}

/// How everything stands that is open and that everybody who works sees.
pub fn line(conn: &mut Db, now: Utc) -> Result<Line> {
    let (breached, at_risk, on_track, paused, ..): Six = records::table
        .filter(IsOpen::Yes)
        .filter(records::is_restricted.eq(false))
        .select(each(now))
        .first(conn)?;
    Ok(Line {
        breached,
        at_risk,
        on_track,
        paused,
    })
}
