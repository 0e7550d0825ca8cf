//! An incident that is a request after all, and the other way round: the record stays what it is with
//! all that is on it, under a new number of its new kind. The old one leads to it.

use super::{enter, fact};
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::fair;
use crate::records::life_cycle::{Practice, Practices};
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::{policy, store};

/// What a record would become: the practice of the other kind, and the state in it.
pub struct Becoming {
    pub practice: &'static Practice,
    pub state: &'static str,
}

/// A record whose kind may be changed now, found through the person, and what it would become.
pub fn before_kind_change(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    number: Number,
) -> Result<(Record, Becoming)> {
    let record = store::find_visible(conn, visitor, number)?;
    policy::may_work(visitor)?;
    let from = practices.of(record.kind);
    let Some(becomes) = from.becomes else {
        let message = Message::new("kind-stays").arg("number", record.number());
        return Err(Error::refused(message));
    };
    if !record.is_open {
        let message = Message::new("kind-only-while-open").arg("number", record.number());
        return Err(Error::refused(message));
    }
    if record.is_major {
        let message = Message::new("kind-stays-while-major").arg("number", record.number());
        return Err(Error::refused(message));
    }
    let practice = practices.of(becomes.kind);
    let state = meant(from, practice, &record, &record.state)?;
    Ok((record, Becoming { practice, state }))
}

fn meant(from: &Practice, to: &Practice, record: &Record, state: &str) -> Result<&'static str> {
    from.state_in(to, state, record.assignee_id.is_some())
        .ok_or_else(|| Error::inward(format!("{} has nothing for {state}", to.kind)))
}

/// Changes a record's kind. `reason` is one sentence that may be left out.
pub fn change_kind(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let (before, becoming) = before_kind_change(w, visitor, practices, number)?;
    let to = becoming.practice;
    let mut extra = Vec::new();
    if !reason.is_empty() {
        extra.push(Change::set("kind_reason", Value::text(reason)));
    }
    if let Some(hold) = store::hold_of(w, before.id)? {
        // It waits on; coming back it must find a state that there is.
        let from = practices.of(before.kind);
        let state = meant(from, to, &before, &hold.state_before)?;
        if state != hold.state_before {
            store::set_state_before(w, hold.id, state)?;
            extra.push(Change::new(
                "hold_state_before",
                Value::word(hold.state_before),
                Value::word(state),
            ));
        }
    }
    let mut after = before.clone();
    enter(&mut after, to, becoming.state)?;
    after.kind = to.kind;
    after.number = store::next_number(w, to.kind)?;
    after.kind_changes += 1;
    // It has waited as long as it has; what it may wait is another's.
    let pauses = store::pauses_of(w, before.id)?;
    let allowance = store::allowance(w, to.kind)?;
    after.virtual_deadline = allowance.map_or(Utc::FAR, |allowance| {
        fair::deadline(before.entered_at, allowance, &pauses)
    });
    if after.number == before.number {
        // The same count of another kind; the fact tells of both numbers all the same.
        let count = || Value::Number(after.number);
        extra.push(Change::new("number", count(), count()));
    }
    store::insert_former_number(w, before.number(), before.id, ctx.now)?;
    let name = fact(before.kind, "kind_changed");
    store::save(w, ctx, &before, after, name, extra)
}
