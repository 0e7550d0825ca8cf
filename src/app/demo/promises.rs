//! What Northgate promises, from before its first record on: as a file, like an administrator's.

use crate::people::Visitor;
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::service_levels::actions::apply;
use crate::service_levels::file;

const FILE: &str = include_str!("agreements.toml");

pub fn create(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx) -> Result<()> {
    let wrong = |why: String| Error::inward(format!("the sample agreements: {why}"));
    let file = file::read(w, FILE, ctx.now)?.map_err(|e| wrong(format!("{e:?}")))?;
    let kept = apply(w, visitor, ctx, file.wanted)?;
    kept.map(drop).map_err(|e| wrong(format!("{e:?}")))
}
