//! The folder of the attachments belongs to one desk, and every instance of it must use the same
//! one: a file in the folder and a setting in the database carry the same id. An instance whose
//! folder is another's, or empty because a disk is not mounted, would lose files or sweep away
//! those of others; it does not start.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use uuid::Uuid;

use crate::platform::db::{Db, Store};
use crate::platform::files::blobs::Blobs;
use crate::platform::kernel::error::{Error, Result};
use crate::services::{claim_setting, set_setting, setting};

/// The setting with the installation's id.
const SETTING: &str = "installation";
/// The file in the folder with the same id.
pub const MARK: &str = "installation";

/// Opens the folder, which becomes this desk's at its first start.
pub fn open(store: &Store, folder: &Path) -> Result<Blobs> {
    let blobs = Blobs::open(folder).map_err(|e| about(folder, e))?;
    if store.read_here(|r| setting(r, SETTING))?.is_none() {
        store.write_here(|w| claim(w, folder))?;
    }
    look(store, folder)?;
    Ok(blobs)
}

/// Opens the folder of a desk that may never have been started, and claims nothing.
pub fn open_as_it_is(store: &Store, folder: &Path) -> Result<Blobs> {
    if store.read_here(|r| setting(r, SETTING))?.is_some() {
        look(store, folder)?;
    }
    Blobs::open(folder).map_err(|e| about(folder, e))
}

fn claim(conn: &mut Db, folder: &Path) -> Result<()> {
    if setting(conn, SETTING)?.is_some() {
        return Ok(());
    }
    let id = Uuid::new_v4().to_string();
    // The database decides between two that start at once; the folder is marked by the one that won.
    claim_setting(conn, SETTING, &id)?;
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(folder.join(MARK))
    {
        Ok(mut mark) => write_id(&mut mark, &id).map_err(|e| about(folder, e)),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(about(
            folder,
            "attachments_path is the folder of another desk, by its file \"installation\"; give \
             this desk a folder of its own",
        )),
        Err(e) => Err(about(folder, e)),
    }
}

/// Gives a desk that was restored, and its folder, an id of their own.
pub fn settle(conn: &mut Db, folder: &Path) -> Result<()> {
    let id = Uuid::new_v4().to_string();
    set_setting(conn, SETTING, &id)?;
    let mark = File::create(folder.join(MARK));
    mark.and_then(|mut mark| write_id(&mut mark, &id))
        .map_err(|e| about(folder, e))
}

fn write_id(mark: &mut File, id: &str) -> std::io::Result<()> {
    mark.write_all(id.as_bytes())?;
    mark.sync_all()
}

/// Whether the folder is this desk's.
fn look(store: &Store, folder: &Path) -> Result<()> {
    let id = store
        .read_here(|r| setting(r, SETTING))?
        .unwrap_or_default();
    match fs::read_to_string(folder.join(MARK)) {
        Ok(mark) if mark.trim() == id => Ok(()),
        Ok(_) => Err(about(
            folder,
            "attachments_path is the folder of another desk; every instance of a desk uses one and \
             the same folder, and no two desks share one",
        )),
        Err(e) if e.kind() == ErrorKind::NotFound => Err(about(
            folder,
            format!(
                "attachments_path is not the folder of this desk's attachments: is its disk mounted, \
                 and is it the same folder for every instance? (If it is the right one, put the \
                 line {id} into a file \"installation\" there.)"
            ),
        )),
        Err(e) => Err(about(folder, e)),
    }
}

fn about(folder: &Path, what: impl std::fmt::Display) -> Error {
    Error::inward(format!("{}: {what}", folder.display()))
}
