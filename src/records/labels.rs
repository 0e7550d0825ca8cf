//! What a change of a record is called in the journal: each journaled field with its value before
//! and after, and the label that a person, team or service had at that time.

use uuid::Uuid;

use super::model::Record;
use crate::items;
use crate::journal::{Change, Value};
use crate::people::{self, Person, Team};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::services;

/// Every journaled field that differs between two versions of a record; `before` is `None` when
/// the record is new.
pub fn changes(conn: &mut Db, before: Option<&Record>, after: &Record) -> Result<Vec<Change>> {
    changes_with(before, after, |field, id| label_of(conn, field, id))
}

/// [`changes`] for whoever knows the labels already.
pub fn changes_with(
    before: Option<&Record>,
    after: &Record,
    mut label: impl FnMut(&'static str, Uuid) -> Result<String>,
) -> Result<Vec<Change>> {
    let mut out = Vec::new();
    plain(before, after, &mut out);
    for (field, id_of) in REFERENCES {
        let (from, to) = (before.and_then(id_of), id_of(after));
        if from != to {
            let mut side = |id: Option<Uuid>| -> Result<Value> {
                id.map_or(Ok(Value::Nothing), |id| {
                    Ok(Value::Ref(id, label(field, id)?))
                })
            };
            out.push(Change::new(field, side(from)?, side(to)?));
        }
    }
    Ok(out)
}

type IdOf = fn(&Record) -> Option<Uuid>;

/// The fields that hold another row's id, by name.
const REFERENCES: [(&str, IdOf); 8] = [
    ("requester", |r| r.requester_id.map(Id::uuid)),
    ("service", |r| r.service_id.map(Id::uuid)),
    ("category", |r| r.category_id.map(Id::uuid)),
    ("team", |r| r.team_id.map(Id::uuid)),
    ("assignee", |r| r.assignee_id.map(Id::uuid)),
    ("item", |r| r.item_id.map(Id::uuid)),
    ("location", |r| r.location_id.map(Id::uuid)),
    ("owner_team", |r| r.owner_team_id.map(Id::uuid)),
];

pub(super) fn label_of(conn: &mut Db, field: &str, id: Uuid) -> Result<String> {
    match field {
        "service" => Ok(services::find_service(conn, Id::from_uuid(id))?.name),
        "category" => Ok(services::find_category(conn, Id::from_uuid(id))?.name),
        "item" => items::item_name(conn, Id::from_uuid(id)),
        "location" => Ok(people::find_location(conn, Id::from_uuid(id))?.name),
        "team" | "owner_team" => people::team_name(conn, Id::<Team>::from_uuid(id)),
        _ => Ok(people::find_person(conn, Id::<Person>::from_uuid(id))?.name),
    }
}

/// The plain journaled fields of a record, by name. `verify` rebuilds exactly these.
pub fn plain_fields(r: &Record) -> [(&'static str, Value); 18] {
    [
        ("title", Value::text(&r.title)),
        ("description", Value::text(&r.description)),
        ("channel", Value::word(r.channel.word())),
        ("impact", Value::Number(r.impact.into())),
        ("urgency", Value::Number(r.urgency.into())),
        ("priority", Value::Number(r.priority.into())),
        ("priority_source", Value::word(r.priority_source.word())),
        ("priority_reason", Value::text(&r.priority_reason)),
        ("state", Value::word(r.state.clone())),
        ("reported_at", Value::At(r.reported_at)),
        ("resolved_at", Value::at(r.resolved_at)),
        ("closed_at", Value::at(r.closed_at)),
        ("reassignments", Value::Number(r.reassignments.into())),
        ("reopens", Value::Number(r.reopens.into())),
        ("handoffs", counted(r.handoffs)),
        ("kind", Value::word(r.kind.word())),
        ("number", Value::Number(r.number)),
        ("restricted", restricted(r.is_restricted)),
    ]
}

/// That a record is not restricted is nothing to tell.
pub(super) fn restricted(is_restricted: bool) -> Value {
    match is_restricted {
        true => Value::Flag(true),
        false => Value::Nothing,
    }
}

/// A count that is nothing until it begins.
pub fn counted(n: i32) -> Value {
    match n {
        0 => Value::Nothing,
        n => Value::Number(n.into()),
    }
}

fn plain(before: Option<&Record>, after: &Record, out: &mut Vec<Change>) {
    let old = before.map(plain_fields);
    for (i, (field, now)) in plain_fields(after).into_iter().enumerate() {
        let was = old
            .as_ref()
            .and_then(|fields| fields.get(i))
            .map_or(Value::Nothing, |(_, v)| v.clone());
        if was != now {
            out.push(Change::new(field, was, now));
        }
    }
}
