//! How many records of a list stand how: a count for each lamp, in one statement.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Away, Filter, IsOpen, OfTeams, Sort, narrowed};
use crate::people::{Line, Visitor};
use crate::platform::db::types::SqlUtc;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{involved, records};
use crate::service_levels::{ClockState, Lamp};

/// Every lamp with a count of the records that show it at an instant; what [`Standing::lamp`] says of a
/// row, said in SQL.
///
/// [`Standing::lamp`]: crate::service_levels::Standing::lamp
macro_rules! counted {
    ($now:expr) => {
        (
            sql::<BigInt>("count(CASE WHEN records.clock_state IN ('running', 'paused') AND records.next_due_at < ")
                .bind::<SqlUtc, _>($now)
                .sql(" THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN records.clock_state = 'running' AND records.next_due_at >= ")
                .bind::<SqlUtc, _>($now)
                .sql(" AND records.next_risk_at <= ")
                .bind::<SqlUtc, _>($now)
                .sql(" THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN records.clock_state = 'running' AND records.next_due_at >= ")
                .bind::<SqlUtc, _>($now)
                .sql(" AND records.next_risk_at > ")
                .bind::<SqlUtc, _>($now)
                .sql(" THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN records.clock_state = 'paused' AND records.next_due_at >= ")
                .bind::<SqlUtc, _>($now)
                .sql(" THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN records.clock_state = 'met' THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN records.clock_state = 'none' THEN 1 END)"),
        )
    };
}

type Six = (i64, i64, i64, i64, i64, i64);

/// The lamps of a list that are lit, in their order.
pub fn lamps(
    conn: &mut Db,
    visitor: &Visitor,
    filter: &Filter,
    now: Utc,
) -> Result<Vec<(Lamp, i64)>> {
    let query = records::table.select(counted!(now)).into_boxed();
    let six: Six = narrowed!(query, visitor, filter, Sort::Due).first(conn)?;
    let counts = [six.0, six.1, six.2, six.3, six.4, six.5];
    let all = Lamp::ALL.into_iter().zip(counts);
    Ok(all.filter(|(_, n)| *n > 0).collect())
}

/// How everything stands that is open and that everybody who works sees.
pub fn line(conn: &mut Db, now: Utc) -> Result<Line> {
    let six: Six = records::table
        .filter(sql::<diesel::sql_types::Bool>("records.is_open = TRUE"))
        .filter(records::is_restricted.eq(false))
        .select(counted!(now))
        .first(conn)?;
    Ok(Line {
        breached: six.0,
        at_risk: six.1,
        on_track: six.2,
        paused: six.3,
    })
}
