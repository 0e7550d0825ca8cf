//! The fix: planned as a change, watched when it succeeded, planned again when it did not. Most of it
//! follows from what happens to the change; `follow` says so here.

use time::Duration;

use super::known_error::{retired_now, stand};
use super::offer::offer_linked;
use super::{Found, found, of_record, say, tell_waiting, to_write, write};
use crate::journal::Change as Said;
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::words::Words;
use crate::problems::labels;
use crate::problems::model::Problem;
use crate::problems::rules::fix::{self, Ended, Follows, Resolution};
use crate::problems::rules::known_errors::{self, Happened};
use crate::problems::rules::life::PRACTICE;
use crate::problems::store;
use crate::records::{self, Kind, LinkType, Number, Record, actions};
use crate::services::{self, CodeList, RISK_ACCEPTED};

/// Days a fix may be watched.
const LONGEST: i32 = 365;
/// Codes of a resolution that say a fix removed it.
const FIXED: &str = "fixed";
const FIXED_BY_SUPPLIER: &str = "supplier_fixed";

/// Links a problem to the change that is to fix it.
pub fn plan_fix(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    change: Number,
) -> Result<Record> {
    found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    actions::link(w, visitor, ctx, number, change, LinkType::FixedBy)
}

/// Says for how many days a fix is watched. Where it is watched already, the time moves.
pub fn watch_for(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    days: i32,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    if !(1..=LONGEST).contains(&days) {
        let message = Message::new("watched-days-wrong").arg("max", LONGEST);
        return Err(Error::invalid("watched_days", message));
    }
    let mut after = Problem {
        watched_days: days,
        ..found.problem.clone()
    };
    after.verify_until = (found.problem.verify_until)
        .map(|until| until.minus(found.problem.watched()).plus(after.watched()));
    write(w, ctx, &found, &after, "watch_changed")
}

/// A change that is to fix it was linked.
pub fn fix_linked(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    if !["new", "under_investigation"].contains(&record.state.as_str()) {
        return Ok(());
    }
    let none = Vec::new();
    actions::advance_by_itself(w, ctx, &PRACTICE, &record, "fix_planned", none).map(drop)
}

/// The work of a change has begun: the problems it is to fix are being fixed.
pub fn fix_started(w: &mut Write<'_>, ctx: &Ctx, change: Id<Record>) -> Result<()> {
    for record in store::problems_fixed_by(w, change)? {
        if record.state == "fix_planned" {
            let (to, none) = ("fix_in_progress", Vec::new());
            actions::advance_by_itself(w, ctx, &PRACTICE, &record, to, none)?;
        }
    }
    Ok(())
}

/// A change has ended: what follows for each problem it was to fix. `is_over` says of another change
/// whether its work is.
pub fn fix_ended(
    w: &mut Write<'_>,
    ctx: &Ctx,
    change: Id<Record>,
    ended: Ended,
    is_over: fn(&mut Db, Id<Record>) -> Result<bool>,
) -> Result<()> {
    for record in store::problems_fixed_by(w, change)? {
        let mut others = 0;
        for other in store::fixes_of(w, record.id)? {
            others += usize::from(other != change && !is_over(w, other)?);
        }
        let found = of_record(w, record)?;
        let watched = found.problem.watched();
        match fix::after_fix(&found.record.state, ended, others, watched, ctx.now) {
            Follows::Verify { until } => {
                let after = Problem {
                    verify_until: Some(until),
                    ..found.problem.clone()
                };
                let said = labels::changes(&found.problem, &after);
                store::put(w, &after)?;
                let (to, before) = ("verifying", &found.record);
                let record = actions::advance_by_itself(w, ctx, &PRACTICE, before, to, said)?;
                tell_waiting(w, ctx, &record, "notice-problem-verifying")?;
            }
            Follows::PlanAgain => plan_again(w, ctx, &found)?,
            Follows::Nothing => {}
        }
    }
    Ok(())
}

/// What was thought fixed is not: the next fix is to be planned, and those who wait are told.
fn plan_again(w: &mut Write<'_>, ctx: &Ctx, found: &Found) -> Result<()> {
    let mut record = found.record.clone();
    if record.state == "resolved" {
        let because = Words::of("en").s("fix-did-not-hold");
        let none = Vec::new();
        record = actions::reopen_by_itself(w, ctx, &PRACTICE, &record, &because, none)?;
    }
    if record.state != "fix_planned" {
        let (to, none) = ("fix_planned", Vec::new());
        record = actions::advance_by_itself(w, ctx, &PRACTICE, &record, to, none)?;
    }
    tell_waiting(w, ctx, &record, "notice-problem-not-fixed")
}

/// An incident was linked as caused by it: it is offered what is known, and one that came after the fix
/// means that it did not hold.
pub fn linked(w: &mut Write<'_>, ctx: &Ctx, record: Record, incident: Id<Record>) -> Result<()> {
    offer_linked(w, ctx, record.id, incident)?;
    if record.state != "verifying" {
        return Ok(());
    }
    let found = of_record(w, record)?;
    let Some(until) = found.problem.verify_until else {
        return Ok(());
    };
    let began = until.minus(found.problem.watched());
    let incident = records::find_by_id(w, incident)?;
    if incident.kind != Kind::Incident || incident.reported_at < began {
        return Ok(());
    }
    let (to, before, none) = ("under_investigation", &found.record, Vec::new());
    let record = actions::advance_by_itself(w, ctx, &PRACTICE, before, to, none)?;
    tell_waiting(w, ctx, &record, "notice-problem-recurred")
}

/// Its time without recurrence is over: it is resolved. While something still blocks it, it is looked
/// at again a day later.
pub fn verified(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = of_record(w, record)?;
    let until = found.problem.verify_until;
    if !fix::is_verified(&found.record.state, until, false, ctx.now) {
        return Ok(());
    }
    let code = services::find_any_code(w, CodeList::Resolution, FIXED)?;
    let days = found.problem.watched().whole_days();
    let text = Words::of("en").n("problem-verified-text", days);
    let after = Problem {
        verify_until: None,
        ..found.problem.clone()
    };
    let said = labels::changes(&found.problem, &after);
    let before = &found.record;
    match actions::resolve_by_itself(w, ctx, &PRACTICE, before, (&code, &text), said) {
        Ok(record) => {
            store::put(w, &after)?;
            tell_waiting(w, ctx, &record, "notice-problem-resolved")
        }
        Err(Error::Refused(_)) => {
            let later = Problem {
                verify_until: Some(ctx.now.plus(Duration::days(1))),
                ..found.problem.clone()
            };
            write(w, ctx, &found, &later, "watch_changed").map(drop)
        }
        Err(e) => Err(e),
    }
}

/// After a move of a problem: its dates hold only in the states they are for, and its publication stands
/// as what happened says.
pub fn settled(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let found = of_record(w, record)?;
    let state = found.record.state.as_str();
    let code = resolution(w, &found)?;
    let accepted = code == Some(Resolution::RiskAccepted);
    if accepted && state == "resolved" && found.problem.review_at.is_none() {
        return Err(Error::refused("code-has-its-own-form"));
    }
    let watched = || ctx.now.plus(found.problem.watched());
    let after = Problem {
        verify_until: (state == "verifying")
            .then(|| found.problem.verify_until.unwrap_or_else(watched)),
        review_at: found
            .problem
            .review_at
            .filter(|_| accepted && state == "resolved"),
        ..found.problem.clone()
    };
    let mut said = labels::changes(&found.problem, &after);
    if !said.is_empty() {
        store::put(w, &after)?;
    }
    let happened = match (state, code) {
        ("cancelled", _) => Some(Happened::Cancelled),
        ("resolved", Some(code)) => Some(Happened::Resolved(code)),
        ("closed", _) => None,
        _ => Some(Happened::NotFixed),
    };
    let published = publication(w, ctx, &found, happened)?;
    let what = match &published {
        Some((what, _)) => *what,
        None => "watch_changed",
    };
    said.extend(published.into_iter().flat_map(|(_, said)| said));
    if said.is_empty() {
        return Ok(());
    }
    say(w, ctx, &found.record, what, said).map(drop)
}

/// How a problem that has ended was resolved.
pub(super) fn resolution(conn: &mut Db, found: &Found) -> Result<Option<Resolution>> {
    if found.record.resolved_at.is_none() {
        return Ok(None);
    }
    let all = records::resolutions_of(conn, found.record.id)?;
    let present = all.into_iter().find(|one| one.superseded_at.is_none());
    Ok(present.map(|one| match one.code.as_str() {
        FIXED | FIXED_BY_SUPPLIER => Resolution::Fixed,
        RISK_ACCEPTED => Resolution::RiskAccepted,
        _ => Resolution::Other,
    }))
}

/// Moves a publication as what happened to its problem says: what it is called, and what is said.
fn publication(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    happened: Option<Happened>,
) -> Result<Option<(&'static str, Vec<Said>)>> {
    let Some(happened) = happened else {
        return Ok(None);
    };
    let Some((known, version)) = store::known_errors_of(w, &[found.record.id])?.pop() else {
        return Ok(None);
    };
    let (was, is) = (
        known.standing(),
        known_errors::after(known.standing(), happened),
    );
    if was == is {
        return Ok(None);
    }
    let after = retired_now(&known, is.retired, ctx, None, "");
    let said = stand(w, &known, &after, &version)?;
    let what = match is.retired {
        Some(_) => "known_error_retired",
        None => "known_error_offered_again",
    };
    Ok(Some((what, said)))
}
