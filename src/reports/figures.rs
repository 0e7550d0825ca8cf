//! The one function behind the page, its CSV, the command line and closed periods.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::flow::{self, Flow};
use super::model::{Ask, By, Correction, Figures, Five, GroupBy, Key, Line, Narrow, Period, Point};
use super::rules::{self, Slot};
use super::store::{self, Agreed, Closed, Counted};
use super::times::{self, Times};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::priority_label;

/// Works out the figures of a question from the clocks as they are now.
pub fn live(conn: &mut Db, ask: &Ask, now: Utc) -> Result<Figures> {
    let agreed = store::agreed(conn, now)?;
    live_under(conn, ask, &agreed)
}

/// [`live`] with the agreements read already.
pub fn live_under(conn: &mut Db, ask: &Ask, agreed: &[Agreed]) -> Result<Figures> {
    let (months, trend) = (ask.period.months(), ask.period.trend());
    let scanned = store::scan(conn, ask, &months, &trend)?;
    let names = store::names(conn, ask.group_by)?;
    let mut total = Five::default();
    let mut goal = None;
    let mut took = Vec::new();
    let mut lines: Vec<(Key, Line)> = Vec::with_capacity(scanned.lines.len());
    for (key, mut counted) in scanned.lines {
        total.plus(&counted.total);
        let own_goal = goal_of(&counted, agreed);
        goal = goal.max(own_goal);
        took.append(&mut counted.took.clone());
        let line = Line {
            key: key.text(),
            label: label(key, &names),
            goal: own_goal,
            total: counted.total,
            months: std::mem::take(&mut counted.months),
            spread: rules::spread(std::mem::take(&mut counted.took)),
            elapsed_micros: counted.elapsed,
            paused_micros: counted.paused,
        };
        lines.push((key, line));
    }
    lines.sort_by(|(a, left), (b, right)| order(*a, left).cmp(&order(*b, right)));
    Ok(Figures {
        target: ask.target.word().to_owned(),
        by: ask.by.word().to_owned(),
        group_by: ask.group_by.word().to_owned(),
        from: ask.period.from.to_string(),
        to: ask.period.to.to_string(),
        zone: ask.period.zone.name().to_owned(),
        months: months.0.iter().map(|m| m.from.to_string()).collect(),
        goal,
        total,
        superseded: store::superseded(conn, ask)?,
        spread: rules::spread(took),
        trend: points(&trend.0, &scanned.trend),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
    })
}

/// Priorities by their level, everything else by name, and what has none at the end.
fn order(key: Key, line: &Line) -> (bool, i32, &str, &str) {
    match key {
        Key::Level(level) => (false, level, "", ""),
        Key::Of(_) => (false, 0, line.label.as_str(), line.key.as_str()),
        Key::None => (true, 0, "", ""),
    }
}

fn label(key: Key, names: &HashMap<Uuid, String>) -> String {
    match key {
        Key::Level(level) => priority_label(level),
        Key::Of(id) => names.get(&id).cloned().unwrap_or_default(),
        Key::None => String::new(),
    }
}

fn goal_of(counted: &Counted, agreed: &[Agreed]) -> Option<u32> {
    let own = agreed.iter().filter(|a| counted.agreements.contains(&a.id));
    own.map(|a| a.terms.goal).max()
}

fn points(slots: &[Slot], fives: &[Five]) -> Vec<Point> {
    let pairs = slots.iter().zip(fives);
    pairs
        .map(|(slot, five)| Point {
            from: slot.from.to_string(),
            to: slot.to.to_string(),
            five: *five,
        })
        .collect()
}

/// Everything a closed period keeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Frozen {
    pub version: u32,
    /// One for each target and group.
    pub figures: Vec<Figures>,
    pub flow: Flow,
    pub times: Times,
    /// Hold reasons that pause an agreement's clocks, besides the usual two: agreement and reason.
    pub pauses: Vec<(String, String)>,
}

/// Works out what a period keeps when it is closed.
pub fn freeze(conn: &mut Db, period: &Period, now: Utc) -> Result<Frozen> {
    let agreed = store::agreed(conn, now)?;
    let mut figures = Vec::new();
    for target in store::targets_between(conn, period.start, period.end)? {
        for group_by in GroupBy::ALL {
            let ask = Ask {
                period: period.clone(),
                target,
                group_by: *group_by,
                by: By::Outcome,
                narrow: Narrow::default(),
            };
            figures.push(live_under(conn, &ask, &agreed)?);
        }
    }
    Ok(Frozen {
        version: 1,
        figures,
        flow: flow::flow(conn, period, None, now)?,
        times: times::times(conn, period, now)?,
        pauses: pauses(&agreed),
    })
}

/// What pauses clocks besides the usual two reasons.
pub fn pauses(agreed: &[Agreed]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for one in agreed {
        let unusual = (one.terms.pauses.iter())
            .filter(|reason| !["requester", "appointment"].contains(&reason.as_str()));
        found.extend(unusual.map(|reason| (one.name.clone(), reason.clone())));
    }
    found
}

/// Reads what a closed period kept.
pub fn thaw(closed: &Closed) -> Result<Frozen> {
    serde_json::from_str(&closed.figures)
        .map_err(|e| Error::inward(format!("closed period {}: {e}", closed.id)))
}

/// The figures of a question, with the months that are closed as they were frozen.
#[derive(Debug, Clone)]
pub struct Answered {
    pub figures: Figures,
    /// For each month of the figures, the period that closed it.
    pub closed: Vec<Option<crate::platform::db::Id<Closed>>>,
    /// What closed months would be today.
    pub corrections: Vec<Correction>,
}

/// Answers a question. What is closed is as it was closed, unless the question is narrower or counts by another
/// instant than what was frozen.
pub fn answer(conn: &mut Db, ask: &Ask, now: Utc) -> Result<Answered> {
    let figures = live(conn, ask, now)?;
    let months = ask.period.months().0;
    let mut answered = Answered {
        figures,
        closed: vec![None; months.len()],
        corrections: Vec::new(),
    };
    if ask.by != By::Outcome || !ask.narrow.is_empty() {
        return Ok(answered);
    }
    for closed in store::closed_between(conn, ask.period.start, ask.period.end)? {
        let place =
            (months.iter()).position(|m| m.start == closed.from_at && m.end == closed.to_at);
        let Some(place) = place else { continue };
        let frozen = thaw(&closed)?;
        if let Some(slot) = answered.closed.get_mut(place) {
            *slot = Some(closed.id);
        }
        let month = months.get(place).map_or(ask.period.from, |m| m.from);
        let kept = frozen.figures.iter().find(|f| {
            f.target == answered.figures.target && f.group_by == answered.figures.group_by
        });
        put_back(&mut answered, ask.group_by, place, month, kept);
    }
    Ok(answered)
}

/// Puts a closed month's figures where today's stand, and notes where they differ.
fn put_back(
    answered: &mut Answered,
    group: GroupBy,
    place: usize,
    month: Date,
    kept: Option<&Figures>,
) {
    let kept: &[Line] = kept.map_or(&[], |f| f.lines.as_slice());
    let width = answered.figures.months.len();
    // A line that was there then and is nowhere now.
    for line in kept {
        let lines = &mut answered.figures.lines;
        if lines.iter().all(|own| own.key != line.key) {
            lines.push(Line {
                goal: line.goal,
                total: Five::default(),
                months: vec![Five::default(); width],
                spread: Default::default(),
                elapsed_micros: 0,
                paused_micros: 0,
                ..line.clone()
            });
        }
    }
    let mut before = Five::default();
    let mut after = Five::default();
    for line in &mut answered.figures.lines {
        let frozen = kept.iter().find(|own| own.key == line.key);
        let frozen = frozen.and_then(|own| own.months.first().copied());
        let frozen = frozen.unwrap_or_default();
        let Some(slot) = line.months.get_mut(place) else {
            continue;
        };
        let today = std::mem::replace(slot, frozen);
        before.plus(&today);
        after.plus(&frozen);
        if today == frozen {
            continue;
        }
        line.total.minus(&today);
        line.total.plus(&frozen);
        answered.corrections.push(Correction {
            month,
            label: line.label.clone(),
            key: Key::read(group, &line.key).unwrap_or(Key::None),
            frozen,
            today,
        });
    }
    answered.figures.total.minus(&before);
    answered.figures.total.plus(&after);
    let from = month.to_string();
    if let Some(point) = (answered.figures.trend.iter_mut()).find(|p| p.from == from)
        && width == answered.closed.len()
        && answered.figures.months.get(place) == Some(&point.from)
        && point.five == before
    {
        point.five = after;
    }
}
