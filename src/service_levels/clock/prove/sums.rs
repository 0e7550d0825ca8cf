//! What the walk adds up: elapsed time, the target, the first instant by which there is enough.

use jiff::civil::Date;

use super::oracle::{How, Oracle, Row, Run, Version, pauses};
use super::wall::Wall;
use crate::service_levels::terms::Span;

/// How long after its start a due instant is looked for, in seconds.
const AHEAD: i64 = 86_400 * WALKED;
/// The same in days.
pub const WALKED: i64 = 12;

/// How much counted since the anchor, up to an instant, and what is needed.
#[derive(Clone, Copy)]
pub struct Added {
    needed: i64,
    not_before: i64,
    sum: i64,
    upto: i64,
}

impl<'a> Oracle<'a> {
    /// Enough had counted a tick ago.
    pub fn is_late(&self, run: &mut Run<'a>, at: i64) -> bool {
        let terms = run.terms.unwrap();
        let mut added = match run.added {
            Some(added) => added,
            None => {
                let Some((needed, not_before)) = self.goal(run, terms, i64::MAX) else {
                    return false;
                };
                Added {
                    needed,
                    not_before,
                    sum: 0,
                    upto: run.anchor,
                }
            }
        };
        let tick = self.world.tick;
        while added.upto < at - tick {
            let how = run.how[((added.upto - run.start) / tick) as usize];
            if Self::counts(how, terms) && self.passes(terms, added.upto, i64::MAX) {
                added.sum += tick;
            }
            added.upto += tick;
        }
        run.added = Some(added);
        let ago = at - tick;
        ago >= run.anchor && added.sum >= added.needed && added.not_before <= ago
    }

    /// Whether a tick counts for some terms, leaving open hours aside.
    pub fn counts(how: How, terms: &Version) -> bool {
        match how {
            How::Counts => true,
            How::Paused | How::Off => false,
            How::Open(reason, major) => !pauses(terms, reason, major),
        }
    }

    /// Whether the clock's own time passes in a tick. Versions of its calendar that begin after
    /// `known` are not known.
    fn passes(&self, terms: &Version, at: i64, known: i64) -> bool {
        matches!(terms.span, Span::Clock { .. }) || self.is_open(terms.calendar, at, known)
    }

    fn is_open(&self, calendar: usize, at: i64, known: i64) -> bool {
        self.wall(calendar, at, known).is_open(at, self.world.tick)
    }

    fn wall(&self, calendar: usize, at: i64, known: i64) -> &Wall {
        let versions = &self.world.calendars[calendar];
        let begun = versions
            .iter()
            .rev()
            .find(|(from, _)| *from <= at && *from <= known);
        &begun.unwrap_or(&versions[0]).1
    }

    /// What the target gives from the anchor on: seconds of own time, and an instant before which it
    /// is never due.
    fn goal(&self, run: &Run, terms: &Version, known: i64) -> Option<(i64, i64)> {
        let (days, by) = match terms.span {
            Span::Business { minutes } | Span::Clock { minutes } => {
                return Some((i64::from(minutes) * 60, run.anchor));
            }
            Span::EndOfDay { days } => (days, None),
            Span::ByTime { days, hour, minute } => (days, Some((hour, minute))),
        };
        let (date, opens, closes) = self.business_day(terms.calendar, run.anchor, days, known)?;
        let until = by.map_or(closes, |(hour, minute)| {
            let wall = self.wall(terms.calendar, opens, known);
            wall.when(date, hour, minute).max(opens)
        });
        let tick = self.world.tick;
        let ticks = (run.anchor..until).step_by(tick as usize);
        let open = ticks.filter(|at| self.is_open(terms.calendar, *at, known));
        Some((open.count() as i64 * tick, until))
    }

    /// The day with that number of those whose first open minute comes at or after an instant: by the
    /// calendar that is in force when it opens.
    fn business_day(
        &self,
        calendar: usize,
        from: i64,
        number: u32,
        known: i64,
    ) -> Option<(Date, i64, i64)> {
        let mut found: Vec<(Date, i64, i64)> = Vec::new();
        let versions = &self.world.calendars[calendar];
        for (n, (begins, wall)) in versions.iter().enumerate() {
            let next = versions.get(n + 1).map(|v| v.0).filter(|at| *at <= known);
            let (begins, ends) = (
                if n == 0 { i64::MIN } else { *begins },
                next.unwrap_or(i64::MAX),
            );
            if n > 0 && begins > known {
                break;
            }
            let tick = self.world.tick;
            let mut days: Vec<(Date, i64, i64)> = Vec::new();
            let first = from.max(begins).div_euclid(tick) * tick - 3 * 86_400;
            let last = first + (WALKED + 6) * 86_400;
            for at in (first..last.min(ends.saturating_add(3 * 86_400))).step_by(tick as usize) {
                if !wall.is_open(at, tick) {
                    continue;
                }
                // Three later days have begun: this one is over.
                let begun = days.iter().filter(|d| d.1 >= from.max(begins));
                if begun.count() >= number as usize + 3 {
                    break;
                }
                for date in wall.days(at) {
                    match days.iter_mut().find(|d| d.0 == date) {
                        Some(day) => day.2 = at + tick,
                        None => days.push((date, at, at + tick)),
                    }
                }
            }
            let start = from.max(begins);
            days.retain(|d| d.1 >= start && d.1 < ends);
            found.extend(days);
        }
        found.sort_by_key(|d| (d.1, d.0));
        found.get(number as usize - 1).copied()
    }

    /// The first instant by which enough ticks have counted.
    pub fn due(&self, run: &Run, known: i64) -> Option<i64> {
        let terms = run.terms?;
        let (mut left, not_before) = self.goal(run, terms, known)?;
        let tick = self.world.tick;
        let mut at = run.anchor;
        while left > 0 {
            let number = ((at - run.start) / tick) as usize;
            let counts = match run.how.get(number) {
                Some(how) => Self::counts(*how, terms),
                None if run.halted.is_some() => true,
                None => Self::counts(self.how_of(run), terms),
            };
            if counts && self.passes(terms, at, known) {
                left -= tick;
            }
            at += tick;
            if at - run.anchor > AHEAD {
                return None;
            }
        }
        Some(at.max(not_before))
    }

    /// How the present tick and those to come are for a run.
    fn how_of(&self, run: &Run) -> How {
        match (run.halted, self.hold) {
            (Some(_), _) => How::Off,
            (None, None) => How::Counts,
            (None, Some(reason)) => How::Open(reason, self.major),
        }
    }

    /// `until`: the terms were changed then, after a breach.
    pub fn row(&self, run: &Run, until: Option<i64>) -> Row {
        let terms = run.terms.unwrap();
        let mut run = run.clone();
        let open = until.is_none() && run.lapsed.is_none() && run.halted.is_none();
        let paused_now = open && !Self::counts(self.how_of(&run), terms);
        let (mut phase, mut outcome, mut outcome_at) = match paused_now {
            true => ("paused", "running", None),
            false => ("running", "running", None),
        };
        let mut end = run.last;
        let mut stopped = None;
        if let Some(at) = until {
            (phase, outcome, outcome_at, end) = ("ended", "breached", run.breached, at);
        } else if let Some(at) = run.lapsed {
            (phase, outcome, outcome_at, end) = ("ended", "ended", Some(at), at);
        } else if let Some((at, true, _)) = run.halted {
            (phase, outcome, outcome_at, end) = ("stopped", "met", Some(at), at);
            stopped = Some(at);
        } else if let Some((at, false, _)) = run.halted {
            (phase, outcome, outcome_at, end) = ("ended", "ended", Some(at), at);
        }
        if run.breached.is_some() {
            (outcome, outcome_at) = ("breached", run.breached);
        }
        let tick = self.world.tick;
        let (mut elapsed, mut paused) = (0, 0);
        for at in (run.anchor..end).step_by(tick as usize) {
            let how = run.how[((at - run.start) / tick) as usize];
            if how == How::Off || !self.passes(terms, at, i64::MAX) {
                continue;
            }
            match Self::counts(how, terms) {
                true => elapsed += tick,
                false => paused += tick,
            }
        }
        let known = if open { i64::MAX } else { end };
        if !open && until.is_none() {
            run.how.truncate(((end - run.start) / tick) as usize);
            run.halted = run.halted.or(Some((end, false, 0)));
        }
        let due = self.due(&run, known);
        let due = due.filter(|due| due - run.anchor <= AHEAD);
        // A fact that stops or ends a clock finds the priority as it was with that fact; what became
        // true by time alone, as it was at that instant, once all its facts are known.
        let by_fact = run.breached.is_none() && run.lapsed.is_none();
        let priority = match run.halted.filter(|_| by_fact) {
            Some((_, _, priority)) => Some(priority),
            None if outcome_at.is_none() => Some(self.priority),
            None => None,
        };
        Row {
            cycle: run.cycle,
            part: run.part,
            version: (terms.agreement, terms.number),
            phase,
            outcome,
            outcome_at,
            started: run.anchor,
            due,
            stopped,
            breached: run.breached,
            elapsed,
            paused,
            superseded: until.is_some(),
            kind: run.kind,
            priority,
        }
    }
}
