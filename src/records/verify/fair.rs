//! A record's place in the fair order, counted again from its facts and from the allowances as they were
//! when it entered.

use time::Duration;

use super::store::Row;
use super::story::{HoldTold, Story};
use crate::journal;
use crate::journal::verify::Report;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::records::fair::{self, Class};
use crate::records::life_cycle::ON_HOLD;
use crate::records::model::Kind;
use crate::services::fields::{ALLOWANCES, FAIR_ORDER, about_setting};

/// Every allowance that was ever set: of which class, by which fact, how many hours.
pub struct Allowances(Vec<(&'static str, i64, i64)>);

impl Allowances {
    pub fn read(conn: &mut Db) -> Result<Self> {
        let subject = about_setting(FAIR_ORDER).id;
        let mut all = Vec::new();
        for (class, field, _) in ALLOWANCES {
            for told in journal::changes_of(conn, &[subject], field)? {
                all.extend(
                    told.after
                        .parse()
                        .ok()
                        .map(|hours| (class, told.seq, hours)),
                );
            }
        }
        Ok(Self(all))
    }

    /// The allowance of a class when a fact was appended.
    fn at(&self, class: Class, seq: i64) -> Duration {
        let before = |(of, set, _): &&(&str, i64, i64)| *of == class.word() && *set < seq;
        let last = self.0.iter().filter(before).max_by_key(|(_, set, _)| *set);
        last.map_or(class.allowance(), |(_, _, hours)| Duration::hours(*hours))
    }
}

/// Compares the place of an open record with what its facts tell.
pub fn compare(
    name: &str,
    row: &Row,
    story: &Story,
    allowances: &Allowances,
    report: &mut Report<'_>,
) {
    let Some(entered) = story.entered.filter(|_| row.is_open) else {
        return;
    };
    let pause = |hold: &HoldTold| Some((hold.started_at, hold.ended_at?));
    let pauses: Vec<(Utc, Utc)> = story.holds.iter().filter_map(pause).collect();
    let class = Kind::from_word(&row.kind).and_then(Class::of);
    let deadline = class.map_or(Utc::FAR, |class| {
        fair::deadline(entered, allowances.at(class, story.placed), &pauses)
    });
    let paused = (row.state == ON_HOLD).then(|| since(&story.holds));
    let mut differs = |what, told: Option<Utc>, stands: Option<Utc>| {
        super::beside::same_time(name, what, told, stands, report);
    };
    differs("waiting since", Some(entered), Some(row.entered_at));
    differs(
        "virtual deadline",
        Some(deadline),
        Some(row.virtual_deadline),
    );
    if class.is_some() {
        differs("paused since", paused.flatten(), row.paused_since);
    }
}

/// Since when it waits without a break, through whatever holds.
fn since(holds: &[HoldTold]) -> Option<Utc> {
    let mut holds = holds.iter().rev();
    let mut since = holds
        .next()
        .filter(|hold| hold.ended_at.is_none())?
        .started_at;
    for before in holds {
        if before.ended_at != Some(since) {
            break;
        }
        since = before.started_at;
    }
    Some(since)
}
