//! An archive: a tar of members in gzip, which `tar xzf` opens as well, in which nothing can be
//! changed, cut off or left out unnoticed.
//!
//! The name of every member is `<folder>/<SHA-256 of its content>.<kind>`, so each is checked as it
//! is read, and any number of them needs no list in memory. The last one, the manifest, holds how
//! many there are and the hash over all their names in order.

mod read;
mod write;

pub use read::{Member, Members, Reader};
pub use write::Writer;

use std::{fmt, io};

use sha2::{Digest, Sha256};

use crate::platform::kernel::secrets::hex;

/// The folder of the last member.
pub const MANIFEST: &str = "manifest";

/// What is wrong with an archive.
#[derive(Debug)]
pub enum Problem {
    /// No archive at all.
    Foreign,
    CutShort,
    Damaged(String),
    /// Not the archive: the disk.
    Disk(io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Foreign => f.write_str("this is no backup of Andon"),
            Problem::CutShort => f.write_str("the file is cut short: its end is missing"),
            Problem::Damaged(what) => write!(f, "the file is damaged: {what}"),
            Problem::Disk(e) => write!(f, "it cannot be read: {e}"),
        }
    }
}

impl std::error::Error for Problem {}

impl From<io::Error> for Problem {
    fn from(e: io::Error) -> Self {
        match e.kind() {
            io::ErrorKind::UnexpectedEof => Problem::CutShort,
            // What inflating and the tar reader say of content that cannot be.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                Problem::Damaged(e.to_string())
            }
            _ => Problem::Disk(e),
        }
    }
}

/// How many members there were, and the hash over their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub members: u64,
    /// In lower-case hex.
    pub whole: String,
}

#[derive(Default)]
struct Tally {
    members: u64,
    names: Sha256,
}

impl Tally {
    fn add(&mut self, name: &str) {
        self.members += 1;
        self.names.update(name);
        self.names.update("\n");
    }

    fn seal(&self) -> Seal {
        Seal {
            members: self.members,
            whole: hex(&self.names.clone().finalize()),
        }
    }
}

#[cfg(test)]
mod tests;
