//! Writing an archive.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::{MANIFEST, Seal, Tally};
use crate::platform::kernel::secrets::{hex, sha256};

/// An archive being written. Dropped before [`Writer::finish`], it is cut short, and says so when
/// somebody reads it.
pub struct Writer<W: Write> {
    tar: Builder<GzEncoder<W>>,
    tally: Tally,
    /// Seconds since 1970, for those who look at it with `tar tvf`.
    at: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(out: W, at: u64) -> Self {
        Self {
            // Text shrinks to a quarter at the fastest level already, and others are working.
            tar: Builder::new(GzEncoder::new(out, Compression::fast())),
            tally: Tally::default(),
            at,
        }
    }

    /// Adds a member that is in memory.
    pub fn bytes(&mut self, folder: &str, kind: &str, content: &[u8]) -> io::Result<()> {
        let name = format!("{folder}/{}.{kind}", hex(&sha256(content)));
        self.append(&name, content.len() as u64, content)
    }

    /// Adds a file whose SHA-256 is known; another content is an error.
    pub fn file(
        &mut self,
        folder: &str,
        hash: &[u8; 32],
        size: u64,
        from: impl Read,
    ) -> io::Result<()> {
        let mut from = Hashing {
            from: from.take(size),
            hash: Sha256::new(),
        };
        self.append(&format!("{folder}/{}.bin", hex(hash)), size, &mut from)?;
        if from.hash.finalize().as_slice() != hash {
            return Err(io::Error::other("a file changed while it was copied"));
        }
        Ok(())
    }

    fn append(&mut self, name: &str, size: u64, content: impl Read) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        header.set_size(size);
        self.tar.append_data(&mut header, name, content)?;
        self.tally.add(name);
        Ok(())
    }

    /// What the manifest is to hold.
    pub fn seal(&self) -> Seal {
        self.tally.seal()
    }

    /// Adds the manifest and closes the archive.
    pub fn finish(mut self, manifest: &[u8]) -> io::Result<W> {
        self.bytes(MANIFEST, "json", manifest)?;
        self.tar.into_inner()?.finish()
    }
}

struct Hashing<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.hash.update(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}
