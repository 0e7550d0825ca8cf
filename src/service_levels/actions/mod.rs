//! The verbs of calendars and agreements. Saving makes a new version; nothing is ever changed or
//! deleted. What a form or a file wants is looked at as a whole ([`look`]) and then kept ([`keep`]),
//! so that a preview shows what would be kept and a file is kept whole or not at all.

mod known;
mod save;

pub use save::{Definitions, Looked, Problem, Wish, keep, look};

use crate::people::{Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::service_levels::kept::Kept;
use crate::service_levels::rules::Wanted;
use crate::service_levels::store::definitions;
use crate::service_levels::{Agreement, Calendar};

/// Keeps a new calendar, or a new version of one.
pub fn save_calendar(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    wanted: Wanted<Calendar>,
) -> Result<()> {
    visitor.needs(Right::Administer)?;
    one(w, ctx, Definitions::of_calendar(wanted))
}

/// Keeps a new agreement, or a new version of one.
pub fn save_agreement(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    wanted: Wanted<Agreement>,
) -> Result<()> {
    visitor.needs(Right::Administer)?;
    one(w, ctx, Definitions::of_agreement(wanted))
}

/// No new agreement counts in it any more; what is there keeps it.
pub fn retire_calendar(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Kept<Calendar>>,
) -> Result<()> {
    visitor.needs(Right::Administer)?;
    let kept = definitions::find(definitions::calendars(w)?, id)?;
    let latest = kept.latest().ok_or(Error::NotFound)?;
    let wanted = Wanted {
        id,
        definition: latest.definition.clone(),
        from: None,
        is_retired: true,
    };
    refused(one(w, ctx, Definitions::of_calendar(wanted)))
}

/// Nothing new comes under it; clocks that run go on to their end.
pub fn retire_agreement(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Kept<Agreement>>,
) -> Result<()> {
    visitor.needs(Right::Administer)?;
    let kept = definitions::find(definitions::agreements(w)?, id)?;
    let latest = kept.latest().ok_or(Error::NotFound)?;
    let wanted = Wanted {
        id,
        definition: latest.definition.clone(),
        from: None,
        is_retired: true,
    };
    refused(one(w, ctx, Definitions::of_agreement(wanted)))
}

/// There is no form to mend.
fn refused(done: Result<()>) -> Result<()> {
    done.map_err(|e| match e {
        Error::Invalid(Invalid(wrong)) => match wrong.into_iter().next() {
            Some((_, why)) => Error::Refused(why),
            None => Error::refused("error-refused"),
        },
        e => e,
    })
}

/// Keeps all of a file, or says of each part what is wrong with it.
pub fn apply(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    wanted: Definitions,
) -> Result<Result<Looked, Vec<Problem>>> {
    visitor.needs(Right::Administer)?;
    let looked = look(w, wanted, ctx.now)?;
    if let Ok(looked) = &looked {
        keep(w, ctx, looked)?;
    }
    Ok(looked)
}

fn one(w: &mut Write<'_>, ctx: &Ctx, wanted: Definitions) -> Result<()> {
    match look(w, wanted, ctx.now)? {
        Ok(looked) => keep(w, ctx, &looked),
        Err(problems) => Err(Error::Invalid(Invalid(
            problems.into_iter().flat_map(|p| p.invalid.0).collect(),
        ))),
    }
}
