//! Whether a backup can be restored: by restoring it, somewhere else, and looking at what is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Done, Place, Watch, about, restore, with_suffix};
use crate::app::verify;
use crate::follow;
use crate::journal::verify::Summary;
use crate::platform::db::{DatabaseUrl, Store};
use crate::platform::kernel::error::Result;

/// Restores an archive into a folder beside it, which is removed afterwards, compares every row and
/// every file with what the archive says, and runs `andon verify` over the result.
pub fn check(
    file: &Path,
    line: &mut dyn FnMut(&str),
    watch: &mut dyn Watch,
) -> Result<(Done, Summary)> {
    let scratch = Scratch::create(file)?;
    let database = DatabaseUrl::Sqlite(scratch.0.join("andon.db"));
    let place = Place {
        database: &database,
        attachments: &scratch.0.join("attachments"),
    };
    let done = restore(file, &place, watch)?;
    let store = Store::new(database, 1, follow::up);
    let found = verify::run(&store, &[], line)?;
    Ok((done, found))
}

struct Scratch(PathBuf);

impl Scratch {
    fn create(file: &Path) -> Result<Self> {
        let folder = with_suffix(file, ".verify");
        fs::create_dir(&folder).map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => about(
                &folder,
                "is there already: another check is running, or one was interrupted (then remove it)",
            ),
            _ => about(&folder, e),
        })?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
