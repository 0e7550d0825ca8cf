//! What a change of a record is called in the journal: each journaled field with its value before
//! and after, and the label that a person, team or service had at that time.

use super::model::Record;
use crate::journal::{Change, Value};
use crate::people::{self, Person, Team};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::services;

/// Every journaled field that differs between two versions of a record; `before` is `None` when
/// the record is new.
pub fn changes(conn: &mut Db, before: Option<&Record>, after: &Record) -> Result<Vec<Change>> {
    let mut out = Vec::new();
    plain(before, after, &mut out);
    let pairs = |f: fn(&Record) -> Option<uuid::Uuid>| (before.and_then(f), f(after));

    let (from, to) = pairs(|r| r.requester_id.map(Id::uuid));
    reference(conn, "requester", from, to, person_label, &mut out)?;
    let (from, to) = pairs(|r| r.service_id.map(Id::uuid));
    reference(
        conn,
        "service",
        from,
        to,
        |c, id| Ok(services::find_service(c, Id::from_uuid(id))?.name),
        &mut out,
    )?;
    let (from, to) = pairs(|r| r.category_id.map(Id::uuid));
    reference(
        conn,
        "category",
        from,
        to,
        |c, id| Ok(services::find_category(c, Id::from_uuid(id))?.name),
        &mut out,
    )?;
    let (from, to) = pairs(|r| r.team_id.map(Id::uuid));
    reference(
        conn,
        "team",
        from,
        to,
        |c, id| people::team_name(c, Id::<Team>::from_uuid(id)),
        &mut out,
    )?;
    let (from, to) = pairs(|r| r.assignee_id.map(Id::uuid));
    reference(conn, "assignee", from, to, person_label, &mut out)?;
    Ok(out)
}

fn person_label(conn: &mut Db, id: uuid::Uuid) -> Result<String> {
    Ok(people::find_person(conn, Id::<Person>::from_uuid(id))?.name)
}

/// The plain journaled fields of a record, by name. `verify` rebuilds exactly these.
pub fn plain_fields(r: &Record) -> [(&'static str, Value); 16] {
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
        ("kind", Value::word(r.kind.word())),
        ("number", Value::Number(r.number)),
    ]
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

fn reference(
    conn: &mut Db,
    field: &'static str,
    before: Option<uuid::Uuid>,
    after: Option<uuid::Uuid>,
    label: impl Fn(&mut Db, uuid::Uuid) -> Result<String>,
    out: &mut Vec<Change>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let mut side = |id: Option<uuid::Uuid>| -> Result<Value> {
        id.map_or(Ok(Value::Nothing), |id| {
            Ok(Value::Ref(id, label(conn, id)?))
        })
    };
    let change = Change::new(field, side(before)?, side(after)?);
    out.push(change);
    Ok(())
}
