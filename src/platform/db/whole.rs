//! Filling an empty database in one transaction, on a connection of its own: a restore. Either all
//! of it is there afterwards, or nothing.
//!
//! A SQLite file that is being filled is nobody's yet and is thrown away when anything fails, so it
//! needs neither a log nor a wait for the disk until its end.

use std::fs::File;

use diesel::connection::SimpleConnection;

use super::connect::{DatabaseUrl, Db, Use, open};
use super::store::{begin, end};
use super::{dialect, migrate};
use crate::platform::kernel::error::{Error, Result};

/// Makes the schema of these migrations, lets `f` fill it, and runs the migrations that are left.
pub fn fill<T>(
    url: &DatabaseUrl,
    migrations: &[String],
    f: impl FnOnce(&mut Db) -> Result<T>,
) -> Result<T> {
    let mut conn = open(url, Use::Write)?;
    conn.batch_execute(match url {
        DatabaseUrl::Sqlite(_) => {
            "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
             PRAGMA cache_size = -65536;"
        }
        DatabaseUrl::Postgres(_) => {
            "SET statement_timeout = 0; SET lock_timeout = 0; \
             SET idle_in_transaction_session_timeout = 0;"
        }
    })?;
    begin(&mut conn, Use::Write)?;
    let filled = all(&mut conn, url, migrations, f);
    let ended = end(&mut conn, filled.is_ok());
    // What went wrong first is what went wrong.
    let filled = filled?;
    ended?;
    drop(conn);
    if let Some(file) = url.file() {
        File::open(file)?.sync_all()?;
    }
    Ok(filled)
}

fn all<T>(
    conn: &mut Db,
    url: &DatabaseUrl,
    migrations: &[String],
    f: impl FnOnce(&mut Db) -> Result<T>,
) -> Result<T> {
    let there = dialect::names_of_anything(conn)?;
    if !there.is_empty() {
        let some = there.into_iter().take(3).collect::<Vec<_>>().join(", ");
        return Err(Error::inward(format!(
            "{url} is not empty (it has {some} …): give an empty database"
        )));
    }
    migrate::only(conn, migrations)?;
    let filled = f(conn)?;
    migrate::rest(conn)?;
    if matches!(url, DatabaseUrl::Postgres(_)) {
        // Its planner knows nothing yet of so many rows.
        conn.batch_execute("ANALYZE")?;
    }
    Ok(filled)
}
