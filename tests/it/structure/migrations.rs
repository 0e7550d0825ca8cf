//! Migrations: the same names in both folders; each goes up, down and up again on filled tables
//! without a row lost in what its down does not drop; an older binary refuses a newer schema.

use std::collections::BTreeSet;

use andon::platform::db::{Backend, Db, migrate};
use diesel::connection::SimpleConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use super::fill::{fill, hashes_of, row_hashes};
use super::introspect::schema;
use crate::app::{Database, backends, lines, root};

fn folder(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "migrations/sqlite",
        Backend::Postgres => "migrations/postgres",
    }
}

fn names(backend: Backend) -> BTreeSet<String> {
    std::fs::read_dir(root().join(folder(backend)))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

fn migrations(backend: Backend) -> FileBasedMigrations {
    FileBasedMigrations::from_path(root().join(folder(backend))).unwrap()
}

pub fn revert_last(conn: &mut Db, backend: Backend) {
    match conn {
        Db::Sqlite(c) => c.revert_last_migration(migrations(backend)).map(drop),
        Db::Postgres(c) => c.revert_last_migration(migrations(backend)).map(drop),
    }
    .unwrap_or_else(|e| panic!("down on {backend:?}: {e}"));
}

fn run_next(conn: &mut Db, backend: Backend) {
    match conn {
        Db::Sqlite(c) => c.run_next_migration(migrations(backend)).map(drop),
        Db::Postgres(c) => c.run_next_migration(migrations(backend)).map(drop),
    }
    .unwrap_or_else(|e| panic!("up on {backend:?}: {e}"));
}

#[test]
fn both_folders_hold_the_same_names() {
    let sqlite = names(Backend::Sqlite);
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names(Backend::Postgres));
}

#[test]
fn up_down_up_keeps_every_row_that_has_a_table() {
    for backend in backends() {
        let database = Database::bare(backend);
        migrate::up(&database.url).unwrap();
        let mut conn = database.connect();
        // As `migrate` does it, before any transaction.
        if backend == Backend::Sqlite {
            conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        }
        fill(&mut conn);
        for _ in names(backend) {
            let (whole, virtuals) = schema(&mut conn);
            let before = row_hashes(&mut conn);
            assert!(before.len() >= whole.len());
            revert_last(&mut conn, backend);
            let (left, _) = schema(&mut conn);
            // What stayed, as far as it stayed.
            let kept: Vec<(String, Vec<String>)> = left
                .iter()
                .filter_map(|(name, table)| {
                    let there = whole.get(name)?;
                    let columns = table.order.iter().filter(|c| there.order.contains(c));
                    Some((name.clone(), columns.cloned().collect()))
                })
                .collect();
            let rows = hashes_of(&mut conn, &kept);
            run_next(&mut conn, backend);
            assert_eq!(hashes_of(&mut conn, &kept), rows, "{backend:?}");
            assert_eq!(schema(&mut conn), (whole, virtuals), "{backend:?}");
            revert_last(&mut conn, backend);
        }
        assert_eq!(leftovers(&mut conn), Vec::<String>::new(), "{backend:?}");
        // And once more from nothing, as a fresh installation.
        let fresh = schema(&mut Database::fresh(backend).connect());
        drop(conn);
        migrate::up(&database.url).unwrap();
        assert_eq!(schema(&mut database.connect()), fresh, "{backend:?}");
        migrate::down(&database.url).unwrap();
        assert_eq!(leftovers(&mut database.connect()), Vec::<String>::new());
    }
}

/// Everything a database holds besides diesel's own table.
fn leftovers(conn: &mut Db) -> Vec<String> {
    let sql = match conn {
        Db::Sqlite(_) => {
            "SELECT type || ' ' || name AS line FROM sqlite_master WHERE name NOT LIKE '%diesel%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        Db::Postgres(_) => {
            "SELECT relkind::text || ' ' || relname AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%diesel%' \
             UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        }
    };
    lines(conn, sql)
}

#[test]
fn an_older_binary_refuses_a_newer_schema() {
    for backend in backends() {
        let database = Database::bare(backend);
        migrate::up(&database.url).unwrap();
        database
            .connect()
            .batch_execute(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')",
            )
            .unwrap();
        let refused = migrate::up(&database.url).unwrap_err().to_string();
        assert!(refused.contains("newer"), "{refused}");
    }
}

#[test]
fn migrating_twice_changes_nothing() {
    for backend in backends() {
        let database = Database::bare(backend);
        let first = migrate::up(&database.url).unwrap();
        assert_eq!(first.len(), names(backend).len());
        assert_eq!(migrate::up(&database.url).unwrap(), Vec::<String>::new());
    }
}
