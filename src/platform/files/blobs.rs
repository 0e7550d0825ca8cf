//! Where attached files lie: by the SHA-256 of their content, outside any served folder.
//!
//! ```text
//! <dir>/incoming/<random>          being received
//! <dir>/blobs/<2 hex>/<64 hex>     complete; the name is the hash of the bytes
//! ```
//!
//! No name a person gave ever becomes a path, so there is nothing to traverse; two people attaching
//! the same file cost one copy. A file appears under its name all at once, after its bytes are on
//! the disk: fsync, rename, fsync of the folder. Whoever holds a `BlobId` that `finish` returned can
//! commit a row that points to it. Folders are 0700 and files 0600.
//!
//! A form that was refused, or a crash, leaves a file that no row names. `sweep` removes those, not
//! before they are two days old. Blocking calls throughout; uploads hop to a blocking thread a quarter
//! of a megabyte at a time (`platform/web/multipart`).

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::kernel::secrets::{hex, unhex};
use crate::platform::web::multipart::{FileSink, FileWriter};

/// How long an upload or an unnamed blob is left alone: longer than any form stays parked (24 h).
pub const SWEEP_AFTER: Duration = Duration::from_secs(48 * 3600);

/// The SHA-256 of a file's content; 64 lower-case hex digits outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId([u8; 32]);

impl BlobId {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A text that is no SHA-256 in lower-case hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotABlobId;

impl fmt::Display for NotABlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not 64 lower-case hex digits")
    }
}

impl std::error::Error for NotABlobId {}

impl FromStr for BlobId {
    type Err = NotABlobId;

    fn from_str(text: &str) -> Result<Self, NotABlobId> {
        unhex(text).map(Self).ok_or(NotABlobId)
    }
}

impl TryFrom<String> for BlobId {
    type Error = NotABlobId;

    fn try_from(text: String) -> Result<Self, NotABlobId> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

/// The store. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: Arc<Root>,
}

#[derive(Debug)]
struct Root {
    blobs: PathBuf,
    incoming: PathBuf,
    /// Held while a blob gets its name and while one is swept: a file that is attached again at
    /// that very moment must not lose its bytes.
    naming: Mutex<()>,
}

impl Blobs {
    /// Opens the store, making its folders.
    pub fn open(dir: impl AsRef<Path>) -> io::Result<Self> {
        let (blobs, incoming) = (dir.as_ref().join("blobs"), dir.as_ref().join("incoming"));
        for folder in [dir.as_ref(), &blobs, &incoming] {
            make_private(folder)?;
        }
        sync_folder(dir.as_ref())?;
        Ok(Self {
            root: Arc::new(Root {
                blobs,
                incoming,
                naming: Mutex::new(()),
            }),
        })
    }

    /// Where a blob lies, or would.
    pub fn path(&self, id: &BlobId) -> PathBuf {
        let name = id.to_string();
        self.root
            .blobs
            .join(name.get(..2).unwrap_or_default())
            .join(&name)
    }

    pub fn exists(&self, id: &BlobId) -> bool {
        self.path(id).is_file()
    }

    pub fn open_blob(&self, id: &BlobId) -> io::Result<File> {
        File::open(self.path(id))
    }

    /// Begins a file of unknown length.
    pub fn create(&self) -> io::Result<Incoming> {
        let name = getrandom::u64().map_err(io::Error::other)?;
        let path = self
            .root
            .incoming
            .join(format!("{name:016x}-{}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Incoming {
            store: self.clone(),
            file: Some(file),
            path,
            hash: Sha256::new(),
            size: 0,
        })
    }

    /// Stores all that `from` gives: for the importer, sample data and tests.
    pub fn put(&self, mut from: impl Read) -> io::Result<(BlobId, u64)> {
        let mut incoming = self.create()?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => incoming.write(buffer.get(..n).unwrap_or_default())?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        let size = incoming.size;
        Ok((incoming.finish()?, size))
    }

    /// Removes what nobody names: blobs for which `named` says no and uploads that broke off, both
    /// untouched for `SWEEP_AFTER`. Returns how many files went. Attaching a stored file again
    /// renews its time, so a row that is about to be committed is safe.
    pub fn sweep(&self, now: SystemTime, named: impl Fn(&BlobId) -> bool) -> io::Result<usize> {
        let mut gone = 0;
        for entry in fs::read_dir(&self.root.incoming)? {
            let path = entry?.path();
            if is_old(&path, now) && remove(&path)? {
                gone += 1;
            }
        }
        for folder in fs::read_dir(&self.root.blobs)? {
            let folder = folder?.path();
            if !folder.is_dir() {
                continue;
            }
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let Some(id) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else {
                    continue;
                };
                if !is_old(&entry.path(), now) || named(&id) {
                    continue;
                }
                let _naming = self
                    .root
                    .naming
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                if is_old(&entry.path(), now) && remove(&entry.path())? {
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    /// Removes a blob that nobody names, unless it was touched within `young`: then somebody may just
    /// be attaching it again, and a later sweep has it. Says whether it went.
    pub fn remove(&self, id: &BlobId, now: SystemTime, young: Duration) -> io::Result<bool> {
        let path = self.path(id);
        let _naming = self
            .root
            .naming
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(is_older(&path, now, young) && remove(&path)?)
    }

    /// Gives a complete file its name. A blob of that name and length is the same file already; one
    /// of another length was damaged and is replaced.
    fn keep(&self, from: &Path, id: &BlobId, size: u64) -> io::Result<()> {
        let to = self.path(id);
        let folder = to.parent().unwrap_or(&self.root.blobs);
        if !folder.is_dir() {
            make_private(folder)?;
            sync_folder(&self.root.blobs)?;
        }
        let _naming = self
            .root
            .naming
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if fs::metadata(&to).is_ok_and(|there| there.is_file() && there.len() == size) {
            let there = OpenOptions::new().append(true).open(&to)?;
            there.set_modified(fs::metadata(from)?.modified()?)?;
            return remove(from).map(|_| ());
        }
        fs::rename(from, &to)?;
        sync_folder(folder)
    }
}

/// A file being received. Dropped before `finish`, it is gone.
#[derive(Debug)]
pub struct Incoming {
    store: Blobs,
    file: Option<File>,
    path: PathBuf,
    hash: Sha256,
    size: u64,
}

impl Incoming {
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self
            .file
            .as_mut()
            .ok_or_else(|| io::Error::other("the file is complete"))?;
        file.write_all(bytes)?;
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Makes it durable and gives it its name. An empty file is refused (`InvalidInput`): it is
    /// nearly always a mistake, and the person should hear of it.
    pub fn finish(mut self) -> io::Result<BlobId> {
        let Some(file) = self.file.take() else {
            return Err(io::Error::other("the file is complete"));
        };
        if self.size == 0 {
            drop(file);
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the file is empty",
            ));
        }
        file.sync_all()?;
        drop(file);
        let id = BlobId(self.hash.finalize_reset().into());
        self.store.keep(&self.path, &id, self.size)?;
        self.path = PathBuf::new();
        Ok(id)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.path.as_os_str().is_empty() {
            return;
        }
        self.file = None;
        if let Err(e) = remove(&self.path) {
            tracing::warn!(error = %e, "an upload that broke off could not be removed");
        }
    }
}

impl FileSink for Blobs {
    type Writer = Incoming;

    fn begin(&self) -> io::Result<Incoming> {
        self.create()
    }
}

impl FileWriter for Incoming {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        Incoming::write(self, bytes)
    }

    fn finish(self) -> io::Result<[u8; 32]> {
        Incoming::finish(self).map(|id| id.0)
    }
}

/// Untouched for so long that no form can still mean it. A clock that went back makes it young.
fn is_old(path: &Path, now: SystemTime) -> bool {
    is_older(path, now, SWEEP_AFTER)
}

fn is_older(path: &Path, now: SystemTime, than: Duration) -> bool {
    let touched = fs::metadata(path).and_then(|m| m.modified());
    touched.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > than))
}

/// Whether it was there.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A rename is durable only when the folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests;
