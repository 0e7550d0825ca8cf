//! Closing a period: its figures are worked out once more, written down with their hash, and never
//! worked out again.

use jiff::civil::Date;

use crate::journal::{self, Change, NewFact, Subject, Value, hex};
use crate::people::{self, Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::secrets::sha256;
use crate::platform::kernel::zone::Zone;
use crate::reports::figures;
use crate::reports::model::Period;
use crate::reports::store::{self, Closed};

/// Closes the month that a day lies in.
pub fn close_period(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    day: Date,
) -> Result<Id<Closed>> {
    visitor.needs(Right::Manage)?;
    let zone = Zone::named(&people::default_zone(w)?).unwrap_or_else(Zone::utc);
    let wrong = |message: Message| Error::invalid("month", message);
    let period = Period::month_of(&zone, day).map_err(wrong)?;
    if period.end > ctx.now {
        return Err(Error::invalid("month", "report-month-not-over"));
    }
    // A breach that is due but not yet written would be missing for good.
    if store::wakes_waiting(w, period.end)? {
        return Err(Error::refused("report-clocks-behind"));
    }
    let frozen = figures::freeze(w, &period, ctx.now)?;
    let figures = serde_json::to_string(&frozen)
        .map_err(|e| Error::inward(format!("figures of a period: {e}")))?;
    let hash = sha256(figures.as_bytes());
    let closed = Closed {
        id: Id::new(),
        from_at: period.start,
        to_at: period.end,
        closed_at: ctx.now,
        closed_by_id: visitor.id,
        hash: hash.to_vec(),
        figures,
    };
    store::insert_closed(w, &closed)?;
    let subject = Subject {
        kind: "closed_period",
        id: closed.id.uuid(),
    };
    let changes = vec![
        Change::set("from", Value::At(period.start)),
        Change::set("to", Value::At(period.end)),
        Change::set("hash", Value::word(hex(&hash))),
        Change::set("figures", Value::word(hex(&hash))),
    ];
    let fact = NewFact::new("closed_period.closed", changes);
    journal::append_to(w, ctx, subject, &fact)?;
    Ok(closed.id)
}
