//! The only two ways to the database: a gate for reading and a gate for writing.
//!
//! Each is: permit (a FIFO semaphore as large as the pool) → one hop to a blocking thread → one
//! connection → one transaction → the closure → commit. SQLite has one writer behind that queue
//! and always begins with `BEGIN IMMEDIATE`, and takes along whoever waits by then: a savepoint for
//! each action, one commit for all ([`together`]). SQLite readers are `query_only`. A closure that
//! panics loses its connection, so nothing half-done is ever handed to the next one.
//!
//! The write gate runs the consequences of the facts an action appended (`follow`, given at
//! assembly) before it commits, at most [`ROUNDS`] deep.

mod checkpoint;
mod together;

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, InstrumentationEvent, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::connect::{Backend, DatabaseUrl, Db, Use, open};
use super::dialect;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// How deep consequences may follow consequences.
const ROUNDS: usize = 3;
/// How often the gate runs an action again after a serialisation failure or a lost race.
const TRIES: usize = 6;
/// Somebody waits for this write.
const WRITE: &str = "write";
/// Nobody does: a command (an import, sample data) puts as much into one as it likes.
const COMMAND: &str = "command's write";
/// From how many microseconds on a write that somebody waits for is worth a line.
const SLOW: u64 = 50_000;

thread_local! {
    static QUERIES: Cell<u32> = const { Cell::new(0) };
}

/// Statements run by this thread's transaction so far.
pub fn queries() -> u32 {
    QUERIES.get()
}

/// A fact as the consequences see it: appended to the journal in this transaction.
#[derive(Debug, Clone)]
pub struct Emitted {
    pub ctx: Ctx,
    pub name: String,
    pub subject: Uuid,
    /// When it happened; what is imported happened elsewhere, a breach at its own time.
    pub occurred_at: crate::platform::db::Utc,
    pub data: serde_json::Value,
}

/// Called with the facts of a transaction before it commits.
pub type Follow = fn(&mut Write<'_>, &[Emitted]) -> Result<()>;

/// A transaction that only reads.
pub struct Read<'c>(&'c mut Db);

/// A transaction that writes.
pub struct Write<'c> {
    conn: &'c mut Db,
    emitted: Vec<Emitted>,
}

impl Deref for Read<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.0
    }
}
impl DerefMut for Read<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.0
    }
}
impl Deref for Write<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.conn
    }
}
impl DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.conn
    }
}

impl Write<'_> {
    /// Tells the gate of a fact; its consequences follow before the commit.
    pub fn emit(&mut self, fact: Emitted) {
        self.emitted.push(fact);
    }
}

struct Pool {
    purpose: Use,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Db>>,
}

impl Pool {
    fn new(purpose: Use, size: usize) -> Self {
        Self {
            purpose,
            permits: Arc::new(Semaphore::new(size)),
            idle: Mutex::new(Vec::with_capacity(size)),
        }
    }

    fn take(&self, url: &DatabaseUrl) -> Result<Db> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(conn) => Ok(conn),
            None => {
                let mut conn = open(url, self.purpose)?;
                if self.purpose == Use::Write && url.backend() == Backend::Sqlite {
                    checkpoint::leave_to_thread(&mut conn)?;
                }
                conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::StartQuery { .. } = event {
                        QUERIES.set(QUERIES.get() + 1);
                    }
                });
                Ok(conn)
            }
        }
    }

    fn give_back(&self, conn: Db) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(conn);
    }
}

struct Inner {
    url: DatabaseUrl,
    readers: Pool,
    writers: Pool,
    follow: Follow,
    /// Actions waiting for SQLite's one writer.
    queue: together::Queue,
    checkpoints: checkpoint::Checkpoints,
}

/// The database, behind its two gates. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl Store {
    /// `cores` sizes the pools: SQLite reads with two connections more than cores and writes with
    /// one; PostgreSQL has five for each.
    pub fn new(url: DatabaseUrl, cores: usize, follow: Follow) -> Self {
        let (readers, writers) = match url.backend() {
            Backend::Sqlite => (cores + 2, 1),
            Backend::Postgres => (5, 5),
        };
        Self(Arc::new(Inner {
            url,
            readers: Pool::new(Use::Read, readers),
            writers: Pool::new(Use::Write, writers),
            follow,
            queue: together::Queue::default(),
            checkpoints: checkpoint::Checkpoints::default(),
        }))
    }

    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    pub fn backend(&self) -> Backend {
        self.0.url.backend()
    }

    /// Runs `f` in a transaction that only reads, off the async workers.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static,
    {
        self.read_then(f, |value| value).await
    }

    /// [`Store::read`], and `then` on the same blocking thread once the connection is given back:
    /// for work on what was read that no other reader should wait for.
    pub async fn read_then<T, U, F, G>(&self, f: F, then: G) -> Result<U>
    where
        T: 'static,
        U: Send + 'static,
        F: FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static,
        G: FnOnce(T) -> U + Send + 'static,
    {
        let permit = self.0.readers.permits.clone().acquire_owned().await;
        let permit = permit.map_err(closed)?;
        let inner = self.0.clone();
        hop(move || {
            let read = inner.read(f);
            drop(permit);
            read.map(then)
        })
        .await
    }

    /// Runs `f` in a transaction that writes, off the async workers. `f` may run more than once
    /// (PostgreSQL's serialisation failures, a lost race for a row), so it changes nothing outside.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Write<'_>) -> Result<T> + Send + 'static,
    {
        if self.backend() == Backend::Postgres {
            let permit = self.0.writers.permits.clone().acquire_owned().await;
            let permit = permit.map_err(closed)?;
            let inner = self.0.clone();
            return hop(move || {
                let _permit = permit;
                inner.write(&f, WRITE)
            })
            .await;
        }
        let mut answered = self.0.queue.ask(f);
        loop {
            // Whoever comes to the writer takes along everybody who waits, so the answer may be
            // there before the turn comes.
            tokio::select! {
                biased;
                outcome = &mut answered => {
                    return outcome.map_err(|_| Error::inward("the writer is gone"))?;
                }
                permit = self.0.writers.permits.clone().acquire_owned() => {
                    let permit = permit.map_err(closed)?;
                    let inner = self.0.clone();
                    hop(move || {
                        inner.write_together();
                        drop(permit);
                        Ok(())
                    })
                    .await?;
                }
            }
        }
    }

    /// Takes what was deleted out of the database's files too. Nothing is saved meanwhile.
    pub async fn scrub(&self) -> Result<()> {
        let permit = self.0.writers.permits.clone().acquire_owned().await;
        let permit = permit.map_err(closed)?;
        let store = self.clone();
        hop(move || {
            let _permit = permit;
            store.scrub_here()
        })
        .await
    }

    /// [`Store::scrub`] for the command line, on the calling thread.
    pub fn scrub_here(&self) -> Result<()> {
        dialect::scrub(&mut open(&self.0.url, Use::Write)?)
    }

    /// [`Store::read`] for the command line, on the calling thread.
    pub fn read_here<T>(&self, f: impl FnOnce(&mut Read<'_>) -> Result<T>) -> Result<T> {
        self.0.read(f)
    }

    /// [`Store::write`] for the command line, on the calling thread.
    pub fn write_here<T>(&self, f: impl Fn(&mut Write<'_>) -> Result<T>) -> Result<T> {
        self.0.write(&f, COMMAND)
    }
}

fn closed(_: tokio::sync::AcquireError) -> Error {
    Error::inward("the store is closed")
}

async fn hop<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match actix_web::web::block(f).await {
        Ok(result) => result,
        Err(_) => Err(Error::inward("the blocking thread was cancelled")),
    }
}

impl Inner {
    fn read<T>(&self, f: impl FnOnce(&mut Read<'_>) -> Result<T>) -> Result<T> {
        let mut conn = self.readers.take(&self.url)?;
        QUERIES.set(0);
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            begin(&mut conn, Use::Read)?;
            let result = f(&mut Read(&mut conn));
            // Nothing was written, so there is nothing to keep; a failed end loses the connection.
            end(&mut conn, result.is_ok())?;
            result
        }));
        self.settle(&self.readers, conn, outcome, began, "read")
    }

    fn write<T>(&self, f: &dyn Fn(&mut Write<'_>) -> Result<T>, what: &'static str) -> Result<T> {
        let mut tries = 0;
        loop {
            tries += 1;
            let result = self.write_once(f, what);
            match &result {
                Err(e) if tries < TRIES && is_transient(e) => {
                    tracing::debug!(tries, error = %e, "write runs again");
                }
                _ => return result,
            }
        }
    }

    fn write_once<T>(
        &self,
        f: &dyn Fn(&mut Write<'_>) -> Result<T>,
        what: &'static str,
    ) -> Result<T> {
        let mut conn = self.writers.take(&self.url)?;
        QUERIES.set(0);
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            begin(&mut conn, Use::Write)?;
            let mut w = Write {
                conn: &mut conn,
                emitted: Vec::new(),
            };
            let result = f(&mut w).and_then(|value| {
                self.consequences(&mut w)?;
                Ok(value)
            });
            end(&mut conn, result.is_ok())?;
            self.committed();
            result
        }));
        self.settle(&self.writers, conn, outcome, began, what)
    }

    /// A write has ended; SQLite's log may have grown.
    fn committed(&self) {
        if self.url.backend() == Backend::Sqlite {
            self.checkpoints.due(&self.url);
        }
    }

    fn consequences(&self, w: &mut Write<'_>) -> Result<()> {
        for _ in 0..ROUNDS {
            let facts = std::mem::take(&mut w.emitted);
            if facts.is_empty() {
                return Ok(());
            }
            (self.follow)(w, &facts)?;
        }
        if w.emitted.is_empty() {
            Ok(())
        } else {
            Err(Error::inward("consequences follow consequences too deep"))
        }
    }

    /// Gives a clean connection back, drops any other.
    fn settle<T>(
        &self,
        pool: &Pool,
        mut conn: Db,
        outcome: std::thread::Result<Result<T>>,
        began: Instant,
        what: &'static str,
    ) -> Result<T> {
        let micros = began.elapsed().as_micros() as u64;
        tracing::debug!(what, micros, queries = queries(), "transaction");
        if what == WRITE && micros > SLOW {
            tracing::info!(micros, queries = queries(), "slow write transaction");
        }
        match outcome {
            Ok(result) => {
                if is_clean(&mut conn) {
                    pool.give_back(conn);
                }
                result
            }
            Err(_) => {
                drop(conn);
                Err(Error::inward(format!(
                    "a {what} closure panicked; its connection was dropped"
                )))
            }
        }
    }
}

/// Whether a connection has no transaction left open or broken.
fn is_clean(conn: &mut Db) -> bool {
    type Manager = <Db as Connection>::TransactionManager;
    let status = Manager::transaction_manager_status_mut(conn);
    matches!(status.transaction_depth(), Ok(None))
}

pub(super) fn begin(conn: &mut Db, purpose: Use) -> Result<()> {
    match conn {
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            if purpose == Use::Write {
                "BEGIN IMMEDIATE"
            } else {
                "BEGIN"
            },
        )?,
        Db::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            if purpose == Use::Write {
                "BEGIN"
            } else {
                "BEGIN READ ONLY"
            },
        )?,
    }
    Ok(())
}

pub(super) fn end(conn: &mut Db, keep: bool) -> Result<()> {
    type Manager = <Db as Connection>::TransactionManager;
    if keep {
        Manager::commit_transaction(conn)?;
    } else {
        Manager::rollback_transaction(conn)?;
    }
    Ok(())
}

/// Failures after which the same action may well succeed: a lost race for a row, PostgreSQL's
/// serialisation failures and deadlocks (40001, 40P01).
fn is_transient(e: &Error) -> bool {
    match e {
        Error::Raced => true,
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => {
            true
        }
        Error::Database(DieselError::DatabaseError(_, info)) => {
            info.message().contains("deadlock detected")
        }
        _ => false,
    }
}
