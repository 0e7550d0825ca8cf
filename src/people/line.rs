//! The line: how everything that is open stands, above every page of whoever works.
//!
//! It is the same for all of them, so it tells of nothing that is restricted, and it is counted at most
//! once in [`FRESH`]: what one person's records say is read with every page, how many thousands of them
//! are on track is not.

use std::sync::{Mutex, PoisonError};

use time::Duration;

use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;

/// For how long a count stands.
const FRESH: Duration = Duration::seconds(2);

/// How many open records stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    pub breached: i64,
    pub at_risk: i64,
    pub on_track: i64,
    pub paused: i64,
}

/// A piece of the line, in thousandths of its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The word of the stylesheet.
    pub lamp: &'static str,
    pub from: i64,
    pub length: i64,
}

impl Line {
    /// The line as it is drawn, breached first. What there is of a lamp is seen, however little it is.
    pub fn pieces(&self) -> Vec<Piece> {
        const LENGTH: i64 = 1000;
        const LEAST: i64 = 5;
        let all = [
            ("breach", self.breached),
            ("risk", self.at_risk),
            ("ok", self.on_track),
            ("paused", self.paused),
        ];
        let some = all.into_iter().filter(|(_, n)| *n > 0);
        let total: i64 = some.clone().map(|(_, n)| n).sum();
        let kept = LENGTH - LEAST * some.clone().count() as i64;
        let mut from = 0;
        some.map(|(lamp, n)| {
            let length = LEAST + kept * n / total;
            let piece = Piece { lamp, from, length };
            from += length;
            piece
        })
        .collect()
    }
}

/// Counts the line; given at assembly, for records are above this room.
type Count = fn(&mut Db, Utc) -> Result<Line>;

/// The line as it was counted last.
pub struct Lines {
    count: Count,
    kept: Mutex<Option<(Utc, Line)>>,
}

impl Lines {
    pub fn counted_by(count: Count) -> Self {
        Self {
            count,
            kept: Mutex::new(None),
        }
    }

    /// The line as it was counted last, if it was: for an answer to a form, which counts nothing more.
    pub(super) fn last(&self) -> Option<Line> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.map(|(_, line)| line)
    }

    /// How the line stands. While one reader counts it anew, others are shown what was counted before.
    pub(super) fn at(&self, conn: &mut Db, now: Utc) -> Result<Line> {
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = {
            let mut kept = lock();
            match *kept {
                Some((at, line)) if now < at.plus(FRESH) => return Ok(line),
                Some((_, line)) => {
                    *kept = Some((now, line));
                    Some(line)
                }
                None => None,
            }
        };
        let line = (self.count)(conn, now)?;
        if before != Some(line) {
            *lock() = Some((now, line));
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_little_of_is_seen() {
        let line = Line {
            breached: 1,
            at_risk: 0,
            on_track: 9_999,
            paused: 5,
        };
        let pieces = line.pieces();
        let words: Vec<_> = pieces.iter().map(|p| p.lamp).collect();
        assert_eq!(words, ["breach", "ok", "paused"]);
        assert!(pieces.iter().all(|piece| piece.length >= 5));
        let end = pieces.last().map(|p| p.from + p.length);
        assert!(end.is_some_and(|end| end <= 1000), "{pieces:?}");
        assert_eq!(Line::default().pieces(), []);
    }
}
