//! From an archive into an empty place: all of it, or nothing.
//!
//! A SQLite file is filled under another name and gets its own at the end; PostgreSQL takes
//! everything in one transaction. The folder of the attachments carries a mark while it is being
//! filled, so that whatever a crash left there is known and cleared by the next try.

use std::fs::{self, File, TryLockError};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::load::Load;
use super::{Done, FORMAT, HEAD, Head, LARGEST_PART, Watch, about, sync_folder_of, with_suffix};
use crate::app::place;
use crate::platform::db::{DatabaseUrl, migrate, whole};
use crate::platform::files::archive::{Problem, Reader};
use crate::platform::files::blobs::Blobs;
use crate::platform::jobs;
use crate::platform::kernel::error::{Error, Result};

/// In the folder of attachments as long as it is being filled.
const UNFINISHED: &str = "restore-unfinished";

/// Where a desk is to stand.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    pub database: &'a DatabaseUrl,
    pub attachments: &'a Path,
}

/// Restores an archive.
pub fn restore(file: &Path, to: &Place<'_>, watch: &mut dyn Watch) -> Result<Done> {
    let length = fs::metadata(file).map_err(|e| about(file, e))?.len();
    if length == 0 {
        return Err(about(file, Problem::CutShort));
    }
    let read = Arc::new(AtomicU64::new(0));
    let mut reader = open(file, &read)?;
    let head = head(
        file,
        reader.members().and_then(|mut members| members.next()),
    )?;
    drop(reader);

    let ground = Ground::prepare(to)?;
    let blobs = Blobs::open(to.attachments).map_err(|e| about(to.attachments, e))?;
    watch.begin("restoring", Some(length));
    read.store(0, Ordering::Relaxed);
    let mut seen = 0;
    let mut step = || {
        let now = read.load(Ordering::Relaxed);
        watch.step(now - seen);
        seen = now;
    };
    let load = Load {
        file,
        head: &head,
        blobs: &blobs,
    };
    let manifest = whole::fill(&ground.database, &head.schema, |conn| {
        let mut reader = open(file, &read)?;
        let mut members = reader.members().map_err(|p| about(file, p))?;
        let manifest = load.all(conn, &mut members, &mut step)?;
        drop(members);
        reader.end().map_err(|p| about(file, p))?;
        jobs::release_all(conn)?;
        // A desk of its own from now on: it must never be taken for the one it was copied from.
        place::settle(conn, to.attachments)?;
        Ok(manifest)
    })?;
    ground.keep()?;
    Ok(Done::of(&head, manifest))
}

fn open(file: &Path, read: &Arc<AtomicU64>) -> Result<Reader<Source>> {
    let from = File::open(file).map_err(|e| about(file, e))?;
    let read = read.clone();
    let counted = Counted { from, read };
    Ok(Reader::new(BufReader::with_capacity(256 << 10, counted)))
}

type First<'a> = Result<Option<crate::platform::files::archive::Member<'a, Source>>, Problem>;
type Source = BufReader<Counted>;

fn head(file: &Path, first: First<'_>) -> Result<Head> {
    let wrong = |problem: Problem| about(file, problem);
    let member = first
        .map_err(wrong)?
        .ok_or_else(|| wrong(Problem::CutShort))?;
    if member.folder != HEAD {
        return Err(wrong(Problem::Foreign));
    }
    let bytes = member.bytes(LARGEST_PART).map_err(wrong)?;
    // A later format may look quite different; its number will be there.
    let format = serde_json::from_slice::<serde_json::Value>(&bytes)
        .ok()
        .and_then(|head| head.get("format").and_then(serde_json::Value::as_u64));
    if format.is_some_and(|format| format > FORMAT.into()) {
        return Err(later(file, &bytes));
    }
    let head: Head = serde_json::from_slice(&bytes)
        .map_err(|e| wrong(Problem::Damaged(format!("its head: {e}"))))?;
    let known = migrate::known()?;
    if head.schema.iter().any(|version| !known.contains(version)) {
        return Err(later(file, &bytes));
    }
    Ok(head)
}

fn later(file: &Path, head: &[u8]) -> Error {
    let head = serde_json::from_slice::<serde_json::Value>(head).unwrap_or_default();
    let by = head
        .get("andon")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("?");
    about(
        file,
        format!(
            "it was made by a later version of Andon ({by}; this is {}): restore it with that one",
            env!("CARGO_PKG_VERSION")
        ),
    )
}

/// Counts what was read of a file.
struct Counted {
    from: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The empty place, ours alone until it is kept; cleared again when it is not.
struct Ground<'a> {
    to: &'a Place<'a>,
    /// What is filled: the database itself, or a file that is to become it.
    database: DatabaseUrl,
    /// The folder was there already, empty.
    found: bool,
    /// Locked, so that no second restore clears what this one writes.
    _mark: File,
    kept: bool,
}

impl<'a> Ground<'a> {
    fn prepare(to: &'a Place<'a>) -> Result<Self> {
        if let Some(file) = to.database.file().filter(|file| file.exists()) {
            return Err(about(
                file,
                "is there already: restore into an empty place, or move it away first",
            ));
        }
        let folder = to.attachments;
        let in_folder = |e: std::io::Error| about(folder, e);
        let found = folder.exists();
        let interrupted = folder.join(UNFINISHED).exists();
        if found && !interrupted && fs::read_dir(folder).map_err(in_folder)?.next().is_some() {
            return Err(about(
                folder,
                "is not empty: restore into an empty place, or give another folder with \
                 --attachments-path",
            ));
        }
        fs::create_dir_all(folder).map_err(in_folder)?;
        let mark = File::create(folder.join(UNFINISHED)).map_err(in_folder)?;
        match mark.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(about(
                    folder,
                    "another restore is under way into this folder",
                ));
            }
            Err(TryLockError::Error(e)) => return Err(in_folder(e)),
        }
        let ground = Self {
            to,
            database: match to.database {
                DatabaseUrl::Sqlite(file) => DatabaseUrl::Sqlite(with_suffix(file, ".part")),
                other => other.clone(),
            },
            found,
            _mark: mark,
            kept: false,
        };
        ground.clear();
        Ok(ground)
    }

    /// Everything is written: the names last.
    fn keep(mut self) -> Result<()> {
        if let (Some(part), Some(file)) = (self.database.file(), self.to.database.file()) {
            let named = fs::rename(part, file).and_then(|()| sync_folder_of(file));
            named.map_err(|e| about(file, e))?;
        }
        self.kept = true;
        let mark = self.to.attachments.join(UNFINISHED);
        fs::remove_file(&mark).map_err(|e| about(&mark, e))
    }

    /// Takes away whatever a restore writes, of this one or of one that was interrupted.
    fn clear(&self) {
        if let Some(part) = self.database.file() {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                let _ = fs::remove_file(with_suffix(part, suffix));
            }
        }
        for folder in ["blobs", "incoming"] {
            let _ = fs::remove_dir_all(self.to.attachments.join(folder));
        }
        let _ = fs::remove_file(self.to.attachments.join(place::MARK));
    }
}

impl Drop for Ground<'_> {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        self.clear();
        let folder: PathBuf = self.to.attachments.to_owned();
        let _ = fs::remove_file(folder.join(UNFINISHED));
        if !self.found {
            let _ = fs::remove_dir(folder);
        }
    }
}
