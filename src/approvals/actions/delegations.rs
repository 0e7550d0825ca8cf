//! Letting somebody decide in one's place, between two instants.

use time::Duration;

use super::tell::tell_delegation;
use crate::approvals::model::Delegation;
use crate::approvals::store::delegations;
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};

/// The longest somebody is away at once.
const LONGEST: Duration = Duration::days(366);

/// Who, from when until when.
#[derive(Debug, Clone, Copy)]
pub struct Delegate {
    pub to: Option<Id<Person>>,
    pub starts_at: Option<Utc>,
    pub ends_at: Option<Utc>,
}

/// Lets somebody decide in the visitor's place. They get no more than the visitor has, and what others
/// let the visitor do they do not get: there are no chains.
pub fn delegate(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, wanted: Delegate) -> Result<()> {
    let mut invalid = Invalid::default();
    let to = match wanted.to {
        Some(to) if to == visitor.id => {
            invalid.add("to", "delegation-to-self");
            None
        }
        Some(to) => match people::find_person(w, to) {
            Ok(person) if person.disabled_at.is_none() => Some(person),
            Ok(_) | Err(Error::NotFound) => {
                invalid.add("to", "error-no-longer-there");
                None
            }
            Err(e) => return Err(e),
        },
        None => {
            invalid.add("to", "error-required");
            None
        }
    };
    if wanted.starts_at.is_none() {
        invalid.add("starts", "delegation-date");
    }
    match (wanted.starts_at, wanted.ends_at) {
        (_, None) => invalid.add("ends", "delegation-date"),
        (Some(starts), Some(ends)) if ends <= starts => invalid.add("ends", "delegation-backwards"),
        (Some(starts), Some(ends)) if ends > starts.plus(LONGEST) => {
            invalid.add("ends", "delegation-too-long");
        }
        (_, Some(ends)) if ends <= ctx.now => invalid.add("ends", "delegation-past"),
        _ => {}
    }
    if let (Some(starts), Some(ends)) = (wanted.starts_at, wanted.ends_at)
        && let Some(name) = overlapping(w, visitor, ctx.now, (starts, ends))?
    {
        invalid.add(
            "starts",
            Message::new("delegation-overlaps").arg("name", name),
        );
    }
    let (Some(to), Some(starts_at), Some(ends_at), true) =
        (to, wanted.starts_at, wanted.ends_at, invalid.is_empty())
    else {
        return invalid.or(());
    };
    let row = Delegation {
        id: Id::new(),
        from_id: visitor.id,
        to_id: to.id,
        starts_at,
        ends_at,
        ended_at: None,
        created_at: ctx.now,
    };
    delegations::insert(w, &row)?;
    note(w, ctx, &row, [&visitor.name, &to.name], "person.delegated")?;
    tell_delegation(w, ctx, "notice-delegation", [visitor.id, to.id])
}

/// Who decides in the visitor's place already in some of this time: of two at once nobody would know
/// whose word counts.
fn overlapping(
    conn: &mut Db,
    visitor: &Visitor,
    now: Utc,
    (starts, ends): (Utc, Utc),
) -> Result<Option<String>> {
    let mut given = delegations::of_person(conn, visitor.id, now)?.into_iter();
    let meets = |row: &Delegation| {
        row.from_id == visitor.id && row.starts_at < ends && starts < row.ends_at
    };
    let other = given.find(meets).map(|row| row.to_id);
    let name = other.map(|to| people::find_person(conn, to).map(|p| p.name));
    name.transpose()
}

/// Takes a delegation back: whoever gave it, and whoever has it.
pub fn end_delegation(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Delegation>,
) -> Result<()> {
    let row = delegations::find(w, id)?;
    if row.from_id != visitor.id && row.to_id != visitor.id {
        return Err(Error::NotFound);
    }
    delegations::end(w, id, ctx.now)?;
    let from = people::find_person(w, row.from_id)?.name;
    let to = people::find_person(w, row.to_id)?.name;
    note(w, ctx, &row, [&from, &to], "person.delegation_ended")?;
    tell_delegation(w, ctx, "notice-delegation-ended", [row.from_id, row.to_id])
}

/// Both journals tell of it.
fn note(
    w: &mut Write<'_>,
    ctx: &Ctx,
    row: &Delegation,
    [from, to]: [&str; 2],
    name: &str,
) -> Result<()> {
    let changes = || {
        vec![
            Change::set("delegation", Value::word(row.id.to_string())),
            Change::set(
                "delegation_from",
                Value::Ref(row.from_id.uuid(), from.to_owned()),
            ),
            Change::set("delegation_to", Value::Ref(row.to_id.uuid(), to.to_owned())),
            Change::set("delegation_starts_at", Value::At(row.starts_at)),
            Change::set("delegation_ends_at", Value::At(row.ends_at)),
        ]
    };
    for person in [row.from_id, row.to_id] {
        let subject = Subject {
            kind: "person",
            id: person.uuid(),
        };
        journal::append_to(w, ctx, subject, &NewFact::new(name, changes()))?;
    }
    Ok(())
}
