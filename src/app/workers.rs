//! What happens by itself: resolved records close, holds end on their date, what is over is
//! forgotten, last uses of sessions are written. Each job is shallow and harmless when run twice.

use std::time::Duration;

use actix_web::{rt, web};

use crate::follow::practice_of;
use crate::people::{Site, form, session};
use crate::platform::db::{Store, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::records::{self, Kind};

/// How often the workers look.
const EVERY: Duration = Duration::from_secs(15);
/// How many records one transaction of a worker changes.
const BATCH: i64 = 50;

/// Starts the workers of this process; they end with it.
pub fn start(site: web::Data<Site>) {
    rt::spawn(async move {
        let mut minute = 0u32;
        loop {
            rt::time::sleep(EVERY).await;
            let now = site.clock.now();
            report("scheduled work", run(&site.store, now).await);
            minute += 1;
            if minute % 4 == 0 {
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

/// One round of everything that is due at `now`.
pub async fn run(store: &Store, now: Utc) -> Result<()> {
    while store.write(move |w| close_resolved(w, now)).await? > 0 {}
    while store.write(move |w| end_holds(w, now)).await? > 0 {}
    store
        .write(move |w| {
            session::forget(w, now)?;
            form::forget(w, now)
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

fn close_resolved(w: &mut Write<'_>, now: Utc) -> Result<usize> {
    let ctx = Ctx::system(now, Door::Worker);
    let before = now.minus(records::actions::reopen_window(w)?);
    let mut closed = 0;
    for kind in Kind::ALL {
        let practice = practice_of(*kind);
        let Some(state) = practice.resolved_state() else {
            continue;
        };
        for record in records::resolved_before(w, *kind, state, before, BATCH)? {
            records::actions::close_by_itself(w, &ctx, practice, record)?;
            closed += 1;
        }
    }
    Ok(closed)
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
