//! Who leads it, who reviews it, who was there, and when they meet.

use super::{Found, tell, write};
use crate::journal::Change as Said;
use crate::people::{self as persons, Person, Right, Visitor};
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::postmortems::labels;
use crate::postmortems::model::{Participant, Postmortem};
use crate::postmortems::rules::life::may_review;
use crate::postmortems::store;
use crate::records::{self, Number, Record};

/// What somebody says of the people of a post-mortem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    pub facilitator: Option<Id<Person>>,
    pub reviewer: Option<Id<Person>>,
    pub participants: Vec<Id<Person>>,
    pub meeting_at: Option<Utc>,
    pub meeting_place: String,
    pub due_at: Option<Utc>,
}

/// Participants of one post-mortem, at most.
const MOST: usize = 60;

/// Says who leads, reviews and was there. Everybody named must be one for whom it exists.
pub fn edit_people(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &People,
) -> Result<Record> {
    let found = super::to_write(w, visitor, number)?;
    let mut invalid = Invalid::default();
    let named = [
        ("facilitator", command.facilitator, found.of.facilitator_id),
        ("reviewer", command.reviewer, found.of.reviewer_id),
    ];
    for (field, is, was) in named {
        if let Some(person) = is.filter(|_| is != was) {
            check(w, &found, field, person, &mut invalid)?;
        }
    }
    let was = store::participants_of(w, found.record.id)?;
    for person in &command.participants {
        if was.iter().all(|who| who.person_id != *person) {
            check(w, &found, "participants", *person, &mut invalid)?;
        }
    }
    if command.participants.len() > MOST {
        let many = Message::new("postmortem-participants-many").arg("max", MOST);
        invalid.add("participants", many);
    }
    if let Some(reviewer) = command.reviewer
        && Some(reviewer) != found.of.reviewer_id
        && may_review(&reviewer, &store::authors_of(w, found.record.id)?).is_err()
    {
        invalid.add("reviewer", "postmortem-reviewer-is-author");
    }
    if command.due_at != found.of.due_at && !visitor.has(Right::Manage) {
        invalid.add("due_at", "postmortem-due-by-managers");
    }
    invalid.or(())?;
    let said = participants(w, &found, &was, &command.participants)?;
    let after = Postmortem {
        facilitator_id: command.facilitator,
        reviewer_id: command.reviewer,
        meeting_at: command.meeting_at,
        meeting_place: command.meeting_place.clone(),
        due_at: command.due_at,
        // One that has time again may be late again.
        told_at: match command.due_at == found.of.due_at {
            true => found.of.told_at,
            false => None,
        },
        ..found.of.clone()
    };
    if after == found.of && said.is_empty() {
        return Ok(found.record);
    }
    let record = found.record.clone();
    let record = write(w, ctx, &found, record, &after, "people_changed", said)?;
    let new = |is: Option<Id<Person>>, was| is.filter(|_| is != was);
    let facilitator = new(after.facilitator_id, found.of.facilitator_id);
    tell(
        w,
        ctx,
        &record,
        facilitator,
        "notice-postmortem-facilitates",
    )?;
    let reviewer = new(after.reviewer_id, found.of.reviewer_id);
    tell(w, ctx, &record, reviewer, "notice-postmortem-reviews")?;
    let fresh = command.participants.iter().copied();
    let fresh = fresh.filter(|id| was.iter().all(|who| who.person_id != *id));
    let fresh: Vec<_> = fresh.collect();
    tell(w, ctx, &record, fresh, "notice-postmortem-takes-part")?;
    Ok(record)
}

/// Somebody named works here, and the post-mortem exists for them.
fn check(
    w: &mut Write<'_>,
    found: &Found,
    field: &'static str,
    person: Id<Person>,
    invalid: &mut Invalid,
) -> Result<()> {
    match persons::find_person(w, person) {
        Err(Error::NotFound) => invalid.add(field, "error-no-longer-there"),
        Err(error) => return Err(error),
        Ok(known) => {
            let works = Right::Work.is_held_by(known.roles());
            if known.disabled_at.is_some() || !works {
                invalid.add(field, "error-no-longer-there");
            } else if !records::is_open_to(w, &found.record, person)? {
                invalid.add(
                    field,
                    Message::new("postmortem-not-for-them").arg("name", known.name),
                );
            }
        }
    }
    Ok(())
}

fn participants(
    w: &mut Write<'_>,
    found: &Found,
    was: &[Participant],
    wanted: &[Id<Person>],
) -> Result<Vec<Said>> {
    let id = found.record.id;
    for gone in was.iter().filter(|who| !wanted.contains(&who.person_id)) {
        store::delete_participant(w, id, gone.person_id)?;
    }
    for person in wanted {
        if was.iter().all(|who| who.person_id != *person) {
            let fresh = Participant {
                record_id: id,
                person_id: *person,
                facts_version: None,
                agrees: false,
                said: String::new(),
                at: None,
            };
            store::put_participant(w, &fresh)?;
        }
    }
    let is = store::participants_of(w, id)?;
    Ok(change(w, was, &is)?.into_iter().collect())
}

/// What became different about who was there, or about what they say.
pub(super) fn change(
    w: &mut Write<'_>,
    was: &[Participant],
    is: &[Participant],
) -> Result<Option<Said>> {
    let ids = was.iter().chain(is).map(|who| who.person_id);
    let names = store::names(w, ids)?;
    let named = |all: &[Participant]| {
        let names: Vec<&str> = all
            .iter()
            .filter_map(|who| names.get(&who.person_id).map(String::as_str))
            .collect();
        labels::participants(all, names.join(", "))
    };
    let (before, after) = (named(was), named(is));
    Ok((before != after).then(|| Said::new("participants", before, after)))
}
