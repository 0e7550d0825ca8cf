//! How long things take: distributions of first response and resolution, time by who held the work and by
//! why it stood still, and the times the field knows by three letters.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::ask::Asked;
use super::chart::{self, Ranges};
use super::frame::{self, SideGroup};
use super::sla::notices;
use crate::people::{Answer, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::reports::figures;
use crate::reports::model::{Ask, GroupBy, Key, Spread};
use crate::reports::times::{self, Holder, Paused};
use crate::service_levels::Target;

/// The parameters that a list behind a number keeps.
const KEPT: [&str; 9] = [
    "from",
    "to",
    "by",
    "kind",
    "priority",
    "service",
    "team",
    "organisation",
    "agreement",
];

/// One line of percentiles.
struct Line {
    name: String,
    label: String,
    is_data: bool,
    priority: Option<i32>,
    n: String,
    href: String,
    values: [String; 4],
}

/// A chart of percentiles with the table behind it.
struct Distribution {
    title: String,
    id: &'static str,
    chart: Ranges,
    lines: Vec<Line>,
}

struct Share {
    label: String,
    is_data: bool,
    n: String,
    href: String,
    time: String,
    paused: String,
    share: String,
}

#[derive(Template)]
#[template(path = "reports/times.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    period: String,
    notices: Vec<String>,
    from: String,
    to: String,
    distributions: Vec<Distribution>,
    measures: Option<Distribution>,
    backwards: u64,
    holders: Vec<Share>,
    teams: Vec<Share>,
    pauses: Vec<Share>,
}

pub async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit.page(move |r, v| page(r, v, &query)).await
}

fn page(r: &mut Db, v: &Visitor, query: &str) -> Result<Answer> {
    let shell = frame::shell(v, "report-times")?;
    let t = shell.t;
    let asked = Asked::read(r, v, query)?;
    let mut distributions = Vec::new();
    for (target, id) in [
        (Target::FirstResponse, "first-response"),
        (Target::Resolution, "resolution"),
    ] {
        let ask = Ask {
            target,
            group_by: GroupBy::Priority,
            ..asked.ask()
        };
        let found = figures::live(r, &ask, v.now)?;
        let lines = found.lines.iter().map(|line| {
            let key = Key::read(GroupBy::Priority, &line.key).unwrap_or(Key::None);
            let href = asked.address(
                "/reports/clocks",
                &KEPT,
                &[
                    ("target", target.word()),
                    ("priority", &line.key),
                    ("stopped", "1"),
                ],
            );
            let label = frame::line_label(t, &line.label, key);
            (String::new(), label, level(key), line.spread, href)
        });
        let title = frame::target_label(t, target);
        distributions.push(distribution(t, title, id, lines));
    }
    let found = times::times(r, &asked.period, v.now)?;
    let measured = found.measures.iter().map(|m| {
        let href = asked.address(
            "/reports/records",
            &["from", "to"],
            &[("facet", &m.measure), ("kind", "incident")],
        );
        let name = t.s(&format!("measure-{}", m.measure)).into_owned();
        let label = (crate::records::priority_label(m.priority), true);
        (name, label, Some(m.priority), m.spread, href)
    });
    let measures = distribution(t, t.s("report-measures").into_owned(), "measures", measured);
    let teams = Ask {
        target: Target::Resolution,
        group_by: GroupBy::Team,
        ..asked.ask()
    };
    let teams = figures::live(r, &teams, v.now)?;
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/times", Some(&asked)),
        period: frame::period(t, &asked),
        notices: notices(&shell, &asked),
        from: asked.period.from.to_string(),
        to: asked.period.to.to_string(),
        distributions,
        measures: (!measures.lines.is_empty()).then_some(measures),
        backwards: found.backwards,
        holders: found.holders.iter().map(|h| holder(t, &asked, h)).collect(),
        teams: (teams.lines.iter())
            .map(|line| {
                let key = Key::read(GroupBy::Team, &line.key).unwrap_or(Key::None);
                let (label, is_data) = frame::line_label(t, &line.label, key);
                let more = [("target", "resolution"), ("team", line.key.as_str())];
                Share {
                    label,
                    is_data,
                    n: t.number(line.total.n()),
                    href: asked.address("/reports/clocks", &KEPT, &more),
                    time: frame::span(t, line.elapsed_micros),
                    paused: frame::span(t, line.paused_micros),
                    share: part(t, line.paused_micros, line.elapsed_micros),
                }
            })
            .collect(),
        pauses: pauses(t, &asked, &found.pauses),
        shell,
    }))
}

fn level(key: Key) -> Option<i32> {
    match key {
        Key::Level(level) => Some(level),
        _ => None,
    }
}

/// Name of a line, its label, its priority, its percentiles, and where its records are.
type Given = (String, (String, bool), Option<i32>, Spread, String);

fn distribution(
    t: Words,
    title: String,
    id: &'static str,
    given: impl Iterator<Item = Given>,
) -> Distribution {
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for (name, (label, is_data), priority, spread, href) in given {
        let in_chart = match name.as_str() {
            "" => label.clone(),
            name => t.with(
                "report-measure-of",
                [("measure", name), ("priority", label.as_str())],
            ),
        };
        rows.push((in_chart, is_data && name.is_empty(), spread));
        let span = |micros: Option<i64>| micros.map(|m| frame::span(t, m)).unwrap_or_default();
        lines.push(Line {
            name,
            label,
            is_data,
            priority,
            n: t.number(spread.n),
            href: if spread.n > 0 { href } else { String::new() },
            values: [spread.p25, spread.median, spread.p75, spread.p90].map(span),
        });
    }
    Distribution {
        title,
        id,
        chart: chart::ranges(t, &rows),
        lines,
    }
}

/// Paused of paused and run, in percent.
fn part(t: Words, paused: i64, ran: i64) -> String {
    let whole = paused.saturating_add(ran);
    let share = crate::reports::rules::Share::of(paused.unsigned_abs(), whole.unsigned_abs());
    share
        .map(|share| frame::share(t, Some(share)))
        .unwrap_or_default()
}

fn holder(t: Words, asked: &Asked, held: &Holder) -> Share {
    let label = match held.label.as_str() {
        "" => t.s("report-none").into_owned(),
        label => label.to_owned(),
    };
    Share {
        is_data: !held.label.is_empty(),
        label,
        n: t.number(held.n),
        href: asked.address(
            "/reports/clocks",
            &["from", "to"],
            &[("target", &held.target)],
        ),
        time: frame::span(t, held.elapsed_micros),
        paused: frame::span(t, held.paused_micros),
        share: frame::target_word(t, &held.target),
    }
}

fn pauses(t: Words, asked: &Asked, pauses: &[Paused]) -> Vec<Share> {
    let whole: i64 = pauses.iter().map(|p| p.micros).sum();
    let one = |p: &Paused| Share {
        label: p.label.clone(),
        is_data: true,
        n: t.number(p.n),
        href: asked.address(
            "/reports/records",
            &["from", "to"],
            &[("facet", "held"), ("value", &p.code)],
        ),
        time: frame::span(t, p.micros),
        paused: String::new(),
        share: part(t, p.micros, whole - p.micros),
    };
    pauses.iter().map(one).collect()
}
