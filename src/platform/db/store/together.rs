//! Many actions, one commit: how SQLite's one writer keeps up with a disk that takes its time.
//!
//! A durable commit waits for the disk (4 ms on the machine of `docs/benchmarks.md`), whatever it
//! holds. Eight people who save at once would wait for each other's disk, the last of them eight
//! times. So whoever comes to the writer first takes along everybody who is waiting by then: each
//! action runs in a savepoint of its own, all are committed at once, and nobody is answered before
//! the disk has it. An action that fails takes only its own savepoint back; one that panics loses
//! the connection, and the others run again on a new one, as every action may.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::TransactionManager;
use tokio::sync::oneshot;

use super::{Inner, QUERIES, TRIES, Write, begin, end, is_clean, is_transient};
use crate::platform::db::connect::{Db, Use};
use crate::platform::kernel::error::{Error, Result};

/// At most so many actions share a commit, and none is begun after so long: who came first does
/// not wait long for the others.
const MOST: usize = 16;
const LONGEST: Duration = Duration::from_millis(20);

type Manager = <Db as Connection>::TransactionManager;

/// An action waiting for the writer.
trait Waiting: Send {
    /// Whether the request behind it has gone.
    fn is_abandoned(&self) -> bool;
    /// Runs it inside the open transaction, in a savepoint of its own; says whether it left
    /// anything to commit. An error here is the transaction's.
    fn run(&mut self, inner: &Inner, conn: &mut Db) -> Result<bool>;
    /// Answers, once the commit has succeeded or (with the reason) has not.
    fn answer(self: Box<Self>, failure: Option<&str>);
}

struct Asked<T, F> {
    act: F,
    outcome: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Waiting for Asked<T, F>
where
    T: Send,
    F: Fn(&mut Write<'_>) -> Result<T> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(&mut self, inner: &Inner, conn: &mut Db) -> Result<bool> {
        let mut tries = 0;
        loop {
            tries += 1;
            Manager::begin_transaction(conn)?;
            QUERIES.set(0);
            let mut w = Write {
                conn,
                emitted: Vec::new(),
            };
            let result = (self.act)(&mut w).and_then(|value| {
                inner.consequences(&mut w)?;
                Ok(value)
            });
            let kept = result.is_ok();
            end(conn, kept)?;
            match &result {
                Err(e) if tries < TRIES && is_transient(e) => continue,
                _ => self.outcome = Some(result),
            }
            return Ok(kept);
        }
    }

    fn answer(self: Box<Self>, failure: Option<&str>) {
        let outcome = match (self.outcome, failure) {
            (Some(Err(e)), _) => Err(e),
            (_, Some(why)) => Err(Error::inward(why)),
            (Some(done), None) => done,
            (None, None) => Err(Error::inward("the action was not run")),
        };
        // Whoever asked may have gone meanwhile; what they asked for stands.
        let _ = self.answer.send(outcome);
    }
}

/// Actions waiting for the writer, first come first.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Box<dyn Waiting>>>);

impl Queue {
    /// Puts an action at the end; its answer comes through what is given back.
    pub(super) fn ask<T, F>(&self, act: F) -> oneshot::Receiver<Result<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Write<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.lock().push_back(Box::new(Asked {
            act,
            outcome: None,
            answer,
        }));
        answered
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Box<dyn Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Box<dyn Waiting>> {
        let mut waiting = self.lock();
        waiting.retain(|one| !one.is_abandoned());
        let most = waiting.len().min(MOST);
        waiting.drain(..most).collect()
    }

    fn put_back(&self, jobs: Vec<Box<dyn Waiting>>) {
        let mut waiting = self.lock();
        for job in jobs.into_iter().rev() {
            waiting.push_front(job);
        }
    }
}

impl Inner {
    /// Runs whoever is waiting, in one transaction. The caller holds the writer's permit.
    pub(super) fn write_together(&self) {
        let mut jobs = self.queue.take();
        while !jobs.is_empty() {
            let mut conn = match self.writers.take(&self.url) {
                Ok(conn) => conn,
                Err(e) => return answer_all(jobs, Some(&e.to_string())),
            };
            let mut begun = 0;
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                self.run_all(&mut conn, &mut jobs, &mut begun)
            }));
            match outcome {
                Ok(result) => {
                    if is_clean(&mut conn) {
                        self.writers.give_back(conn);
                    }
                    self.queue.put_back(jobs.split_off(begun));
                    return answer_all(jobs, result.err().map(|e| e.to_string()).as_deref());
                }
                Err(_) => {
                    drop(conn);
                    let panicked = "a write closure panicked; its connection was dropped";
                    match begun.checked_sub(1).filter(|at| *at < jobs.len()) {
                        Some(culprit) => jobs.remove(culprit).answer(Some(panicked)),
                        None => return answer_all(jobs, Some(panicked)),
                    }
                }
            }
        }
    }

    /// `begun` counts the actions begun, so that a panic can be told from its neighbours.
    fn run_all(
        &self,
        conn: &mut Db,
        jobs: &mut [Box<dyn Waiting>],
        begun: &mut usize,
    ) -> Result<()> {
        let began = Instant::now();
        begin(conn, Use::Write)?;
        let mut keep = false;
        for job in jobs {
            if *begun > 0 && began.elapsed() > LONGEST {
                break;
            }
            *begun += 1;
            keep |= job.run(self, conn)?;
        }
        end(conn, keep)?;
        self.committed();
        let micros = began.elapsed().as_micros() as u64;
        tracing::debug!(micros, actions = *begun, "write transaction");
        if micros > 50_000 {
            tracing::info!(micros, actions = *begun, "slow write transaction");
        }
        Ok(())
    }
}

fn answer_all(jobs: Vec<Box<dyn Waiting>>, failure: Option<&str>) {
    for job in jobs {
        job.answer(failure);
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    use futures_util::future::join_all;

    use super::*;
    use crate::platform::db::{DatabaseUrl, Store, migrate};

    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    fn insert(w: &mut Write<'_>, name: &str) -> Result<()> {
        diesel::sql_query(format!("INSERT INTO settings VALUES ('{name}', '')"))
            .execute(&mut **w)?;
        Ok(())
    }

    fn count(conn: &mut Db) -> Result<i64> {
        let count: Count =
            diesel::sql_query("SELECT count(*) AS n FROM settings WHERE name LIKE 'test%'")
                .get_result(conn)?;
        Ok(count.n)
    }

    /// Runs actions that all wait for the writer at once.
    fn at_once(acts: Vec<fn(&mut Write<'_>) -> Result<()>>) -> (Vec<Result<()>>, i64) {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("desk.db"));
        migrate::up(&url).unwrap();
        let store = Store::new(url, 1, |_, _| Ok(()));
        actix_web::rt::System::new().block_on(async {
            let writer = store.0.writers.permits.clone().acquire_owned().await;
            let all: Vec<_> = acts
                .into_iter()
                .map(|act| {
                    let store = store.clone();
                    actix_web::rt::spawn(async move { store.write(act).await })
                })
                .collect();
            actix_web::rt::task::yield_now().await;
            assert_eq!(store.0.queue.lock().len(), all.len());
            drop(writer);
            let outcomes = join_all(all).await;
            let outcomes = outcomes.into_iter().map(|o| o.unwrap()).collect();
            (outcomes, store.read(|r| count(r)).await.unwrap())
        })
    }

    #[test]
    fn one_that_fails_takes_only_itself_back() {
        let (outcomes, left) = at_once(vec![
            |w| insert(w, "test 1"),
            |w| {
                insert(w, "test 2")?;
                Err(Error::inward("changed my mind"))
            },
            |w| insert(w, "test 1"),
            |w| insert(w, "test 3"),
        ]);
        assert!(matches!(&outcomes[1], Err(Error::Inward(text)) if text == "changed my mind"));
        assert!(matches!(&outcomes[2], Err(Error::Database(_))));
        assert!(outcomes[0].is_ok() && outcomes[3].is_ok());
        assert_eq!(left, 2);
    }

    #[test]
    fn one_that_panics_is_told_so_and_the_others_run_again() {
        let (outcomes, left) = at_once(vec![
            |w| insert(w, "test 1"),
            |w| {
                insert(w, "test 2")?;
                panic!("in the middle of a write");
            },
            |w| insert(w, "test 3"),
        ]);
        assert!(matches!(&outcomes[1], Err(Error::Inward(text)) if text.contains("panicked")));
        assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
        assert_eq!(left, 2);
    }

    #[test]
    fn more_than_fit_into_one_commit_are_all_served() {
        let (outcomes, left) = at_once(vec![
            |w| {
                let nth = count(w)?;
                insert(w, &format!("test {nth}"))
            };
            3 * MOST
        ]);
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(left, 3 * MOST as i64);
    }
}
