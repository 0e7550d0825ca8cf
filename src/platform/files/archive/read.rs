//! Reading an archive, member by member, each checked as it goes by.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use tar::{Archive, Entries, Entry, EntryType};

use super::{Problem, Seal, Tally};
use crate::platform::kernel::secrets::{hex, unhex};

/// An archive being read.
pub struct Reader<R: BufRead> {
    tar: Archive<GzDecoder<R>>,
}

impl<R: BufRead> Reader<R> {
    pub fn new(from: R) -> Self {
        Self {
            tar: Archive::new(GzDecoder::new(from)),
        }
    }

    /// The members from the first on.
    pub fn members(&mut self) -> Result<Members<'_, R>, Problem> {
        Ok(Members {
            entries: self.tar.entries()?,
            tally: Tally::default(),
            last: None,
        })
    }

    /// Nothing may follow the last member, and gzip's own checksum must be right.
    pub fn end(self) -> Result<(), Problem> {
        let mut rest = self.tar.into_inner();
        io::copy(&mut rest, &mut io::sink())?;
        if rest.into_inner().fill_buf()?.is_empty() {
            Ok(())
        } else {
            Err(Problem::Damaged("something follows its end".to_owned()))
        }
    }
}

/// The members of an archive.
pub struct Members<'a, R: BufRead> {
    entries: Entries<'a, GzDecoder<R>>,
    tally: Tally,
    last: Option<String>,
}

impl<'a, R: BufRead> Members<'a, R> {
    /// The next member; the one before must have been closed.
    #[allow(
        clippy::should_implement_trait,
        reason = "an iterator would hide the error"
    )]
    pub fn next(&mut self) -> Result<Option<Member<'a, R>>, Problem> {
        if let Some(name) = self.last.take() {
            self.tally.add(&name);
        }
        let Some(entry) = self.entries.next() else {
            return Ok(None);
        };
        let entry = entry.map_err(|e| match e.kind() {
            // gzip's head is the first thing that is read.
            io::ErrorKind::InvalidInput if self.tally.members == 0 => Problem::Foreign,
            _ => e.into(),
        })?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let strange = || Problem::Damaged(format!("it has a member {name:?}"));
        if entry.header().entry_type() != EntryType::Regular {
            return Err(strange());
        }
        let (folder, file) = name.rsplit_once('/').ok_or_else(strange)?;
        let (hash, _) = file.split_once('.').ok_or_else(strange)?;
        let member = Member {
            folder: folder.to_owned(),
            hash: unhex(hash).ok_or_else(strange)?,
            size: entry.size(),
            sum: Sha256::new(),
            entry,
        };
        self.last = Some(name);
        Ok(Some(member))
    }

    /// What the members before the one given last come to: what its manifest must hold.
    pub fn seal(&self) -> Seal {
        self.tally.seal()
    }
}

/// One member. Reading gives its content; closing tells whether it was whole.
pub struct Member<'a, R: BufRead> {
    pub folder: String,
    pub hash: [u8; 32],
    pub size: u64,
    sum: Sha256,
    entry: Entry<'a, GzDecoder<R>>,
}

impl<R: BufRead> Member<'_, R> {
    /// All of it, unless it is larger than `most`.
    pub fn bytes(mut self, most: u64) -> Result<Vec<u8>, Problem> {
        if self.size > most {
            let what = format!("a part of {} has {} bytes", self.folder, self.size);
            return Err(Problem::Damaged(what));
        }
        let mut content = Vec::new();
        self.read_to_end(&mut content)?;
        self.close()?;
        Ok(content)
    }

    /// Reads what is left and compares the hash.
    pub fn close(mut self) -> Result<(), Problem> {
        io::copy(&mut self, &mut io::sink())?;
        let sum: [u8; 32] = self.sum.finalize().into();
        if sum == self.hash {
            Ok(())
        } else {
            let (folder, hash) = (&self.folder, hex(&self.hash));
            Err(Problem::Damaged(format!(
                "{folder}/{hash} is not what its name says"
            )))
        }
    }
}

impl<R: BufRead> Read for Member<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.entry.read(buffer)?;
        self.sum.update(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}
