//! The one function: facts and catalogue in, clocks out.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::cycles::Cycles;
use super::history::History;
use super::model::{Clock, Outcome};
use super::tell::Told;
use super::track::Track;
use crate::platform::db::Utc;
use crate::service_levels::terms::Target;

/// Every clock of a record: each cycle of each target, and the parts that breached under earlier
/// terms. In the order of target, cycle and part.
pub fn clocks(history: &History, catalogue: &Catalogue, now: Utc) -> Vec<Clock> {
    let Some(track) = Track::of(history) else {
        return Vec::new();
    };
    let mut clocks = Vec::new();
    for &target in Target::ALL {
        let mut told = counted(catalogue, &track, target, now);
        clocks.extend(told.drain(..).map(|t| t.clock));
    }
    mark_counted(&mut clocks);
    clocks
}

pub(super) fn counted<'a>(
    catalogue: &'a Catalogue,
    track: &'a Track,
    target: Target,
    now: Utc,
) -> Vec<Told<'a>> {
    match catalogue.promises(target) {
        true => Cycles::of(catalogue, track, target, now),
        false => Vec::new(),
    }
}

/// A record counts once for a target, with its worst cycle; of stays, once for each team and each
/// supplier.
fn mark_counted(clocks: &mut [Clock]) {
    let mut worst: BTreeMap<_, (u8, usize)> = BTreeMap::new();
    for (n, clock) in clocks.iter().enumerate().filter(|(_, c)| !c.is_superseded) {
        let team = clock.team.filter(|_| clock.target == Target::Ola);
        let badness = match clock.outcome {
            Outcome::Breached => 4,
            Outcome::Running => 3,
            Outcome::Met => 2,
            Outcome::Exempt => 1,
            Outcome::Ended => 0,
        };
        let known = worst
            .entry((clock.target, team, clock.supplier))
            .or_insert((badness, n));
        // Of two as bad, the earlier one: the record's result was certain then.
        if badness > known.0 {
            *known = (badness, n);
        }
    }
    for (_, n) in worst.into_values() {
        if let Some(clock) = clocks.get_mut(n) {
            clock.is_counted = true;
        }
    }
}
