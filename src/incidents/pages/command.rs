//! A posted call, understood: what was typed becomes the command of the action, or every mistake
//! by its field at once.

use crate::incidents::{Call, Caller, Join, Place};
use crate::people::{Form, Person, PersonForm, Visitor};
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::dates::DateFormat;
use crate::platform::kernel::error::{Invalid, Result};
use crate::records::actions::{Log, Resolve};
use crate::records::{Channel, Kind, Number, PriorityWish};

pub const TITLE: usize = 300;
pub const DESCRIPTION: usize = 100_000;
const NAME: usize = 200;
const MAIL: usize = 254;
const PHONE: usize = 60;

/// The kinds a call can become, the usual one first.
pub const KINDS: [Kind; 2] = [Kind::Incident, Kind::Request];

/// The kinds that are raised from a record instead.
pub const RAISED: [Kind; 2] = [Kind::Problem, Kind::Change];

/// The kinds offered: raised from a record it is another than one that was called about.
pub fn kinds_from(raised_from: &str) -> [Kind; 2] {
    if raised_from.trim().is_empty() {
        KINDS
    } else {
        RAISED
    }
}

/// The fields of somebody who is not known yet.
pub const NEW_PERSON: [&str; 4] = ["new_name", "new_mail", "new_phone", "new_staff_number"];

/// The kind chosen; the usual one where none was.
pub fn kind(form: &Form) -> Option<Kind> {
    let offered = kinds_from(form.value("raised_from"));
    match form.value("kind") {
        "" => offered.first().copied(),
        word => Kind::from_word(word).filter(|kind| offered.contains(kind)),
    }
}

/// `2-1` is impact 2, urgency 1.
pub fn cell(text: &str) -> Option<(i32, i32)> {
    let (impact, urgency) = text.split_once('-')?;
    Some((impact.parse().ok()?, urgency.parse().ok()?))
}

/// The kind and the call of a form.
pub fn read(form: &Form, visitor: &Visitor) -> Result<(Kind, Call)> {
    let mut invalid = Invalid::default();
    let kind = kind(form);
    if kind.is_none() {
        invalid.add("kind", "error-unknown-choice");
    }
    let caller = caller(form, visitor, &mut invalid);
    let by = by(form, &mut invalid);
    let channel = match form.value("channel") {
        "" => Some(Channel::Phone),
        word => Channel::from_word(word),
    };
    if channel.is_none() {
        invalid.add("channel", "error-unknown-choice");
    }
    let log = Log {
        requester: None,
        channel: channel.unwrap_or(Channel::Phone),
        title: form.line("title", TITLE, &mut invalid),
        description: form.text("description", DESCRIPTION, &mut invalid),
        service: form.parsed("service", &mut invalid),
        category: form.parsed("category", &mut invalid),
        item: None,
        location: None,
        priority: priority(form, &mut invalid),
        team: form.parsed("team", &mut invalid),
        assignee: form.has("mine").then_some(visitor.id),
        reported_at: reported_at(form, visitor, &mut invalid),
        files: form.files.clone(),
    };
    let call = Call {
        caller,
        by,
        log,
        item: form.line("item", NAME, &mut invalid),
        place: place(form, &mut invalid),
        recurrence_of: named(form, "recurrence_of", &mut invalid),
        raised_from: named(form, "raised_from", &mut invalid),
        solved: solved(form, &mut invalid),
    };
    invalid.or((kind.unwrap_or(Kind::Incident), call))
}

/// A new person that was filled in counts before one that was found: it was typed on purpose.
fn caller(form: &Form, visitor: &Visitor, invalid: &mut Invalid) -> Caller {
    let searched = form.line("req", NAME, invalid);
    let person = PersonForm {
        name: form.line("new_name", NAME, invalid),
        mail: form.line("new_mail", MAIL, invalid),
        phone: form.line("new_phone", PHONE, invalid),
        staff_number: form.line("new_staff_number", PHONE, invalid),
        language: visitor.words.tag().to_owned(),
        zone: visitor.zone.name().to_owned(),
        ..PersonForm::default()
    };
    if NEW_PERSON
        .iter()
        .any(|field| !form.value(field).trim().is_empty())
    {
        return Caller::New(person);
    }
    match form.value("person").trim() {
        "" if searched.is_empty() => Caller::Nobody,
        "" => {
            invalid.add("req", "call-choose-person");
            Caller::Nobody
        }
        id => match id.parse() {
            Ok(id) => Caller::Known(id),
            Err(_) => {
                invalid.add("req", "error-unknown-choice");
                Caller::Nobody
            }
        },
    }
}

/// Who calls for the requester: looked for only where somebody else does.
fn by(form: &Form, invalid: &mut Invalid) -> Option<Id<Person>> {
    let searched = form.line("by", NAME, invalid);
    let by = form.parsed("by_person", invalid);
    if by.is_none() && !searched.is_empty() && invalid.of("by_person").is_none() {
        invalid.add("by", "call-choose-person");
    }
    by
}

/// The record a call is added to instead of being logged, and what is added: nothing else of the form
/// has to be filled in for that. What was typed of it is what the caller said.
pub fn join(form: &Form, visitor: &Visitor) -> Result<Join> {
    let mut invalid = Invalid::default();
    let to: Option<Number> = form.value("join").parse().ok();
    if to.is_none() {
        invalid.add("", "record-unknown");
    }
    let said = [
        form.line("title", TITLE, &mut invalid),
        form.text("description", DESCRIPTION, &mut invalid),
    ];
    let join = Join {
        to: to.unwrap_or(Number {
            kind: Kind::Incident,
            n: 0,
        }),
        caller: caller(form, visitor, &mut invalid),
        by: by(form, &mut invalid),
        channel: Channel::from_word(form.value("channel")).unwrap_or(Channel::Phone),
        text: said
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n"),
        files: form.files.clone(),
    };
    invalid.or(join)
}

fn priority(form: &Form, invalid: &mut Invalid) -> PriorityWish {
    let chosen = cell(form.value("matrix"));
    if chosen.is_none() {
        invalid.add("matrix", "error-choose");
    }
    let wish = PriorityWish {
        impact: chosen.map(|(impact, _)| impact),
        urgency: chosen.map(|(_, urgency)| urgency),
        priority: form.parsed("priority", invalid),
        reason: form.line("priority_reason", TITLE, invalid),
    };
    if wish.priority.is_none() && !wish.reason.is_empty() && invalid.of("priority").is_none() {
        invalid.add("priority", "call-reason-without-priority");
    }
    wish
}

/// A date and time in the visitor's zone.
fn reported_at(form: &Form, visitor: &Visitor, invalid: &mut Invalid) -> Option<Utc> {
    let typed = form.value("reported_at").trim();
    if typed.is_empty() {
        return None;
    }
    let at = DateFormat::Iso
        .parse(typed)
        .ok()
        .and_then(|local| visitor.zone.instant(local.civil));
    if at.is_none() {
        invalid.add("reported_at", "call-not-a-moment");
    }
    at
}

/// Where nothing was chosen, it is where the caller works.
fn place(form: &Form, invalid: &mut Invalid) -> Place {
    match form.value("location") {
        "none" => Place::Nowhere,
        _ => form
            .parsed("location", invalid)
            .map_or(Place::OfCaller, Place::At),
    }
}

/// The record a field names, if it names any.
fn named(form: &Form, field: &'static str, invalid: &mut Invalid) -> Option<Number> {
    let typed = form.value(field).trim();
    if typed.is_empty() {
        return None;
    }
    let number = typed.parse().ok();
    if number.is_none() {
        invalid.add(field, "record-unknown");
    }
    number
}

/// A solution is asked for by its button. One that was typed and then saved by another button is
/// neither dropped nor carried out: the person says which they mean.
fn solved(form: &Form, invalid: &mut Invalid) -> Option<Resolve> {
    let solved = Resolve {
        code: form.line("resolution_code", NAME, invalid),
        text: form.text("resolution_text", DESCRIPTION, invalid),
    };
    if form.value("do") == "resolve" {
        return Some(solved);
    }
    if !solved.code.is_empty() || !solved.text.is_empty() {
        invalid.add("resolution_text", "call-solved-or-not");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_two_numbers() {
        assert_eq!(cell("2-1"), Some((2, 1)));
        for bad in ["", "2", "2-", "-", "a-b", "2-1-1", "2\0-1", "99999999999-1"] {
            assert_eq!(cell(bad), None, "{bad:?}");
        }
    }
}
