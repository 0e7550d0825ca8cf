//! Charts as numbers a template can draw: places in the drawing, already written.

use super::frame;
use crate::platform::words::Words;
use crate::reports::model::{Five, Spread};
use crate::reports::rules::{log_place, step};

/// A line across, with its label.
pub struct Rule {
    pub at: String,
    pub label_at: String,
    pub label: String,
}

/// A point of a trend.
pub struct TrendPoint {
    pub x: String,
    pub y: String,
    pub label: String,
    pub n: String,
    pub value: String,
    pub href: String,
    pub is_under: bool,
}

/// Shares against a goal. Where nothing was decided, the line has a gap.
pub struct Trend {
    pub rules: Vec<Rule>,
    pub lines: Vec<String>,
    pub points: Vec<TrendPoint>,
    /// The line of the goal: where, where its label stands, and its label.
    pub goal: Option<Rule>,
    /// Labels of slots in which nothing was decided.
    pub empty: Vec<(String, String)>,
}

const LEFT: f64 = 40.0;
const RIGHT: f64 = 536.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 158.0;

/// One slot of a trend, in words and counts.
pub struct TrendSlot {
    pub label: String,
    pub five: Five,
    pub href: String,
}

pub fn trend(t: Words, slots: &[TrendSlot], goal: Option<u32>) -> Trend {
    let shares = slots.iter().map(|slot| slot.five.attainment());
    let lowest = shares.clone().flatten().map(|s| s.tenths()).min();
    let lowest = lowest
        .unwrap_or(900)
        .min(u64::from(goal.unwrap_or(95)) * 10);
    // Down to a round tenth below the lowest, and at least ten points high.
    let floor = (lowest.saturating_sub(1) / 50 * 50).min(900);
    let y = |tenths: u64| {
        let share = (tenths.saturating_sub(floor)) as f64 / (1000 - floor) as f64;
        BOTTOM - share * (BOTTOM - TOP)
    };
    let wide = slots.len().saturating_sub(1).max(1) as f64;
    let inset = 18.0;
    let x = |n: usize| match slots.len() {
        1 => f64::midpoint(LEFT, RIGHT),
        _ => LEFT + inset + n as f64 * (RIGHT - LEFT - 2.0 * inset) / wide,
    };
    let mut made = Trend {
        rules: rules(t, floor, &y),
        lines: Vec::new(),
        points: Vec::new(),
        goal: goal.map(|goal| {
            let at = y(u64::from(goal) * 10);
            Rule {
                at: number(at),
                label_at: number(at + 4.0),
                label: t.with1("percent", "n", goal.to_string()),
            }
        }),
        empty: Vec::new(),
    };
    let mut line = String::new();
    for (n, (slot, share)) in slots.iter().zip(shares).enumerate() {
        let Some(share) = share else {
            made.lines.extend(ended(&mut line));
            made.empty.push((number(x(n)), slot.label.clone()));
            continue;
        };
        let (x, y) = (number(x(n)), number(y(share.tenths())));
        line.push_str(&format!("{x},{y} "));
        made.points.push(TrendPoint {
            value: frame::share(t, Some(share)),
            n: t.number(slot.five.met + slot.five.breached),
            label: slot.label.clone(),
            href: slot.href.clone(),
            is_under: frame::lamp(t, Some(share), goal).is_some(),
            x,
            y,
        });
    }
    made.lines.extend(ended(&mut line));
    made
}

fn ended(line: &mut String) -> Option<String> {
    let line = std::mem::take(line);
    (!line.is_empty()).then(|| line.trim_end().to_owned())
}

fn rules(t: Words, floor: u64, y: &impl Fn(u64) -> f64) -> Vec<Rule> {
    let apart = match 1000 - floor {
        0..=100 => 20,
        101..=250 => 50,
        251..=500 => 100,
        _ => 200,
    };
    let mut at = 1000;
    let mut rules = Vec::new();
    while at >= floor {
        rules.push(Rule {
            at: number(y(at)),
            label_at: number(y(at) + 4.0),
            label: t.with1("percent", "n", (at / 10).to_string()),
        });
        let Some(next) = u64::checked_sub(at, apart) else {
            break;
        };
        at = next;
    }
    rules
}

/// A range from the 25th percentile to the 90th.
pub struct Range {
    pub label: String,
    pub is_data: bool,
    pub y: String,
    pub text_y: String,
    pub low: String,
    pub middle: String,
    pub high: String,
    pub text_x: String,
    pub text: String,
    pub n: String,
}

/// Ranges on one log scale.
pub struct Ranges {
    pub rows: Vec<Range>,
    pub rules: Vec<Rule>,
    pub height: usize,
    pub bottom: String,
    pub text_y: String,
}

const SCALE_LEFT: f64 = 130.0;
const SCALE_WIDE: f64 = 300.0;

/// Ticks of the log scale, in minutes.
const TICKS: [(i64, &str); 7] = [
    (1, "tick-minute"),
    (10, "tick-10-minutes"),
    (60, "tick-hour"),
    (600, "tick-10-hours"),
    (3000, "tick-50-hours"),
    (12_000, "tick-200-hours"),
    (60_000, "tick-1000-hours"),
];

pub fn ranges(t: Words, rows: &[(String, bool, Spread)]) -> Ranges {
    let x = |micros: i64| SCALE_LEFT + f64::from(log_place(micros)) / 1000.0 * SCALE_WIDE;
    let made = rows
        .iter()
        .enumerate()
        .filter_map(|(n, (label, is_data, spread))| {
            let y = 16.0 + n as f64 * 26.0;
            let (low, middle, high) = (spread.p25?, spread.median?, spread.p90?);
            Some(Range {
                label: label.clone(),
                is_data: *is_data,
                y: number(y),
                text_y: number(y + 4.0),
                low: number(x(low)),
                middle: number(x(middle)),
                high: number(x(high)),
                text_x: number(x(high) + 9.0),
                text: frame::span(t, high),
                n: t.number(spread.n),
            })
        });
    let rows: Vec<Range> = made.collect();
    let bottom = 10.0 + rows.len() as f64 * 26.0;
    Ranges {
        height: bottom as usize + 24,
        bottom: number(bottom),
        text_y: number(bottom + 16.0),
        rules: (TICKS.iter())
            .map(|(minutes, key)| Rule {
                at: number(x(minutes * 60_000_000)),
                label_at: String::new(),
                label: t.s(key).into_owned(),
            })
            .collect(),
        rows,
    }
}

/// A bar that stands.
pub struct Bar {
    pub x: String,
    pub middle: String,
    pub y: String,
    pub height: String,
    pub text_y: String,
    pub label: String,
    pub n: String,
    /// Of a second series beside it.
    pub second: bool,
    pub class: &'static str,
}

pub struct Bars {
    pub bars: Vec<Bar>,
    pub width: usize,
    pub axis: String,
}

/// Bars side by side, as high as their numbers. `marks` are extra classes, from the end.
pub fn bars(t: Words, values: &[(String, u64)], marks: &[&'static str]) -> Bars {
    let highest = values
        .iter()
        .map(|(_, n)| *n)
        .max()
        .unwrap_or_default()
        .max(1);
    let bar = |(place, (label, n)): (usize, &(String, u64))| {
        let x = 34.0 + place as f64 * 54.0;
        let height = *n as f64 / highest as f64 * 122.0;
        let from_end = values.len() - 1 - place;
        Bar {
            x: number(x),
            middle: number(x + 20.0),
            y: number(150.0 - height),
            height: number(height),
            text_y: number(144.0 - height),
            label: label.clone(),
            n: t.number(*n),
            second: false,
            class: marks.get(from_end).copied().unwrap_or_default(),
        }
    };
    Bars {
        bars: values.iter().enumerate().map(bar).collect(),
        width: 40 + values.len() * 54,
        axis: (36 + values.len() * 54).to_string(),
    }
}

/// Weeks: what was opened beside what was resolved, and a line of what was left.
pub struct Weeks {
    pub bars: Vec<Bar>,
    pub line: String,
    pub dots: Vec<(String, String)>,
    pub rules: Vec<Rule>,
    pub labels: Vec<(String, String)>,
}

/// One week of it.
pub struct WeekSlot {
    pub label: String,
    pub opened: u64,
    pub resolved: u64,
    pub backlog: u64,
}

pub fn weeks(t: Words, slots: &[WeekSlot]) -> Weeks {
    let highest = slots
        .iter()
        .flat_map(|w| [w.opened, w.resolved, w.backlog])
        .max();
    let apart = step(highest.unwrap_or_default().max(1));
    let top = (highest.unwrap_or_default().max(1)).div_ceil(apart) * apart;
    let y = |n: u64| BOTTOM - n as f64 / top as f64 * (BOTTOM - TOP);
    let wide = (RIGHT - LEFT) / slots.len().max(1) as f64;
    let mut made = Weeks {
        bars: Vec::new(),
        line: String::new(),
        dots: Vec::new(),
        rules: (0..=top / apart)
            .map(|n| Rule {
                at: number(y(n * apart)),
                label_at: number(y(n * apart) + 4.0),
                label: t.number(n * apart),
            })
            .collect(),
        labels: Vec::new(),
    };
    let every = slots.len().div_ceil(8).max(1);
    for (n, slot) in slots.iter().enumerate() {
        let left = LEFT + n as f64 * wide;
        let bar = (wide * 0.36).max(1.0);
        for (second, value) in [(false, slot.opened), (true, slot.resolved)] {
            let shift = if second { 0.5 } else { 0.12 };
            made.bars.push(Bar {
                x: number(left + wide * shift),
                middle: number(bar),
                y: number(y(value)),
                height: number(BOTTOM - y(value)),
                text_y: String::new(),
                label: slot.label.clone(),
                n: t.number(value),
                second,
                class: "",
            });
        }
        let (x, y) = (number(left + wide / 2.0), number(y(slot.backlog)));
        made.line.push_str(&format!("{x},{y} "));
        if n % every == 0 {
            made.labels.push((x.clone(), slot.label.clone()));
        }
        made.dots.push((x, y));
    }
    made
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(met: u64, breached: u64) -> TrendSlot {
        TrendSlot {
            label: String::new(),
            five: Five {
                met,
                breached,
                ..Five::default()
            },
            href: String::new(),
        }
    }

    #[test]
    fn a_line_has_a_gap_where_nothing_was_decided() {
        let t = Words::of("en");
        let drawn = trend(
            t,
            &[slot(9, 1), slot(0, 0), slot(8, 2), slot(10, 0)],
            Some(95),
        );
        assert_eq!(drawn.lines.len(), 2);
        assert_eq!((drawn.points.len(), drawn.empty.len()), (3, 1));
        let under: Vec<bool> = drawn.points.iter().map(|p| p.is_under).collect();
        assert_eq!(under, [true, true, false]);
    }

    #[test]
    fn a_chart_of_nothing_is_drawn_too() {
        let t = Words::of("en");
        assert!(trend(t, &[], None).points.is_empty());
        assert!(trend(t, &[slot(0, 0)], Some(0)).points.is_empty());
        assert_eq!(
            trend(t, &[slot(0, 7)], Some(95)).points[0].value,
            t.with1("percent", "n", "0")
        );
        assert!(
            bars(t, &[("a".into(), 0)], &[]).bars[0]
                .height
                .starts_with('0')
        );
        assert!(weeks(t, &[]).bars.is_empty());
        assert!(ranges(t, &[]).rows.is_empty());
    }
}
