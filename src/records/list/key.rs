//! A row's place in a list, and the condition for what lies beyond it.

use std::cmp::Ordering;

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use super::{Filter, Row, Sort};
use crate::people::Team;
use crate::platform::db::connect::MultiBackend;
use crate::platform::db::types::{SqlId, SqlUtc};
use crate::platform::db::{Id, Utc};
use crate::records::model::{Kind, Record};

/// A row's place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    priority: i32,
    at: Utc,
    kind: Kind,
    number: i64,
    id: Id<Record>,
}

impl Key {
    pub fn of(row: &Row, sort: Sort) -> Self {
        let at = match sort {
            Sort::Due => row.next_due_at,
            Sort::Updated => row.updated_at,
            Sort::Priority | Sort::Opened | Sort::Number => row.reported_at,
        };
        Key {
            priority: row.priority,
            at,
            kind: row.kind,
            number: row.n,
            id: row.id,
        }
    }

    /// Which of two rows comes first in a list that ascends.
    pub fn compare(&self, other: &Self, sort: Sort) -> Ordering {
        match sort {
            Sort::Priority => {
                (self.priority, self.at, self.id).cmp(&(other.priority, other.at, other.id))
            }
            Sort::Due | Sort::Opened | Sort::Updated => {
                (self.at, self.id).cmp(&(other.at, other.id))
            }
            Sort::Number => (self.kind.word(), self.number).cmp(&(other.kind.word(), other.number)),
        }
    }

    pub fn text(self) -> String {
        format!(
            "{}.{}.{}.{}.{}",
            self.priority,
            self.at.micros(),
            self.kind,
            self.number,
            self.id
        )
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '.');
        Some(Key {
            priority: parts.next()?.parse().ok()?,
            at: Utc::from_micros(parts.next()?.parse().ok()?),
            kind: Kind::from_word(parts.next()?)?,
            number: parts.next()?.parse().ok()?,
            id: parts.next()?.parse().ok()?,
        })
    }
}

/// Whether records are open, written out: an index of finished records is used only by a statement
/// that says so itself, and not for a value it is told later. There are three ways to ask for
/// finished ones, and each says which indexes may be used: without statistics, or planning for any
/// value, a database would read history in the order asked for until it has met enough of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::records) enum IsOpen {
    Yes,
    /// Open, by no index: few are left and those are sorted.
    YesSorted,
    /// Finished, by an index that begins with `is_open`.
    No,
    /// Finished, by an index of what the list is narrowed to (`WHERE is_open IS NOT TRUE`).
    NoNarrowed,
    /// Finished, by neither: few are left and those are sorted.
    NoFew,
    /// Open, by none of them either.
    YesFew,
}

impl IsOpen {
    pub fn of(open: bool, filter: &Filter, sort: Sort) -> Self {
        let narrowed =
            filter.service.is_some() || filter.category.is_some() || filter.channel.is_some();
        let owned = filter.teams.is_some()
            || filter.no_team
            || filter.assignee.is_some()
            || filter.unassigned;
        let own_order = match sort {
            Sort::Due | Sort::Priority => false,
            Sort::Number => owned,
            Sort::Opened | Sort::Updated => owned || filter.kind.is_some(),
        };
        match open {
            true if filter.parent.is_some() => IsOpen::YesSorted,
            true if filter.major || filter.flagged => IsOpen::YesFew,
            true => IsOpen::Yes,
            false
                if filter.requester.is_some()
                    || filter.parent.is_some()
                    || filter.major
                    || filter.flagged =>
            {
                IsOpen::NoFew
            }
            false if narrowed || own_order => IsOpen::NoNarrowed,
            false => IsOpen::No,
        }
    }
}

impl QueryId for IsOpen {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for IsOpen {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for IsOpen {}
impl<QS> SelectableExpression<QS> for IsOpen {}
impl ValidGrouping<()> for IsOpen {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for IsOpen {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(match self {
            IsOpen::Yes => "records.is_open = TRUE",
            IsOpen::YesSorted => "records.is_open IS NOT FALSE",
            IsOpen::No => "records.is_open = FALSE",
            IsOpen::NoNarrowed => "records.is_open IS NOT TRUE",
            IsOpen::NoFew => "records.is_open IS FALSE",
            IsOpen::YesFew => "records.is_open IS TRUE",
        });
        Ok(())
    }
}

/// `team_id IN ($1, $2)`. Diesel's own is prepared anew each time, since lists may be of any length;
/// nobody is in many teams.
#[derive(Debug, Clone)]
pub(super) struct OfTeams(pub Vec<Id<Team>>);

impl QueryId for OfTeams {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for OfTeams {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for OfTeams {}
impl<QS> SelectableExpression<QS> for OfTeams {}
impl ValidGrouping<()> for OfTeams {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for OfTeams {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if self.0.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        out.push_sql("records.team_id IN (");
        each_of(&self.0, &mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

fn each_of<'b>(teams: &'b [Id<Team>], out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
    for (n, team) in teams.iter().enumerate() {
        if n > 0 {
            out.push_sql(", ");
        }
        out.push_bind_param::<SqlId, _>(team)?;
    }
    Ok(())
}

/// Owned by one of these teams, worked on by another: written as the index of such records says it.
#[derive(Debug, Clone)]
pub(super) struct Away(pub Vec<Id<Team>>);

impl QueryId for Away {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for Away {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Away {}
impl<QS> SelectableExpression<QS> for Away {}
impl ValidGrouping<()> for Away {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for Away {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if self.0.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        out.push_sql("records.team_id <> records.owner_team_id AND records.owner_team_id IN (");
        each_of(&self.0, &mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

/// `(priority, reported_at, id) > ($1, $2, $3)`: a comparison of rows, which diesel has no word for
/// and which both databases turn into the beginning of a range of the index.
///
/// Where the list has one value only of what comes first, it is left out: SQLite would read from the
/// first row of that value to the page, however deep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beyond {
    sort: Sort,
    up: bool,
    key: Key,
    one_value: bool,
}

impl Beyond {
    pub fn new(key: Key, sort: Sort, up: bool, filter: &Filter) -> Self {
        let one_value = match sort {
            Sort::Priority => filter.priority == Some(key.priority),
            Sort::Number => filter.kind == Some(key.kind),
            Sort::Due | Sort::Opened | Sort::Updated => false,
        };
        Beyond {
            sort,
            up,
            key,
            one_value,
        }
    }
}

impl QueryId for Beyond {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Expression for Beyond {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Beyond {}
impl<QS> SelectableExpression<QS> for Beyond {}
impl ValidGrouping<()> for Beyond {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for Beyond {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(match self.sort {
            Sort::Priority if self.one_value => "(records.reported_at, records.id)",
            Sort::Number if self.one_value => "(records.number)",
            Sort::Priority => "(records.priority, records.reported_at, records.id)",
            Sort::Due => "(records.next_due_at, records.id)",
            Sort::Opened => "(records.reported_at, records.id)",
            Sort::Updated => "(records.updated_at, records.id)",
            Sort::Number => "(records.kind, records.number)",
        });
        out.push_sql(if self.up { " > (" } else { " < (" });
        if self.sort == Sort::Number {
            if !self.one_value {
                out.push_bind_param::<Text, _>(&self.key.kind)?;
                out.push_sql(", ");
            }
            out.push_bind_param::<BigInt, _>(&self.key.number)?;
        } else {
            if self.sort == Sort::Priority && !self.one_value {
                out.push_bind_param::<Integer, _>(&self.key.priority)?;
                out.push_sql(", ");
            }
            out.push_bind_param::<SqlUtc, _>(&self.key.at)?;
            out.push_sql(", ");
            out.push_bind_param::<SqlId, _>(&self.key.id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
