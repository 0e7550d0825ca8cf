//! What every report has around it, and how its numbers are written.

use jiff::civil::Date;

use super::ask::Asked;
use crate::people::{Right, Shell, Visitor};
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::reports::model::{By, Five, GroupBy, Key};
use crate::reports::rules::{Share, Slot, Standing};
use crate::service_levels::Target;

/// A link at the side.
pub struct SideLink {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// A group of them.
pub struct SideGroup {
    pub label: String,
    pub links: Vec<SideLink>,
}

/// Something to choose.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
    pub is_data: bool,
}

pub struct Select {
    pub name: &'static str,
    pub label: String,
    /// What is chosen by choosing nothing.
    pub unset: Option<String>,
    pub choices: Vec<Choice>,
}

/// The pages, by group: path and key of the title.
const SIDE: [(&str, &[(&str, &str)]); 3] = [
    (
        "reports-levels",
        &[
            ("/reports/sla", "report-sla"),
            ("/reports/breaches", "report-breaches"),
            ("/reports/times", "report-times"),
            ("/reports/due", "report-due"),
        ],
    ),
    (
        "reports-flow",
        &[
            ("/reports/work", "report-work"),
            ("/reports/waiting", "report-waiting"),
            ("/problems/trends", "problem-trends"),
            ("/reports/kinds", "kinds-title"),
            ("/reports/actions", "report-actions"),
            ("/reports/postmortems", "postmortems-overdue"),
        ],
    ),
    (
        "reports-settle",
        &[
            ("/reports/unexplained", "report-unexplained"),
            ("/reports/exemptions", "report-exemptions"),
            ("/reports/periods", "report-periods"),
        ],
    ),
];

/// The frame of a report, for those who may read one.
pub fn shell(v: &Visitor, title: &str) -> Result<Shell> {
    v.needs(Right::Manage)?;
    Ok(v.shell("reports", v.words.s(title)))
}

/// The pages at the side, with the period that was chosen.
pub fn side(shell: &Shell, here: &str, asked: Option<&Asked>) -> Vec<SideGroup> {
    let link = |(path, key): &(&str, &str)| SideLink {
        href: match asked {
            Some(asked) => asked.address(path, &["from", "to"], &[]),
            None => (*path).to_owned(),
        },
        label: shell.t.s(key).into_owned(),
        current: *path == here,
    };
    (SIDE.iter())
        .map(|(label, links)| SideGroup {
            label: shell.t.s(label).into_owned(),
            links: links.iter().map(link).collect(),
        })
        .collect()
}

/// A day as pages write it.
pub fn day(t: Words, day: Date) -> String {
    let month = month_name(t, day);
    let args = [
        ("day", day.day().to_string()),
        ("month", month),
        ("year", day.year().to_string()),
    ];
    t.with("report-day", args)
}

fn month_name(t: Words, day: Date) -> String {
    t.s(&format!("month-{}", day.month())).into_owned()
}

/// A month's heading; one that is only a part of it says which.
pub fn month(t: Words, slot: &Slot) -> String {
    let name = month_name(t, slot.from);
    let year = slot.from.year().to_string();
    let whole = slot.from == slot.from.first_of_month() && slot.to == slot.from.last_of_month();
    if whole {
        return t.with("report-month", [("month", name), ("year", year)]);
    }
    let days = [
        ("month", name),
        ("year", year),
        ("from", slot.from.day().to_string()),
        ("to", slot.to.day().to_string()),
    ];
    t.with("report-month-part", days)
}

/// "1 June 2026 to 20 November 2026, times in Europe/Berlin".
pub fn period(t: Words, asked: &Asked) -> String {
    let period = &asked.period;
    let args = [
        ("from", day(t, period.from)),
        ("to", day(t, period.to)),
        ("zone", period.zone.name().to_owned()),
    ];
    t.with("report-period", args)
}

/// A duration in hours and minutes: never in days, which in business time would be anybody's guess.
pub fn span(t: Words, micros: i64) -> String {
    let minutes = micros.max(0) / 60_000_000;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, 0) if micros > 0 => t.s("span-less").into_owned(),
        (0, minutes) => t.with1("lasted-minutes", "minutes", minutes.to_string()),
        (hours, _) if hours >= 100 => t.with1("lasted-hours", "hours", t.number(hours)),
        (hours, rest) => t.with(
            "lasted-hours-minutes",
            [
                ("hours", hours.to_string()),
                ("minutes", format!("{rest:02}")),
            ],
        ),
    }
}

/// "94.9 %", or that there was nothing to take a share of.
pub fn share(t: Words, share: Option<Share>) -> String {
    match share {
        Some(share) => t.with1("percent", "n", share.text()),
        None => t.s("report-no-calls").into_owned(),
    }
}

/// The lamp of a share beside its goal, with the word for those who do not see it.
pub fn lamp(t: Words, share: Option<Share>, goal: Option<u32>) -> Option<(&'static str, String)> {
    match share?.against(goal?) {
        Standing::Reached => None,
        Standing::JustUnder => Some(("risk", t.s("report-just-under").into_owned())),
        Standing::WellUnder => Some(("breach", t.s("report-well-under").into_owned())),
    }
}

/// How far from the goal, in words.
pub fn distance(t: Words, share: Share, goal: u32) -> String {
    let over = share.points_over(goal);
    let points = over.unsigned_abs();
    let text = match points % 10 {
        0 => (points / 10).to_string(),
        tenth => format!("{}.{tenth}", points / 10),
    };
    let key = if over < 0 {
        "report-goal-under"
    } else {
        "report-goal-over"
    };
    t.with(key, [("goal", goal.to_string()), ("points", text)])
}

pub fn target_label(t: Words, target: Target) -> String {
    t.s(&format!("target-{}", target.word().replace('_', "-")))
        .into_owned()
}

pub fn target_word(t: Words, word: &str) -> String {
    Target::from_word(word).map_or_else(|| word.to_owned(), |target| target_label(t, target))
}

/// What a line is called: data, or our word for having none.
pub fn line_label(t: Words, label: &str, key: Key) -> (String, bool) {
    match key {
        Key::None => (t.s("report-none").into_owned(), false),
        _ if label.is_empty() => (t.s("unknown").into_owned(), false),
        _ => (label.to_owned(), true),
    }
}

/// The selects of a bar of filters: the target, the instant that counts.
pub fn selects(t: Words, asked: &Asked, with_group: bool) -> Vec<Select> {
    let targets = Target::ALL.iter().map(|target| Choice {
        value: target.word().to_owned(),
        label: target_label(t, *target),
        chosen: *target == asked.target,
        is_data: false,
    });
    let by = By::ALL.iter().map(|by| Choice {
        value: by.word().to_owned(),
        label: t.s(&format!("report-by-{by}")).into_owned(),
        chosen: *by == asked.by,
        is_data: false,
    });
    let mut selects = vec![Select {
        name: "target",
        label: t.s("report-target").into_owned(),
        unset: None,
        choices: targets.collect(),
    }];
    if with_group {
        selects.push(Select {
            name: "by",
            label: t.s("report-by").into_owned(),
            unset: None,
            choices: by.collect(),
        });
    }
    selects
}

pub fn group_label(t: Words, group: GroupBy) -> String {
    t.s(&format!("report-group-{group}")).into_owned()
}

/// "412 calls".
pub fn calls(t: Words, five: &Five) -> String {
    t.n("report-calls", five.met + five.breached)
}
