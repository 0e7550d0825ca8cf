//! Reasons and exemptions as the journal's verification sees them: each row has its facts, and each fact its
//! row.

use std::collections::BTreeMap;

use super::store::{self, Exemption, Reason};
use crate::journal::Value;
use crate::journal::verify::{Checked, Held, Report};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;

/// What a record's facts leave.
#[derive(Default)]
pub struct Told {
    reasons: BTreeMap<String, ReasonTold>,
    exemptions: BTreeMap<String, ExemptionTold>,
}

struct ReasonTold {
    code: Held,
    text: Held,
    at: Utc,
}

struct ExemptionTold {
    reason: Held,
    at: Utc,
    approved_at: Option<Utc>,
}

impl Told {
    /// Takes the next fact of the record.
    pub fn tell(&mut self, fact: &Checked<'_>) {
        let at = fact.fact.occurred_at;
        let after = |field: &str| fact.after(field).cloned().unwrap_or(Held::Nothing);
        if let Some(Held::Word(clock)) = fact.after("breach_clock") {
            let told = self.reasons.entry(clock.clone()).or_insert(ReasonTold {
                code: Held::Nothing,
                text: Held::Nothing,
                at,
            });
            told.at = at;
            told.code = after("breach_code");
            told.text = after("breach_text");
        }
        if let Some(Held::Word(clock)) = fact.after("exemption_clock") {
            let key = cycle_of(clock);
            if fact.after("exemption_approved").is_some() {
                if let Some(told) = self.exemptions.get_mut(&key) {
                    told.approved_at = Some(at);
                }
            } else {
                let told = ExemptionTold {
                    reason: after("exemption_reason"),
                    at,
                    approved_at: None,
                };
                self.exemptions.insert(key, told);
            }
        }
    }

    pub fn compare_reason(&mut self, name: &str, row: &Reason, report: &mut Report<'_>) {
        let clock = format!("{}.{}.{}", row.target, row.cycle, row.part);
        let what = format!("{name} reason of {clock}");
        let Some(told) = self.reasons.remove(&clock) else {
            return report.differs(&what, "it stands there, but the journal has none");
        };
        report.compares(&what, "code", &told.code, &Value::word(row.code.word()));
        report.compares(&what, "text", &told.text, &Value::text(&row.text));
        same_time(&what, "at", Some(told.at), Some(row.at), report);
    }

    pub fn compare_exemption(&mut self, name: &str, row: &Exemption, report: &mut Report<'_>) {
        let clock = format!("{}.{}", row.target, row.cycle);
        let what = format!("{name} exemption of {clock}");
        let Some(told) = self.exemptions.remove(&clock) else {
            return report.differs(&what, "it stands there, but the journal has none");
        };
        report.compares(&what, "reason", &told.reason, &Value::text(&row.reason));
        same_time(&what, "asked", Some(told.at), Some(row.asked_at), report);
        same_time(&what, "approved", told.approved_at, row.approved_at, report);
    }

    /// What the facts tell and no row was found for.
    pub fn lost(self) -> impl Iterator<Item = (&'static str, String)> {
        let reasons = self.reasons.into_keys().map(|clock| ("reason of", clock));
        let exemptions = self.exemptions.into_keys();
        reasons.chain(exemptions.map(|clock| ("exemption of", clock)))
    }
}

/// The rows of some records.
pub fn of_records(conn: &mut Db, records: &[Id<()>]) -> Result<(Vec<Reason>, Vec<Exemption>)> {
    Ok((
        store::reasons_of_records(conn, records)?,
        store::exemptions_of_records(conn, records)?,
    ))
}

/// A clock's name without its part: an exemption is of a whole cycle.
fn cycle_of(clock: &str) -> String {
    clock
        .rsplit_once('.')
        .map_or_else(|| clock.to_owned(), |(cycle, _)| cycle.to_owned())
}

fn same_time(
    name: &str,
    field: &str,
    told: Option<Utc>,
    stands: Option<Utc>,
    report: &mut Report<'_>,
) {
    if told != stands {
        let shown = |at: Option<Utc>| at.map_or_else(|| "nothing".to_owned(), Utc::rfc3339_micros);
        report.differs_in(name, field, &shown(told), &shown(stands));
    }
}
