//! The month: weeks of days, each with its freezes, its hours of maintenance and its changes.

use jiff::civil::Date;

use super::events::Event;
use crate::changes::model::{FreezeRow, Maintenance};
use crate::changes::rules::calendar::days_of;
use crate::changes::rules::freezes::Freeze;
use crate::changes::rules::maintenance::Weekly;
use crate::changes::rules::window::Span;
use crate::people::Shell;
use crate::platform::db::Utc;

pub struct Day {
    pub n: i8,
    pub other: bool,
    pub today: bool,
    pub freezes: Vec<String>,
    /// When work may begin and until when, and what the window is called.
    pub hours: Vec<(String, String)>,
    pub events: Vec<Event>,
}

/// The weeks of a month's page, whose days these are.
pub fn weeks(
    shell: &Shell,
    days: &[Date],
    of_month: i8,
    events: &[Event],
    freezes: &[Freeze<FreezeRow>],
    hours: &[(Maintenance, Weekly)],
) -> Vec<Vec<Day>> {
    let today = shell.zone.local(shell.now).date();
    let mut all: Vec<Day> = days
        .iter()
        .map(|day| Day {
            n: day.day(),
            other: day.month() != of_month,
            today: *day == today,
            freezes: Vec::new(),
            hours: Vec::new(),
            events: Vec::new(),
        })
        .collect();
    for freeze in freezes {
        for n in days_of(&shell.zone, freeze.span, days) {
            if let Some(day) = all.get_mut(n) {
                day.freezes.push(freeze.key.name.clone());
            }
        }
    }
    for (opening, name) in openings(shell, days, hours) {
        // What runs past midnight stands on the day it begins.
        let first = days_of(&shell.zone, opening, days).into_iter().next();
        if let Some(day) = first.and_then(|n| all.get_mut(n)) {
            let time = |at: Utc| {
                let local = shell.zone.local(at);
                format!("{:02}:{:02}", local.hour(), local.minute())
            };
            let hours = format!("{}–{}", time(opening.starts), time(opening.ends));
            day.hours.push((hours, name));
        }
    }
    for event in events {
        for n in days_of(&shell.zone, event.span, days) {
            if let Some(day) = all.get_mut(n) {
                day.events.push(event.clone());
            }
        }
    }
    let mut weeks = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(7));
        weeks.push(all);
        all = rest;
    }
    weeks
}

/// Every opening of these days, in their order, with the name of its window.
fn openings(shell: &Shell, days: &[Date], hours: &[(Maintenance, Weekly)]) -> Vec<(Span, String)> {
    let at = |day: &Date| shell.zone.instant(day.at(0, 0, 0, 0));
    let after = days.last().and_then(|day| day.tomorrow().ok());
    let ends = days.first().and_then(at).zip(after.as_ref().and_then(at));
    let Some((from, to)) = ends else {
        return Vec::new();
    };
    let span = Span::new(from, to);
    let mut all: Vec<(Span, String)> = hours
        .iter()
        .flat_map(|(row, weekly)| {
            let openings = weekly.openings(span).into_iter();
            openings.map(|opening| (opening, row.name.clone()))
        })
        .filter(|(opening, _)| opening.starts >= from)
        .collect();
    all.sort_by_key(|(opening, _)| opening.starts);
    all
}
