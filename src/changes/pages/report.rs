//! How changes went: success by team, type and service, lead time, emergencies, freezes passed, what is
//! overdue. As a page and as CSV.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use askama::Template;
use jiff::civil::Date;

use crate::approvals;
use crate::changes::actions;
use crate::changes::besides::type_key;
use crate::changes::rules::calendar::between;
use crate::changes::rules::emergency::Standing;
use crate::changes::rules::outcome::Outcome;
use crate::changes::rules::steps::ChangeType;
use crate::changes::rules::tally::{Count, Ended, by, held, median, median_lead, percent};
use crate::changes::rules::window::Span;
use crate::changes::store::{self, EndedRow};
use crate::people::{Answer, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::{Kind, Record};
use crate::services;

/// The longest span of one report.
const LONGEST: i64 = 366;

#[derive(Template)]
#[template(path = "changes/report.html")]
struct ReportPage {
    shell: Shell,
    from: String,
    to: String,
    total: Line,
    /// Key of the heading, whether the names are people's, and the lines.
    tables: Vec<(&'static str, bool, Vec<Line>)>,
    lead_hours: String,
    /// So many, and their share of all.
    emergencies: String,
    unauthorised: String,
    refused: String,
    /// Key of what was wrong with the days asked for.
    wrong: Option<&'static str>,
    /// There were more than are counted.
    is_cut: bool,
    passes: i64,
    overdue: Vec<Overdue>,
    /// Emergencies that passed a freeze on their own authority.
    frozen: Vec<Overdue>,
    /// Middle time until a decision, in hours.
    waited_hours: String,
    decided: usize,
    /// Whoever is asked, how many questions wait for them, and since when the oldest.
    held: Vec<(String, i64, When)>,
}

struct Line {
    name: String,
    n: i64,
    failed: i64,
    success: String,
}

struct Overdue {
    href: String,
    number: String,
    title: String,
    since: When,
}

/// The days asked for, their span, and what was wrong with them: then it is the last thirty.
struct Asked {
    from: Date,
    to: Date,
    span: Span,
    /// Key of what was wrong.
    wrong: Option<&'static str>,
}

fn asked(query: &HashMap<String, String>, visitor: &Visitor) -> Result<Asked> {
    let today = visitor.zone.local(visitor.now).date();
    let back = |from: Date, days| {
        from.checked_sub(jiff::Span::new().days(days))
            .unwrap_or(from)
    };
    let usual = (back(today, 30), today);
    let given = |name: &str| {
        query
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    };
    let day = |name: &str, usual: Date| match given(name).map(str::parse::<Date>) {
        None => Some(usual),
        Some(Ok(day)) if (2000..2200).contains(&day.year()) => Some(day),
        Some(_) => None,
    };
    let (days, wrong) = match day("from", usual.0).zip(day("to", usual.1)) {
        None => (usual, Some("report-period-unknown")),
        Some((from, to)) if from > to => (usual, Some("report-period-backwards")),
        Some((from, to)) if from < back(to, LONGEST) => (usual, Some("changes-report-long")),
        Some(days) => (days, None),
    };
    let (from, to) = days;
    let span = between(&visitor.zone, from, to.tomorrow().unwrap_or(to));
    let span = span.ok_or_else(|| Error::inward("a day without a beginning"))?;
    Ok(Asked {
        from,
        to,
        span,
        wrong,
    })
}

fn read(conn: &mut Db, visitor: &Visitor, span: Span) -> Result<Vec<(EndedRow, Ended)>> {
    visitor.needs(Right::Manage)?;
    let rows = store::ended_between(conn, visitor, span)?;
    let ids: Vec<Id<Record>> = rows.iter().map(|row| row.record.id).collect();
    let caused = store::caused_by(conn, visitor, &ids)?;
    let of = store::services_of(conn, &ids)?;
    let names: HashMap<_, String> = services::list_services(conn)?
        .into_iter()
        .map(|service| (service.id, service.name))
        .collect();
    let ended = |row: EndedRow| {
        let began = row.change.actual_starts_at.unwrap_or(row.record.created_at);
        let services = of.get(&row.record.id).into_iter().flatten();
        let ended = Ended {
            change_type: row.change.change_type,
            team: row.team.clone().unwrap_or_default(),
            services: services.filter_map(|id| names.get(id).cloned()).collect(),
            outcome: row.change.outcome()?,
            standing: row.change.standing,
            caused: caused.get(&row.record.id).copied().unwrap_or(0),
            lead_minutes: Span::new(row.record.created_at, began).minutes().max(0),
        };
        Some((row, ended))
    };
    Ok(rows.into_iter().filter_map(ended).collect())
}

/// The emergencies whose work began while a freeze held that meets them.
fn frozen(
    conn: &mut Db,
    shell: &Shell,
    span: Span,
    rows: &[(EndedRow, Ended)],
) -> Result<Vec<Overdue>> {
    // Work that ended in the span may have begun before it.
    let began = rows
        .iter()
        .filter_map(|(row, _)| row.change.actual_starts_at);
    let first = began.min().unwrap_or(span.starts).min(span.starts);
    let freezes = store::freezes_between(conn, Span::new(first, span.ends))?;
    let held = |at: Utc| freezes.iter().any(|f| f.starts_at <= at && at < f.ends_at);
    let mut found = Vec::new();
    for (row, _) in rows {
        let change = &row.change;
        let Some(began) = change.actual_starts_at else {
            continue;
        };
        if change.change_type != ChangeType::Emergency || !held(began) {
            continue;
        }
        let of = actions::of_record(conn, row.record.clone())?;
        if !actions::holding(conn, &of, began)?.is_empty() {
            found.push(Overdue {
                href: row.record.number().path(),
                number: row.record.number().to_string(),
                title: row.record.title.clone(),
                since: shell.when(began),
            });
        }
    }
    Ok(found)
}

fn line(shell: &Shell, name: String, count: Count) -> Line {
    let percent = |n: i64| format!("{} %", shell.t.number(n));
    Line {
        name,
        n: count.n,
        failed: count.failed,
        success: count.success().map_or_else(String::new, percent),
    }
}

/// So many of all, with their share.
fn share(shell: &Shell, n: i64, all: i64) -> String {
    let percent = percent(n, all).unwrap_or(0);
    let args = [n, all, percent].map(|n| shell.t.number(n));
    let [n, all, percent] = args.each_ref().map(String::as_str);
    let args = [("n", n), ("all", all), ("percent", percent)];
    shell.t.with("changes-report-share", args)
}

/// `GET /changes/report?from=2026-11-01&to=2026-11-30`.
pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let query = query.into_inner();
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            page(r, v, &query)
        })
        .await
}

fn page(conn: &mut Db, visitor: &Visitor, query: &HashMap<String, String>) -> Result<Answer> {
    let Asked {
        from,
        to,
        span,
        wrong,
    } = asked(query, visitor)?;
    let shell = visitor.shell("changes", visitor.words.s("change-report"));
    let rows = read(conn, visitor, span)?;
    let frozen = frozen(conn, &shell, span, &rows)?;
    let all: Vec<Ended> = rows.into_iter().map(|(_, e)| e).collect();
    let lines = |found: Vec<(String, Count)>| -> Vec<Line> {
        let found = found.into_iter();
        found
            .map(|(name, count)| line(&shell, name, count))
            .collect()
    };
    let teams = lines(by(&all, |one| vec![one.team.as_str()]));
    let of_services = lines(by(&all, |one| {
        one.services.iter().map(String::as_str).collect()
    }));
    let mut types = lines(by(&all, |one| vec![one.change_type.word()]));
    for one in &mut types {
        let key = ChangeType::from_word(&one.name).map(type_key);
        one.name = shell.t.s(key.unwrap_or("change-type-normal")).into_owned();
    }
    let total = Count {
        n: all.len() as i64,
        failed: all.iter().filter(|one| one.failed()).count() as i64,
    };
    let share = |is: fn(&Ended) -> bool| {
        let n = all.iter().filter(|one| is(one)).count() as i64;
        share(&shell, n, total.n)
    };
    let overdue = store::overdue(conn, visitor, visitor.now)?;
    let overdue = overdue.into_iter().map(|(record, change)| Overdue {
        href: record.number().path(),
        number: record.number().to_string(),
        title: record.title.clone(),
        since: shell.when(
            change
                .review_due_at
                .or(change.confirm_by)
                .unwrap_or(record.updated_at),
        ),
    });
    let waited = approvals::waited_between(conn, visitor, Kind::Change, (span.starts, span.ends))?;
    let minutes = waited.iter().filter_map(|(_, opened, decided)| {
        decided.map(|decided| Span::new(*opened, decided).minutes())
    });
    let waited_hours = median(minutes).map_or_else(String::new, |m| shell.t.number(m / 60));
    let seats = approvals::held(conn, visitor, Kind::Change)?;
    let held = held(&seats).into_iter();
    Ok(Answer::html(&ReportPage {
        waited_hours,
        decided: waited.len(),
        held: held
            .map(|(name, n, since)| (name, n, shell.when(since)))
            .collect(),
        from: from.to_string(),
        to: to.to_string(),
        total: line(&shell, String::new(), total),
        lead_hours: median_lead(&all).map_or_else(String::new, |m| shell.t.number(m / 60)),
        emergencies: share(|one| one.change_type == ChangeType::Emergency),
        unauthorised: share(|one| one.standing == Standing::Unauthorised),
        refused: share(|one| one.standing == Standing::Refused),
        wrong,
        is_cut: all.len() as i64 >= store::REPORTED,
        passes: store::passes_between(conn, span)?,
        overdue: overdue.collect(),
        frozen,
        tables: vec![
            ("changes-report-by-team", true, teams),
            ("changes-report-by-type", false, types),
            ("changes-report-by-service", true, of_services),
        ],
        shell,
    }))
}

const COLUMNS: [&str; 13] = [
    "number",
    "title",
    "type",
    "team",
    "services",
    "outcome",
    "authority",
    "caused_incidents",
    "failed",
    "raised_at",
    "started_at",
    "ended_at",
    "lead_minutes",
];

/// `GET /changes/report.csv`: a line for each change behind the figures.
pub async fn csv(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let query = query.into_inner();
    visit
        .page(move |r, v| {
            let span = asked(&query, v)?.span;
            let body = table(read(r, v, span)?)?;
            Ok(Answer {
                status: StatusCode::OK,
                headers: vec![
                    ("Content-Type", "text/csv; charset=utf-8".into()),
                    (
                        "Content-Disposition",
                        "attachment; filename=\"changes.csv\"".into(),
                    ),
                ],
                body,
            })
        })
        .await
}

fn table(rows: Vec<(EndedRow, Ended)>) -> Result<Vec<u8>> {
    let broken = |e: csv::Error| Error::inward(format!("csv: {e}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(broken)?;
    let at = |at: Option<Utc>| at.map_or_else(String::new, Utc::rfc3339);
    for (row, ended) in rows {
        let outcome: Outcome = ended.outcome;
        let cells = [
            row.record.number().to_string(),
            plain(&row.record.title),
            ended.change_type.word().to_owned(),
            plain(&ended.team),
            plain(&ended.services.join(", ")),
            outcome.word().to_owned(),
            ended.standing.word().to_owned(),
            ended.caused.to_string(),
            ended.failed().to_string(),
            row.record.created_at.rfc3339(),
            at(row.change.actual_starts_at),
            at(row.change.actual_ends_at),
            ended.lead_minutes.to_string(),
        ];
        out.write_record(cells).map_err(broken)?;
    }
    out.into_inner()
        .map_err(|e| Error::inward(format!("csv: {e}")))
}

/// A text that no spreadsheet runs as a formula.
fn plain(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_is_a_formula() {
        assert_eq!(plain("=1+1"), "'=1+1");
        assert_eq!(plain("Gateways"), "Gateways");
    }
}
