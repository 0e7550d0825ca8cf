//! Emptying SQLite's write-ahead log beside the writer, not in it.
//!
//! Left to itself, SQLite copies the log back into the file inside the commit that fills it: some
//! thousand pages and two waits for the disk, and everybody who saves at that moment waits along.
//! Here a thread of its own does it, with a connection of its own, a moment after there was
//! something to copy: readers and the writer go on, and a page that was written fifty times in that
//! moment is copied once. Should the log grow all the same, the writer still empties it
//! ([`LONGEST`]).

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::platform::db::connect::{DatabaseUrl, Db, Use, open};
use crate::platform::kernel::error::Result;

/// How long commits gather before they are copied.
const GATHER: Duration = Duration::from_millis(250);
/// How many pages of the log (of 4 KB) the writer lets stand before it empties it itself.
const LONGEST: &str = "PRAGMA wal_autocheckpoint = 16000";

/// Says when there is something to copy; its thread begins with the first commit and ends with it.
#[derive(Default)]
pub(super) struct Checkpoints(Mutex<Option<Thread>>);

struct Thread {
    due: SyncSender<()>,
    handle: JoinHandle<()>,
}

/// Leaves the log to the thread: for the writer's connection.
pub(super) fn leave_to_thread(conn: &mut Db) -> Result<()> {
    Ok(conn.batch_execute(LONGEST)?)
}

impl Checkpoints {
    /// Something was committed.
    pub(super) fn due(&self, url: &DatabaseUrl) {
        let mut thread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.as_ref().is_none_or(|t| t.handle.is_finished()) {
            *thread = start(url);
        }
        if let Some(thread) = thread.as_ref() {
            // Full means that it is told already.
            let _ = thread.due.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        let thread = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(Thread { due, handle }) = thread.take() {
            drop(due);
            // The file is whole and nobody's any more when the store is gone.
            let _ = handle.join();
        }
    }
}

fn start(url: &DatabaseUrl) -> Option<Thread> {
    let (due, told) = sync_channel(1);
    let url = url.clone();
    let thread = std::thread::Builder::new()
        .name("checkpoints".to_owned())
        .spawn(move || empty_the_log(&url, &told));
    match thread {
        Ok(handle) => Some(Thread { due, handle }),
        // The writer empties the log itself, later and more slowly.
        Err(error) => {
            tracing::warn!(%error, "no thread for checkpoints");
            None
        }
    }
}

fn empty_the_log(url: &DatabaseUrl, told: &Receiver<()>) {
    let mut conn = match open(url, Use::Write) {
        Ok(conn) => conn,
        Err(error) => return tracing::warn!(%error, "no connection for checkpoints"),
    };
    while told.recv().is_ok() {
        let goes_on = gather(told);
        // Copies what no reader still needs from the log; what is left is for the next time.
        if let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "a checkpoint failed; the next one goes on");
        }
        if !goes_on {
            return;
        }
    }
}

/// Waits while commits gather; false when the store has gone meanwhile.
fn gather(told: &Receiver<()>) -> bool {
    let until = Instant::now() + GATHER;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match told.recv_timeout(left) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}
