//! Reports as CSV, as other exports are written: RFC 4180, times in UTC, no cell a formula.

use super::model::{Figures, Five};
use super::store::ClockRow;
use crate::platform::db::Utc;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{Number, priority_label};

const FIGURES: [&str; 14] = [
    "target",
    "by",
    "group_by",
    "key",
    "label",
    "month",
    "met",
    "breached",
    "running",
    "ended",
    "exempt",
    "n",
    "attainment_percent",
    "goal_percent",
];

const CLOCKS: [&str; 21] = [
    "number",
    "kind",
    "title",
    "target",
    "cycle",
    "part",
    "outcome",
    "counted",
    "superseded",
    "priority",
    "agreement",
    "service",
    "team",
    "reported_at",
    "started_at",
    "due_at",
    "stopped_at",
    "breached_at",
    "elapsed_minutes",
    "paused_minutes",
    "breach_reason",
];

/// Figures: a line for each line and month, and one for each line's total (without a month).
pub fn figures(figures: &Figures) -> Result<Vec<u8>> {
    let mut lines: Vec<Vec<String>> = vec![words(&FIGURES)];
    let mut put = |key: &str, label: &str, goal: Option<u32>, month: &str, five: &Five| {
        let mut line = vec![
            figures.target.clone(),
            figures.by.clone(),
            figures.group_by.clone(),
            key.to_owned(),
            label.to_owned(),
            month.to_owned(),
        ];
        let counts = [
            five.met,
            five.breached,
            five.running,
            five.ended,
            five.exempt,
            five.n(),
        ];
        line.extend(counts.iter().map(u64::to_string));
        line.push(five.attainment().map(|s| s.text()).unwrap_or_default());
        line.push(goal.map(|g| g.to_string()).unwrap_or_default());
        lines.push(line);
    };
    for line in &figures.lines {
        for (month, five) in figures.months.iter().zip(&line.months) {
            let month = month.get(..7).unwrap_or(month);
            put(&line.key, &line.label, line.goal, month, five);
        }
        put(&line.key, &line.label, line.goal, "", &line.total);
    }
    put("", "", figures.goal, "", &figures.total);
    written(lines)
}

/// The first line of a list of clocks.
pub fn clocks_header() -> Result<Vec<u8>> {
    written(vec![words(&CLOCKS)])
}

/// One line a clock.
pub fn clocks(rows: &[ClockRow]) -> Result<Vec<u8>> {
    let time = |at: Option<Utc>| {
        at.filter(|at| *at < Utc::FAR)
            .map(Utc::rfc3339)
            .unwrap_or_default()
    };
    let minutes = |micros: i64| (micros / 60_000_000).to_string();
    let line = |row: &ClockRow| {
        let number = Number {
            kind: row.kind,
            n: row.n,
        };
        vec![
            number.to_string(),
            row.kind.word().to_owned(),
            row.title.clone(),
            row.target.clone(),
            row.cycle.to_string(),
            row.part.to_string(),
            row.outcome.word().to_owned(),
            row.is_counted.to_string(),
            row.is_superseded.to_string(),
            priority_label(row.priority),
            row.agreement.clone(),
            row.service.clone().unwrap_or_default(),
            row.team.clone().unwrap_or_default(),
            row.reported_at.rfc3339(),
            row.started_at.rfc3339(),
            time(Some(row.due_at)),
            time(row.stopped_at),
            time(row.breached_at),
            minutes(row.elapsed_micros),
            minutes(row.paused_micros),
            row.code.clone().unwrap_or_default(),
        ]
    };
    written(rows.iter().map(line).collect())
}

/// Lines that are made elsewhere.
pub fn lines(lines: Vec<Vec<String>>) -> Result<Vec<u8>> {
    written(lines)
}

fn words(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|c| (*c).to_owned()).collect()
}

fn written(lines: Vec<Vec<String>>) -> Result<Vec<u8>> {
    let wrong = |e: &dyn std::fmt::Display| Error::inward(format!("csv: {e}"));
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        let cells = line.into_iter().map(neutral);
        writer.write_record(cells).map_err(|e| wrong(&e))?;
    }
    writer.into_inner().map_err(|e| wrong(&e))
}

/// An apostrophe before what spreadsheets take for the beginning of a formula.
fn neutral(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}
