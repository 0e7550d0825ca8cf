//! The arithmetic of reports. Pure.
//!
//! A share is shown rounded down to a tenth, so that nothing reaches a goal on paper that it did not
//! reach; goals are compared with the whole numbers behind it. Percentiles are by nearest rank: each
//! is a duration that occurred. Months and weeks are the desk's own days.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::model::{Period, Slots, Spread};
use crate::platform::db::Utc;
use crate::platform::kernel::error::Message;
use crate::platform::kernel::zone::Zone;

/// How many months a report takes at most.
pub const MONTHS: usize = 24;
/// Up to so many days a trend goes by weeks.
const WEEKLY_DAYS: i32 = 100;

/// So many of so many, where there was anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    part: u64,
    whole: u64,
}

/// How a share stands to its goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Reached,
    /// Within one point of it.
    JustUnder,
    WellUnder,
}

impl Share {
    /// Nothing where there is nothing to take a part of.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    /// In tenths of a percent, rounded down: 94.96 % is 949.
    pub fn tenths(self) -> u64 {
        (u128::from(self.part) * 1000 / u128::from(self.whole)) as u64
    }

    /// `94.9`, and `100` only where all is.
    pub fn text(self) -> String {
        match (self.tenths() / 10, self.tenths() % 10) {
            (whole, 0) => whole.to_string(),
            (whole, tenth) => format!("{whole}.{tenth}"),
        }
    }

    pub fn against(self, goal: u32) -> Standing {
        let (part, whole) = (u128::from(self.part) * 100, u128::from(self.whole));
        let goal = u128::from(goal);
        if part >= goal * whole {
            Standing::Reached
        } else if part >= goal.saturating_sub(1) * whole {
            Standing::JustUnder
        } else {
            Standing::WellUnder
        }
    }

    /// Points above a goal, in tenths, rounded towards it; below it, below nothing.
    pub fn points_over(self, goal: u32) -> i64 {
        let (part, whole) = (i128::from(self.part) * 1000, i128::from(self.whole));
        let over = part - i128::from(goal) * 10 * whole;
        // Away from the goal below it: what is not reached is never shown as no distance.
        over.div_euclid(whole) as i64
    }
}

/// The value of which `percent` of all are no greater: nearest rank. `sorted` ascends.
pub fn percentile(sorted: &[i64], percent: u32) -> Option<i64> {
    let rank = (sorted.len() * percent as usize).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The percentiles of some durations.
pub fn spread(mut values: Vec<i64>) -> Spread {
    values.sort_unstable();
    let at = |percent| percentile(&values, percent);
    Spread {
        n: values.len() as u64,
        p25: at(25),
        median: at(50),
        p75: at(75),
        p90: at(90),
    }
}

/// A month, a week, or the part of one that belongs to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its first and last day.
    pub from: Date,
    pub to: Date,
    pub start: Utc,
    pub end: Utc,
}

/// The first instant of a day.
fn begins(zone: &Zone, day: Date) -> Option<Utc> {
    zone.instant(day.at(0, 0, 0, 0))
}

fn after(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

impl Period {
    /// The days between two, both included.
    pub fn of(zone: &Zone, from: Date, to: Date) -> Result<Self, Message> {
        if to < from {
            return Err(Message::new("report-period-backwards"));
        }
        let known = |day: Date| (1970..=2200).contains(&day.year());
        let ends = after(to, 1.day()).and_then(|next| begins(zone, next));
        let (Some(start), Some(end)) = (begins(zone, from), ends) else {
            return Err(Message::new("report-period-unknown"));
        };
        if !known(from) || !known(to) {
            return Err(Message::new("report-period-unknown"));
        }
        let period = Self {
            zone: zone.clone(),
            from,
            to,
            start,
            end,
        };
        if period.months().0.len() > MONTHS {
            return Err(Message::new("report-period-long").arg("max", MONTHS));
        }
        Ok(period)
    }

    /// From the first of the month five months ago until today.
    pub fn usual(zone: &Zone, now: Utc) -> Self {
        let today = zone.local(now).date();
        let first = today.first_of_month();
        let from = first.checked_sub(5.months()).unwrap_or(first);
        Self::of(zone, from, today).unwrap_or_else(|_| Self {
            zone: zone.clone(),
            from: today,
            to: today,
            start: now,
            end: now,
        })
    }

    /// The whole month of a day.
    pub fn month_of(zone: &Zone, day: Date) -> Result<Self, Message> {
        Self::of(zone, day.first_of_month(), day.last_of_month())
    }

    fn cut(&self, first: Date, next: impl Fn(Date) -> Option<Date>) -> Slots {
        let mut slots = Vec::new();
        let mut day = first;
        while day <= self.to {
            let Some(following) = next(day) else { break };
            let from = day.max(self.from);
            let to = following.yesterday().unwrap_or(day).min(self.to);
            let ends = after(to, 1.day()).and_then(|next| begins(&self.zone, next));
            if let (Some(start), Some(end)) = (begins(&self.zone, from), ends) {
                slots.push(Slot {
                    from,
                    to,
                    start,
                    end,
                });
            }
            day = following;
        }
        Slots(slots)
    }

    /// Its months; the first and the last may be parts of one.
    pub fn months(&self) -> Slots {
        self.cut(self.from.first_of_month(), |day| after(day, 1.month()))
    }

    /// Its weeks, from Monday.
    pub fn weeks(&self) -> Slots {
        let back = self.from.weekday().since(Weekday::Monday);
        let monday = self.from.checked_sub(i64::from(back).days());
        self.cut(monday.unwrap_or(self.from), |day| after(day, 7.days()))
    }

    /// The slots of a trend: weeks of a short period, months of a long one.
    pub fn trend(&self) -> Slots {
        match self.from.until(self.to) {
            Ok(span) if span.get_days() <= WEEKLY_DAYS => self.weeks(),
            _ => self.months(),
        }
    }
}

/// Days up to which open work is counted together; what is older stands in one more.
pub const AGES: [i64; 6] = [1, 3, 7, 14, 30, 90];

/// Which of the ages something has, [`AGES`]' length for the oldest.
pub fn age(since: Utc, now: Utc) -> usize {
    let days = (now.micros() - since.micros()).max(0) / 86_400_000_000;
    AGES.partition_point(|up_to| *up_to <= days)
}

/// A place on a log scale from a minute to three months, in thousandths.
pub fn log_place(micros: i64) -> u32 {
    const LOW: f64 = 60e6;
    const HIGH: f64 = 90.0 * 86_400e6;
    let place = ((micros.max(1) as f64) / LOW).ln() / (HIGH / LOW).ln();
    (place.clamp(0.0, 1.0) * 1000.0).round() as u32
}

/// How often a step of a scale whose highest value is this one; three or four steps.
pub fn step(highest: u64) -> u64 {
    let mut step = 1;
    loop {
        for wide in [1, 2, 5] {
            if highest <= step * wide * 4 {
                return step * wide;
            }
        }
        step *= 10;
    }
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;
