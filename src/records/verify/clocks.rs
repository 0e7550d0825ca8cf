//! Clocks as they stand against what the facts come to, record by record.

use std::collections::HashMap;

use super::store::{self, DueRow};
use crate::journal::verify::Report;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::service_levels::proof::{self, Asked, Proved};
use crate::service_levels::{self, Catalogue};

/// How many records are looked at together.
const BATCH: i64 = 200;

/// What was looked at beside the differences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClocksSeen {
    pub records: u64,
    pub clocks: u64,
    /// Records of which a clock waits for the workers; they were compared as of the instant before.
    pub waiting: u64,
}

/// Counts the clocks of every record again and compares the rows of clocks and of records.
pub fn verify_clocks(conn: &mut Db, now: Utc, report: &mut Report<'_>) -> Result<ClocksSeen> {
    let catalogue = service_levels::catalogue(conn)?.unwrap_or_default();
    let mut seen = ClocksSeen::default();
    let mut after = None;
    loop {
        let rows = store::due_after(conn, after, BATCH)?;
        let Some(last) = rows.last() else {
            return Ok(seen);
        };
        after = Some(last.id);
        verify_batch(conn, &catalogue, rows, now, &mut seen, report)?;
    }
}

fn verify_batch(
    conn: &mut Db,
    catalogue: &Catalogue,
    rows: Vec<DueRow>,
    now: Utc,
    seen: &mut ClocksSeen,
    report: &mut Report<'_>,
) -> Result<()> {
    let asked = |row: &DueRow| Asked {
        id: row.id.uuid(),
        is_restricted: row.is_restricted,
        over: (!row.is_open).then_some(row.updated_at),
    };
    let records: Vec<Asked> = rows.iter().map(asked).collect();
    let proved = proof::prove(conn, catalogue, &records, now)?;
    let mut proved: HashMap<_, Proved> = proved.into_iter().map(|p| (p.record, p)).collect();
    for row in rows {
        let Some(proved) = proved.remove(&row.id.uuid()) else {
            continue;
        };
        seen.records += 1;
        seen.clocks += proved.clocks as u64;
        seen.waiting += u64::from(proved.waits);
        let name = super::name(&row.kind, row.number);
        for said in &proved.differences {
            report.differs(&name, said);
        }
        let (stands, told) = (&row, proved.standing);
        if told.due_at != stands.next_due_at {
            let said = proof::differs("next_due_at", &told.due_at, &stands.next_due_at);
            report.differs(&name, said);
        }
        if told.risk_at != stands.next_risk_at {
            let said = proof::differs("next_risk_at", &told.risk_at, &stands.next_risk_at);
            report.differs(&name, said);
        }
        if told.state.word() != stands.clock_state {
            let told = told.state.word().to_owned();
            let said = proof::differs("clock_state", &told, &stands.clock_state);
            report.differs(&name, said);
        }
        if proved.is_flagged != stands.is_flagged {
            let said = proof::differs("is_flagged", &proved.is_flagged, &stands.is_flagged);
            report.differs(&name, said);
        }
    }
    Ok(())
}
