//! Settling a record's clocks: not a verb of anybody's, but what follows from facts and from time.
//!
//! `service_levels` counts; here the answer comes to the record's row, and what happened to a clock (a
//! breach, a step of the escalation) becomes a fact of the record, with its own time.

use uuid::Uuid;

use crate::journal::{Change, NewFact, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::policy;
use crate::records::store;
use crate::service_levels::results::{self, BreachCode, Explain, Which};
use crate::service_levels::{self, BREACH, Catalogue, ClockState, Fired, Settled};

/// Counts the clocks of records again. Says how many facts that brought.
pub fn settle_clocks(w: &mut Write<'_>, ctx: &Ctx, ids: &[Id<Record>]) -> Result<usize> {
    let Some(catalogue) = service_levels::catalogue(w)? else {
        return Ok(0);
    };
    let found = store::heads_of(w, ids)?;
    let records: Vec<(Uuid, bool)> = found
        .iter()
        .map(|record| (record.id.uuid(), record.is_restricted))
        .collect();
    let settled = service_levels::settle(w, &catalogue, &records, ctx.now)?;
    let mut changed = Vec::new();
    let mut told = 0;
    for (record, settled) in found.into_iter().zip(settled) {
        let facts = facts(&catalogue, &record, &settled);
        told += facts.len();
        if !facts.is_empty() || !record.stands_as(&settled) {
            changed.push((record, settled, facts));
        }
    }
    store::write_standings(w, ctx, &changed)?;
    Ok(told)
}

/// Clocks of a record that were late and of which nobody has said why.
pub fn unexplained(conn: &mut Db, record: &Record, now: Utc) -> Result<Vec<Which>> {
    if record.clock_state == ClockState::None {
        return Ok(Vec::new());
    }
    let rows = service_levels::clocks_of(conn, &[record.id.uuid()])?;
    let late = rows.iter().filter(|row| {
        let running = row.stopped_at.is_none() && row.due_at < now;
        !row.is_imported && (row.breached_at.is_some() || running)
    });
    let mut late: Vec<Which> = late
        .map(|row| Which {
            target: row.target,
            cycle: row.cycle,
            part: row.part,
        })
        .collect();
    if !late.is_empty() {
        let said = results::explained(conn, record.id.cast())?;
        late.retain(|which| !said.contains(which));
    }
    late.sort_unstable();
    Ok(late)
}

/// Says of every clock of a record that was late, and of which nobody said it before, why. Asked for
/// when it is resolved, and never in the way of that.
pub fn explain_breaches(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    code: BreachCode,
    text: &str,
) -> Result<()> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    // What is late by now is late in its row too.
    settle_clocks(w, &Ctx::system(ctx.now, Door::Worker), &[record.id])?;
    let mut record = store::find_by_id(w, record.id)?;
    for which in unexplained(w, &record, ctx.now)? {
        let explain = Explain {
            which,
            code,
            text: text.to_owned(),
        };
        let said = results::explain_breach(w, record.id.cast(), visitor.id, ctx.now, &explain)?;
        if !said.is_empty() {
            let name = super::fact(record.kind, "breach_explained");
            let after = record.clone();
            record = store::save(w, ctx, &record, after, name, said)?;
        }
    }
    Ok(())
}

/// Records of which a clock is due to be looked at: at most so many, each once.
pub fn clocks_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Id<Record>>> {
    let mut ids = service_levels::clocks_due(conn, now, limit)?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.into_iter().map(Id::from_uuid).collect())
}

fn facts(catalogue: &Catalogue, record: &store::Headed, settled: &Settled) -> Vec<NewFact> {
    let mut fired: Vec<&Fired> = settled.fired.iter().collect();
    fired.sort_by_key(|fired| (fired.at, fired.index));
    let facts = fired.into_iter().map(|fired| {
        let agreement = catalogue.version(fired.version);
        let name = agreement.map(|a| a.name.clone()).unwrap_or_default();
        let mut changes = vec![
            Change::set("clock_target", Value::word(fired.target.word())),
            Change::set("clock_cycle", Value::Number(fired.cycle.into())),
            Change::set("clock_part", Value::Number(fired.part.into())),
            Change::set("clock_due_at", Value::At(fired.due_at)),
            Change::set("clock_agreement", Value::Ref(fired.agreement, name)),
            Change::set("clock_version", Value::word(fired.version.to_string())),
        ];
        let what = match fired.index {
            None => "breached",
            Some(index) => {
                changes.push(Change::set("clock_step", Value::word(fired.step.clone())));
                changes.push(Change::set("clock_step_index", Value::Number(index as i64)));
                if fired.is_overtaken {
                    changes.push(Change::set("clock_step_overtaken", Value::Flag(true)));
                }
                "escalated"
            }
        };
        debug_assert!(fired.index.is_some() || fired.step == BREACH);
        NewFact {
            occurred_at: Some(fired.at),
            ..NewFact::new(super::fact(record.kind, what), changes)
        }
    });
    facts.collect()
}
