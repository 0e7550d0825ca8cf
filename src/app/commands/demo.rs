//! `andon demo`.

use crate::platform::kernel::error::{Error, Result};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Leave a database that is in use as it is, and say so
    #[arg(long)]
    pub if_empty: bool,
}

pub fn run(_: &crate::app::config::Config, _: &Arguments) -> Result<()> {
    Err(Error::inward("not built yet"))
}
