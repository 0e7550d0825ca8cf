//! Writing the archive, beside people who work: one transaction that reads, no lock on anything.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{
    ATTACHMENTS, Done, FORMAT, HEAD, Head, Manifest, Part, Steady, TABLES, TableHead, TableSum,
    Watch, about,
};
use crate::attachments;
use crate::people;
use crate::platform::db::dialect::{self, Catalogue, Table};
use crate::platform::db::{Db, Store, Utc, migrate};
use crate::platform::files::archive::Writer;
use crate::platform::files::blobs::{BlobId, Blobs};
use crate::platform::jobs::Lease;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::hex;

/// Rows are written in parts of about this size.
const PART: usize = 1 << 20;
/// After each part, others have the machine for this share of the time it took.
const BREATH: u32 = 4;
/// Contents asked for at a time.
const CONTENTS: i64 = 1_000;
/// How long a sweep of the attachments that is under way is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes everything to a new file and says what is in it.
pub fn write(
    store: &Store,
    blobs: &Blobs,
    file: &Path,
    now: Utc,
    watch: &mut dyn Watch,
) -> Result<Done> {
    let schema = store.read_here(|r| migrate::applied(r))?;
    if schema.is_empty() {
        return Err(Error::inward(format!(
            "there is no desk in {}",
            store.url()
        )));
    }
    let known = migrate::known()?;
    if let Some(newer) = schema.iter().find(|version| !known.contains(version)) {
        return Err(Error::inward(format!(
            "the database was made by a newer Andon (migration {newer}); back it up with that version"
        )));
    }
    let mut part = Part::create(file)?;
    let mut sweep = NoSweep::begin(store, now)?;
    let out = Steady::new(part.take()?);
    let micros = u64::try_from(now.micros()).unwrap_or_default();
    let head = Head {
        format: FORMAT,
        andon: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now.rfc3339(),
        schema,
        tables: Vec::new(),
    };
    let mut dump = Dump {
        archive: Writer::new(out, micros / 1_000_000),
        file,
        watch,
        sweep: &mut sweep,
        worked: Instant::now(),
    };
    let copied = store.read_here(|r| {
        dialect::long_view(r)?;
        dump.all(r, blobs, head)
    });
    let (head, manifest) = copied?;
    let json = serde_json::to_vec(&manifest).map_err(|e| about(file, e))?;
    let out = dump.archive.finish(&json).map_err(|e| about(file, e))?;
    part.keep(&out.file)?;
    sweep.end()?;
    Ok(Done::of(&head, manifest))
}

/// What the rows of a table come to, without writing them anywhere.
pub(super) fn sum(conn: &mut Db, table: &Table) -> Result<TableSum> {
    let (mut rows, mut hash) = (0, Sha256::new());
    dialect::each_row(conn, table, |row| {
        rows += 1;
        hash.update(row);
        Ok(())
    })?;
    Ok(TableSum {
        name: table.name.clone(),
        rows,
        sha256: hex(&hash.finalize()),
    })
}

struct Dump<'a> {
    archive: Writer<Steady>,
    file: &'a Path,
    watch: &'a mut dyn Watch,
    sweep: &'a mut NoSweep,
    worked: Instant,
}

impl Dump<'_> {
    fn all(&mut self, conn: &mut Db, blobs: &Blobs, mut head: Head) -> Result<(Head, Manifest)> {
        let Catalogue { tables, .. } = dialect::catalogue(conn)?;
        let columns = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect();
        head.tables = tables
            .iter()
            .map(|table| TableHead {
                name: table.name.clone(),
                columns: columns(table),
            })
            .collect();
        let json = serde_json::to_vec(&head).map_err(|e| about(self.file, e))?;
        self.put(HEAD, "json", &json)?;
        let mut sums = Vec::with_capacity(tables.len());
        for table in &tables {
            self.watch.begin(&table.name, None);
            sums.push(self.table(conn, table)?);
        }
        self.watch.begin(ATTACHMENTS, None);
        let (attachments, missing) = self.attachments(conn, blobs)?;
        let seal = self.archive.seal();
        let manifest = Manifest {
            tables: sums,
            attachments,
            missing,
            members: seal.members,
            whole: seal.whole,
        };
        Ok((head, manifest))
    }

    fn table(&mut self, conn: &mut Db, table: &Table) -> Result<TableSum> {
        let folder = format!("{TABLES}/{}", table.name);
        let (mut rows, mut hash) = (0u64, Sha256::new());
        let mut part = Vec::with_capacity(PART + PART / 4);
        let mut seen = 0;
        dialect::each_row(conn, table, |row| {
            rows += 1;
            part.extend_from_slice(row);
            if part.len() >= PART {
                hash.update(&part);
                self.put(&folder, "jsonl", &part)?;
                part.clear();
                self.watch.step(rows - seen);
                seen = rows;
            }
            Ok(())
        })?;
        if !part.is_empty() {
            hash.update(&part);
            self.put(&folder, "jsonl", &part)?;
        }
        self.watch.step(rows - seen);
        Ok(TableSum {
            name: table.name.clone(),
            rows,
            sha256: hex(&hash.finalize()),
        })
    }

    fn put(&mut self, folder: &str, kind: &str, content: &[u8]) -> Result<()> {
        let put = self.archive.bytes(folder, kind, content);
        put.map_err(|e| about(self.file, e))?;
        self.breathe()
    }

    /// Lets the others work, and keeps the sweep away.
    fn breathe(&mut self) -> Result<()> {
        std::thread::sleep(self.worked.elapsed() / BREATH);
        self.worked = Instant::now();
        self.sweep.renew()
    }

    /// Every content that a row names: of records, and of forms that had to come back.
    fn attachments(&mut self, conn: &mut Db, blobs: &Blobs) -> Result<(u64, Vec<String>)> {
        let (mut count, mut missing) = (0, Vec::new());
        let mut after = String::new();
        loop {
            let contents = attachments::contents_after(conn, &after, CONTENTS)?;
            let Some(last) = contents.last() else { break };
            after.clone_from(last);
            for content in &contents {
                self.attachment(blobs, content, &mut count, &mut missing)?;
            }
        }
        after.clear();
        loop {
            let contents = people::kept_contents_after(conn, &after, CONTENTS)?;
            let Some(last) = contents.last() else { break };
            after.clone_from(last);
            for content in &contents {
                if !attachments::has_content(conn, content)? {
                    self.attachment(blobs, content, &mut count, &mut missing)?;
                }
            }
        }
        Ok((count, missing))
    }

    fn attachment(
        &mut self,
        blobs: &Blobs,
        content: &str,
        count: &mut u64,
        missing: &mut Vec<String>,
    ) -> Result<()> {
        let Some((id, size)) = whole(blobs, content) else {
            missing.push(content.to_owned());
            return Ok(());
        };
        let from = blobs.open_blob(&id)?;
        let put = self.archive.file(ATTACHMENTS, id.as_bytes(), size, from);
        put.map_err(|e| about(self.file, e))?;
        *count += 1;
        self.watch.step(1);
        self.breathe()
    }
}

/// A content that is there and is what its name says. One that is not must not spoil the archive of
/// all others.
fn whole(blobs: &Blobs, content: &str) -> Option<(BlobId, u64)> {
    let id: BlobId = content.parse().ok()?;
    let mut file: File = blobs.open_blob(&id).ok()?;
    let mut hash = HashOnly(Sha256::new());
    let size = std::io::copy(&mut file, &mut hash).ok()?;
    (hash.0.finalize().as_slice() == id.as_bytes()).then_some((id, size))
}

struct HashOnly(Sha256);

impl std::io::Write for HashOnly {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps the daily sweep from removing, while it is to be copied, a file that was named when the
/// copy began: its lease is ours until the end.
struct NoSweep {
    store: Store,
    lease: Option<Lease>,
    renewed: Instant,
}

impl NoSweep {
    const EVERY: Duration = Duration::from_secs(60);

    fn begin(store: &Store, now: Utc) -> Result<Self> {
        let began = Instant::now();
        loop {
            let waited = began.elapsed();
            let at = now.plus(time::Duration::try_from(waited).unwrap_or_default());
            let lease = store.write_here(|w| Lease::hold(w, "sweep_files", at))?;
            if let Some(lease) = lease {
                return Ok(Self {
                    store: store.clone(),
                    lease: Some(lease),
                    renewed: Instant::now(),
                });
            }
            if waited > PATIENCE {
                return Err(Error::inward(
                    "the attachments are being swept, or backed up by somebody else; try again in \
                     some minutes",
                ));
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    fn renew(&mut self) -> Result<()> {
        if self.renewed.elapsed() < Self::EVERY {
            return Ok(());
        }
        self.renewed = Instant::now();
        match &self.lease {
            Some(lease) => self.store.write_here(|w| lease.renew(w, lease.now())),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<()> {
        match self.lease.take() {
            Some(lease) => self.store.write_here(|w| lease.give_up(w)),
            None => Ok(()),
        }
    }
}

impl Drop for NoSweep {
    fn drop(&mut self) {
        // After a failure; what cannot be given back runs out by itself.
        let _ = self.end();
    }
}
