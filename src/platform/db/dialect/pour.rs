//! Rows of any table, written many at a time: what [`super::rows`] gave, into either database.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Bool, HasSqlType, Integer, Nullable, Text};
use serde::Deserialize;
use uuid::Uuid;

use super::catalogue::{Column, Shape, Table};
use super::on_backend;
use super::rows::names;
use crate::platform::db::types::{SqlId, SqlUtc};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};

/// Values one statement may carry; SQLite takes 32,766, PostgreSQL 65,535.
const BINDS: usize = 30_000;
/// Rows one statement may carry.
const ROWS: usize = 250;

/// A value of a row that was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Null,
    Number(i64),
    Text(String),
}

/// A value as this database takes it.
enum Bind {
    Null(Shape),
    Id(Id<()>),
    Bytes(Vec<u8>),
    Text(String),
    Flag(bool),
    Small(i32),
    Large(i64),
    Instant(Utc),
}

impl Bind {
    fn of(column: &Column, cell: &Cell) -> Result<Self> {
        let wrong = || Error::inward(format!("{} holds {cell:?}", column.name));
        Ok(match (column.shape, cell) {
            (shape, Cell::Null) => Bind::Null(shape),
            (Shape::Text, Cell::Text(text)) => Bind::Text(text.clone()),
            (Shape::Bytes, Cell::Text(hex)) => Bind::Bytes(from_hex(hex).ok_or_else(wrong)?),
            (Shape::Id, Cell::Text(hex)) => {
                let bytes = from_hex(hex).ok_or_else(wrong)?;
                Bind::Id(Id::from_uuid(
                    Uuid::from_slice(&bytes).map_err(|_| wrong())?,
                ))
            }
            (Shape::Flag, Cell::Number(n @ (0 | 1))) => Bind::Flag(*n == 1),
            (Shape::Small, Cell::Number(n)) => Bind::Small(i32::try_from(*n).map_err(|_| wrong())?),
            (Shape::Large, Cell::Number(n)) => Bind::Large(*n),
            (Shape::Instant, Cell::Number(n)) => Bind::Instant(Utc::from_micros(*n)),
            _ => return Err(wrong()),
        })
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let digit = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|n| u8::try_from(n).ok())
    };
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

impl<DB> QueryFragment<DB> for Bind
where
    DB: Backend
        + HasSqlType<SqlId>
        + HasSqlType<SqlUtc>
        + HasSqlType<Binary>
        + HasSqlType<Text>
        + HasSqlType<Bool>
        + HasSqlType<Integer>
        + HasSqlType<BigInt>,
    Id<()>: ToSql<SqlId, DB>,
    Utc: ToSql<SqlUtc, DB>,
    Vec<u8>: ToSql<Binary, DB>,
    String: ToSql<Text, DB>,
    bool: ToSql<Bool, DB>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    Option<Id<()>>: ToSql<Nullable<SqlId>, DB>,
    Option<Utc>: ToSql<Nullable<SqlUtc>, DB>,
    Option<&'static [u8]>: ToSql<Nullable<Binary>, DB>,
    Option<&'static str>: ToSql<Nullable<Text>, DB>,
    Option<bool>: ToSql<Nullable<Bool>, DB>,
    Option<i32>: ToSql<Nullable<Integer>, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Bind::Null(Shape::Id) => out.push_bind_param::<Nullable<SqlId>, Option<Id<()>>>(&None),
            Bind::Null(Shape::Bytes) => {
                out.push_bind_param::<Nullable<Binary>, Option<&'static [u8]>>(&None)
            }
            Bind::Null(Shape::Text) => {
                out.push_bind_param::<Nullable<Text>, Option<&'static str>>(&None)
            }
            Bind::Null(Shape::Flag) => out.push_bind_param::<Nullable<Bool>, Option<bool>>(&None),
            Bind::Null(Shape::Small) => {
                out.push_bind_param::<Nullable<Integer>, Option<i32>>(&None)
            }
            Bind::Null(Shape::Large) => out.push_bind_param::<Nullable<BigInt>, Option<i64>>(&None),
            Bind::Null(Shape::Instant) => {
                out.push_bind_param::<Nullable<SqlUtc>, Option<Utc>>(&None)
            }
            Bind::Id(id) => out.push_bind_param::<SqlId, Id<()>>(id),
            Bind::Bytes(bytes) => out.push_bind_param::<Binary, Vec<u8>>(bytes),
            Bind::Text(text) => out.push_bind_param::<Text, String>(text),
            Bind::Flag(flag) => out.push_bind_param::<Bool, bool>(flag),
            Bind::Small(n) => out.push_bind_param::<Integer, i32>(n),
            Bind::Large(n) => out.push_bind_param::<BigInt, i64>(n),
            Bind::Instant(at) => out.push_bind_param::<SqlUtc, Utc>(at),
        }
    }
}

struct Pour<'a> {
    table: &'a Table,
    rows: Vec<Vec<Bind>>,
    /// The folded text of each row, where PostgreSQL keeps the terms beside it.
    terms: Option<(&'a String, &'a [String])>,
}

impl<DB> QueryFragment<DB> for Pour<'_>
where
    DB: Backend + HasSqlType<Text>,
    Bind: QueryFragment<DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // Only the usual number of rows comes again.
        if self.rows.len() != rows_at_once(self.table) {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT INTO ");
        out.push_identifier(&self.table.name)?;
        out.push_sql(" (");
        let terms = self.terms.map(|(column, _)| column);
        names(
            &mut out,
            self.table.columns.iter().map(|c| &c.name).chain(terms),
        )?;
        out.push_sql(") VALUES ");
        for (n, row) in self.rows.iter().enumerate() {
            out.push_sql(if n > 0 { ", (" } else { "(" });
            for (n, bind) in row.iter().enumerate() {
                if n > 0 {
                    out.push_sql(", ");
                }
                bind.walk_ast(out.reborrow())?;
            }
            if let Some(text) = self.terms.and_then(|(_, texts)| texts.get(n)) {
                out.push_sql(", to_tsvector('simple', ");
                out.push_bind_param::<Text, String>(text)?;
                out.push_sql(")");
            }
            out.push_sql(")");
        }
        Ok(())
    }
}

impl QueryId for Pour<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for Pour<'_> {}

/// How many rows of a table one call of [`pour`] takes.
pub fn rows_at_once(table: &Table) -> usize {
    (BINDS / (table.columns.len() + 1)).clamp(1, ROWS)
}

/// Writes rows, at most [`rows_at_once`].
pub fn pour(conn: &mut Db, table: &Table, rows: &[Vec<Cell>]) -> Result<()> {
    pour_with(conn, table, rows, None)
}

/// Writes rows of the table of texts, each with its folded text: into the column of terms in
/// PostgreSQL, into the index of its audience in SQLite.
pub fn pour_texts(
    conn: &mut Db,
    table: &Table,
    rows: &[Vec<Cell>],
    texts: &[String],
) -> Result<()> {
    pour_with(conn, table, rows, Some(texts))?;
    let Db::Sqlite(c) = conn else { return Ok(()) };
    let place = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (Some(seq), Some(audience)) = (place("seq"), place("audience")) else {
        return Err(Error::inward(
            "the table of texts has neither seq nor audience",
        ));
    };
    for (row, text) in rows.iter().zip(texts) {
        let (Some(Cell::Number(seq)), Some(Cell::Text(audience))) =
            (row.get(seq), row.get(audience))
        else {
            return Err(Error::inward("a text has neither seq nor audience"));
        };
        super::full_text::insert_body(c, audience, *seq, text)?;
    }
    Ok(())
}

fn pour_with(
    conn: &mut Db,
    table: &Table,
    rows: &[Vec<Cell>],
    texts: Option<&[String]>,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let bind = |row: &Vec<Cell>| {
        if row.len() != table.columns.len() {
            let (is, should) = (row.len(), table.columns.len());
            return Err(Error::inward(format!(
                "a row has {is} values instead of {should}"
            )));
        }
        table
            .columns
            .iter()
            .zip(row)
            .map(|(column, cell)| Bind::of(column, cell))
            .collect()
    };
    let pour = Pour {
        table,
        rows: rows.iter().map(bind).collect::<Result<_>>()?,
        terms: table.terms.as_ref().zip(texts),
    };
    on_backend!(conn, c => pour.execute(c)?, c => pour.execute(c)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_as_it_was_written() {
        assert_eq!(from_hex("000fff"), Some(vec![0, 15, 255]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        for wrong in ["0", "0g", "+1", "é"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        let column = |shape| Column {
            name: "c".to_owned(),
            shape,
        };
        let (text, number) = (Cell::Text("zz".to_owned()), Cell::Number(2));
        for (shape, cell) in [
            (Shape::Id, &text),
            (Shape::Bytes, &text),
            (Shape::Flag, &number),
            (Shape::Text, &number),
            (Shape::Large, &text),
            (Shape::Small, &Cell::Number(i64::MAX)),
        ] {
            assert!(
                Bind::of(&column(shape), cell).is_err(),
                "{shape:?} {cell:?}"
            );
        }
    }
}
