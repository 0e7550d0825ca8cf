//! `andon demo`.

use crate::platform::db::Store;
use crate::platform::kernel::error::{Error, Result};

pub fn run(_: &crate::app::config::Config, _: &Store) -> Result<()> {
    Err(Error::inward("not built yet"))
}
