//! When each target's clock begins, stops, ends and begins again.

use super::catalogue::Catalogue;
use super::run::{End, Run};
use super::tell::{Told, tell};
use super::track::{Facts, Life, Moment, Track};
use crate::platform::db::Utc;
use crate::service_levels::terms::{Reopening, StopsAt, Target};

/// Counts one target of one record.
pub(super) struct Cycles<'a> {
    catalogue: &'a Catalogue,
    track: &'a Track,
    target: Target,
    now: Utc,
    cycle: i32,
    run: Option<Run<'a>>,
    told: Vec<Told<'a>>,
}

impl<'a> Cycles<'a> {
    pub(super) fn of(
        catalogue: &'a Catalogue,
        track: &'a Track,
        target: Target,
        now: Utc,
    ) -> Vec<Told<'a>> {
        let last = track.moments.last().map_or(now, |m| m.at);
        let mut cycles = Self {
            catalogue,
            track,
            target,
            // A clock on the wall that was set back does not undo what happened.
            now: now.max(last),
            cycle: 0,
            run: None,
            told: Vec::new(),
        };
        match target {
            Target::FirstResponse => cycles.first_response(),
            Target::Resolution => cycles.resolution(),
            Target::NextUpdate => cycles.next_update(),
            Target::Ola | Target::Supplier => cycles.stays(),
        }
        cycles.put_away();
        cycles.told
    }

    fn put_away(&mut self) {
        if let Some(run) = self.run.take() {
            tell(run, self.now, &mut self.told);
        }
    }

    fn begin(&mut self, start: Utc, moment: usize) {
        self.put_away();
        self.cycle += 1;
        let which = (self.target, self.cycle);
        let mut run = Run::begin(self.catalogue, self.track, which, start, moment);
        run.turn(moment);
        self.run = Some(run);
    }

    /// The record is of another kind from here on: what ran ends, and runs again for the new kind.
    fn begin_for_other_kind(&mut self, at: Utc, moment: usize) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        run.stop(at, moment, End::Ended);
        let mut next = run.begin_again(moment);
        self.cycle = next.cycle;
        tell(run, self.now, &mut self.told);
        next.turn(moment);
        self.run = Some(next);
    }

    fn stop(&mut self, at: Utc, moment: usize, end: End) {
        if let Some(run) = &mut self.run {
            run.stop(at, moment, end);
        }
    }

    fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|r| r.halt.is_none())
    }

    /// The moments after the first, each with the facts before it.
    fn later(&self) -> impl Iterator<Item = (usize, &'a Facts, &'a Moment)> + use<'a> {
        let before = self.track.moments.iter().map(|m| m.facts.as_ref());
        let moments = self.track.moments.iter().enumerate().skip(1);
        moments
            .zip(before)
            .map(|((n, moment), before)| (n, before, moment))
    }

    /// From the report to the first public answer, or to resolution. Never again once it stopped.
    fn first_response(&mut self) {
        self.begin(self.track.reported_at, 0);
        if self.track.conversation {
            self.stop(self.track.reported_at, 0, End::Stopped);
        }
        for (n, before, moment) in self.later() {
            let facts = &moment.facts;
            if before.kind != facts.kind && self.is_running() {
                self.begin_for_other_kind(moment.at, n);
            }
            let stopped = |r: &Run| r.halt.is_some_and(|h| h.end == End::Stopped);
            if moment.reopened && !self.run.as_ref().is_some_and(stopped) {
                self.go_on(n, moment);
            }
            if let Some(run) = &mut self.run {
                run.turn(n);
            }
            if moment.replied && before.life == Life::Open {
                self.stop(moment.at, n, End::Stopped);
            }
            if let Some(end) = self.end_of(facts, true) {
                self.stop(moment.at, n, end);
            }
        }
    }

    /// From the report to resolution, or to closing where the agreement says so.
    fn resolution(&mut self) {
        self.begin(self.track.reported_at, 0);
        for (n, before, moment) in self.later() {
            let facts = &moment.facts;
            if before.kind != facts.kind && self.is_running() {
                self.begin_for_other_kind(moment.at, n);
            }
            if moment.reopened && !self.is_running() {
                self.reopen(n, moment);
            }
            let Some(run) = &mut self.run else { continue };
            run.turn(n);
            let terms = run.terms.map(|t| t.version.terms.stops_at);
            // Of an imported record only `resolved_at` is known.
            let at_resolved = self.track.imported || terms != Some(StopsAt::Closed);
            if let Some(end) = self.end_of(facts, at_resolved) {
                self.stop(moment.at, n, end);
            }
        }
    }

    fn reopen(&mut self, n: usize, moment: &Moment) {
        let run = self.run.as_ref();
        match run.is_some_and(|r| r.reopening() == Reopening::NewCycle) {
            true => self.begin(moment.at, n),
            false => self.go_on(n, moment),
        }
    }

    /// A clock that stood still runs again; for another kind as a new one that knows the old one's
    /// time.
    fn go_on(&mut self, n: usize, moment: &Moment) {
        let Some(run) = &mut self.run else { return };
        let begun = self.track.moments.get(run.begun);
        if run.halt.is_none() {
            return;
        }
        if begun.is_some_and(|b| b.facts.kind == moment.facts.kind) {
            run.resume(n);
        } else {
            run.walk(moment.at);
            let mut next = run.begin_again(n);
            self.cycle = next.cycle;
            next.turn(n);
            self.put_away();
            self.run = Some(next);
        }
    }

    /// From each public answer to the next one, until resolution.
    fn next_update(&mut self) {
        let mut answered = self.track.conversation;
        if answered {
            self.begin(self.track.reported_at, 0);
        }
        for (n, before, moment) in self.later() {
            let facts = &moment.facts;
            if before.kind != facts.kind && self.is_running() {
                self.begin_for_other_kind(moment.at, n);
            }
            if moment.reopened && answered && !moment.replied {
                self.begin(moment.at, n);
            }
            if let Some(run) = &mut self.run {
                run.turn(n);
            }
            if let Some(end) = self.end_of(facts, true) {
                self.stop(moment.at, n, end);
            } else if moment.replied {
                answered = true;
                self.stop(moment.at, n, End::Stopped);
                self.begin(moment.at, n);
            }
        }
    }

    /// One clock for each stay with a working team, or for each hold on a supplier.
    fn stays(&mut self) {
        let mut with = None;
        let mut start = self.track.begun_at;
        for (n, moment) in self.track.moments.iter().enumerate() {
            let facts = &moment.facts;
            let next = stay_of(self.target, facts);
            let at = moment.at.max(self.track.begun_at);
            let begun = self.run.as_ref().map(|r| r.begun);
            let begun = begun.and_then(|n| self.track.moments.get(n));
            let other_kind = begun.is_some_and(|b| b.facts.kind != facts.kind);
            if with == next && next.is_some() {
                if other_kind {
                    self.begin_for_other_kind(at, n);
                } else if let Some(run) = &mut self.run {
                    run.turn(n);
                }
                continue;
            }
            if with.is_some() {
                let end = self.end_of(facts, true).unwrap_or(End::Stopped);
                self.stop(moment.at.max(start), n, end);
                self.put_away();
            }
            if next.is_some() {
                start = at;
                self.begin(start, n);
            }
            with = next;
        }
    }

    /// What a record's life means for a clock that runs.
    fn end_of(&self, facts: &Facts, at_resolved: bool) -> Option<End> {
        match facts.life {
            Life::Open => None,
            Life::Resolved => at_resolved.then_some(End::Stopped),
            Life::Closed { resolved } if resolved || !at_resolved => Some(End::Stopped),
            Life::Closed { .. } if self.track.imported => Some(End::Unknown),
            Life::Closed { .. } | Life::Cancelled => Some(End::Ended),
        }
    }
}

/// With whom a record stays.
#[derive(PartialEq, Eq)]
enum Stay {
    Team(uuid::Uuid),
    /// By the hold's first fact.
    Supplier(i64),
}

fn stay_of(target: Target, facts: &Facts) -> Option<Stay> {
    if facts.life != Life::Open {
        return None;
    }
    match target {
        Target::Supplier => {
            let hold = facts.hold.as_ref().filter(|h| h.supplier.is_some());
            hold.map(|h| Stay::Supplier(h.by))
        }
        _ => facts.team.map(Stay::Team),
    }
}
