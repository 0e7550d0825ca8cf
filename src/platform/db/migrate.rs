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
use super::dialect;
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
                dangling(c)?;
                Ok::<_, Error>(done)
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

/// The migrations this binary knows, oldest first.
pub fn known() -> Result<Vec<String>> {
    versions::<diesel::sqlite::Sqlite>(sqlite)
}

/// The migrations a database has had, oldest first; none in one that is no Andon's. Changes nothing.
pub fn applied(conn: &mut Db) -> Result<Vec<String>> {
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    const TABLE: &str = "__diesel_schema_migrations";
    if !dialect::names_of_anything(conn)?
        .iter()
        .any(|name| name == TABLE)
    {
        return Ok(Vec::new());
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Runs these migrations only, inside the caller's transaction, so that what was written under an
/// older schema can be brought back into it.
pub(super) fn only(conn: &mut Db, wanted: &[String]) -> Result<()> {
    match conn {
        Db::Sqlite(c) => some::<_, diesel::sqlite::Sqlite>(c, sqlite, wanted),
        Db::Postgres(c) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                .bind::<BigInt, _>(LOCK)
                .execute(c)?;
            some::<_, diesel::pg::Pg>(c, postgres, wanted)
        }
    }
}

/// Runs what is left, inside the caller's transaction, and checks what SQLite did not.
pub(super) fn rest(conn: &mut Db) -> Result<()> {
    match conn {
        Db::Sqlite(c) => {
            pending::<_, diesel::sqlite::Sqlite>(c, sqlite)?;
            dangling(c)
        }
        Db::Postgres(c) => pending::<_, diesel::pg::Pg>(c, postgres).map(drop),
    }
}

fn some<C, B>(c: &mut C, source: fn() -> EmbeddedMigrations, wanted: &[String]) -> Result<()>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
    EmbeddedMigrations: MigrationSource<B>,
{
    // Asking makes diesel's own table.
    c.applied_migrations().map_err(failed)?;
    for migration in MigrationSource::<B>::migrations(&source()).map_err(failed)? {
        if wanted.contains(&migration.name().version().to_string()) {
            c.run_migration(&*migration).map_err(failed)?;
        }
    }
    Ok(())
}

fn versions<B>(source: fn() -> EmbeddedMigrations) -> Result<Vec<String>>
where
    B: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<B>,
{
    let mut versions: Vec<String> = MigrationSource::<B>::migrations(&source())
        .map_err(failed)?
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    versions.sort();
    Ok(versions)
}

fn dangling(c: &mut SqliteConnection) -> Result<()> {
    let broken: Count =
        diesel::sql_query("SELECT count(*) AS n FROM pragma_foreign_key_check").get_result(c)?;
    if broken.n > 0 {
        return Err(Error::inward(format!("{} references dangle", broken.n)));
    }
    Ok(())
}

fn failed(e: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::inward(format!("migration: {e}"))
}

fn pending<C, B>(c: &mut C, source: fn() -> EmbeddedMigrations) -> Result<Vec<String>>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
    EmbeddedMigrations: MigrationSource<B>,
{
    let known = versions::<B>(source)?;
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
