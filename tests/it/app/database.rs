//! A database for each story, without waiting for one to be made.
//!
//! SQLite: a file migrated once, named by a hash of the migrations and copied. PostgreSQL: a database
//! per story running at once, made once a run and emptied with DELETE as a superuser under
//! `session_replication_role = replica`, which the journal's own triggers do not see; the rows the
//! migrations bring are put back. (`TRUNCATE` is 50 times slower, `CREATE DATABASE` 100 times.)

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, OnceLock};

use andon::platform::db::connect::{Use, open};
use andon::platform::db::{Backend, DatabaseUrl, Db, migrate};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};
use sha2::{Digest, Sha256};

use super::{lock, root};

/// A migrated, empty database, gone (or free for the next story) when dropped.
pub struct Database {
    pub url: DatabaseUrl,
    folder: tempfile::TempDir,
    /// The PostgreSQL database to give back.
    slot: Option<String>,
}

/// The URL with its password, which the product's own `Display` hides.
pub trait UrlText {
    fn to_string_for_tests(&self) -> String;
}

impl UrlText for DatabaseUrl {
    fn to_string_for_tests(&self) -> String {
        match self {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }
}

#[derive(QueryableByName)]
pub struct Line {
    #[diesel(sql_type = Text)]
    pub line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The databases of this run. A missing PostgreSQL is said loudly, once.
pub fn backends() -> Vec<Backend> {
    match postgres_url() {
        Some(_) => vec![Backend::Sqlite, Backend::Postgres],
        None => vec![Backend::Sqlite],
    }
}

/// The server of this run's PostgreSQL, as a superuser.
pub fn postgres_url() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    static SAID: Once = Once::new();
    let url = URL.get_or_init(|| variable("ANDON_TEST_POSTGRES"));
    if url.is_none() {
        assert!(
            variable("ANDON_REQUIRE_ALL").as_deref() != Some("1"),
            "nothing may be skipped, but ANDON_TEST_POSTGRES names no server"
        );
        SAID.call_once(|| {
            // Past the capture of passing tests.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED every story on PostgreSQL: ANDON_TEST_POSTGRES names no server \
                 (run tests/rig/with-postgres cargo test)"
            );
        });
    }
    url.as_deref()
}

#[allow(
    clippy::disallowed_methods,
    reason = "what the tests may use is no setting of the product"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Database {
    /// A migrated database with nothing in it but what the migrations bring.
    pub fn fresh(backend: Backend) -> Database {
        let folder = tempfile::tempdir().expect("a folder");
        match backend {
            Backend::Sqlite => {
                let file = folder.path().join("andon.db");
                std::fs::copy(sqlite_template(), &file).expect("a copy of the template");
                Database {
                    url: DatabaseUrl::Sqlite(file),
                    folder,
                    slot: None,
                }
            }
            Backend::Postgres => {
                let name = postgres_slot();
                Database {
                    url: DatabaseUrl::Postgres(named(&name)),
                    folder,
                    slot: Some(name),
                }
            }
        }
    }

    /// A database without a schema, for stories about migrations.
    pub fn bare(backend: Backend) -> Database {
        let folder = tempfile::tempdir().expect("a folder");
        match backend {
            Backend::Sqlite => Database {
                url: DatabaseUrl::Sqlite(folder.path().join("bare.db")),
                folder,
                slot: None,
            },
            Backend::Postgres => {
                // Whoever makes the template sweeps away what an earlier run left: that comes first.
                EMPTY.get_or_init(make_template);
                let name = format!("andon_it_bare_{}", uuid::Uuid::new_v4().simple());
                superuser().batch(&format!("CREATE DATABASE {name}"));
                Database {
                    url: DatabaseUrl::Postgres(named(&name)),
                    folder,
                    slot: None,
                }
            }
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn connect(&self) -> Db {
        open(&self.url, Use::Write).expect("a connection")
    }

    pub fn count(&self, sql: &str) -> i64 {
        let found: Number = diesel::sql_query(format!("SELECT ({sql}) AS n"))
            .get_result(&mut self.connect())
            .expect("a count");
        found.n
    }

    /// The rows of a query with one text column `line`.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        lines(&mut self.connect(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            lock(&FREE).push(slot);
        } else if let DatabaseUrl::Postgres(url) = &self.url {
            let name = url.rsplit('/').next().unwrap_or_default();
            superuser().batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// One text column of a query.
pub fn lines(conn: &mut Db, sql: &str) -> Vec<String> {
    let found: Vec<Line> = match diesel::sql_query(sql).load(conn) {
        Ok(found) => found,
        Err(e) => panic!("{e}: {sql}"),
    };
    found.into_iter().map(|l| l.line).collect()
}

// SQLite ---------------------------------------------------------------------------------------

fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let hash = migrations_hash("sqlite");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let template = target.join(format!("template-{hash}.db"));
        if !template.exists() {
            // Another run may be making it too: each makes its own and the last name wins.
            let own = target.join(format!("template-{}.tmp", std::process::id()));
            let _ = std::fs::remove_file(&own);
            migrate::up(&DatabaseUrl::Sqlite(own.clone())).expect("migrations");
            std::fs::rename(&own, &template).expect("the template's name");
        }
        template
    })
}

fn migrations_hash(backend: &str) -> String {
    let mut files: Vec<PathBuf> = walk(&root().join("migrations").join(backend));
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.display().to_string().as_bytes());
        hash.update(std::fs::read(&file).expect("a migration"));
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Every file under a folder.
pub fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

// PostgreSQL -----------------------------------------------------------------------------------

static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());
static MADE: Mutex<usize> = Mutex::new(0);
const TEMPLATE: &str = "andon_it_template";

/// What empties a database of the template's schema, as one batch.
static EMPTY: OnceLock<String> = OnceLock::new();

struct Superuser(Db);

impl Superuser {
    fn batch(&mut self, sql: &str) {
        if let Err(e) = self.0.batch_execute(sql) {
            panic!("{e}: {sql}");
        }
    }
}

fn superuser() -> Superuser {
    connect_to(postgres_url().expect("PostgreSQL"))
}

fn connect_to(url: &str) -> Superuser {
    let mut conn =
        open(&DatabaseUrl::Postgres(url.to_owned()), Use::Write).expect("a superuser's connection");
    conn.batch_execute(
        "SET statement_timeout = 0; SET lock_timeout = 0; SET client_min_messages = warning",
    )
    .expect("no time-outs");
    Superuser(conn)
}

/// The URL of another database of the same server.
fn named(name: &str) -> String {
    let url = postgres_url().expect("PostgreSQL");
    let at = url.rfind('/').expect("a database's name in the URL");
    format!("{}/{name}", &url[..at])
}

/// An empty database nobody else uses now.
fn postgres_slot() -> String {
    let empty = EMPTY.get_or_init(make_template);
    let name = match lock(&FREE).pop() {
        Some(name) => name,
        None => {
            // One at a time: a template can be copied only while nobody is connected to it.
            let mut made = lock(&MADE);
            *made += 1;
            let name = format!("andon_it_{made}");
            superuser().batch(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
            name
        }
    };
    connect_to(&named(&name)).batch(empty);
    name
}

/// Makes the template, and the batch that turns a used copy of it back into a fresh one.
fn make_template() -> String {
    let mut server = superuser();
    let old = lines(
        &mut server.0,
        "SELECT datname AS line FROM pg_database WHERE datname LIKE 'andon\\_it\\_%'",
    );
    for name in old {
        server.batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
    server.batch(&format!("CREATE DATABASE {TEMPLATE}"));
    let url = DatabaseUrl::Postgres(named(TEMPLATE));
    migrate::up(&url).expect("migrations");
    let mut template = connect_to(&named(TEMPLATE));
    let mut batch = String::from("SET session_replication_role = replica;\n");
    let tables = lines(
        &mut template.0,
        "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' \
         AND tablename <> '__diesel_schema_migrations' ORDER BY tablename",
    );
    for table in &tables {
        batch.push_str(&format!("DELETE FROM {table};\n"));
    }
    for table in &tables {
        let rows = lines(
            &mut template.0,
            &format!("SELECT coalesce(json_agg(t)::text, '') AS line FROM {table} t"),
        );
        if let Some(json) = rows.first().filter(|json| !json.is_empty()) {
            let json = json.replace('\'', "''");
            batch.push_str(&format!(
                "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, '{json}');\n"
            ));
        }
    }
    let sequences = lines(
        &mut template.0,
        "SELECT sequencename::text AS line FROM pg_sequences WHERE schemaname = 'public'",
    );
    for sequence in sequences {
        batch.push_str(&format!("ALTER SEQUENCE {sequence} RESTART;\n"));
    }
    batch.push_str("SET session_replication_role = origin;\n");
    batch
}
