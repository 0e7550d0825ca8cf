//! The verbs of problems. Each finds the problem through the person and writes what follows with one
//! fact. What follows from a fact elsewhere (a fix that ended, an incident that came) is told by `follow`.

mod factors;
mod fix;
mod incidents;
mod known_error;
mod offer;
mod open;
mod risk;
mod tell;
mod workaround;

pub use factors::{EditFactor, add_factor, edit_factor, remove_factor, standing_factors};
pub use fix::{fix_ended, fix_linked, fix_started, linked, plan_fix, settled, verified, watch_for};
pub use incidents::{link_incidents, linked_plan, resolve_linked, similar, unlink_incidents};
pub use known_error::{Publish, before_publishing, publish, retire, retitled, save_workaround};
pub use offer::{Asked, known_for, offer, published};
pub use open::{OpenFrom, open_from};
pub use risk::{accept_risk, review_risk};
pub use tell::{Reached, Tell, reached, tell_incidents, token};
pub use workaround::{use_workaround, worked};

use super::labels;
use super::model::Problem;
use super::store;
use crate::journal::Change as Said;
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Kind, Number, Record};

/// Open incidents of one problem that are looked at, at most.
pub const MOST: i64 = 500;

/// A problem with all that is its own.
#[derive(Debug, Clone)]
pub struct Found {
    pub record: Record,
    pub problem: Problem,
}

/// A problem, found through the person.
pub fn found(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    if number.kind != Kind::Problem {
        return Err(Error::NotFound);
    }
    let record = records::find_visible(conn, visitor, number)?;
    of_record(conn, record)
}

/// [`found`] by somebody who works on it, of one that may still be written.
fn to_write(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    let found = found(conn, visitor, number)?;
    visitor.needs(Right::Work)?;
    records::actions::not_closed(&found.record)?;
    Ok(found)
}

/// A problem, or a post-mortem: what contributed to either is one list of one vocabulary.
pub fn found_listed(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    match number.kind {
        Kind::Postmortem => {
            let record = records::find_visible(conn, visitor, number)?;
            of_record(conn, record)
        }
        _ => found(conn, visitor, number),
    }
}

/// [`found_listed`] of one that may still be written. What was published stays as it reads.
fn listed_to_write(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    let found = found_listed(conn, visitor, number)?;
    visitor.needs(Right::Work)?;
    records::actions::not_closed(&found.record)?;
    if number.kind == Kind::Postmortem && found.record.state == "published" {
        let stands = Message::new("postmortem-not-written");
        return Err(Error::refused(stands.arg("number", number)));
    }
    Ok(found)
}

/// What is its own of a record that was found.
fn of_record(conn: &mut Db, record: Record) -> Result<Found> {
    Ok(Found {
        problem: store::find(conn, record.id)?,
        record,
    })
}

/// Says something of a record whose row stays as it is.
fn say(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &Record,
    what: &str,
    said: Vec<Said>,
) -> Result<Record> {
    let fact = records::actions::fact(record.kind, what);
    records::save(w, ctx, record, record.clone(), fact, said)
}

/// Writes what is a problem's own, and says what became different.
fn write(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Found,
    after: &Problem,
    what: &str,
) -> Result<Record> {
    let said = labels::changes(&before.problem, after);
    if said.is_empty() {
        return Ok(before.record.clone());
    }
    store::put(w, after)?;
    say(w, ctx, &before.record, what, said)
}

/// Tells whoever waits for a problem what became of it; whoever did it knows.
fn tell_waiting(w: &mut Write<'_>, ctx: &Ctx, record: &Record, said: &'static str) -> Result<()> {
    let who: Vec<Id<Person>> = store::waiting_people(w, record)?;
    let item = serde_json::json!({
        "record": record.id,
        "said": said,
        "at": ctx.now.micros(),
    });
    for person in who {
        if Some(person.uuid()) != ctx.actor.id {
            people::tell(w, person, "problems", ctx.now, vec![item.clone()])?;
        }
    }
    Ok(())
}
