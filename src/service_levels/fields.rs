//! What the journal calls the parts of calendars and agreements. Forms know them by the same names.

use serde::Serialize;
use uuid::Uuid;

use super::calendar::Exception;
use super::kept::{Kept, Version};
use super::written::{self, WrittenStep, WrittenTell};
use super::{Agreement, Calendar, Span, Step, Target, Tell};
use crate::journal::{Change, Subject, Value};
use crate::platform::db::Id;
use crate::platform::kernel::error::{Error, Result};

/// The parts of an agreement that have one value at a time.
pub const AGREEMENT_FIELDS: &[&str] = &[
    "name",
    "agreement_kind",
    "record_kind",
    "priority",
    "service",
    "organisation",
    "category",
    "team",
    "supplier",
    "first_response",
    "resolution",
    "next_update",
    "team_time",
    "supplier_time",
    "calendar",
    "pauses",
    "never_pauses_major",
    "stops_at",
    "reopening",
    "priority_change",
    "steps",
    "goal",
    "from",
    "retired",
];

/// The field each target's time is under.
pub const TARGETS: [(Target, &str); 5] = [
    (Target::FirstResponse, "first_response"),
    (Target::Resolution, "resolution"),
    (Target::NextUpdate, "next_update"),
    (Target::Ola, "team_time"),
    (Target::Supplier, "supplier_time"),
];

/// Something else that a definition names by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Service(Uuid),
    Organisation(Uuid),
    Category(Uuid),
    Team(Uuid),
    Supplier(Uuid),
    Calendar(Uuid),
}

/// What something is called: the journal keeps it beside the id.
pub type Label<'a> = &'a mut dyn FnMut(Named) -> Result<String>;

pub fn about_calendar(id: Id<Kept<Calendar>>) -> Subject {
    Subject {
        kind: "calendar",
        id: id.uuid(),
    }
}

pub fn about_agreement(id: Id<Kept<Agreement>>) -> Subject {
    Subject {
        kind: "agreement",
        id: id.uuid(),
    }
}

/// A definition as its version keeps it.
pub fn text<D: Serialize>(definition: &D) -> Result<String> {
    serde_json::to_string(definition).map_err(|e| Error::inward(format!("definition: {e}")))
}

/// From when a version holds, and whether as the end of it all.
pub fn holding<D>(version: &Version<D>) -> [(&'static str, Value); 2] {
    [
        ("from", Value::At(version.from_at)),
        ("retired", Value::Flag(version.is_retired)),
    ]
}

/// A version's number and all of its definition: what it can be made again from.
pub fn whole(version: &Version<String>) -> [Change; 2] {
    [
        Change::set("version", Value::Number(version.number.into())),
        Change::set("definition", Value::text(&version.definition)),
    ]
}

/// Every part of an agreement.
pub fn agreement_values(
    agreement: &Agreement,
    label: Label<'_>,
) -> Result<Vec<(&'static str, Value)>> {
    let covers = &agreement.covers;
    let mut reference = |id: Option<Uuid>, named: fn(Uuid) -> Named| -> Result<Value> {
        let labelled = id.map(|id| Ok::<_, Error>((id, label(named(id))?)));
        Ok(Value::reference(labelled.transpose()?))
    };
    let mut values = vec![
        ("name", Value::text(&agreement.name)),
        ("agreement_kind", Value::word(agreement.kind.word())),
        ("record_kind", word(&covers.record)),
        (
            "priority",
            covers
                .priority
                .map_or(Value::Nothing, |p| Value::Number(p.into())),
        ),
        ("service", reference(covers.service, Named::Service)?),
        (
            "organisation",
            reference(covers.organisation, Named::Organisation)?,
        ),
        ("category", reference(covers.category, Named::Category)?),
        ("team", reference(covers.team, Named::Team)?),
        ("supplier", reference(covers.supplier, Named::Supplier)?),
        (
            "calendar",
            reference(Some(agreement.calendar), Named::Calendar)?,
        ),
        ("pauses", word(&agreement.pauses.join(", "))),
        (
            "never_pauses_major",
            Value::Flag(agreement.never_pauses_major),
        ),
        ("stops_at", serde_word(&agreement.stops_at)),
        ("reopening", serde_word(&agreement.reopening)),
        ("priority_change", serde_word(&agreement.priority_change)),
        ("steps", word(&steps_by_id(&agreement.steps))),
        ("goal", Value::Number(agreement.goal.into())),
    ];
    for (target, field) in TARGETS {
        let span = agreement.targets.get(&target).map(Span::to_string);
        values.push((field, word(&span.unwrap_or_default())));
    }
    Ok(values)
}

/// Steps one a line; whom they name, by id, since names are personal.
fn steps_by_id(steps: &[Step]) -> String {
    let lines = steps.iter().map(|step| write(step, &|id| id.to_string()));
    lines.collect::<Vec<_>>().join("\n")
}

/// A step as it is written; `name` says how people are.
pub fn write(step: &Step, name: &dyn Fn(Uuid) -> String) -> String {
    let tell = step.tell.iter().map(|tell| match tell {
        Tell::Person(id) => WrittenTell::Person(name(*id)),
        role => WrittenTell::Role(role.clone()),
    });
    WrittenStep {
        target: step.target,
        when: step.when,
        tell: tell.collect(),
        flag: step.flag,
    }
    .to_string()
}

fn word(word: &str) -> Value {
    if word.is_empty() {
        Value::Nothing
    } else {
        Value::word(word)
    }
}

/// The word an enum is kept by.
pub fn serde_word<T: Serialize>(value: &T) -> Value {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Value::Word(word),
        _ => Value::Nothing,
    }
}

/// The parts of a calendar that have one value at a time.
pub const CALENDAR_FIELDS: &[&str] = &[
    "name",
    "zone",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "holidays",
    "closures",
    "openings",
    "also",
    "from",
    "retired",
];

/// Every part of a calendar.
pub fn calendar_values(calendar: &Calendar) -> Vec<(&'static str, Value)> {
    let lines = |list: Vec<String>| Value::text(&list.join("\n"));
    let mut values = vec![
        ("name", Value::text(&calendar.name)),
        ("zone", word(&calendar.zone)),
    ];
    for (day, windows) in calendar.week.days() {
        values.push((day, word(&written::hours(windows))));
    }
    let exceptions = |list: &[Exception]| lines(list.iter().map(written::exception).collect());
    let holidays = calendar.holidays.iter().map(written::holiday);
    values.push(("holidays", lines(holidays.collect())));
    values.push(("closures", exceptions(&calendar.closures)));
    values.push(("openings", exceptions(&calendar.openings)));
    let also = calendar.also.iter().map(Uuid::to_string);
    values.push(("also", word(&also.collect::<Vec<_>>().join(", "))));
    values
}
