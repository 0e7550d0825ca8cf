//! Opening a connection by the scheme of its URL.
//!
//! `MultiConnection::establish` would try each backend in turn and quietly create a SQLite file
//! for a mistyped PostgreSQL URL; so the scheme decides, before anything is opened.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::platform::kernel::error::{Error, Result};

#[derive(diesel::MultiConnection)]
pub enum Db {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Which of the two databases stands behind a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database URL that has been understood. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    pub fn backend(&self) -> Backend {
        match self {
            DatabaseUrl::Sqlite(_) => Backend::Sqlite,
            DatabaseUrl::Postgres(_) => Backend::Postgres,
        }
    }

    /// The SQLite file, where that is the backend.
    pub fn file(&self) -> Option<&Path> {
        match self {
            DatabaseUrl::Sqlite(path) => Some(path),
            DatabaseUrl::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err("sqlite: needs the path of a file, for example sqlite:andon.db".into());
            }
            return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let strict = [
                "sslmode=require",
                "sslmode=verify-ca",
                "sslmode=verify-full",
            ];
            if !cfg!(feature = "postgres-tls") && strict.iter().any(|mode| url.contains(mode)) {
                return Err(
                    "this URL asks for TLS, which this binary was built without: build it with \
                     --features postgres-tls (see docs/deployment.md)"
                        .into(),
                );
            }
            return Ok(DatabaseUrl::Postgres(url.to_owned()));
        }
        Err("it must start with sqlite: or postgres://".into())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => {
                let Some((scheme, rest)) = url.split_once("://") else {
                    return f.write_str("postgres://…");
                };
                match rest.rsplit_once('@') {
                    Some((who, host)) => {
                        let user = who.split(':').next().unwrap_or_default();
                        write!(
                            f,
                            "{scheme}://{user}:…@{}",
                            host.split('?').next().unwrap_or(host)
                        )
                    }
                    None => write!(f, "{scheme}://{}", rest.split('?').next().unwrap_or(rest)),
                }
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a connection is for. SQLite readers are held to reading by the database itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Read,
    Write,
}

/// Opens one connection and makes it ours: the settings of `ARCHITECTURE.md`, section Database.
///
/// `recursive_triggers` is what makes SQLite's REPLACE fire delete triggers, on which the
/// journal's promise rests.
pub fn open(url: &DatabaseUrl, purpose: Use) -> Result<Db> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|e| Error::inward(format!("cannot open {url}: {e}")))?;
            conn.batch_execute(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; \
                 PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA mmap_size = 0;",
            )?;
            conn.batch_execute(match purpose {
                Use::Read => "PRAGMA cache_size = -4096; PRAGMA query_only = ON;",
                Use::Write => "PRAGMA cache_size = -8192;",
            })?;
            Ok(Db::Sqlite(conn))
        }
        DatabaseUrl::Postgres(raw) => {
            let mut conn = PgConnection::establish(raw)
                .map_err(|e| Error::inward(format!("cannot connect to {url}: {e}")))?;
            conn.batch_execute(
                "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '3s'; \
                 SET idle_in_transaction_session_timeout = '15s'; SET application_name = 'andon';",
            )?;
            Ok(Db::Postgres(conn))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_a_mistyped_one_creates_nothing() {
        assert!("postgre://localhost/andon".parse::<DatabaseUrl>().is_err());
        assert!("andon.db".parse::<DatabaseUrl>().is_err());
        assert!("sqlite:".parse::<DatabaseUrl>().is_err());
        assert_eq!(
            "sqlite:a.db".parse::<DatabaseUrl>().unwrap().to_string(),
            "sqlite:a.db"
        );
    }

    #[test]
    fn the_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://andon:s3cret@db.example:5432/andon?x=s3cret"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "postgres://andon:…@db.example:5432/andon");
        assert!(!format!("{url:?}").contains("s3cret"));
    }

    #[cfg(not(feature = "postgres-tls"))]
    #[test]
    fn a_url_that_asks_for_tls_is_refused_with_the_reason() {
        let refused = "postgres://db/andon?sslmode=verify-full".parse::<DatabaseUrl>();
        assert!(refused.unwrap_err().contains("postgres-tls"));
    }
}
