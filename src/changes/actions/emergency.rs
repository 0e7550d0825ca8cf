//! Emergencies without a decided round: by word of mouth, or written up afterwards. Whoever is said to
//! have authorised it confirms or refuses; what nobody authorised stays unauthorised.

use super::carry_out::{Ending, begin, ended, happened};
use super::{Found, case, found, gate, go, not_from, write};
use crate::changes::model::Change;
use crate::changes::rules::emergency::{self, Around, Claim, Standing, Wrong};
use crate::changes::rules::outcome::Verdict;
use crate::changes::rules::steps::{Act, ChangeType, Mode, is_planning, leads};
use crate::changes::store;
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{Number, Record};

/// Who authorised it, when and how.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    pub person: Option<Id<Person>>,
    pub at: Option<Utc>,
    pub how: String,
}

/// Work on an emergency begins because somebody said so.
pub fn start_verbally(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    authority: &Authority,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let mut found = found(w, visitor, number)?;
    emergency_may(&found, Act::Start)?;
    if found.record.state != "draft" {
        return Err(not_from(&found));
    }
    visitor.needs(Right::Work)?;
    if found.change.implementer_id.is_none() {
        found.change.implementer_id = Some(visitor.id);
    }
    let after = claimed(w, visitor, ctx, &found, Mode::Verbal, authority, None)?;
    found.change = after.clone();
    gate::authorise(w, &found, ctx.now)?;
    gate::unfrozen(
        w,
        visitor,
        &found,
        crate::changes::rules::freezes::Deed::Start,
        ctx.now,
    )?;
    begin(w, ctx, &found, after)
}

/// An emergency is written up after the work was done: with its authority, or as unauthorised.
pub fn write_up(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    authority: &Authority,
    began: Option<Utc>,
    ending: &Ending,
) -> Result<Record> {
    let mut found = found(w, visitor, number)?;
    emergency_may(&found, Act::WriteUp)?;
    visitor.needs(Right::Work)?;
    if found.change.implementer_id.is_none() {
        found.change.implementer_id = Some(visitor.id);
    }
    let span = happened(began, ending.ended_at, ctx.now)?;
    let mode = Mode::Retrospective;
    found.change = claimed(w, visitor, ctx, &found, mode, authority, Some(span.starts))?;
    let after = ended(&found, ending, span.starts, ctx.now)?;
    go(w, ctx, &found, Act::WriteUp, &after, "written_up")
}

fn emergency_may(found: &Found, act: Act) -> Result<()> {
    if found.change.change_type != ChangeType::Emergency {
        return Err(Error::refused("change-only-emergency"));
    }
    leads(act, found.change.change_type, &found.record.state)
        .map(drop)
        .ok_or_else(|| not_from(found))
}

/// A change with what is said of its authority.
fn claimed(
    conn: &mut Db,
    visitor: &Visitor,
    ctx: &Ctx,
    found: &Found,
    mode: Mode,
    authority: &Authority,
    began: Option<Utc>,
) -> Result<Change> {
    if let Some(id) = authority.person {
        authorises(conn, id)?;
    }
    let excluded: Vec<Id<Person>> = [
        case::raised_by(conn, found.record.id)?,
        found.record.requester_id,
        found.change.implementer_id,
        Some(visitor.id),
    ]
    .into_iter()
    .flatten()
    .collect();
    let reported = gate::emergency_reported(conn, visitor, found.record.id)?;
    let claim = Claim {
        mode,
        authority: authority.person,
        given_at: authority.at,
        has_how: !authority.how.is_empty(),
        open_emergency: reported.is_some(),
        has_backout: !found.change.backout_plan.is_empty(),
    };
    let within = super::policy::confirm_within(conn)?;
    // Written up, an incident may have been logged after the work; started now, it is what is spoken of.
    let mut earliest = began.unwrap_or(ctx.now).minus(within);
    if mode == Mode::Verbal {
        earliest = earliest.max(reported.unwrap_or(earliest));
    }
    let around = Around {
        excluded: &excluded,
        began,
        now: ctx.now,
        earliest,
    };
    let standing = emergency::claim(&claim, around).map_err(said)?;
    let given = standing == Standing::Due;
    Ok(Change {
        mode: mode.word().to_owned(),
        standing,
        authority_id: authority.person.filter(|_| given),
        authority_at: authority.at.filter(|_| given),
        authority_how: match given {
            true => authority.how.clone(),
            false => String::new(),
        },
        confirm_by: given.then(|| ctx.now.plus(within)),
        ..found.change.clone()
    })
}

fn said(wrong: Wrong) -> Error {
    let field = match wrong {
        Wrong::NoEmergency | Wrong::NoBackout => return Error::refused(wrong.word()),
        Wrong::NoAuthority | Wrong::Oneself => "authority",
        Wrong::NotSaidWhen | Wrong::InTheFuture | Wrong::TooLongAgo | Wrong::AfterTheWork => {
            "authority_at"
        }
        Wrong::NotSaidHow => "authority_how",
    };
    Error::invalid(field, wrong.word())
}

/// An authority is somebody who answers for changes, and is still there.
fn authorises(conn: &mut Db, id: Id<Person>) -> Result<()> {
    match people::find_person(conn, id) {
        Ok(person)
            if person.disabled_at.is_none() && Right::ManageChanges.is_held_by(person.roles()) =>
        {
            Ok(())
        }
        Ok(_) => Err(Error::invalid("authority", "change-authority-cannot")),
        Err(Error::NotFound) => Err(Error::invalid("authority", "error-no-longer-there")),
        Err(e) => Err(e),
    }
}

/// Whoever is said to have authorised it says whether they did.
pub fn answer_authority(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    confirms: bool,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    if found.change.authority_id != Some(visitor.id) {
        // Nobody answers for somebody else, administrators neither.
        return Err(Error::forbidden());
    }
    // Whoever lost the right a second ago confirms nothing.
    visitor.needs(Right::ManageChanges)?;
    let Some(standing) = emergency::answered(found.change.standing, confirms) else {
        return Err(Error::refused("change-authority-answered"));
    };
    let after = Change {
        standing,
        ..found.change.clone()
    };
    let what = match confirms {
        true => "authority_confirmed",
        false => "authority_refused",
    };
    let record = found.record.clone();
    write(
        w,
        ctx,
        &found,
        record,
        &after,
        &found.scope,
        what,
        Vec::new(),
    )
}

/// What becomes of work whose authority was refused.
pub fn verdict(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    verdict: Option<Verdict>,
    text: &str,
) -> Result<Record> {
    let found = found(w, visitor, number)?;
    if found.change.standing != Standing::Refused || !found.record.is_open {
        return Err(not_from(&found));
    }
    visitor.needs(Right::ManageChanges)?;
    if found.change.implementer_id == Some(visitor.id) {
        return Err(Error::refused("change-verdict-oneself"));
    }
    let Some(verdict) = verdict else {
        return Err(Error::invalid("verdict", "error-choose"));
    };
    if text.is_empty() {
        return Err(Error::invalid("verdict_text", "error-required"));
    }
    let after = Change {
        verdict: verdict.word().to_owned(),
        verdict_text: text.to_owned(),
        ..found.change.clone()
    };
    let record = found.record.clone();
    write(
        w,
        ctx,
        &found,
        record,
        &after,
        &found.scope,
        "judged",
        Vec::new(),
    )
}

/// Refuses that a change's own words are altered once the work has begun: what is done otherwise is a
/// deviation.
pub fn words_stand(record: &Record) -> Result<()> {
    match is_planning(&record.state) || record.state == "rejected" {
        true => Ok(()),
        false => Err(Error::refused(
            Message::new("change-plan-stands").arg("number", record.number()),
        )),
    }
}
