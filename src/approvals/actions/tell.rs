//! Who is told what of a round, here; a notice names the record by its id alone.

use serde_json::json;
use uuid::Uuid;

use crate::approvals::rules::Decision;
use crate::approvals::store::delegations;
use crate::people::{self, Person};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records::Record;

/// The kind of notice that tells of approvals.
const APPROVALS: &str = "approvals";

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Asked,
    Reminded,
    Decided(Decision),
    Suspended,
    Continued,
    Question,
    Answer,
    Contested,
}

impl Said {
    /// Key of the catalogue.
    const fn key(self) -> &'static str {
        match self {
            Said::Asked => "notice-approval-asked",
            Said::Reminded => "notice-approval-reminded",
            Said::Decided(Decision::Approved) => "notice-approval-approved",
            Said::Decided(Decision::Rejected) => "notice-approval-rejected",
            Said::Decided(Decision::Returned) => "notice-approval-returned",
            Said::Decided(Decision::NotDecidedInTime) => "notice-approval-late",
            Said::Decided(Decision::Undecided) => "notice-approval-undecided",
            Said::Decided(Decision::Closed) => "notice-approval-closed",
            Said::Suspended => "notice-approval-suspended",
            Said::Continued => "notice-approval-continued",
            Said::Question => "notice-approval-question",
            Said::Answer => "notice-approval-answer",
            Said::Contested => "notice-approval-contested",
        }
    }
}

/// Tells people, and whoever stands in for them; whoever does it knows.
pub(super) fn tell(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Id<Record>,
    said: Said,
    who: &[Uuid],
) -> Result<()> {
    let mut all: Vec<Id<Person>> = who.iter().map(|id| Id::from_uuid(*id)).collect();
    all.extend(delegations::stand_ins_of(w, &all, ctx.now)?);
    all.sort_unstable();
    all.dedup();
    all.retain(|person| Some(person.uuid()) != ctx.actor.id);
    let item = json!({ "record": record, "said": said.key(), "at": ctx.now.micros() });
    for person in all {
        people::tell(w, person, APPROVALS, ctx.now, vec![item.clone()])?;
    }
    Ok(())
}

/// Tells both sides of a delegation.
pub(super) fn tell_delegation(
    w: &mut Write<'_>,
    ctx: &Ctx,
    said: &'static str,
    [from, to]: [Id<Person>; 2],
) -> Result<()> {
    for (person, other) in [(from, to), (to, from)] {
        let item = json!({ "said": said, "person": other, "at": ctx.now.micros() });
        people::tell(w, person, APPROVALS, ctx.now, vec![item])?;
    }
    Ok(())
}
