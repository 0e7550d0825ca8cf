//! Closed periods: the list, the form that closes one, and what one says for good.

use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::civil::Date;

use super::frame::{self, SideGroup};
use crate::journal::hex;
use crate::people::{
    Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When, default_zone,
};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::sha256;
use crate::platform::kernel::zone::Zone;
use crate::reports::figures::{self, Frozen};
use crate::reports::model::{Five, GroupBy, Key};
use crate::reports::store::{self, Closed};
use crate::reports::{Figures, actions, csv};

/// A closed period of the list.
struct Listed {
    href: String,
    label: String,
    closed_at: When,
    by: String,
    hash: String,
}

/// A month that may be closed.
struct Open {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "reports/periods.html")]
struct List {
    shell: Shell,
    side: Vec<SideGroup>,
    rows: Vec<Listed>,
    open: Vec<Open>,
    form: FormView,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit.page(|r, v| list_page(r, v, FormView::fresh())).await
}

fn list_page(r: &mut Db, v: &Visitor, form: FormView) -> Result<Answer> {
    let shell = frame::shell(v, "report-periods")?;
    let zone = Zone::named(&default_zone(r)?).unwrap_or_else(Zone::utc);
    let closed = store::closed_periods(r)?;
    let taken: Vec<Date> = closed.iter().map(|p| zone.local(p.1).date()).collect();
    let mut open = Vec::new();
    let mut first = zone.local(v.now).date().first_of_month();
    for _ in 0..13 {
        let Ok(before) = first.yesterday() else { break };
        first = before.first_of_month();
        if !taken.contains(&first) {
            let value = first.to_string();
            open.push(Open {
                chosen: form.is("month", &value),
                label: month(&shell, first),
                value,
            });
        }
    }
    Ok(Answer::html(&List {
        side: frame::side(&shell, "/reports/periods", None),
        rows: (closed.into_iter())
            .map(|(id, from, _, at, by, hash)| Listed {
                href: format!("/reports/periods/{id}"),
                label: t_month(&shell, &zone, from),
                closed_at: shell.when(at),
                by,
                hash: hex(&hash),
            })
            .collect(),
        open,
        form,
        shell,
    }))
}

fn month(shell: &Shell, first: Date) -> String {
    let name = shell.t.s(&format!("month-{}", first.month())).into_owned();
    shell.t.with(
        "report-month",
        [("month", name), ("year", first.year().to_string())],
    )
}

fn t_month(shell: &Shell, zone: &Zone, at: crate::platform::db::Utc) -> String {
    month(shell, zone.local(at).date())
}

pub async fn close(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Manage)?;
                let day: Date = (form.value("month").parse())
                    .map_err(|_| Error::invalid("month", "error-required"))?;
                let id = actions::close_period(w, v, ctx, day)?;
                let to = format!("/reports/periods/{id}");
                Ok(Done::at(to).saying(Flash::ok("report-closed-now")))
            },
            |r: &mut Read<'_>, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                list_page(r, v, view)
            },
        )
        .await
}

/// A line of a frozen table.
struct Line {
    label: String,
    is_data: bool,
    attainment: String,
    n: Vec<String>,
    median: String,
    p90: String,
}

struct Table {
    target: String,
    group: String,
    lines: Vec<Line>,
    total: Line,
}

#[derive(Template)]
#[template(path = "reports/period.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    closed_at: When,
    by: String,
    hash: String,
    /// Whether the figures still have the hash they were written with.
    is_whole: bool,
    pauses: Vec<(String, String)>,
    tables: Vec<Table>,
    flow: Vec<(String, String)>,
    csv: String,
}

/// A closed period. It reads what was written down and nothing else.
pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            let (closed, by) = found(r, &path)?;
            page(r, v, &closed, by)
        })
        .await
}

fn found(r: &mut Db, id: &str) -> Result<(Closed, String)> {
    let id: Id<Closed> = id.parse().map_err(|_| Error::NotFound)?;
    store::closed_period(r, id)
}

fn page(r: &mut Db, v: &Visitor, closed: &Closed, by: String) -> Result<Answer> {
    let zone = Zone::named(&default_zone(r)?).unwrap_or_else(Zone::utc);
    let frozen = figures::thaw(closed)?;
    let shell = frame::shell(v, "report-periods")?;
    let title = t_month(&shell, &zone, closed.from_at);
    let title = shell.t.with1("report-closed-title", "month", title);
    let shell = shell.titled(title);
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "", None),
        closed_at: shell.when(closed.closed_at),
        by,
        hash: hex(&closed.hash),
        is_whole: sha256(closed.figures.as_bytes()).as_slice() == closed.hash.as_slice(),
        pauses: frozen.pauses.clone(),
        tables: frozen.figures.iter().map(|f| table(&shell, f)).collect(),
        flow: flow(&shell, &frozen),
        csv: format!("/reports/periods/{}/figures.csv", closed.id),
        shell,
    }))
}

fn table(shell: &Shell, figures: &Figures) -> Table {
    let t = shell.t;
    let group = GroupBy::from_word(&figures.group_by).unwrap_or(GroupBy::Priority);
    let line = |label: (String, bool), five: &Five, spread: &crate::reports::model::Spread| {
        let span = |micros: Option<i64>| micros.map(|m| frame::span(t, m)).unwrap_or_default();
        let counts = [
            five.met,
            five.breached,
            five.running,
            five.ended,
            five.exempt,
            five.n(),
        ];
        Line {
            label: label.0,
            is_data: label.1,
            attainment: frame::share(t, five.attainment()),
            n: counts.iter().map(|n| t.number(*n)).collect(),
            median: span(spread.median),
            p90: span(spread.p90),
        }
    };
    Table {
        target: frame::target_word(t, &figures.target),
        group: frame::group_label(t, group),
        lines: (figures.lines.iter())
            .map(|own| {
                let key = Key::read(group, &own.key).unwrap_or(Key::None);
                let label = frame::line_label(t, &own.label, key);
                line(label, &own.total, &own.spread)
            })
            .collect(),
        total: line(
            (t.s("report-all").into_owned(), false),
            &figures.total,
            &figures.spread,
        ),
    }
}

/// The flow's figures in a table of two columns.
fn flow(shell: &Shell, frozen: &Frozen) -> Vec<(String, String)> {
    let t = shell.t;
    let flow = &frozen.flow;
    let opened: u64 = flow.weeks.iter().map(|w| w.opened).sum();
    let resolved: u64 = flow.weeks.iter().map(|w| w.resolved).sum();
    let of = |part: crate::reports::flow::Part| {
        t.with(
            "report-part",
            [("part", t.number(part.part)), ("n", t.number(part.n))],
        )
    };
    [
        ("report-opened", t.number(opened)),
        ("report-resolved", t.number(resolved)),
        (
            "report-backlog",
            flow.weeks
                .last()
                .map(|w| t.number(w.backlog))
                .unwrap_or_default(),
        ),
        ("report-first-contact", of(flow.first_contact)),
        ("report-chased", of(flow.chased)),
        ("report-reopened", of(flow.reopened)),
        ("report-handed-over", of(flow.handed_over)),
    ]
    .into_iter()
    .map(|(key, value)| (t.s(key).into_owned(), value))
    .collect()
}

/// The frozen figures as a file.
pub async fn download(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            let (closed, _) = found(r, &path)?;
            let frozen = figures::thaw(&closed)?;
            let mut body = Vec::new();
            for (n, one) in frozen.figures.iter().enumerate() {
                let lines = csv::figures(one)?;
                // One header for all of them.
                let from = match n {
                    0 => 0,
                    _ => lines
                        .iter()
                        .position(|b| *b == b'\n')
                        .map_or(0, |at| at + 1),
                };
                body.extend(lines.into_iter().skip(from));
            }
            Ok(Answer {
                status: actix_web::http::StatusCode::OK,
                headers: vec![
                    (
                        "Content-Type",
                        "text/csv; charset=utf-8; header=present".into(),
                    ),
                    (
                        "Content-Disposition",
                        "attachment; filename=\"andon-closed-period.csv\"".into(),
                    ),
                    ("Cache-Control", "no-store".into()),
                ],
                body,
            })
        })
        .await
}
