//! Settling a record's clocks: not a verb of anybody's, but what follows from facts and from time.
//!
//! `service_levels` counts; here the answer comes to the record's row, and what happened to a clock (a
//! breach, a step of the escalation) becomes a fact of the record, with its own time.

use uuid::Uuid;

use crate::journal::{Change, NewFact, Value};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records::model::Record;
use crate::records::store;
use crate::service_levels::{self, BREACH, Catalogue, Fired, Settled};

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
        if !facts.is_empty() || record.standing() != settled.standing {
            changed.push((record, settled.standing, facts));
        }
    }
    store::write_standings(w, ctx, &changed)?;
    Ok(told)
}

/// Records of which a clock is due to be looked at: at most so many, each once.
pub fn clocks_due(
    conn: &mut Db,
    now: crate::platform::db::Utc,
    limit: i64,
) -> Result<Vec<Id<Record>>> {
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
