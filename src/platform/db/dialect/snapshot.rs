//! What a transaction sees of others: SQLite gives one view and one writer by itself, PostgreSQL
//! when asked.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::on_backend;
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;

/// Makes every statement of this reading transaction see the same moment. Called before its first
/// query.
pub fn one_view(conn: &mut Db) -> Result<()> {
    on_backend!(conn,
        _c => {},
        c => c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?
    );
    Ok(())
}

/// [`one_view`] for as long as it takes: what it reads goes to a file, whose disk may be slow.
pub fn long_view(conn: &mut Db) -> Result<()> {
    on_backend!(conn,
        _c => {},
        c => c.batch_execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0; \
             SET LOCAL idle_in_transaction_session_timeout = 0",
        )?
    );
    Ok(())
}

/// Waits until every transaction that is adding facts has ended, and lets none begin before this
/// one ends: a fact's `seq` is given when it is written, so one with a low `seq` may still be on
/// its way while one with a higher is there.
pub fn wait_for_writers(conn: &mut Db) -> Result<()> {
    on_backend!(conn,
        _c => {},
        c => c.batch_execute("LOCK TABLE facts IN SHARE MODE")?
    );
    Ok(())
}

/// What only one transaction at a time may do.
#[derive(Debug, Clone, Copy)]
pub enum Turn {
    Families = 1,
    /// What lets changes begin, and what stops them.
    Changes = 2,
}

/// Waits for its turn, and keeps it to the end of the transaction. What is read after this is what
/// the one before left. SQLite has one writer anyway.
pub fn one_at_a_time(conn: &mut Db, turn: Turn) -> Result<()> {
    on_backend!(conn,
        _c => {},
        c => {
            diesel::sql_query("SELECT pg_advisory_xact_lock(77, $1)")
                .bind::<diesel::sql_types::Integer, _>(turn as i32)
                .execute(c)?;
        }
    );
    Ok(())
}
