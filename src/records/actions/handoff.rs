//! Handing a record from the team that works on it to another, and sending it back.
//!
//! What was tried and what is wanted is an internal note like any other: it is read in the
//! conversation, found by the search, and erased with the rest of what its author wrote. The hand-off
//! itself only says from which team to which, and where in the note the one part ends.

use super::talk::new_entry;
use super::{chosen, edit, enabled, enter, fact};
use crate::entries::Audience;
use crate::journal::{Change, Value};
use crate::people::{self, Person, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::{Handoff, Record};
use crate::records::number::Number;
use crate::records::{policy, rules, store};

/// What goes along with a record to another team.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    pub tried: String,
    pub wanted: String,
}

impl Sentence {
    pub fn is_empty(&self) -> bool {
        self.tried.is_empty() && self.wanted.is_empty()
    }

    /// Both parts are there; what is missing is said beside its field.
    fn check(&self, invalid: &mut Invalid) {
        for (field, text) in [("tried", &self.tried), ("wanted", &self.wanted)] {
            if text.is_empty() {
                invalid.add(field, "error-required");
            }
        }
    }
}

/// Handing a record to another team.
#[derive(Debug, Clone, Default)]
pub struct HandOff {
    /// How many facts the author had seen.
    pub seen: i64,
    /// The author has seen the other value and means theirs.
    pub overwrite: bool,
    pub team: Option<Id<Team>>,
    /// Whoever took it meanwhile keeps it.
    pub keep_person: bool,
    pub sentence: Sentence,
}

/// Sending it back to the team it came from.
#[derive(Debug, Clone, Default)]
pub struct SendBack {
    pub seen: i64,
    pub overwrite: bool,
    pub keep_person: bool,
    pub reason: String,
}

/// Hands a record to another team: nobody there has it yet, and the owning team stays.
pub fn hand_off(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &HandOff,
) -> Result<Record> {
    let before = before_handoff(w, visitor, number)?;
    let mut invalid = Invalid::default();
    match command.team {
        None => invalid.add("team", "error-choose"),
        Some(team) if Some(team) == before.team_id => invalid.add("team", "handoff-same-team"),
        Some(_) => {}
    }
    command.sentence.check(&mut invalid);
    invalid.or(())?;
    let mut after = before.clone();
    if let Some(id) = command.team {
        let team = chosen("team", people::find_team(w, id))?;
        enabled("team", team.disabled_at)?;
        super::restrict::must_be_named_team(w, &before, "team", id)?;
        after.team_id = Some(id);
    }
    if !command.keep_person {
        after.assignee_id = None;
    }
    if !command.overwrite {
        let mine = edit::changed_fields(&before, &after);
        edit::refuse_overlap(w, &before, mine, command.seen)?;
    }
    pass_on(w, ctx, practice, &before, after, &command.sentence)
}

/// The record, if it is with a team that can hand it on.
pub fn before_handoff(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let record = workable(conn, visitor, number)?;
    match record.team_id {
        Some(_) => Ok(record),
        None => Err(Error::refused("handoff-no-team")),
    }
}

fn workable(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let record = store::find_visible(conn, visitor, number)?;
    policy::may_work(visitor)?;
    if !record.is_open {
        return Err(Error::refused(edit::not_open(&record)));
    }
    Ok(record)
}

/// What an assignment does to the team, as a hand-off where it is one.
pub(super) fn assigned(
    practice: &Practice,
    before: &Record,
    after: &mut Record,
    person: Option<Option<Id<Person>>>,
    keep_person: bool,
) -> bool {
    let is_handoff = rules::hands_off(practice.first, before, after.team_id);
    if is_handoff && person.is_none() && !keep_person {
        after.assignee_id = None;
    }
    is_handoff
}

/// Refuses an assignment that takes a record from the team that worked on it without the sentence,
/// and a sentence without another team.
pub(super) fn check_sentence(after: &Record, is_handoff: bool, sentence: &Sentence) -> Result<()> {
    let mut invalid = Invalid::default();
    if is_handoff && after.team_id.is_none() {
        invalid.add("team", "handoff-needs-team");
    } else if is_handoff {
        sentence.check(&mut invalid);
    } else if !sentence.is_empty() {
        invalid.add("team", "handoff-same-team");
    }
    invalid.or(())
}

/// Writes a hand-off: `after` has the new team already.
pub(super) fn pass_on(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    before: &Record,
    mut after: Record,
    sentence: &Sentence,
) -> Result<Record> {
    let (Some(from), Some(to)) = (before.team_id, after.team_id) else {
        return Err(Error::inward("a hand-off is between two teams"));
    };
    after.handoffs += 1;
    after.reassignments += 1;
    if after.owner_team_id.is_none() {
        after.owner_team_id = super::log::owner(w, Some(from))?;
    }
    if let Some(step) = practice.find(Verb::Assign, &before.state, None) {
        enter(&mut after, practice, step.to)?;
    }
    let (body, tried_chars) = rules::handoff_text(&sentence.tried, &sentence.wanted);
    let (entry, mut extra) = new_entry(w, ctx, before.id, Audience::Internal, &body)?;
    let handoff = Handoff {
        record_id: before.id,
        n: after.handoffs,
        from_team_id: from,
        to_team_id: to,
        entry_id: entry,
        tried_chars,
        returned_entry_id: None,
    };
    store::insert_handoff(w, &handoff)?;
    let tried = Value::Number(tried_chars.into());
    extra.push(Change::set("handoff_tried", tried));
    let name = fact(practice.kind, "handed_off");
    store::save(w, ctx, before, after, name, extra)
}

/// Sends a record back to the team it came from. The hand-off is over; the one before it, if there is
/// one to the same team, can be sent back in turn.
pub fn send_back(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &SendBack,
) -> Result<Record> {
    let (before, handoff) = before_return(w, visitor, number)?;
    if command.reason.is_empty() {
        return Err(Error::invalid("reason", "error-required"));
    }
    if people::find_team(w, handoff.from_team_id)?
        .disabled_at
        .is_some()
    {
        return Err(Error::refused("handoff-team-gone"));
    }
    super::restrict::must_be_named_team(w, &before, "reason", handoff.from_team_id)?;
    let mut after = before.clone();
    after.team_id = Some(handoff.from_team_id);
    if !command.keep_person {
        after.assignee_id = None;
    }
    if !command.overwrite {
        let mine = edit::changed_fields(&before, &after);
        edit::refuse_overlap(w, &before, mine, command.seen)?;
    }
    after.reassignments += 1;
    let (entry, mut extra) = new_entry(w, ctx, before.id, Audience::Internal, &command.reason)?;
    store::return_handoff(w, &handoff, entry)?;
    let n = Value::Number(handoff.n.into());
    extra.push(Change::new("handoff", n, Value::Nothing));
    let name = fact(practice.kind, "sent_back");
    store::save(w, ctx, &before, after, name, extra)
}

/// The record and the hand-off by which its team got it, if this person may send it back.
pub fn before_return(
    conn: &mut Db,
    visitor: &Visitor,
    number: Number,
) -> Result<(Record, Handoff)> {
    let record = workable(conn, visitor, number)?;
    let last = match record.team_id {
        Some(team) if record.handoffs > 0 => store::last_handoff(conn, record.id, team)?,
        _ => None,
    };
    let handoff = last.ok_or_else(|| Error::refused("handoff-none-to-return"))?;
    policy::may_send_back(visitor, handoff.to_team_id)?;
    Ok((record, handoff))
}
