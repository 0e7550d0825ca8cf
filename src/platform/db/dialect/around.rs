//! What surrounds the filling of tables: emptying them, references in a circle, counters.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Text};

use super::catalogue::{Loop, Table};
use super::on_backend;
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;

/// A statement made of fixed words and the names the database gave.
struct Words<'a>(Vec<Word<'a>>);

enum Word<'a> {
    Sql(&'static str),
    Name(&'a str),
    Text(&'a String),
}

impl<DB> QueryFragment<DB> for Words<'_>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        for word in &self.0 {
            match word {
                Word::Sql(sql) => out.push_sql(sql),
                Word::Name(name) => out.push_identifier(name)?,
                Word::Text(text) => out.push_bind_param::<Text, String>(text)?,
            }
        }
        Ok(())
    }
}

impl QueryId for Words<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for Words<'_> {}

/// Takes out what migrations brought into a table that is about to be filled.
pub fn empty(conn: &mut Db, table: &Table) -> Result<()> {
    let words = Words(vec![Word::Sql("DELETE FROM "), Word::Name(&table.name)]);
    on_backend!(conn, c => words.execute(c)?, c => words.execute(c)?);
    Ok(())
}

/// Lets PostgreSQL check references in a circle at the end of the load, or at once again. SQLite
/// checks none while a database is filled, and all of them after.
pub fn check_loops_later(conn: &mut Db, loops: &[Loop], later: bool) -> Result<()> {
    let Db::Postgres(c) = conn else { return Ok(()) };
    if !later {
        Words(vec![Word::Sql("SET CONSTRAINTS ALL IMMEDIATE")]).execute(c)?;
    }
    for one in loops {
        Words(vec![
            Word::Sql("ALTER TABLE "),
            Word::Name(&one.table),
            Word::Sql(" ALTER CONSTRAINT "),
            Word::Name(&one.constraint),
            Word::Sql(if later {
                " DEFERRABLE INITIALLY DEFERRED"
            } else {
                " NOT DEFERRABLE"
            }),
        ])
        .execute(c)?;
    }
    Ok(())
}

/// Lets a column that counts by itself go on after the highest number there is. SQLite does so by
/// itself.
pub fn go_on_counting(conn: &mut Db, table: &Table) -> Result<()> {
    let (Db::Postgres(c), Some(column)) = (conn, &table.counts) else {
        return Ok(());
    };
    Words(vec![
        Word::Sql("SELECT setval(pg_get_serial_sequence("),
        Word::Text(&table.name),
        Word::Sql(", "),
        Word::Text(column),
        Word::Sql("), max("),
        Word::Name(column),
        Word::Sql(")) FROM "),
        Word::Name(&table.name),
        Word::Sql(" HAVING max("),
        Word::Name(column),
        Word::Sql(") IS NOT NULL"),
    ])
    .execute(c)?;
    Ok(())
}
