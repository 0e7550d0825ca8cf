//! From what the wall shows to instants: the open pieces of some days.

use super::{Calendar, LocalDate};
use crate::platform::db::Utc;
use crate::platform::kernel::zone::Zone;

const DAY: i64 = 86_400;

/// One calendar's own rules, in seconds of local time since 1970-01-01.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) zone: Zone,
    week: [Vec<(i64, i64)>; 7],
    /// Days, sorted.
    holidays: Vec<i32>,
    closures: Vec<(i64, i64)>,
    /// By the day on which they begin, sorted.
    openings: Vec<(i32, i64, i64)>,
}

/// An open piece in seconds since 1970, and the day it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) day: i32,
}

impl Rules {
    /// `None` when the zone does not exist.
    pub(super) fn of(calendar: &Calendar) -> Option<Self> {
        let zone = Zone::named(&calendar.zone)?;
        let week = calendar.week.days().map(|(_, windows)| {
            let seconds = windows.iter().map(|w| w.minutes());
            seconds.map(|(from, to)| (from * 60, to * 60)).collect()
        });
        let mut holidays: Vec<i32> = calendar.holidays.iter().map(|h| h.date.0).collect();
        holidays.sort_unstable();
        let seconds = |list: &[super::Exception]| {
            let spans = list.iter().filter(|e| e.from < e.to);
            let mut spans: Vec<_> = spans.map(|e| (e.from.0 * 60, e.to.0 * 60)).collect();
            spans.sort_unstable();
            spans
        };
        let openings = seconds(&calendar.openings).into_iter();
        Some(Self {
            zone,
            week,
            holidays,
            closures: joined(seconds(&calendar.closures)),
            openings: openings
                .map(|(from, to)| (from.div_euclid(DAY) as i32, from, to))
                .collect(),
        })
    }

    fn is_holiday(&self, day: i32) -> bool {
        self.holidays.binary_search(&day).is_ok()
    }

    /// What is open of the hours that begin on `days`, in local seconds.
    fn local(&self, days: std::ops::Range<i32>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for day in days.clone() {
            if self.is_holiday(day) {
                continue;
            }
            let midnight = i64::from(day) * DAY;
            let windows = self.week.get(LocalDate(day).weekday());
            for &(from, to) in windows.into_iter().flatten() {
                let to = match to > DAY && self.is_holiday(day + 1) {
                    true => DAY,
                    false => to,
                };
                self.without_closures(midnight + from, midnight + to, day, &mut pieces);
            }
        }
        let first = self.openings.partition_point(|o| o.0 < days.start);
        for &(day, from, to) in self.openings.iter().skip(first) {
            if day >= days.end {
                break;
            }
            pieces.push(Piece { from, to, day });
        }
        pieces
    }

    fn without_closures(&self, from: i64, to: i64, day: i32, pieces: &mut Vec<Piece>) {
        let mut from = from;
        let first = self.closures.partition_point(|c| c.1 <= from);
        for &(closed, opened) in self.closures.iter().skip(first) {
            if closed >= to {
                break;
            }
            if from < closed {
                let to = closed;
                pieces.push(Piece { from, to, day });
            }
            from = from.max(opened);
        }
        if from < to {
            pieces.push(Piece { from, to, day });
        }
    }

    /// The instants at which the wall shows one of the pieces of `days`: a piece comes once for
    /// each stretch without a change of clocks that shows some of it.
    pub(super) fn instants(&self, days: std::ops::Range<i32>) -> Vec<Piece> {
        // No offset is larger than 26 hours, and no hours longer than two days.
        let begin = (i64::from(days.start) - 2) * DAY;
        let end = (i64::from(days.end) + 4) * DAY;
        let changes = self.zone.changes(micros(begin), micros(end));
        let mut pieces = Vec::new();
        let mut stretch = (begin, self.zone.offset(micros(begin)));
        let local = self.local(days);
        for (at, next) in changes.into_iter().chain([(micros(end), 0)]) {
            let until = at.micros().div_euclid(1_000_000);
            let (since, offset) = stretch;
            // What lies whole before or after this stretch is passed over quickly.
            for piece in &local {
                let from = (piece.from - offset).max(since);
                let to = (piece.to - offset).min(until);
                if from < to {
                    let day = piece.day;
                    pieces.push(Piece { from, to, day });
                }
            }
            stretch = (until, next);
        }
        pieces
    }
}

/// Closures that overlap as one, so that both their beginnings and their ends are in order.
fn joined(sorted: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = Vec::new();
    for (from, to) in sorted {
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

fn micros(seconds: i64) -> Utc {
    Utc::from_micros(seconds * 1_000_000)
}
