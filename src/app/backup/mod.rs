//! One archive of everything: every row of every table and every attached file, as of one moment,
//! taken while others work; and the way back into an empty place.
//!
//! The rows are copied as rows, not as pages of a file: an archive made from SQLite restores into
//! PostgreSQL and the other way round, and holds nothing of what was erased before it was made.
//!
//! ```text
//! head/<sha256>.json              what made it: format, version, migrations, tables and columns
//! tables/<table>/<sha256>.jsonl   about a megabyte of rows, one array a line, in the order of keys
//! attachments/<sha256>.bin        a file, by its content
//! manifest/<sha256>.json          rows and hash of each table, files, and the hash of the whole
//! ```
//!
//! The full-text index is made again from the texts.

mod check;
mod dump;
mod load;
mod restore;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use check::check;
pub use dump::write;
pub use restore::{Place, restore};

use crate::platform::kernel::error::{Error, Result};

/// The only format there has been.
const FORMAT: u32 = 1;
const HEAD: &str = "head";
const TABLES: &str = "tables";
const ATTACHMENTS: &str = "attachments";
/// No part of an archive that is read into memory is larger: a chunk of rows is about 1 MB, unless
/// one row is.
const LARGEST_PART: u64 = 256 << 20;

/// The first member: what must be known before anything is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    format: u32,
    /// The version of Andon that made it.
    andon: String,
    /// RFC 3339, UTC.
    made_at: String,
    /// The migrations its database had.
    schema: Vec<String>,
    tables: Vec<TableHead>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct TableHead {
    name: String,
    columns: Vec<String>,
}

/// The last member: what must have been read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Manifest {
    tables: Vec<TableSum>,
    attachments: u64,
    /// Contents that a row named and the folder did not have, or not as they were.
    missing: Vec<String>,
    members: u64,
    whole: String,
}

/// What the rows of a table come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TableSum {
    name: String,
    rows: u64,
    sha256: String,
}

/// What a backup or a restore has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub records: u64,
    pub rows: u64,
    pub attachments: u64,
    /// Contents that were not in the folder of attachments.
    pub missing: Vec<String>,
    /// When the backup was made, RFC 3339.
    pub made_at: String,
    /// The version of Andon that made it.
    pub andon: String,
    /// The hash over everything in it.
    pub whole: String,
}

impl Done {
    fn of(head: &Head, manifest: Manifest) -> Self {
        let records = manifest.tables.iter().find(|table| table.name == "records");
        Self {
            records: records.map_or(0, |table| table.rows),
            rows: manifest.tables.iter().map(|table| table.rows).sum(),
            attachments: manifest.attachments,
            missing: manifest.missing,
            made_at: head.made_at.clone(),
            andon: head.andon.clone(),
            whole: manifest.whole,
        }
    }
}

/// Somebody who looks on.
pub trait Watch {
    /// A new part begins; of how many bytes, where that is known.
    fn begin(&mut self, what: &str, bytes: Option<u64>);
    /// It went on by so many rows or bytes.
    fn step(&mut self, n: u64);
}

/// A file that gets its name when it is complete, and leaves nothing when it is not.
struct Part {
    file: Option<File>,
    part: PathBuf,
    name: PathBuf,
}

impl Part {
    fn create(name: &Path) -> Result<Self> {
        if name.exists() {
            return Err(about(name, "is there already; a backup overwrites nothing"));
        }
        let part = with_suffix(name, ".part");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // Whoever reads it reads everything there is.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => about(
                &part,
                "is there already: another backup is being written, or one was interrupted \
                 (then remove it)",
            ),
            _ => about(&part, e),
        })?;
        Ok(Self {
            file: Some(file),
            part,
            name: name.to_owned(),
        })
    }

    fn take(&mut self) -> Result<File> {
        self.file
            .take()
            .ok_or_else(|| about(&self.part, "is taken"))
    }

    /// Names the file once it is on the disk.
    fn keep(mut self, file: &File) -> Result<()> {
        let named = file
            .sync_all()
            .and_then(|()| std::fs::rename(&self.part, &self.name))
            .and_then(|()| sync_folder_of(&self.name));
        named.map_err(|e| about(&self.name, e))?;
        self.part = PathBuf::new();
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.part.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Makes the disk take what it is given little by little: were it left to gather, whoever saves a
/// record at that moment would wait for all of it.
struct Steady {
    file: File,
    since: usize,
}

impl Steady {
    const MOST: usize = 2 << 20;

    fn new(file: File) -> Self {
        Self { file, since: 0 }
    }
}

impl Write for Steady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.since += n;
        if self.since >= Self::MOST {
            self.since = 0;
            self.file.sync_data()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A rename is durable only when the folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn about(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::inward(format!("{}: {what}", path.display()))
}
