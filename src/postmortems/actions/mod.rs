//! The verbs of post-mortems. Each finds the post-mortem through the person and writes what follows with
//! one fact. What follows from a fact elsewhere (an incident that was resolved, one that was restricted,
//! an action item that ended) is told by `follow`.

mod facts;
mod instants;
mod items;
mod items_carried;
mod items_recur;
mod overdue;
mod people;
mod raise;
mod required;
mod review;
mod sections;
mod timeline;
mod transfer;
mod wording;

pub use facts::{agree_facts, say_of_facts};
pub use instants::{SayInstant, instants_seen, say_instant};
pub use items::{
    FoundItem, PlanItem, RaiseItem, carry_item, found_item, item_assigned, item_moved, plan_item,
    postmortem_restricted, raise_item, verify_item,
};
pub use items_carried::{carrier_ended, carrier_reopened, items_to_remind, remind_of_item};
pub use items_recur::{Pair, incident_reported, recurrences};
pub use overdue::{overdue, tell_overdue};
pub use people::{People, edit_people};
pub use raise::{Raise, incident_resolved, incident_restricted, raise};
pub use required::{RuleForm, add_rule, counted, remove_rule, rule_of};
pub use review::{
    decline_actions, missing_key, missing_of, publish, return_to_draft, revise, settled, submit,
};
pub use sections::{SaveSection, save_section};
pub use timeline::{Annotate, Line, annotate, lines};
pub use transfer::{export, import};
pub use wording::{HitSeen, all_hits, dismiss, hits_of};

use super::labels::{self, PEOPLE};
use super::model::Postmortem;
use super::store;
use crate::journal::{Change as Said, Value};
use crate::people::{self as persons, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Kind, Number, Record};

/// A post-mortem with all that is its own.
#[derive(Debug, Clone)]
pub struct Found {
    pub record: Record,
    pub of: Postmortem,
}

impl Found {
    /// Whether it may be written: what was published is taken up again first.
    pub fn is_written(&self) -> bool {
        matches!(
            self.record.state.as_str(),
            "draft" | "facts_agreed" | "in_review"
        )
    }
}

/// A post-mortem, found through the person.
pub fn found(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    if number.kind != Kind::Postmortem {
        return Err(Error::NotFound);
    }
    let record = records::find_visible(conn, visitor, number)?;
    of_record(conn, record)
}

/// [`found`] by somebody who works on it, of one that may still be written.
fn to_write(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    let found = found(conn, visitor, number)?;
    visitor.needs(Right::Work)?;
    match found.is_written() {
        true => Ok(found),
        false => Err(Error::refused(
            Message::new("postmortem-not-written").arg("number", number),
        )),
    }
}

/// What is its own of a record that was found.
fn of_record(conn: &mut Db, record: Record) -> Result<Found> {
    Ok(Found {
        of: store::find(conn, record.id)?,
        record,
    })
}

/// Writes a post-mortem as it is now, with everything that is new about it.
fn write(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Found,
    record: Record,
    after: &Postmortem,
    what: &str,
    extra: Vec<Said>,
) -> Result<Record> {
    let mut said = labels::changes(&before.of, after);
    for (field, of) in PEOPLE {
        let (was, is) = (of(&before.of), of(after));
        if was != is {
            let was = named(w, was)?;
            let is = named(w, is)?;
            said.push(Said::new(field, was, is));
        }
    }
    said.extend(extra);
    if *after != before.of {
        store::put(w, after)?;
    }
    let fact = records::actions::fact(Kind::Postmortem, what);
    records::save(w, ctx, &before.record, record, fact, said)
}

fn named(conn: &mut Db, person: Option<Id<Person>>) -> Result<Value> {
    Ok(match person {
        None => Value::Nothing,
        Some(id) => Value::Ref(id.uuid(), persons::find_person(conn, id)?.name),
    })
}

/// Tells some people something of a post-mortem; whoever did it knows, and whom it does not exist for
/// hears nothing.
fn tell(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    who: impl IntoIterator<Item = Id<Person>>,
    said: &'static str,
) -> Result<()> {
    let item = serde_json::json!({
        "record": record.id,
        "said": said,
        "at": ctx.now.micros(),
    });
    let mut told: Vec<Id<Person>> = Vec::new();
    for person in who {
        let knows = Some(person.uuid()) == ctx.actor.id || told.contains(&person);
        if !knows && records::is_open_to(w, record, person)? {
            persons::tell(w, person, "postmortems", ctx.now, vec![item.clone()])?;
            told.push(person);
        }
    }
    Ok(())
}
