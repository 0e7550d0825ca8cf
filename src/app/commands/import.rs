//! `andon import`.

use crate::platform::db::Store;
use crate::platform::kernel::error::{Error, Result};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {}

pub fn run(_: &crate::app::config::Config, _: &Store, _: &Arguments) -> Result<()> {
    Err(Error::inward("not built yet"))
}
