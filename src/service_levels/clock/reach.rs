//! When a clock's own time comes to an amount: due, at risk, a step. And how much of it has passed.

use super::catalogue::Terms;
use super::run::{How, Run, Stretch};
use crate::platform::db::Utc;

impl<'a> Run<'a> {
    /// Whether a stretch counts under some terms.
    pub(super) fn counts(&self, stretch: &Stretch, terms: &Terms<'a>) -> How {
        match stretch.how {
            How::Undecided => {
                let moment = self.track.moments.get(stretch.moment);
                match moment.is_some_and(|m| terms.version.pauses(self.target, &m.facts)) {
                    true => How::Paused,
                    false => How::Counts,
                }
            }
            how => how,
        }
    }

    /// When its time since `anchor` comes to an amount, with the versions of the calendar known by an
    /// instant. The far future while it is paused before that. One that stopped counts as if it ran
    /// on, so that its due instant can be told.
    pub(super) fn reached(&self, terms: &Terms<'a>, anchor: Utc, amount: i64, known: Utc) -> Utc {
        // Nothing has passed from the beginning on, also of one that begins paused.
        if amount <= 0 {
            return anchor;
        }
        let pace = terms.span.pace(terms.timeline());
        let mut left = amount;
        for stretch in &self.stretches {
            let from = stretch.from.max(anchor);
            if from >= stretch.to || self.counts(stretch, terms) != How::Counts {
                continue;
            }
            let own = pace.between(from, stretch.to, known);
            if own >= left {
                return pace.after(from, left, known);
            }
            left -= own;
        }
        let stands = self.halt.is_none()
            && self.facts().is_some_and(|facts| match self.how() {
                How::Paused | How::Undecided => terms.version.pauses(self.target, facts),
                How::Counts | How::Off => false,
            });
        match stands {
            true => Utc::FAR,
            false => pace.after(self.cursor.max(anchor), left, known),
        }
    }

    /// When it is due under some terms, counted from `anchor`.
    pub(super) fn due_under(&self, terms: &Terms<'a>, anchor: Utc, known: Utc) -> Utc {
        let goal = terms.span.goal(terms.timeline(), anchor, known);
        let reached = self.reached(terms, anchor, goal.amount, known);
        reached.max(goal.not_before)
    }

    /// Own time that counted, and own time that a pause took out of it.
    pub(super) fn elapsed(&self, terms: &Terms<'a>, until: Utc) -> (i64, i64) {
        let pace = terms.span.pace(terms.timeline());
        let (mut ran, mut paused) = (0, 0);
        for stretch in &self.stretches {
            let (from, to) = (stretch.from.max(self.anchor), stretch.to.min(until));
            if from >= to {
                continue;
            }
            match self.counts(stretch, terms) {
                How::Counts => ran += pace.between(from, to, Utc::FAR),
                How::Paused => paused += pace.between(from, to, Utc::FAR),
                How::Undecided | How::Off => {}
            }
        }
        (ran, paused)
    }
}
