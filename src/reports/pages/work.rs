//! The flow of work: opened, resolved and left by week; ages; volumes; what came back; and the records
//! behind each number.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::ask::Asked;
use super::chart::{self, Bars, WeekSlot, Weeks};
use super::frame::{self, Choice, Select, SideGroup};
use super::sla::{Counted, notices};
use crate::people::{Answer, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::records::{Kind, Number, state_label};
use crate::reports::flow::{self, Flow, Part, Volume};
use crate::reports::rules::{AGES, Share};
use crate::reports::store::{self, Facet, RecordRow};

const SIZE: i64 = 50;

/// A week in numbers that lead to its records.
struct Week {
    label: String,
    opened: Counted,
    resolved: Counted,
    backlog: Counted,
}

/// Counts of channels, services, categories.
struct Volumes {
    title: String,
    id: &'static str,
    rows: Vec<VolumeRow>,
}

struct VolumeRow {
    label: String,
    is_data: bool,
    counted: Counted,
    /// Of the longest, in a drawing 200 wide.
    width: String,
}

/// A share with its parts.
struct PartRow {
    name: String,
    hint: String,
    part: Counted,
    n: String,
    share: String,
}

#[derive(Template)]
#[template(path = "reports/work.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    period: String,
    notices: Vec<String>,
    from: String,
    to: String,
    selects: Vec<Select>,
    chart: Weeks,
    weeks: Vec<Week>,
    ages: Bars,
    age_rows: Vec<(String, Counted)>,
    open: Counted,
    volumes: Vec<Volumes>,
    parts: Vec<PartRow>,
    chasers: String,
}

pub async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit.page(move |r, v| page(r, v, &query)).await
}

fn page(r: &mut Db, v: &Visitor, query: &str) -> Result<Answer> {
    let shell = frame::shell(v, "report-work")?;
    let t = shell.t;
    let asked = Asked::read(r, v, query)?;
    let found = flow::flow(r, &asked.period, asked.kind(), v.now)?;
    let ages = age_labels(t);
    let aged: Vec<(String, u64)> = ages.into_iter().zip(found.ages.iter().copied()).collect();
    let days = asked.period.weeks().0;
    let weeks: Vec<Week> = (days.iter().zip(&found.weeks))
        .map(|(slot, week)| {
            let (from, to) = (slot.from.to_string(), slot.to.to_string());
            let counted = |facet: &str, n| {
                let more = [
                    ("facet", facet),
                    ("from", from.as_str()),
                    ("to", to.as_str()),
                ];
                counted(t, &asked, n, &more)
            };
            Week {
                label: frame::day(t, slot.from),
                opened: counted("opened", week.opened),
                resolved: counted("resolved", week.resolved),
                backlog: counted("left", week.backlog),
            }
        })
        .collect();
    let slots: Vec<WeekSlot> = (days.iter().zip(&found.weeks))
        .map(|(slot, week)| WeekSlot {
            label: frame::day(t, slot.from),
            opened: week.opened,
            resolved: week.resolved,
            backlog: week.backlog,
        })
        .collect();
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/work", Some(&asked)),
        period: frame::period(t, &asked),
        notices: notices(&shell, &asked),
        from: asked.period.from.to_string(),
        to: asked.period.to.to_string(),
        selects: vec![kinds(t, &asked)],
        chart: chart::weeks(t, &slots),
        weeks,
        ages: chart::bars(t, &aged, &["b", "r"]),
        age_rows: (aged.iter().enumerate())
            .map(|(place, (label, n))| {
                let place = place.to_string();
                let more = [
                    ("facet", "aged"),
                    ("value", place.as_str()),
                    ("from", ""),
                    ("to", ""),
                ];
                (label.clone(), counted(t, &asked, *n, &more))
            })
            .collect(),
        open: counted(
            t,
            &asked,
            found.open,
            &[("facet", "open"), ("from", ""), ("to", "")],
        ),
        volumes: volumes(t, &asked, &found),
        parts: parts(t, &asked, &found),
        chasers: t.n("report-chasers", found.chasers),
        shell,
    }))
}

fn kinds(t: Words, asked: &Asked) -> Select {
    let choice = |kind: &Kind| Choice {
        value: kind.word().to_owned(),
        label: t.s(&format!("view-{kind}")).into_owned(),
        chosen: asked.kind() == Some(*kind),
        is_data: false,
    };
    Select {
        name: "kind",
        label: t.s("filter-kind").into_owned(),
        unset: Some(t.s("filter-any").into_owned()),
        choices: Kind::ALL.iter().map(choice).collect(),
    }
}

fn counted(t: Words, asked: &Asked, n: u64, more: &[(&str, &str)]) -> Counted {
    Counted {
        label: String::new(),
        n: t.number(n),
        href: match n {
            0 => String::new(),
            _ => asked.address("/reports/records", &["from", "to", "kind"], more),
        },
    }
}

/// "under 1 day", "1 to 3 days" …
fn age_labels(t: Words) -> Vec<String> {
    let mut labels = vec![t.s("age-first").into_owned()];
    for pair in AGES.windows(2) {
        if let [from, to] = pair {
            let args = [("from", from.to_string()), ("to", to.to_string())];
            labels.push(t.with("age-between", args));
        }
    }
    let last = AGES.last().map(ToString::to_string).unwrap_or_default();
    labels.push(t.with1("age-over", "days", last));
    labels
}

fn volumes(t: Words, asked: &Asked, found: &Flow) -> Vec<Volumes> {
    let one = |title: &str, id: &'static str, list: &[Volume]| {
        let longest = list.first().map_or(1, |v| v.n.max(1));
        Volumes {
            title: t.s(title).into_owned(),
            id,
            rows: (list.iter())
                .map(|volume| {
                    let (label, is_data) = match (id, volume.key.as_str()) {
                        ("channel", word) => {
                            let key = format!("channel-{}", word.replace('_', "-"));
                            (t.s(&key).into_owned(), false)
                        }
                        (_, "none") => (t.s("report-none").into_owned(), false),
                        _ => (volume.label.clone(), true),
                    };
                    let more = [("facet", id), ("value", volume.key.as_str())];
                    VolumeRow {
                        label,
                        is_data,
                        counted: counted(t, asked, volume.n, &more),
                        width: format!("{:.1}", volume.n as f64 / longest as f64 * 200.0),
                    }
                })
                .collect(),
        }
    };
    vec![
        one("report-by-channel", "channel", &found.channels),
        one("report-by-service", "service", &found.services),
        one("report-by-category", "category", &found.categories),
    ]
}

fn parts(t: Words, asked: &Asked, found: &Flow) -> Vec<PartRow> {
    let row = |key: &str, facet: &str, part: Part| PartRow {
        name: t.s(key).into_owned(),
        hint: t.s(&format!("{key}.hint")).into_owned(),
        part: counted(t, asked, part.part, &[("facet", facet)]),
        n: t.number(part.n),
        share: frame::share(t, Share::of(part.part, part.n)),
    };
    vec![
        row("report-first-contact", "first_contact", found.first_contact),
        row("report-chased", "chased", found.chased),
        row("report-reopened", "reopened", found.reopened),
        row("report-handed-over", "handed_over", found.handed_over),
    ]
}

/// A record of a list.
struct Line {
    number: String,
    href: String,
    title: String,
    priority: i32,
    state: String,
    service: String,
    team: String,
    assignee: String,
    reported: When,
    resolved: Option<When>,
}

#[derive(Template)]
#[template(path = "reports/records.html")]
struct ListPage {
    shell: Shell,
    side: Vec<SideGroup>,
    period: Option<String>,
    notices: Vec<String>,
    rows: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

/// The records behind a number.
pub async fn records(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit.page(move |r, v| records_page(r, v, &query)).await
}

fn records_page(r: &mut Db, v: &Visitor, query: &str) -> Result<Answer> {
    let shell = frame::shell(v, "report-records")?;
    let asked = Asked::read(r, v, query)?;
    let said = || Some(frame::period(shell.t, &asked));
    let ago = |n: usize| {
        AGES.get(n)
            .map(|days| v.now.minus(time::Duration::days(*days)))
    };
    let (from, before, period) = match asked.facet {
        // Whenever it was reported.
        Facet::Open => (Utc::from_micros(0), Utc::FAR, None),
        Facet::Left => (Utc::from_micros(0), asked.period.end, said()),
        Facet::Aged(n) => {
            // Older than so many days is reported no later than so many days ago.
            let last = n.checked_sub(1).and_then(ago);
            let last = last.map(|at| at.plus(time::Duration::MICROSECOND));
            let first = ago(n).map(|at| at.plus(time::Duration::MICROSECOND));
            (
                first.unwrap_or(Utc::from_micros(0)),
                last.unwrap_or(Utc::FAR),
                None,
            )
        }
        _ => (asked.period.start, asked.period.end, said()),
    };
    let after = asked.after.map(|(at, id)| (at, Id::from_uuid(id)));
    let span = (from, before);
    let mut rows = store::records(r, v, &asked.facet, asked.kind(), span, after, SIZE + 1)?;
    let more = rows.len() as i64 > SIZE;
    rows.truncate(SIZE as usize);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| asked.next("/reports/records", row.at, row.id.uuid()));
    let facet = match asked.given("facet") {
        "" => "opened",
        facet => facet,
    };
    let title = shell
        .t
        .s(&format!("facet-{}", facet.replace('_', "-")))
        .into_owned();
    let shell = shell.titled(title);
    Ok(Answer::html(&ListPage {
        side: frame::side(&shell, "", Some(&asked)),
        period,
        notices: notices(&shell, &asked),
        rows: rows.into_iter().map(|row| line(&shell, row)).collect(),
        first: asked.after.map(|_| asked.first("/reports/records")),
        next,
        shell,
    }))
}

fn line(shell: &Shell, row: RecordRow) -> Line {
    let number = Number {
        kind: row.kind,
        n: row.n,
    };
    Line {
        number: number.to_string(),
        href: number.path(),
        title: row.title,
        priority: row.priority,
        state: state_label(shell.t, &row.state).into_owned(),
        service: row.service.unwrap_or_default(),
        team: row.team.unwrap_or_default(),
        assignee: row.assignee.unwrap_or_default(),
        reported: shell.when(row.reported_at),
        resolved: row.resolved_at.map(|at| shell.when(at)),
    }
}
