//! Conditions on clocks, as expressions that either database takes: built of fixed pieces of SQL with
//! every value bound.

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Integer, Text};
use uuid::Uuid;

use crate::platform::db::types::{SqlId, SqlUtc};
use crate::platform::db::{Id, Utc};
use crate::reports::model::{By, GroupBy, Narrow};

/// The column that decides where a clock counts.
pub fn instant(by: By) -> &'static str {
    match by {
        By::Outcome => "clocks.outcome_at",
        By::Opened => "clocks.reported_at",
        By::Resolved => "clocks.stopped_at",
    }
}

/// The column a group goes by. A priority has no id; its own column is read beside.
pub fn group(group: GroupBy) -> &'static str {
    match group {
        GroupBy::Service => "clocks.service_id",
        GroupBy::Team => "clocks.team_id",
        GroupBy::Organisation => "clocks.organisation_id",
        GroupBy::Agreement | GroupBy::Priority => "clocks.agreement_id",
    }
}

/// Clocks whose instant lies in `[from, before)`, narrowed, and of no restricted record.
#[derive(Debug, Clone)]
pub struct Counts {
    by: By,
    from: Utc,
    before: Utc,
    /// Only those that count; a list shows every cycle.
    counted: bool,
    kind: Option<String>,
    priority: Option<i32>,
    ids: Vec<(&'static str, Option<Id<()>>)>,
}

impl Counts {
    pub fn new(by: By, from: Utc, before: Utc, counted: bool, narrow: &Narrow) -> Self {
        let ids = [
            ("clocks.service_id", narrow.service),
            ("clocks.team_id", narrow.team),
            ("clocks.organisation_id", narrow.organisation),
            ("clocks.agreement_id", narrow.agreement),
        ];
        let id = |asked: Option<Uuid>| asked.map(Id::from_uuid);
        Self {
            by,
            from,
            before,
            counted,
            kind: narrow.kind.clone(),
            priority: narrow.priority,
            ids: ids
                .into_iter()
                .filter_map(|(column, asked)| Some((column, id(asked?))))
                .collect(),
        }
    }
}

impl QueryId for Counts {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for Counts {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Counts {}
impl<QS> SelectableExpression<QS> for Counts {}
impl ValidGrouping<()> for Counts {
    type IsAggregate = is_aggregate::No;
}

impl<DB> QueryFragment<DB> for Counts
where
    DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlUtc>,
    Id<()>: ToSql<SqlId, DB>,
    Utc: ToSql<SqlUtc, DB>,
    i32: ToSql<Integer, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let at = instant(self.by);
        out.push_sql("clocks.is_restricted = FALSE AND ");
        if self.counted {
            out.push_sql("clocks.is_counted = TRUE AND ");
        }
        out.push_sql(at);
        out.push_sql(" >= ");
        out.push_bind_param::<SqlUtc, _>(&self.from)?;
        out.push_sql(" AND ");
        out.push_sql(at);
        out.push_sql(" < ");
        out.push_bind_param::<SqlUtc, _>(&self.before)?;
        if let Some(kind) = &self.kind {
            out.push_sql(" AND clocks.record_kind = ");
            out.push_bind_param::<Text, _>(kind)?;
        }
        if let Some(priority) = &self.priority {
            out.push_sql(" AND clocks.priority = ");
            out.push_bind_param::<Integer, _>(priority)?;
        }
        for (column, asked) in &self.ids {
            out.push_sql(" AND ");
            out.push_sql(column);
            match asked {
                Some(id) => {
                    out.push_sql(" = ");
                    out.push_bind_param::<SqlId, _>(id)?;
                }
                None => out.push_sql(" IS NULL"),
            }
        }
        Ok(())
    }
}
