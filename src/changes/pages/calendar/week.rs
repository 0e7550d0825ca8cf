//! The week as a picture: a lane for each service with its changes and the hours in which it may be
//! worked on, and the freezes above and behind them.

use std::collections::HashMap;

use jiff::civil::Date;

use super::events::Event;
use crate::changes::model::{FreezeRow, Maintenance};
use crate::changes::pages::WEEKDAYS;
use crate::changes::rules::calendar::{between, share, tracks};
use crate::changes::rules::freezes::Freeze;
use crate::changes::rules::maintenance::{Weekly, meant};
use crate::changes::rules::window::Span;
use crate::people::Shell;
use crate::platform::db::Id;
use crate::services::Service;

/// Where the week begins beside the names of its lanes, and how wide it is.
const LEFT: i64 = 124;
const WIDE: i64 = 1008;
/// Where the first lane begins, below the names of the days.
const TOP: i64 = 24;
/// A row of a lane, and what a lane takes besides its rows.
const ROW: i64 = 34;
const PAD: i64 = 8;
/// About how wide a letter is.
const LETTER: i64 = 7;
/// So much of a name stands in the picture; the whole is in the list.
const NAME: usize = 32;

#[derive(Default)]
pub struct Week {
    pub height: i64,
    /// Where each day begins, with its name.
    pub columns: Vec<(i64, String)>,
    pub lanes: Vec<Lane>,
    pub freezes: Vec<Frozen>,
    /// What lies behind the lanes a freeze is about.
    pub covers: Vec<Rect>,
}

pub struct Lane {
    pub name: String,
    pub y: i64,
    pub middle: i64,
    pub boxes: Vec<(Placed, Event)>,
    /// When the service may be worked on.
    pub hours: Vec<Rect>,
}

/// A freeze in the lane of freezes.
pub struct Frozen {
    pub place: Placed,
    pub name: String,
    pub whole: String,
    pub href: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

/// A box with where its label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub text: i64,
    pub baseline: i64,
    /// The label ends where it is put, instead of beginning there.
    pub before: bool,
}

/// What a week is drawn from.
pub struct Drawn<'a> {
    pub shell: &'a Shell,
    pub span: Span,
    pub days: &'a [Date],
    pub events: &'a [Event],
    pub names: &'a HashMap<Id<Service>, String>,
    pub freezes: &'a [Freeze<FreezeRow>],
    pub hours: &'a [(Maintenance, Weekly)],
}

/// The label inside where it fits, after it where there is room, else before it. Also how far box and
/// label reach together.
fn place((from, wide): (i64, i64), letters: usize) -> (Placed, (i64, i64)) {
    let x = LEFT + from * WIDE / 1000;
    let width = (wide * WIDE / 1000).max(8);
    let label = letters as i64 * LETTER;
    let (text, before, reach) = if width > label + 20 {
        (x + 10, false, (x, x + width))
    } else if x + width + label + 5 <= LEFT + WIDE {
        (x + width + 5, false, (x, x + width + label + 5))
    } else {
        (x - 5, true, (x - label - 5, x + width))
    };
    let placed = Placed {
        x,
        y: 0,
        width,
        text,
        baseline: 0,
        before,
    };
    (placed, reach)
}

/// Puts each into a row in which it covers no other; how many rows there are.
fn into_rows<T>(placed: Vec<((Placed, (i64, i64)), T)>, top: i64) -> (Vec<(Placed, T)>, i64) {
    let reaches: Vec<(i64, i64)> = placed.iter().map(|((_, reach), _)| *reach).collect();
    let rows = tracks(&reaches);
    let most = rows.iter().max().map_or(1, |row| row + 1);
    let in_row = |(((place, _), what), row): (((Placed, _), T), usize)| {
        let y = top + 7 + row as i64 * ROW;
        let baseline = y + 18;
        (
            Placed {
                y,
                baseline,
                ..place
            },
            what,
        )
    };
    let all = placed.into_iter().zip(rows).map(in_row).collect();
    (all, most as i64)
}

fn short(name: &str) -> String {
    match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

/// Lays out a week.
pub fn week(of: &Drawn<'_>) -> Week {
    let mut week = Week {
        columns: columns(of),
        height: TOP,
        ..Week::default()
    };
    let frozen = of.freezes.iter().filter_map(|freeze| {
        let name = short(&freeze.key.name);
        Some((
            place(share(of.span, freeze.span)?, name.chars().count()),
            (freeze, name),
        ))
    });
    let (frozen, rows) = into_rows(frozen.collect(), week.height);
    if !frozen.is_empty() {
        week.height += rows * ROW + PAD;
    }
    let lanes = by_service(of);
    for (service, events) in lanes {
        let boxes = events.into_iter().filter_map(|event| {
            let at = share(of.span, event.span)?;
            Some((place(at, event.number.chars().count()), event.clone()))
        });
        let y = week.height;
        let (boxes, rows) = into_rows(boxes.collect(), y);
        let height = rows * ROW + PAD;
        let touched = (frozen.iter())
            .filter(|(_, (freeze, _))| service.is_none_or(|service| freeze.scope.concerns(service)))
            .map(|(place, _)| Rect {
                x: place.x,
                y,
                width: place.width,
                height,
            });
        week.covers.extend(touched);
        week.lanes.push(Lane {
            name: named(of, service),
            y,
            middle: y + 25,
            boxes,
            hours: hours(of, service, y + height - 3),
        });
        week.height += height;
    }
    week.freezes = (frozen.into_iter())
        .map(|(place, (freeze, name))| Frozen {
            place,
            name,
            whole: freeze.key.name.clone(),
            href: format!("/changes/freezes/{}", freeze.key.id),
        })
        .collect();
    week
}

fn named(of: &Drawn<'_>, service: Option<Id<Service>>) -> String {
    let name = service.and_then(|id| of.names.get(&id));
    let none = || of.shell.t.s("calendar-no-service").into_owned();
    name.map_or_else(none, |name| short(name))
}

type Lanes<'a> = Vec<(Option<Id<Service>>, Vec<&'a Event>)>;

/// The events of each service, by its name; what has no service comes last.
fn by_service<'a>(of: &Drawn<'a>) -> Lanes<'a> {
    let mut lanes: Lanes<'a> = Vec::new();
    for event in of.events {
        let known = event.of.iter().filter(|id| of.names.contains_key(id));
        let mut services: Vec<_> = known.map(|id| Some(*id)).collect();
        if services.is_empty() {
            services.push(None);
        }
        for service in services {
            match lanes.iter_mut().find(|(lane, _)| *lane == service) {
                Some((_, events)) => events.push(event),
                None => lanes.push((service, vec![event])),
            }
        }
    }
    let name = |service: &Option<Id<Service>>| service.and_then(|id| of.names.get(&id));
    lanes.sort_by(|(a, _), (b, _)| (a.is_none(), name(a)).cmp(&(b.is_none(), name(b))));
    lanes
}

/// The hours of a service, as a line at the foot of its lane.
fn hours(of: &Drawn<'_>, service: Option<Id<Service>>, y: i64) -> Vec<Rect> {
    let all: Vec<&Weekly> = of.hours.iter().map(|(_, weekly)| weekly).collect();
    let openings = meant(&all, service, None).into_iter();
    let openings = openings.flat_map(|weekly| weekly.openings(of.span));
    let shares = openings.filter_map(|opening| share(of.span, opening));
    let rect = |(from, wide): (i64, i64)| Rect {
        x: LEFT + from * WIDE / 1000,
        y,
        width: (wide * WIDE / 1000).max(2),
        height: 3,
    };
    shares.map(rect).collect()
}

fn columns(of: &Drawn<'_>) -> Vec<(i64, String)> {
    let column = |(n, day): (usize, &Date)| {
        let (from, _) = share(
            of.span,
            between(&of.shell.zone, *day, day.tomorrow().ok()?)?,
        )?;
        let key = WEEKDAYS.get(n).copied().unwrap_or("day-monday");
        let name = format!("{} {}", of.shell.t.s(key), day.day());
        Some((LEFT + from * WIDE / 1000, name))
    };
    of.days.iter().enumerate().filter_map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_inside_after_or_before_its_box() {
        let (wide, reach) = place((0, 500), 10);
        assert_eq!((wide.text, wide.before), (LEFT + 10, false));
        assert_eq!(reach, (LEFT, LEFT + 504));
        let (small, reach) = place((0, 1), 6);
        assert_eq!((small.text, small.before), (LEFT + 8 + 5, false));
        assert_eq!(reach, (LEFT, LEFT + 8 + 5 + 42));
        let (last, reach) = place((990, 10), 6);
        assert!(last.before && last.text < last.x);
        assert!(reach.1 <= LEFT + WIDE && reach.0 == last.x - 47);
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(short("Winter sale"), "Winter sale");
        let cut = short(&"é".repeat(80));
        assert_eq!(cut.chars().count(), NAME);
        assert!(cut.ends_with('…'));
    }
}
