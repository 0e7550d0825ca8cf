//! Closed periods as the journal's verification sees them: figures that were changed behind its back do not
//! have the hash of their fact.

use crate::journal::verify::Rows;
use crate::reports::store;

pub const CLOSED_PERIODS: Rows = Rows {
    kind: "closed_period",
    fields: &["from", "to", "hash", "figures"],
    added: "closed_period.closed",
    after: store::all_ids,
    standings: store::standings,
    seed: |_| None,
    called: |fields| {
        let from = fields.get("from")?;
        Some(format!("closed period {}", from.shown()))
    },
};
