//! Logging a call: perhaps a new person, a new record, perhaps what it is a recurrence of, and
//! perhaps its solution, all in one transaction or not at all.

use crate::incidents::rules;
use crate::people::{self, Location, Person, PersonForm, Right, Upload, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{Contact, Log, Received, Resolve};
use crate::records::{self, Channel, LinkType, Number, Practice, Practices, Record};
use crate::services::{self, Scale};

/// Whom a call is from.
#[derive(Debug, Clone)]
pub enum Caller {
    Known(Id<Person>),
    /// Added with the record.
    New(PersonForm),
    /// Only what monitoring reports comes from nobody.
    Nobody,
}

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where the caller works, if that is known.
    OfCaller,
    Nowhere,
    At(Id<Location>),
}

/// What was said on the line.
#[derive(Debug, Clone)]
pub struct Call {
    pub caller: Caller,
    /// The record to be; its requester is who it is for.
    pub log: Log,
    /// Who calls for the requester, where they do not call themselves.
    pub by: Option<Id<Person>>,
    /// The configuration item by its name; may be empty.
    pub item: String,
    pub place: Place,
    pub recurrence_of: Option<Number>,
    /// What a problem or a change is raised from.
    pub raised_from: Option<Number>,
    /// How it was solved while the caller was on the line.
    pub solved: Option<Resolve>,
}

/// Logs a call and gives back its record.
pub fn log_call(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    call: &Call,
) -> Result<Record> {
    visitor.needs(Right::Work)?;
    check(w, visitor, practice, call)?;
    let requester = requester(w, visitor, ctx, &call.caller)?;
    let log = Log {
        requester,
        item: records::actions::item_meant(w, &call.item, None)?,
        location: location(w, call.place, requester)?,
        ..call.log.clone()
    };
    let mut record = records::actions::log_for(w, visitor, ctx, practice, &log, call.by)?;
    if let Some(first) = call.recurrence_of {
        let number = record.number();
        let link_type = LinkType::RecurrenceOf;
        record = records::actions::link(w, visitor, ctx, number, first, link_type)?;
    }
    if let Some(from) = call.raised_from {
        let from = records::find_meant(w, visitor, from)?;
        let link_type = records::raised_link(from.kind, record.kind)
            .ok_or_else(|| Error::invalid("kind", "error-unknown-choice"))?;
        let (from, to) = (from.number(), record.number());
        records::actions::link(w, visitor, ctx, from, to, link_type)?;
        record = records::find_visible(w, visitor, to)?;
    }
    if let Some(solved) = &call.solved {
        let number = record.number();
        record = records::actions::resolve(w, visitor, ctx, practice, number, solved)?;
        record = super::mark_first_contact(w, ctx, record)?;
    }
    Ok(record)
}

/// Somebody who calls about what is an open record already: one more contact on it, and one more
/// affected person, instead of a second record.
#[derive(Debug, Clone)]
pub struct Join {
    pub to: Number,
    pub caller: Caller,
    pub by: Option<Id<Person>>,
    pub channel: Channel,
    /// What they said.
    pub text: String,
    pub files: Vec<Upload>,
}

/// Adds a call to a record instead of logging another.
pub fn join_call(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    join: &Join,
) -> Result<Received> {
    visitor.needs(Right::Work)?;
    // Before a person is added for it. Its kind may have been changed since the number was seen.
    let standing = records::find_meant(w, visitor, join.to)?;
    let (to, practice) = (standing.number(), practices.of(standing.kind));
    let mut invalid = Invalid::default();
    caller_is_there(w, &join.caller, &mut invalid)?;
    if join.text.is_empty() {
        invalid.add("title", "contact-text-needed");
    }
    invalid.or(())?;
    let Some(person) = requester(w, visitor, ctx, &join.caller)? else {
        return Err(Error::invalid("req", "contact-who-needed"));
    };
    if join.by.is_some() && standing.requester_id != Some(person) {
        records::actions::add_affected(w, visitor, ctx, to, person)?;
    }
    let contact = Contact {
        from: join.by.unwrap_or(person),
        channel: join.channel,
        text: join.text.clone(),
        chaser: None,
        affected: join.by.is_none(),
        reopen: false,
        files: join.files.clone(),
    };
    records::actions::contact(w, visitor, ctx, practice, to, &contact)
        .map_err(|e| by_the_form(e, join.by.is_some()))
}

/// What is wrong with a contact, by the names those fields have in a call.
fn by_the_form(e: Error, for_another: bool) -> Error {
    match e {
        Error::Invalid(Invalid(problems)) => {
            let renamed = problems.into_iter().map(|(field, message)| match field {
                "person" if for_another => ("by", message),
                "person" => ("req", message),
                "contact_text" => ("title", message),
                other => (other, message),
            });
            Error::Invalid(Invalid(renamed.collect()))
        }
        e => e,
    }
}

/// Who the call is for, added first where they are new.
fn requester(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    caller: &Caller,
) -> Result<Option<Id<Person>>> {
    Ok(match caller {
        Caller::Known(id) => Some(*id),
        Caller::New(form) => Some(added(people::actions::add_requester(w, visitor, ctx, form))?.id),
        Caller::Nobody => None,
    })
}

/// The location a call gets.
fn location(
    conn: &mut Db,
    place: Place,
    caller: Option<Id<Person>>,
) -> Result<Option<Id<Location>>> {
    match (place, caller) {
        (Place::At(id), _) => Ok(Some(id)),
        (Place::OfCaller, Some(caller)) => Ok(people::find_person(conn, caller)?.location_id),
        (Place::OfCaller, None) | (Place::Nowhere, _) => Ok(None),
    }
}

/// Everything chosen must be there for this person and still be offered; what is not is said
/// beside its field, all at once.
fn check(conn: &mut Db, visitor: &Visitor, practice: &Practice, call: &Call) -> Result<()> {
    let mut invalid = Invalid::default();
    let log = &call.log;
    if log.title.is_empty() {
        invalid.add("title", "error-required");
    }
    caller_is_there(conn, &call.caller, &mut invalid)?;
    if matches!(call.caller, Caller::Nobody)
        && let Some(problem) = rules::nobody_calls(practice.kind, log.channel)
    {
        invalid.add("req", problem);
    }
    if let Some(id) = call.by {
        let found = people::find_person(conn, id);
        offered(found.map(|p| p.disabled_at), "by", &mut invalid)?;
    }
    if let Some(id) = log.service {
        let found = services::find_service(conn, id);
        offered(found.map(|s| s.disabled_at), "service", &mut invalid)?;
    }
    if let Some(id) = log.category {
        let found = services::find_category(conn, id);
        offered(found.map(|c| c.disabled_at), "category", &mut invalid)?;
    }
    if let Some(id) = log.team {
        let found = people::find_team(conn, id);
        offered(found.map(|t| t.disabled_at), "team", &mut invalid)?;
    }
    if let Place::At(id) = call.place {
        let found = people::find_location(conn, id);
        offered(found.map(|l| l.disabled_at), "location", &mut invalid)?;
    }
    match records::actions::item_meant(conn, &call.item, None) {
        Err(Error::Invalid(why)) => invalid.0.extend(why.0),
        meant => drop(meant?),
    }
    for (field, number) in [
        ("recurrence_of", call.recurrence_of),
        ("raised_from", call.raised_from),
    ] {
        if let Some(number) = number
            && let Err(e) = records::find_meant(conn, visitor, number)
        {
            match e {
                Error::NotFound => invalid.add(field, "record-unknown"),
                e => return Err(e),
            }
        }
    }
    for (field, scale, level) in [
        ("matrix", Scale::Impact, log.priority.impact),
        ("matrix", Scale::Urgency, log.priority.urgency),
        ("priority", Scale::Priority, log.priority.priority),
    ] {
        if let Some(level) = level
            && !services::list_levels(conn, scale)?
                .iter()
                .any(|l| l.level == level)
        {
            invalid.add(field, "error-unknown-choice");
        }
    }
    if call.solved.is_some() && !rules::solvable_at_once(practice) {
        invalid.add("kind", "call-only-incidents-are-solved");
    }
    invalid.or(())
}

/// Somebody known is still about; somebody new has a name.
fn caller_is_there(conn: &mut Db, caller: &Caller, invalid: &mut Invalid) -> Result<()> {
    match caller {
        Caller::Known(id) => {
            let found = people::find_person(conn, *id);
            offered(found.map(|p| p.disabled_at), "req", invalid)?;
        }
        Caller::New(form) if form.name.is_empty() => invalid.add("new_name", "error-required"),
        Caller::New(_) | Caller::Nobody => {}
    }
    Ok(())
}

/// A choice that is gone, or that was switched off since the form was opened.
fn offered(
    disabled_at: Result<Option<Utc>>,
    field: &'static str,
    invalid: &mut Invalid,
) -> Result<()> {
    match disabled_at {
        Ok(None) => Ok(()),
        Ok(Some(_)) => {
            invalid.add(field, "error-no-longer-there");
            Ok(())
        }
        Err(Error::NotFound) => {
            invalid.add(field, "error-unknown-choice");
            Ok(())
        }
        Err(e) => Err(e),
    }
}

/// What is wrong with the new person, by the names those fields have in a call.
fn added(person: Result<Person>) -> Result<Person> {
    person.map_err(|e| match e {
        Error::Invalid(Invalid(problems)) => {
            let renamed = problems.into_iter().map(|(field, message)| {
                let field = match field {
                    "name" => "new_name",
                    "mail" => "new_mail",
                    "phone" => "new_phone",
                    "staff_number" => "new_staff_number",
                    other => other,
                };
                (field, message)
            });
            Error::Invalid(Invalid(renamed.collect()))
        }
        e => e,
    })
}
