//! How long things take: to detect, to acknowledge, to restore; who held the work; why clocks stood still.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::model::{GroupBy, Period, Spread};
use super::rules;
use super::store::{self, Said};
use crate::incidents::Which;
use crate::items;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::service_levels::Target;
use crate::services::{self, CodeList};

crate::text_enum! {
    /// The times the field knows by three letters each.
    pub enum Measure {
        /// From the beginning of the impact until it was detected.
        Mttd = "mttd",
        /// From the report until the first person was assigned.
        Mtta = "mtta",
        /// From the beginning of the impact until it was gone.
        Mttr = "mttr",
    }
}

/// One measure of one priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    pub measure: String,
    pub priority: i32,
    pub spread: Spread,
}

/// Who held work, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Stays with a team (`ola`) or holds on a supplier (`supplier`).
    pub target: String,
    pub label: String,
    pub n: u64,
    pub elapsed_micros: i64,
    pub paused_micros: i64,
}

/// Time on hold for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    pub code: String,
    pub label: String,
    /// How many times.
    pub n: u64,
    pub micros: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    pub measures: Vec<Measured>,
    /// Incidents of which an end is known to lie before its beginning; in no measure.
    pub backwards: u64,
    pub holders: Vec<Holder>,
    pub pauses: Vec<Paused>,
}

/// Works the times of a period out.
pub fn times(conn: &mut Db, period: &Period, now: Utc) -> Result<Times> {
    let (measures, backwards) = measures(conn, period)?;
    Ok(Times {
        measures,
        backwards,
        holders: holders(conn, period)?,
        pauses: pauses(conn, period, now)?,
    })
}

/// What is known of one incident.
#[derive(Default)]
struct Known {
    began: Option<Utc>,
    detected: Option<Utc>,
    acknowledged: Option<Utc>,
    mitigated: Option<Utc>,
}

#[derive(Default)]
struct Gathered {
    values: BTreeMap<(Measure, i32), Vec<i64>>,
    backwards: u64,
}

impl Gathered {
    fn take(&mut self, incident: &Said, known: &Known) {
        let began = known.began.unwrap_or(incident.reported_at);
        let restored = known.mitigated.or(incident.resolved_at);
        let mut is_backwards = false;
        for (measure, from, to) in [
            (Measure::Mttd, known.began, known.detected),
            (
                Measure::Mtta,
                Some(incident.reported_at),
                known.acknowledged,
            ),
            (Measure::Mttr, Some(began), restored),
        ] {
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if to < from {
                is_backwards = true;
                continue;
            }
            let key = (measure, incident.priority);
            let values = self.values.entry(key).or_default();
            values.push(to.micros() - from.micros());
        }
        self.backwards += u64::from(is_backwards);
    }
}

fn measures(conn: &mut Db, period: &Period) -> Result<(Vec<Measured>, u64)> {
    let mut gathered = Gathered::default();
    let mut last: Option<(Said, Known)> = None;
    store::instants(conn, period.start, period.end, |said| {
        // The instants of an incident stand together.
        let is_next = last.as_ref().is_none_or(|(of, _)| of.record != said.record);
        if is_next && let Some((of, known)) = last.take() {
            gathered.take(&of, &known);
        }
        let (which, at) = (said.which, said.at);
        let (_, known) = last.get_or_insert_with(|| (said, Known::default()));
        *match which {
            Which::ImpactBegan => &mut known.began,
            Which::Detected => &mut known.detected,
            Which::Acknowledged => &mut known.acknowledged,
            Which::Mitigated => &mut known.mitigated,
        } = at;
    })?;
    if let Some((of, known)) = last {
        gathered.take(&of, &known);
    }
    let measured = (gathered.values.into_iter())
        .map(|((measure, priority), values)| Measured {
            measure: measure.word().to_owned(),
            priority,
            spread: rules::spread(values),
        })
        .collect();
    Ok((measured, gathered.backwards))
}

fn holders(conn: &mut Db, period: &Period) -> Result<Vec<Holder>> {
    let mut names = store::names(conn, GroupBy::Team)?;
    names.extend((items::list_suppliers(conn)?.into_iter()).map(|s| (s.id.uuid(), s.name)));
    let mut holders = Vec::new();
    for target in [Target::Ola, Target::Supplier] {
        for held in store::held_by(conn, target, period.start, period.end)? {
            let holder = held.team.map(|id| id.uuid()).or(held.supplier);
            let name = holder.and_then(|id| names.get(&id).cloned());
            holders.push(Holder {
                target: target.word().to_owned(),
                label: name.unwrap_or_default(),
                n: held.n,
                elapsed_micros: held.elapsed,
                paused_micros: held.paused,
            });
        }
    }
    Ok(holders)
}

/// By the clock on the wall, within the period: of what was put on hold in it.
fn pauses(conn: &mut Db, period: &Period, now: Utc) -> Result<Vec<Paused>> {
    let end = period.end.min(now);
    let labels: HashMap<String, String> = (services::list_codes(conn, CodeList::Hold)?.into_iter())
        .map(|code| (code.code, code.label))
        .collect();
    let mut found: HashMap<String, (u64, i64)> = HashMap::new();
    store::holds(conn, period.start, period.end, |hold| {
        let until = hold.ended_at.unwrap_or(end).min(end);
        let (n, micros) = found.entry(hold.reason).or_default();
        *n += 1;
        *micros += (until.micros() - hold.started_at.micros()).max(0);
    })?;
    let mut pauses: Vec<Paused> = (found.into_iter())
        .map(|(code, (n, micros))| Paused {
            label: labels.get(&code).cloned().unwrap_or_else(|| code.clone()),
            code,
            n,
            micros,
        })
        .collect();
    pauses.sort_by(|a, b| (b.micros, &a.code).cmp(&(a.micros, &b.code)));
    Ok(pauses)
}
