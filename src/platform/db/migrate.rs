//! The embedded migrations: same names for both databases, run at start, all or nothing.
//!
//! SQLite checks foreign keys only outside a transaction's pragma, so they are switched off before
//! BEGIN and checked by hand before the commit: inside the transaction the pragma is ignored and
//! dropping a parent would delete its children. PostgreSQL migrates under an advisory lock, since
//! several machines may start at once.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{DatabaseUrl, Db, Use, open};
use crate::platform::kernel::error::{Error, Result};

/// Functions, since the embedded migrations are used up by being read.
fn sqlite() -> EmbeddedMigrations {
    const ALL: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
    ALL
}
fn postgres() -> EmbeddedMigrations {
    const ALL: EmbeddedMigrations = embed_migrations!("migrations/postgres");
    ALL
}

/// Any number, as long as every instance of this product uses the same.
const LOCK: i64 = 0x616e_646f_6e00;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Brings the schema up to date and says which migrations that took.
pub fn up(url: &DatabaseUrl) -> Result<Vec<String>> {
    match open(url, Use::Write)? {
        Db::Sqlite(mut c) => {
            c.batch_execute("PRAGMA foreign_keys = OFF")?;
            let done = c.exclusive_transaction(|c| {
                let done = pending::<_, diesel::sqlite::Sqlite>(c, sqlite)?;
                let broken: Count =
                    diesel::sql_query("SELECT count(*) AS n FROM pragma_foreign_key_check")
                        .get_result(c)?;
                if broken.n > 0 {
                    return Err(Error::inward(format!(
                        "migration leaves {} dangling references",
                        broken.n
                    )));
                }
                Ok(done)
            })?;
            c.batch_execute("PRAGMA foreign_keys = ON")?;
            Ok(done)
        }
        Db::Postgres(mut c) => {
            c.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
            diesel::sql_query("SELECT pg_advisory_lock($1)")
                .bind::<BigInt, _>(LOCK)
                .execute(&mut c)?;
            let done = c
                .build_transaction()
                .run(|c| pending::<_, diesel::pg::Pg>(c, postgres));
            diesel::sql_query("SELECT pg_advisory_unlock($1)")
                .bind::<BigInt, _>(LOCK)
                .execute(&mut c)?;
            done
        }
    }
}

/// Takes back every migration: the tests' way to prove that each can be.
pub fn down(url: &DatabaseUrl) -> Result<()> {
    let failed = |e| Error::inward(format!("migration down: {e}"));
    match open(url, Use::Write)? {
        Db::Sqlite(mut c) => {
            c.batch_execute("PRAGMA foreign_keys = OFF")?;
            c.revert_all_migrations(sqlite()).map(drop).map_err(failed)
        }
        Db::Postgres(mut c) => c
            .revert_all_migrations(postgres())
            .map(drop)
            .map_err(failed),
    }
}

fn pending<C, B>(c: &mut C, source: fn() -> EmbeddedMigrations) -> Result<Vec<String>>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
    EmbeddedMigrations: MigrationSource<B>,
{
    let failed =
        |e: Box<dyn std::error::Error + Send + Sync>| Error::inward(format!("migration: {e}"));
    let known: Vec<String> = MigrationSource::<B>::migrations(&source())
        .map_err(failed)?
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    for applied in c.applied_migrations().map_err(failed)? {
        if !known.contains(&applied.to_string()) {
            return Err(Error::inward(format!(
                "the database was made by a newer Andon (migration {applied}); start that version, or restore a backup"
            )));
        }
    }
    let done = c.run_pending_migrations(source()).map_err(failed)?;
    Ok(done.iter().map(ToString::to_string).collect())
}
