//! Rows of any table, as lines of JSON that both databases write alike. [`super::pour`] takes them
//! back.
//!
//! A row is one array in the order of the table's columns. Ids and hashes are lower-case hex,
//! instants whole microseconds since 1970, yes and no 1 and 0; so the same rows give the same bytes
//! whichever database they were read from, and a copy can be compared by its hash.

use diesel::backend::Backend;
use diesel::deserialize;
use diesel::pg::{Pg, PgRowByRowLoadingMode, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::row::{Field, NamedRow};
use diesel::sqlite::{Sqlite, SqliteType};

use super::catalogue::Table;
use super::on_backend;
use crate::platform::db::types::SqlUtc;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;

struct AllRows<'a>(&'a Table);

impl<DB: Backend> QueryFragment<DB> for AllRows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("SELECT ");
        names(&mut out, self.0.columns.iter().map(|c| &c.name))?;
        out.push_sql(" FROM ");
        out.push_identifier(&self.0.name)?;
        out.push_sql(" ORDER BY ");
        names(&mut out, self.0.key.iter())
    }
}

impl QueryId for AllRows<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for AllRows<'_> {
    type SqlType = diesel::sql_types::Untyped;
}

impl<C> RunQueryDsl<C> for AllRows<'_> {}

/// Names in a statement, quoted and separated by commas.
pub(super) fn names<'b, DB: Backend>(
    out: &mut AstPass<'_, 'b, DB>,
    names: impl Iterator<Item = &'b String>,
) -> QueryResult<()> {
    for (n, name) in names.enumerate() {
        if n > 0 {
            out.push_sql(", ");
        }
        out.push_identifier(name)?;
    }
    Ok(())
}

/// A row as it is written.
struct Line(Vec<u8>);

fn line<'a, DB: Backend>(
    row: &impl NamedRow<'a, DB>,
    write: impl Fn(&mut Vec<u8>, DB::RawValue<'_>) -> deserialize::Result<()>,
) -> deserialize::Result<Line> {
    let mut line = Vec::with_capacity(256);
    line.push(b'[');
    for n in 0..row.field_count() {
        if n > 0 {
            line.push(b',');
        }
        let field = diesel::row::Row::get(row, n).ok_or("a row ended early")?;
        match field.value() {
            None => line.extend_from_slice(b"null"),
            Some(value) => write(&mut line, value)?,
        }
    }
    line.extend_from_slice(b"]\n");
    Ok(Line(line))
}

fn put_text(line: &mut Vec<u8>, text: &str) -> deserialize::Result<()> {
    Ok(serde_json::to_writer(line, text)?)
}

fn put_hex(line: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| DIGITS.get(usize::from(n & 15)).copied().unwrap_or(b'0');
    line.push(b'"');
    line.extend(bytes.iter().flat_map(|b| [digit(b >> 4), digit(*b)]));
    line.push(b'"');
}

fn put_number(line: &mut Vec<u8>, number: i64) {
    line.extend_from_slice(number.to_string().as_bytes());
}

impl QueryableByName<Sqlite> for Line {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        line(row, |line, mut value| {
            match value.value_type() {
                None => line.extend_from_slice(b"null"),
                Some(SqliteType::Text) => put_text(line, value.read_text())?,
                Some(SqliteType::Binary) => put_hex(line, value.read_blob()),
                Some(SqliteType::Float | SqliteType::Double) => {
                    return Err("a fraction, which nobody taught the copier".into());
                }
                Some(_) => put_number(line, value.read_long()),
            }
            Ok(())
        })
    }
}

impl QueryableByName<Pg> for Line {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        line(row, |line, value: PgValue<'_>| {
            let bytes = value.as_bytes();
            // PostgreSQL's own numbers for its types, which never change.
            match value.get_oid().get() {
                16 => put_number(line, i64::from(bytes.first() == Some(&1))),
                17 | 2950 => put_hex(line, bytes),
                20 => put_number(line, i64::from_be_bytes(bytes.try_into()?)),
                23 => put_number(line, i32::from_be_bytes(bytes.try_into()?).into()),
                25 => put_text(line, str::from_utf8(bytes)?)?,
                1184 => {
                    let at = <Utc as diesel::deserialize::FromSql<SqlUtc, Pg>>::from_sql(value)?;
                    put_number(line, at.micros());
                }
                other => return Err(format!("type {other}, which nobody taught the copier").into()),
            }
            Ok(())
        })
    }
}

/// Gives every row of a table, in the order of its key, without holding more than one.
pub fn each_row(
    conn: &mut Db,
    table: &Table,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    on_backend!(conn,
        c => for row in AllRows(table).load_iter::<Line, diesel::connection::DefaultLoadingMode>(c)? {
            take(&row?.0)?;
        },
        c => for row in AllRows(table).load_iter::<Line, PgRowByRowLoadingMode>(c)? {
            take(&row?.0)?;
        }
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_bytes_are_hex() {
        let mut line = Vec::new();
        put_hex(&mut line, &[0, 15, 255]);
        put_number(&mut line, -7);
        put_text(&mut line, "a \"word\"\nand é\u{1}").unwrap();
        let expected = r#""000fff"-7"a \"word\"\nand é\u0001""#;
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }
}
