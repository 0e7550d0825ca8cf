//! A calendar made ready for counting.
//!
//! Time is cut into blocks of 366 days. A block is made when somebody first asks for it and knows, for
//! each of its open intervals, how much was open in the block before: so open time between two
//! instants is two searches and a sum over whole blocks, however many days lie between, and costs
//! nothing that grows with them but an addition a year.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::Calendar;
use super::pieces::{Piece, Rules};
use crate::platform::db::Utc;
use crate::platform::kernel::zone::Zone;

const SECOND: i64 = 1_000_000;
const DAYS: i32 = 366;
const BLOCK: i64 = DAYS as i64 * 86_400;
/// 1900-01-01; nothing is open before it.
const FIRST_DAY: i32 = -25_567;
const BEGINNING: i64 = FIRST_DAY as i64 * 86_400;
/// Up to the year 2200; nothing is open after it.
const BLOCKS: usize = 300;

/// An open interval, in seconds of its block, and how much of the block was open before it.
#[derive(Debug, Clone, Copy)]
struct Open {
    from: u32,
    to: u32,
    before: u32,
}

#[derive(Debug)]
struct Block {
    open: Box<[Open]>,
    total: i64,
}

/// A day on which something opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessDay {
    /// Days since 1970-01-01 in the calendar's own zone.
    pub day: i32,
    pub opens: Utc,
    /// The last closing of the hours that opened on this day.
    pub closes: Utc,
}

/// One calendar, or several that are open together, without its past and future versions.
#[derive(Debug)]
pub struct Hours {
    /// The calendar's own rules first, then those of the others that are open besides.
    rules: Vec<Arc<Rules>>,
    blocks: Box<[OnceLock<Block>]>,
    days: Box<[OnceLock<Box<[BusinessDay]>>]>,
}

impl Hours {
    /// `None` when a zone does not exist. The first calendar is the one that is asked for, the rest
    /// are open besides.
    pub fn of<'a>(calendars: impl IntoIterator<Item = &'a Calendar>) -> Option<Self> {
        let rules = calendars.into_iter().map(|c| Rules::of(c).map(Arc::new));
        let rules: Option<Vec<_>> = rules.collect();
        Some(Self {
            rules: rules.filter(|r| !r.is_empty())?,
            blocks: (0..BLOCKS).map(|_| OnceLock::new()).collect(),
            days: (0..BLOCKS).map(|_| OnceLock::new()).collect(),
        })
    }

    /// The calendar's own zone.
    pub fn zone(&self) -> Option<&Zone> {
        self.rules.first().map(|r| &r.zone)
    }

    /// Open microseconds from one instant to the other.
    pub fn between(&self, from: Utc, to: Utc) -> i64 {
        let (from, to) = (clamped(from.micros()), clamped(to.micros()));
        if to <= from {
            return 0;
        }
        let (first, last) = (block_of(from), block_of(to));
        let whole: i64 = (first..last).map(|n| self.total(n)).sum();
        whole + self.open_before(last, to) - self.open_before(first, from)
    }

    /// The first instant by which `open` microseconds have been open since `from`. `None` when the
    /// calendar does not open for so long before the year 2200.
    pub fn after(&self, from: Utc, open: i64) -> Option<Utc> {
        if open <= 0 {
            return Some(from);
        }
        let start = clamped(from.micros());
        let first = block_of(start);
        let mut left = open + self.open_before(first, start);
        for number in first..BLOCKS {
            let total = self.total(number);
            if left <= total {
                return self.reached(number, left);
            }
            left -= total;
        }
        None
    }

    /// The open intervals that meet `from..to`, at most `most` of them, cut to it.
    pub fn intervals(&self, from: Utc, to: Utc, most: usize) -> Vec<(Utc, Utc)> {
        let (start, end) = (clamped(from.micros()), clamped(to.micros()));
        let mut found = Vec::new();
        for number in block_of(start)..=block_of(end) {
            let zero = block_start(number);
            let Some(block) = self.block(number) else {
                break;
            };
            let after = |o: &Open| zero + i64::from(o.to) * SECOND <= start;
            let first = block.open.partition_point(after);
            for open in block.open.iter().skip(first) {
                let begin = (zero + i64::from(open.from) * SECOND).max(start);
                let close = (zero + i64::from(open.to) * SECOND).min(end);
                if begin >= close {
                    break;
                }
                push_joined(&mut found, begin, close);
                if found.len() > most {
                    found.truncate(most);
                    return found;
                }
            }
        }
        found
    }

    /// The business days that open at or after `from`, one after the other.
    pub fn days_from(&self, from: Utc) -> impl Iterator<Item = BusinessDay> + '_ {
        (block_of(clamped(from.micros()))..BLOCKS)
            .flat_map(|number| self.days(number))
            .copied()
            .filter(move |day| day.opens >= from)
    }

    fn total(&self, number: usize) -> i64 {
        self.block(number).map_or(0, |block| block.total)
    }

    fn block(&self, number: usize) -> Option<&Block> {
        let block = self.blocks.get(number)?;
        Some(block.get_or_init(|| self.made(number)))
    }

    /// How much of a block is open before an instant of it.
    fn open_before(&self, number: usize, at: i64) -> i64 {
        let Some(block) = self.block(number) else {
            return 0;
        };
        let at = at - block_start(number);
        let begun = |o: &Open| i64::from(o.from) * SECOND < at;
        let after = block.open.partition_point(begun);
        let Some(open) = after.checked_sub(1).and_then(|n| block.open.get(n)) else {
            return 0;
        };
        let end = at.min(i64::from(open.to) * SECOND);
        i64::from(open.before) * SECOND + end - i64::from(open.from) * SECOND
    }

    /// The first instant of a block by which this much of it was open; `open` is above zero.
    fn reached(&self, number: usize, open: i64) -> Option<Utc> {
        let block = self.block(number)?;
        let short = |o: &Open| i64::from(o.before + (o.to - o.from)) * SECOND < open;
        let interval = block.open.get(block.open.partition_point(short))?;
        let into = open - i64::from(interval.before) * SECOND;
        let at = block_start(number) + i64::from(interval.from) * SECOND + into;
        Some(Utc::from_micros(at))
    }

    fn made(&self, number: usize) -> Block {
        let begin = BEGINNING + number as i64 * BLOCK;
        let end = begin + BLOCK;
        let first = FIRST_DAY + number as i32 * DAYS;
        let mut pieces = Vec::new();
        for rules in &self.rules {
            // Hours of the days before may reach into the block, and zones are ahead and behind.
            pieces.extend(rules.instants(first - 4..first + DAYS + 3));
        }
        pieces.retain(|p| p.to > begin && p.from < end);
        pieces.sort_unstable_by_key(|p| p.from);
        let mut open: Vec<(i64, i64)> = Vec::new();
        for Piece { from, to, .. } in pieces {
            push_union(&mut open, from.max(begin) - begin, to.min(end) - begin);
        }
        let mut before = 0;
        let open: Box<[Open]> = open
            .into_iter()
            .map(|(from, to)| {
                let (from, to) = (from as u32, to as u32);
                let interval = Open { from, to, before };
                before += to - from;
                interval
            })
            .collect();
        let total = i64::from(before) * SECOND;
        Block { open, total }
    }

    fn days(&self, number: usize) -> &[BusinessDay] {
        match self.days.get(number) {
            Some(days) => days.get_or_init(|| self.days_made(number)),
            None => &[],
        }
    }

    /// The business days that open within a block, in that order, which is not always that of their
    /// dates: hours over midnight may open, after a closure, later than those of the next day. Hours of
    /// another calendar belong to the day of this one's zone on which they open.
    fn days_made(&self, number: usize) -> Box<[BusinessDay]> {
        let first = FIRST_DAY + number as i32 * DAYS;
        // No day opens farther from its date than this.
        let dates = first - 6..first + DAYS + 6;
        let mut found: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
        for (n, rules) in self.rules.iter().enumerate() {
            let mut own: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
            for piece in rules.instants(dates.start - 3..dates.end + 3) {
                widen(&mut own, piece.day, (piece.from, piece.to));
            }
            for (day, (opens, closes)) in own {
                let day = if n == 0 { day } else { self.date_of(opens) };
                if dates.contains(&day) {
                    widen(&mut found, day, (opens, closes));
                }
            }
        }
        let day = |(day, (opens, closes)): (i32, (i64, i64))| BusinessDay {
            day,
            opens: Utc::from_micros(opens * SECOND),
            closes: Utc::from_micros(closes * SECOND),
        };
        let mut days: Vec<_> = found.into_iter().map(day).collect();
        days.retain(|d| block_of(clamped(d.opens.micros())) == number);
        days.sort_by_key(|d| (d.opens, d.day));
        days.into()
    }

    fn date_of(&self, at: i64) -> i32 {
        let offset = self.zone().map(|z| z.offset(Utc::from_micros(at * SECOND)));
        (at + offset.unwrap_or(0)).div_euclid(86_400) as i32
    }
}

fn widen(days: &mut BTreeMap<i32, (i64, i64)>, day: i32, (opens, closes): (i64, i64)) {
    let known = days.entry(day).or_insert((opens, closes));
    *known = (known.0.min(opens), known.1.max(closes));
}

fn push_union(all: &mut Vec<(i64, i64)>, from: i64, to: i64) {
    match all.last_mut() {
        Some(last) if from <= last.1 => last.1 = last.1.max(to),
        _ => all.push((from, to)),
    }
}

/// Intervals of two blocks that touch are one.
fn push_joined(all: &mut Vec<(Utc, Utc)>, from: i64, to: i64) {
    let (from, to) = (Utc::from_micros(from), Utc::from_micros(to));
    match all.last_mut() {
        Some(last) if last.1 == from => last.1 = to,
        _ => all.push((from, to)),
    }
}

fn clamped(micros: i64) -> i64 {
    let first = BEGINNING * SECOND;
    micros.clamp(first, first + BLOCKS as i64 * BLOCK * SECOND - 1)
}

fn block_of(micros: i64) -> usize {
    ((micros - BEGINNING * SECOND) / (BLOCK * SECOND)) as usize
}

fn block_start(number: usize) -> i64 {
    (BEGINNING + number as i64 * BLOCK) * SECOND
}
