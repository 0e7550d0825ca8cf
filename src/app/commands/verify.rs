//! `andon verify`.

use crate::platform::db::Store;
use crate::platform::kernel::error::{Error, Result};

pub fn run(_: &Store) -> Result<()> {
    Err(Error::inward("not built yet"))
}
