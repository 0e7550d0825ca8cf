//! One clock being counted: walked along the moments of its record, it knows the stretches of its
//! time and the terms it stands under.
//!
//! A breach is looked for at each instant that could hide it: where the terms change, at a stop, at
//! the end, now. Once found under terms that were in force it stands. It is never earlier than the
//! fact that made it true, `since`.

use uuid::Uuid;

use super::catalogue::{Catalogue, Terms};
use super::track::{Facts, Moment, Track};
use crate::platform::db::Utc;
use crate::service_levels::terms::{PriorityChange, Reopening, Target};

/// What a stretch of time is to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Counts,
    Paused,
    /// On hold while no agreement covered the record: the next one's pauses decide.
    Undecided,
    /// Stopped, and opened again later.
    Off,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) from: Utc,
    pub(super) to: Utc,
    pub(super) how: How,
    /// The moment at which it began.
    pub(super) moment: usize,
    /// The version of the agreement it passed under; nil where there was none.
    pub(super) under: Uuid,
}

/// How a clock came to stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// What it waited for came.
    Stopped,
    /// It can't come any more.
    Ended,
    /// It may have come; nobody knows when.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Halt {
    pub(super) at: Utc,
    pub(super) moment: usize,
    pub(super) end: End,
}

/// A clock on its way.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) track: &'a Track,
    pub(super) target: Target,
    pub(super) cycle: i32,
    pub(super) part: i32,
    /// The moment with which it began.
    pub(super) begun: usize,
    /// The moment it has come to.
    pub(super) moment: usize,
    pub(super) start: Utc,
    /// From where the target counts: the start, or a change of priority.
    pub(super) anchor: Utc,
    pub(super) stretches: Vec<Stretch>,
    pub(super) cursor: Utc,
    pub(super) terms: Option<Terms<'a>>,
    /// Where its terms began, and by which fact.
    pub(super) terms_since: Utc,
    pub(super) terms_by: Option<i64>,
    /// No breach is earlier.
    pub(super) since: Utc,
    pub(super) breached: Option<Utc>,
    /// No agreement covers it any more, since then.
    pub(super) lapsed: Option<(Utc, Option<i64>)>,
    pub(super) halt: Option<Halt>,
    /// The last time it was stopped that counts all the same.
    pub(super) counted_off: Option<(Utc, Utc)>,
    pub(super) superseded: Vec<Part<'a>>,
}

/// A part that breached before its terms were changed.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) run: Run<'a>,
    pub(super) until: Utc,
    pub(super) by: Option<i64>,
}

impl<'a> Run<'a> {
    /// A clock whose time counts from `start`, and that came to be with a moment.
    pub(super) fn begin(
        catalogue: &'a Catalogue,
        track: &'a Track,
        (target, cycle): (Target, i32),
        start: Utc,
        moment: usize,
    ) -> Self {
        Self {
            catalogue,
            track,
            target,
            cycle,
            part: 1,
            begun: moment,
            moment,
            start,
            anchor: start,
            stretches: Vec::new(),
            cursor: start,
            terms: None,
            terms_since: start,
            terms_by: None,
            since: start,
            breached: None,
            lapsed: None,
            halt: None,
            counted_off: None,
            superseded: Vec::new(),
        }
    }

    /// The same promise for a record that is of another kind from this moment on: it counts from the
    /// same start, with the pauses there were.
    pub(super) fn begin_again(&self, moment: usize) -> Self {
        let next = (self.target, self.cycle + 1);
        let mut run = Self::begin(self.catalogue, self.track, next, self.start, moment);
        run.stretches.clone_from(&self.stretches);
        run.cursor = self.cursor;
        run
    }

    pub(super) fn here(&self) -> Option<&'a Moment> {
        self.track.moments.get(self.moment)
    }

    pub(super) fn facts(&self) -> Option<&'a Facts> {
        self.here().map(|m| m.facts.as_ref())
    }

    /// How time passes for it at present.
    pub(super) fn how(&self) -> How {
        if self.halt.is_some() {
            return How::Off;
        }
        let Some(facts) = self.facts() else {
            return How::Counts;
        };
        match (&self.terms, self.lapsed, &facts.hold) {
            (_, _, None) => How::Counts,
            (Some(terms), None, _) => match terms.version.pauses(self.target, facts) {
                true => How::Paused,
                false => How::Counts,
            },
            _ => How::Undecided,
        }
    }

    /// Walks to an instant, with the versions of agreements that begin on the way.
    pub(super) fn walk(&mut self, to: Utc) {
        if self.halt.is_none() {
            let from = self.cursor.max(self.track.begun_at);
            let imported = self.track.imported;
            for &at in self.catalogue.changes(from, to, imported) {
                // What begins with the moment itself is seen together with its facts.
                if at < to {
                    self.look(at, None, false);
                }
            }
        }
        self.extend(to);
    }

    /// The versions that begin up to now, after the last moment.
    pub(super) fn catch_up(&mut self, now: Utc) {
        if self.halt.is_none() {
            let from = self.cursor.max(self.track.begun_at);
            let imported = self.track.imported;
            for &at in self.catalogue.changes(from, now, imported) {
                self.look(at, None, false);
            }
        }
    }

    fn extend(&mut self, to: Utc) {
        if to <= self.cursor {
            return;
        }
        let how = self.how();
        let under = self.terms.map_or(Uuid::nil(), |t| t.version.id);
        let joins = |s: &&mut Stretch| {
            let alike = matches!(how, How::Counts | How::Off) || s.moment == self.moment;
            alike && s.how == how && s.under == under
        };
        match self.stretches.last_mut().filter(joins) {
            Some(last) => last.to = to,
            None => self.stretches.push(Stretch {
                from: self.cursor,
                to,
                how,
                moment: self.moment,
                under,
            }),
        }
        self.cursor = to;
    }

    /// Comes to a moment of its record: walks there and looks which terms it is under from here on.
    pub(super) fn turn(&mut self, moment: usize) {
        let Some(next) = self.track.moments.get(moment) else {
            return;
        };
        self.walk(next.at);
        let before = self.facts().map(|f| f.priority);
        self.moment = moment;
        if self.halt.is_none() {
            let other = before != Some(next.facts.priority) && moment != self.begun;
            self.look(next.at, Some(next.position), other);
        }
    }

    /// Looks which terms it is under from an instant on.
    fn look(&mut self, at: Utc, by: Option<i64>, priority_changed: bool) {
        let at = at.max(self.track.begun_at);
        let Some(new) = self.terms_at(at) else {
            self.lapse(at, by);
            return;
        };
        let known = self.terms.filter(|old| *old == new);
        if known.is_some() && self.lapsed.is_none() {
            return;
        }
        let before = (
            self.stretches.len(),
            self.stretches.last().copied(),
            self.cursor,
        );
        self.extend(at);
        let moves = priority_changed
            && new.version.terms.priority_change == PriorityChange::FromChange
            && known.is_none();
        let anchor = if moves { at } else { self.anchor };
        self.find_breach(at, false, Utc::FAR);
        if self.breached.is_some() {
            // Late under these terms as well: the breach there was stands for both, and what else
            // begins somewhere in the catalogue does not touch it.
            if known.is_some() || self.due_under(&new, anchor, Utc::FAR) < at {
                if self.lapsed.take().is_none() {
                    self.unsee(before);
                }
                return;
            }
            self.supersede(at, by);
        }
        self.anchor = anchor;
        self.terms = Some(new);
        self.lapsed = None;
        self.since = at;
        if known.is_none() {
            (self.terms_since, self.terms_by) = (at, by);
        }
    }

    /// Goes back to where it was before it walked to an instant at which nothing came of it.
    fn unsee(&mut self, (count, last, cursor): (usize, Option<Stretch>, Utc)) {
        self.stretches.truncate(count);
        if let (Some(is), Some(was)) = (self.stretches.last_mut(), last) {
            *is = was;
        }
        self.cursor = cursor;
    }

    /// What covers the record at an instant, as it stands now.
    pub(super) fn terms_at(&self, at: Utc) -> Option<Terms<'a>> {
        let kept = self.terms.map(|t| t.agreement.id);
        let kept = kept.filter(|_| self.lapsed.is_none());
        let imported = self.track.imported;
        self.catalogue
            .terms(self.target, self.facts()?, at, imported, kept)
    }

    fn lapse(&mut self, at: Utc, by: Option<i64>) {
        if self.terms.is_some() && self.lapsed.is_none() {
            self.extend(at);
            self.find_breach(at, false, Utc::FAR);
            self.lapsed = Some((at, by));
        }
    }

    fn supersede(&mut self, until: Utc, by: Option<i64>) {
        let mut run = self.clone();
        run.superseded = Vec::new();
        self.superseded.push(Part { run, until, by });
        self.part += 1;
        self.breached = None;
    }

    /// Whether it was late before an instant, under terms that were in force until then. At a stop
    /// (`settled`) also terms count that came at that very instant.
    pub(super) fn find_breach(&mut self, until: Utc, settled: bool, known: Utc) {
        let Some(terms) = self.terms else { return };
        if self.breached.is_some() || self.lapsed.is_some() {
            return;
        }
        let due = self.due_under(&terms, self.anchor, known);
        if due < until && (self.since < until || settled) {
            self.breached = Some(due.max(self.since));
        }
    }

    /// Stands still from an instant on.
    pub(super) fn stop(&mut self, at: Utc, moment: usize, end: End) {
        if self.halt.is_some() {
            return;
        }
        self.walk(at);
        match end {
            End::Unknown => self.breached = None,
            End::Stopped | End::Ended => self.find_breach(at, true, at),
        }
        self.moment = moment.max(self.moment);
        self.halt = Some(Halt { at, moment, end });
    }

    /// Forgets what came after an instant: nothing of it concerns a clock that was over by then.
    pub(super) fn end_there(&mut self, at: Utc) {
        self.stretches.retain(|s| s.from < at);
        if let Some(last) = self.stretches.last_mut() {
            last.to = last.to.min(at);
        }
        self.cursor = at;
        let (moment, end) = (self.moment, End::Ended);
        self.halt.get_or_insert(Halt { at, moment, end });
    }

    /// What its agreement says about being opened again.
    pub(super) fn reopening(&self) -> Reopening {
        self.terms
            .map_or(Reopening::ContinueTimeOff, |t| t.version.terms.reopening)
    }

    /// Goes on after it stood still.
    pub(super) fn resume(&mut self, moment: usize) {
        let Some(next) = self.track.moments.get(moment) else {
            return;
        };
        let Some(halt) = self.halt else { return };
        let before = self.track.moments.get(halt.moment);
        let other = before.is_some_and(|m| m.facts.priority != next.facts.priority);
        self.extend(next.at);
        if self.reopening() == Reopening::ContinueTimeCounts {
            let off = |s: &&mut Stretch| s.how == How::Off && s.from >= halt.at;
            for stretch in self.stretches.iter_mut().filter(off) {
                stretch.how = How::Counts;
            }
            self.counted_off = Some((halt.at, next.at));
        }
        self.halt = None;
        self.moment = moment;
        self.since = self.since.max(next.at);
        self.look(next.at, Some(next.position), other);
    }

    /// The facts at an instant.
    pub(super) fn facts_at(&self, at: Utc) -> Option<&'a Facts> {
        let after = self.track.moments.partition_point(|m| m.at <= at);
        let moment = self.track.moments.get(after.saturating_sub(1))?;
        Some(moment.facts.as_ref())
    }
}
