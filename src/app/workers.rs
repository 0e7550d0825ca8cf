//! What happens by itself: resolved records close, holds end on their date, what is over is
//! forgotten, the journal gets its daily checkpoint, last uses of sessions are written. Each job is
//! shallow and harmless when run twice; a lease lets one instance at a time run it.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

use actix_web::{rt, web};

use crate::approvals;
use crate::attachments;
use crate::changes;
use crate::follow::practice_of;
use crate::journal;
use crate::people::{self, Site, session};
use crate::platform::db::{Db, Store, Utc, Write};
use crate::platform::jobs;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::postmortems;
use crate::problems;
use crate::records::{self, Kind, Record};
use crate::service_levels::{self, RECOUNT};
use crate::settings::actions::SCRUB;

/// How often the workers look.
const EVERY: Duration = Duration::from_secs(15);
/// How many records one transaction of a worker changes.
const BATCH: i64 = 50;
/// How many clocks one transaction looks at, and how many records it counts again.
const WOKEN: i64 = 200;
const RECOUNTED: i64 = 100;
/// How often a long job says that it goes on.
const SAY_EVERY: Duration = Duration::from_secs(60);
/// How often what is over is deleted; nothing that is over counts until then.
const FORGET_EVERY: time::Duration = time::Duration::hours(1);

/// Starts the workers of this process; they end with it.
pub fn start(site: web::Data<Site>) {
    rt::spawn(async move {
        let mut minute = 0u32;
        loop {
            rt::time::sleep(EVERY).await;
            let now = site.clock.now();
            report("scheduled work", run(&site.store, now).await);
            report("files nobody names", sweep_files(&site, now).await);
            minute += 1;
            if minute.is_multiple_of(4) {
                report("last uses of sessions", flush_seen(&site).await);
            }
        }
    });
}

fn report(what: &'static str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(what, %error, "a worker failed; it runs again");
    }
}

/// One round of everything that is due at `now`. A job that fails does not keep the others from
/// running; the first failure is the answer.
pub async fn run(store: &Store, now: Utc) -> Result<()> {
    let rounds = [
        in_batches(store, "close_resolved", now, may_close, close_resolved).await,
        in_batches(store, "end_holds", now, may_end_holds, end_holds).await,
        in_batches(store, "clocks", now, may_wake, wake).await,
        in_batches(store, "rounds", now, may_end_rounds, end_rounds).await,
        in_batches(store, "overruns", now, may_overrun, overrun).await,
        in_batches(store, "verified", now, may_be_verified, verify).await,
        in_batches(store, "risks", now, may_review, review).await,
        in_batches(store, "postmortems", now, may_be_overdue, tell_overdue).await,
        in_batches(store, "actions", now, may_remind, remind).await,
        recount(store, now).await,
        forget(store, now).await,
        checkpoint(store, now).await,
        scrub(store, now).await,
    ];
    rounds.into_iter().collect()
}

/// Runs a job batch by batch until it finds nothing more. It is due whenever there is something;
/// looking costs no write.
async fn in_batches(
    store: &Store,
    name: &'static str,
    now: Utc,
    due: fn(&mut Db, Utc) -> Result<bool>,
    batch: fn(&mut Write<'_>, Utc) -> Result<usize>,
) -> Result<()> {
    if !store.read(move |r| due(r, now)).await? {
        return Ok(());
    }
    jobs::run(store, name, now, now, |lease| async move {
        let round = move |w: &mut Write<'_>| {
            lease.renew(w, lease.now())?;
            batch(w, now)
        };
        while store.write(round).await? > 0 {}
        Ok(())
    })
    .await
}

async fn forget(store: &Store, now: Utc) -> Result<()> {
    let next = now.plus(FORGET_EVERY);
    jobs::run(store, "forget", now, next, |_| {
        store.write(move |w| {
            session::forget(w, now)?;
            people::forget_forms(w, now)
        })
    })
    .await
}

/// After somebody was erased: what was deleted leaves the database's files too.
async fn scrub(store: &Store, now: Utc) -> Result<()> {
    if !store
        .read(move |r| jobs::is_requested(r, SCRUB, now))
        .await?
    {
        return Ok(());
    }
    jobs::run(store, SCRUB, now, Utc::FAR, |_| store.scrub()).await
}

async fn checkpoint(store: &Store, now: Utc) -> Result<()> {
    let next = journal::next_day(now);
    jobs::run(store, "checkpoint", now, next, |lease| async move {
        if let Some(made) = journal::make_checkpoint(store, now, Some(lease)).await? {
            let hash = journal::hex(&made.hash);
            tracing::info!(number = made.number, chains = made.chains, %hash, "checkpoint");
        }
        Ok(())
    })
    .await
}

/// Removes contents that neither an attachment nor a form names any more: uploads that broke off,
/// forms that were never sent again.
pub async fn sweep_files(site: &web::Data<Site>, now: Utc) -> Result<()> {
    let next = now.plus(time::Duration::days(1));
    jobs::run(&site.store, "sweep_files", now, next, |lease| {
        let site = site.clone();
        async move {
            let swept = web::block(move || {
                // A long sweep says so: a backup waits for it, and whoever was away for so long that
                // a backup began removes nothing more.
                let said = Cell::new(Instant::now());
                let goes_on = || {
                    if said.get().elapsed() < SAY_EVERY {
                        return Ok(());
                    }
                    said.set(Instant::now());
                    site.store.write_here(|w| lease.renew(w, lease.now()))
                };
                let at = SystemTime::UNIX_EPOCH + Duration::from_micros(now.micros().max(0) as u64);
                site.blobs.sweep(at, |id| {
                    let content = id.to_string();
                    let named = goes_on().and_then(|()| {
                        site.store.read_here(|r| {
                            Ok(attachments::has_content(r, &content)?
                                || people::keeps_content(r, &content)?)
                        })
                    });
                    // Whatever cannot be looked up stays.
                    named.unwrap_or(true)
                })
            });
            let gone = swept
                .await
                .map_err(|_| Error::inward("the sweep was cancelled"))??;
            tracing::info!(gone, "files nobody names were removed");
            Ok(())
        }
    })
    .await
}

/// Writes when sessions were last used, at most once a minute.
pub async fn flush_seen(site: &Site) -> Result<()> {
    let seen = site.seen.take();
    if seen.is_empty() {
        return Ok(());
    }
    site.store
        .write(move |w| session::write_last_seen(w, &seen))
        .await
}

/// Records whose time to be re-opened is over, of every kind.
fn over(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    let before = now.minus(records::actions::reopen_window(conn)?);
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let Some(state) = practice_of(*kind).resolved_state() else {
            continue;
        };
        found.extend(match kind {
            // A risk that was accepted waits for its day.
            Kind::Problem => problems::resolved_before(conn, state, before, limit)?,
            kind => records::resolved_before(conn, *kind, state, before, limit)?,
        });
    }
    Ok(found)
}

fn may_close(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!over(conn, now, 1)?.is_empty())
}

fn close_resolved(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = over(w, now, BATCH)?;
    let closed = due.len();
    for record in due {
        records::actions::close_by_itself(w, &ctx, practice_of(record.kind), record)?;
    }
    Ok(closed)
}

fn may_be_overdue(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!postmortems::overdue(conn, now, 1)?.is_empty())
}

/// Post-mortems nobody published in time.
fn tell_overdue(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = postmortems::overdue(w, now, BATCH)?;
    let told = due.len();
    for record in due {
        postmortems::tell_overdue(w, &ctx, record)?;
    }
    Ok(told)
}

fn may_remind(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!postmortems::items_to_remind(conn, now, 1)?.is_empty())
}

/// Action items whose day is near, or was.
fn remind(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = postmortems::items_to_remind(w, now, BATCH)?;
    let told = due.len();
    for record in due {
        postmortems::remind_of_item(w, &ctx, record)?;
    }
    Ok(told)
}

fn may_wake(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!records::actions::clocks_due(conn, now, 1)?.is_empty())
}

/// Clocks whose time has come: breaches and steps of the escalation.
fn wake(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = records::actions::clocks_due(w, now, WOKEN)?;
    records::actions::settle_clocks(w, &ctx, &due)?;
    // Whatever was counted waits for an instant to come. If not, it is looked at again in the next
    // pass and not at once for ever.
    let stuck = records::actions::clocks_due(w, now, 1)?;
    if let Some(record) = stuck.first().filter(|id| due.contains(id)) {
        tracing::error!(%record, "a clock was counted and is due all the same");
        return Ok(0);
    }
    Ok(due.len())
}

fn may_end_rounds(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!approvals::actions::rounds_due(conn, now, 1)?.is_empty())
}

/// Approval rounds whose time has come: reminders, and what was not decided in time.
fn end_rounds(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = approvals::actions::rounds_due(w, now, BATCH)?;
    for round in &due {
        approvals::actions::wake(w, &ctx, *round)?;
    }
    Ok(due.len())
}

fn may_overrun(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!changes::changes_overrunning(conn, now, 1)?.is_empty())
}

/// Changes whose work goes on beyond its window.
fn overrun(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = changes::changes_overrunning(w, now, BATCH)?;
    let found = due.len();
    for record in due {
        changes::overran(w, &ctx, record)?;
    }
    Ok(found)
}

fn may_be_verified(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!problems::verified_due(conn, now, 1)?.is_empty())
}

/// Problems whose fix was watched long enough.
fn verify(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = problems::verified_due(w, now, BATCH)?;
    let found = due.len();
    for record in due {
        problems::verified(w, &ctx, record)?;
    }
    Ok(found)
}

fn may_review(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!problems::risks_due(conn, now, 1)?.is_empty())
}

/// Risks that were accepted until today.
fn review(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = problems::risks_due(w, now, BATCH)?;
    let found = due.len();
    for record in due {
        problems::review_risk(w, &ctx, record)?;
    }
    Ok(found)
}

/// After a definition was saved, and whenever a saved one begins to hold: every clock that may be
/// moved by it is counted again.
async fn recount(store: &Store, now: Utc) -> Result<()> {
    if !store
        .read(move |r| jobs::is_requested(r, RECOUNT, now))
        .await?
    {
        return Ok(());
    }
    let next = store
        .read(move |r| service_levels::next_beginning(r, now))
        .await?;
    jobs::run(store, RECOUNT, now, next, |lease| async move {
        let ctx = Ctx::system(now, Door::Worker);
        let mut after = None;
        loop {
            // Found apart: nobody who saves waits for a walk over all records.
            let ids = store
                .read(move |r| records::to_recount(r, after, RECOUNTED))
                .await?;
            after = ids.last().copied();
            if after.is_none() {
                return Ok(());
            }
            let ctx = ctx.clone();
            let count = move |w: &mut Write<'_>| {
                lease.renew(w, lease.now())?;
                records::actions::settle_clocks(w, &ctx, &ids)
            };
            store.write(count).await?;
        }
    })
    .await
}

fn may_end_holds(conn: &mut Db, now: Utc) -> Result<bool> {
    Ok(!records::holds_due(conn, now, 1)?.is_empty())
}

fn end_holds(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let due = records::holds_due(w, now, BATCH)?;
    for hold in &due {
        let record = records::find_by_id(w, hold.record_id)?;
        records::actions::resume_by_itself(w, &ctx, practice_of(record.kind), record)?;
    }
    Ok(due.len())
}
