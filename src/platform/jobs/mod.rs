//! Scheduled work that several instances share: a lease per job, over the table `schedules`.
//!
//! A job is claimed when it is due and nobody holds it. Each claim carries a higher token than the
//! one before (a *fencing token*): whoever was away so long that somebody else took over can
//! neither go on ([`Lease::renew`]) nor report the job done ([`Lease::finish`]). Runs that were
//! missed while nobody was there are one run, since the next is counted from now. A job that fails
//! stays due. Every job is harmless when run twice.

mod store;

use std::future::Future;
use std::time::Instant;

use time::Duration;

use super::db::{Db, Store, Utc};
use super::kernel::error::{Error, Result};

/// How long a job may be silent before somebody else takes it over.
const SILENCE: Duration = Duration::minutes(5);

/// The right to run one job now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    name: &'static str,
    token: i64,
    at: Utc,
    claimed: Instant,
}

impl Lease {
    /// Claims a job that is due, unless somebody holds it. A job nobody has run yet is due.
    pub fn claim(conn: &mut Db, name: &'static str, now: Utc) -> Result<Option<Lease>> {
        let until = now.plus(SILENCE);
        let token = match store::find(conn, name)? {
            None => store::insert(conn, name, now, until)?,
            Some(job) if !job.is_due(now) => return Ok(None),
            Some(job) => match store::take(conn, name, job.lease_token, until)? {
                Some(token) => token,
                None => return Ok(None),
            },
        };
        Ok(Some(Lease {
            name,
            token,
            at: now,
            claimed: Instant::now(),
        }))
    }

    /// Keeps a job from being run, due or not, unless somebody runs it already: for work that its
    /// outcome would disturb. Held like any lease, and given back with [`Lease::give_up`].
    pub fn hold(conn: &mut Db, name: &'static str, now: Utc) -> Result<Option<Lease>> {
        let until = now.plus(SILENCE);
        let token = match store::find(conn, name)? {
            None => Some(store::insert(conn, name, now, until)?),
            Some(job) if job.is_held(now) => None,
            Some(job) => store::take(conn, name, job.lease_token, until)?,
        };
        Ok(token.map(|token| Lease {
            name,
            token,
            at: now,
            claimed: Instant::now(),
        }))
    }

    /// What time it has become since the job was claimed.
    pub fn now(&self) -> Utc {
        let spent = self.claimed.elapsed().as_micros();
        Utc::from_micros(self.at.micros() + spent as i64)
    }

    /// Still mine? Then it is for a while longer. Called in each transaction of a long job, before
    /// it writes.
    pub fn renew(&self, conn: &mut Db, now: Utc) -> Result<()> {
        if store::extend(conn, self.name, self.token, now.plus(SILENCE))? {
            Ok(())
        } else {
            Err(Error::inward(format!(
                "the lease of {} was taken over",
                self.name
            )))
        }
    }

    /// The job is done, and due again at `next`. Says whether the lease was still mine.
    pub fn finish(self, conn: &mut Db, now: Utc, next: Utc) -> Result<bool> {
        store::finish(conn, self.name, self.token, now, next)
    }

    /// The job failed: it stays due, for anybody.
    pub fn give_up(self, conn: &mut Db) -> Result<()> {
        store::give_up(conn, self.name, self.token)
    }
}

/// Nobody holds any job any more: in a copy of a database, whose holders are elsewhere.
pub fn release_all(conn: &mut Db) -> Result<()> {
    store::release_all(conn)
}

/// Asks for a job that nobody does unless it was asked for. Whoever does it now has begun too early,
/// and it is done again.
pub fn request(conn: &mut Db, name: &'static str, now: Utc) -> Result<()> {
    store::request(conn, name, now)
}

/// Whether a job was asked for and nobody is at it.
pub fn is_requested(conn: &mut Db, name: &str, now: Utc) -> Result<bool> {
    Ok(store::find(conn, name)?.is_some_and(|job| job.is_due(now)))
}

/// Runs a job under its lease, if it is due and free.
pub async fn run<F, W>(
    store: &Store,
    name: &'static str,
    now: Utc,
    next: Utc,
    work: W,
) -> Result<()>
where
    F: Future<Output = Result<()>>,
    W: FnOnce(Lease) -> F,
{
    // Looking first costs no write, and mostly there is nothing to do.
    let job = store.read(move |r| store::find(r, name)).await?;
    if job.is_some_and(|job| !job.is_due(now)) {
        return Ok(());
    }
    let Some(lease) = store.write(move |w| Lease::claim(w, name, now)).await? else {
        return Ok(());
    };
    let outcome = work(lease).await;
    if outcome.is_ok() {
        store.write(move |w| lease.finish(w, now, next)).await?;
    } else {
        store.write(move |w| lease.give_up(w)).await?;
    }
    outcome
}
