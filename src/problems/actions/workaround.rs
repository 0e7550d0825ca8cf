//! A known error at work on an incident: its workaround was used, and it helped or did not.

use super::found;
use super::offer::incident;
use super::say;
use crate::journal::{Change as Said, Value};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::problems::labels;
use crate::problems::model::Offered;
use crate::problems::rules::why::{self, Why};
use crate::problems::store;
use crate::records::{self, Number, Record};

/// Notes that a workaround goes into what is written on an incident. Doing it again changes nothing.
/// Whoever found the known error by themselves uses it too: that counts as offered.
pub fn use_workaround(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    problem: Number,
) -> Result<Record> {
    let record = incident(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    records::actions::not_closed(&record)?;
    let problem = found(w, visitor, problem)?.record;
    let known = store::find_known_error(w, problem.id)?;
    let Some(known) = known.filter(|known| known.standing().is_offered()) else {
        return Err(Error::refused("known-error-not-offered"));
    };
    let before = store::find_offer(w, record.id, problem.id)?;
    if before
        .as_ref()
        .is_some_and(|o| o.used_version == Some(known.version))
    {
        return Ok(record);
    }
    let was = store::offers_of(w, record.id)?;
    let offered = before.unwrap_or_else(|| Offered {
        incident_id: record.id,
        problem_id: problem.id,
        offered_at: ctx.now,
        why: why::write(&[Why::Linked]),
        used_at: None,
        used_version: None,
        used_by_id: None,
        worked: None,
        worked_at: None,
    });
    store::put_offer(
        w,
        &Offered {
            used_at: Some(offered.used_at.unwrap_or(ctx.now)),
            used_version: Some(known.version),
            used_by_id: Some(visitor.id),
            ..offered
        },
    )?;
    let said = differ(w, &record, &problem, &was)?;
    say(w, ctx, &record, "workaround_used", said)
}

/// Says whether a workaround that was used helped. It may be said again, otherwise.
pub fn worked(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    problem: Number,
    did: bool,
) -> Result<Record> {
    let record = incident(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let problem = found(w, visitor, problem)?.record;
    let offered = store::find_offer(w, record.id, problem.id)?;
    let Some(offered) = offered.filter(|offered| offered.used_at.is_some()) else {
        let message = Message::new("workaround-not-used").arg("number", problem.number());
        return Err(Error::refused(message));
    };
    if offered.worked == Some(did) {
        return Ok(record);
    }
    let was = store::offers_of(w, record.id)?;
    store::put_offer(
        w,
        &Offered {
            worked: Some(did),
            worked_at: Some(ctx.now),
            ..offered
        },
    )?;
    let said = differ(w, &record, &problem, &was)?;
    let what = if did {
        "workaround_worked"
    } else {
        "workaround_failed"
    };
    say(w, ctx, &record, what, said)
}

fn differ(conn: &mut Db, record: &Record, problem: &Record, was: &[Offered]) -> Result<Vec<Said>> {
    let is = store::offers_of(conn, record.id)?;
    let name = problem.number().to_string();
    let (was, is) = (
        labels::workarounds(was, String::new()),
        labels::workarounds(&is, name.clone()),
    );
    Ok(vec![
        Said::set("workaround_of", Value::Ref(problem.id.uuid(), name)),
        Said::new("workarounds", was, is),
    ])
}
