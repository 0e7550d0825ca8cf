//! How old action items become: a month's, by team, as they stood when it ended; and what was raised,
//! done, verified and declined in it.

use std::collections::{BTreeMap, HashMap};

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;

use super::frame::{self, Choice, SideGroup};
use crate::people::{Answer, Right, Shell, Visit, Visitor, When, default_zone};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::zone::Zone;
use crate::postmortems::rules::actions::{Standing, ageing, tally};
use crate::postmortems::{self, Listed};
use crate::reports::csv;

/// Months that are offered.
const MONTHS: usize = 13;
/// Actions that are named, at most; the file has them all.
const NAMED: usize = 100;

#[derive(Template)]
#[template(path = "reports/actions.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    months: Vec<Choice>,
    file: String,
    at: When,
    moved: Vec<(&'static str, String)>,
    teams: Vec<TeamRow>,
    named: Vec<Line>,
    left_out: Option<String>,
}

/// A team, or all of them together.
struct TeamRow {
    name: String,
    ages: [usize; 4],
    open: usize,
    done: usize,
    overdue: usize,
}

struct Line {
    number: String,
    href: String,
    title: String,
    owner: String,
    team: String,
    due: Option<When>,
    overdue: bool,
    days: String,
    is_done: bool,
}

/// A month as the address names it, with the instants it begins and ends at, or now.
struct Month {
    word: String,
    first: Date,
    from: Utc,
    to: Utc,
}

impl Month {
    /// The month that is asked for; this one otherwise.
    fn of(asked: &str, zone: &Zone, now: Utc) -> Self {
        let this = zone.local(now).date().first_of_month();
        let first = format!("{asked}-01").parse::<Date>().unwrap_or(this);
        let first = first.min(this);
        let next = first.last_of_month().tomorrow().unwrap_or(first);
        let instant = |day: Date| {
            let midnight = day.to_datetime(jiff::civil::Time::midnight());
            zone.instant(midnight).unwrap_or(now)
        };
        Self {
            word: word(first),
            first,
            from: instant(first),
            to: instant(next).min(now),
        }
    }
}

fn word(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}

fn asked(request: &HttpRequest) -> String {
    let query = Query::<HashMap<String, String>>::from_query(request.query_string());
    let query = query.map(Query::into_inner).unwrap_or_default();
    query.get("month").cloned().unwrap_or_default()
}

/// `GET /reports/actions?month=2026-11`
pub async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let month = asked(&request);
    visit.page(move |r, v| page(r, v, &month)).await
}

/// How it stood then: what was not done by the instant was open.
fn state_at(item: &Listed, at: Utc) -> &'static str {
    match item.done_at {
        Some(done) if done < at => "done",
        _ => "open",
    }
}

fn standing(item: &Listed, at: Utc) -> Standing<'static> {
    Standing {
        state: state_at(item, at),
        due: item.due_at,
        since: item.created_at,
    }
}

fn days(item: &Listed, at: Utc) -> i64 {
    (at.micros() - item.created_at.micros()).max(0) / 86_400_000_000
}

fn is_overdue(item: &Listed, at: Utc) -> bool {
    tally([standing(item, at)], at).overdue > 0
}

fn team_row(name: String, items: &[&Listed], at: Utc) -> TeamRow {
    let all = || items.iter().map(|item| standing(item, at));
    let sum = tally(all(), at);
    TeamRow {
        name,
        ages: ageing(all(), at),
        open: sum.of,
        done: sum.done,
        overdue: sum.overdue,
    }
}

fn page(r: &mut Db, v: &Visitor, asked: &str) -> Result<Answer> {
    let shell = frame::shell(v, "report-actions")?;
    let zone = Zone::named(&default_zone(r)?).unwrap_or_else(Zone::utc);
    let month = Month::of(asked, &zone, v.now);
    let items = postmortems::standing_at(r, v, month.to)?;
    let mut by_team: BTreeMap<&str, Vec<&Listed>> = BTreeMap::new();
    for item in &items {
        let team = item.team.as_deref().unwrap_or_default();
        by_team.entry(team).or_default().push(item);
    }
    let mut teams: Vec<TeamRow> = by_team
        .into_iter()
        .map(|(team, of)| team_row(team.to_owned(), &of, month.to))
        .collect();
    if teams.len() > 1 {
        let all: Vec<&Listed> = items.iter().collect();
        teams.push(team_row(
            shell.t.s("report-actions-all").into_owned(),
            &all,
            month.to,
        ));
    }
    // The most overdue first, then the oldest.
    let mut order: Vec<&Listed> = items.iter().collect();
    order.sort_by_key(|item| (!is_overdue(item, month.to), item.created_at, item.n));
    let left_out = order.len().saturating_sub(NAMED);
    order.truncate(NAMED);
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/actions", None),
        months: months(&shell, &zone, &month),
        file: format!("/reports/actions.csv?month={}", month.word),
        at: shell.when(month.to),
        moved: MOVED
            .into_iter()
            .zip(postmortems::moved_between(r, v, month.from, month.to)?)
            .map(|(label, n)| (label, shell.t.number(n)))
            .collect(),
        teams,
        named: order
            .into_iter()
            .map(|item| line(&shell, item, month.to))
            .collect(),
        left_out: (left_out > 0).then(|| shell.t.n("report-actions-left-out", left_out as i64)),
        shell,
    }))
}

/// What happened to actions in a month.
const MOVED: [&str; 4] = [
    "report-actions-raised",
    "report-actions-done",
    "report-actions-verified",
    "report-actions-declined",
];

fn line(shell: &Shell, item: &Listed, at: Utc) -> Line {
    let number = item.number();
    Line {
        number: number.to_string(),
        href: number.path(),
        title: item.title.clone(),
        owner: item.owner.clone().unwrap_or_default(),
        team: item.team.clone().unwrap_or_default(),
        due: item.due_at.map(|due| shell.when(due)),
        overdue: is_overdue(item, at),
        days: shell.t.n("report-actions-days", days(item, at)),
        is_done: state_at(item, at) == "done",
    }
}

fn months(shell: &Shell, zone: &Zone, chosen: &Month) -> Vec<Choice> {
    let mut first = zone.local(shell.now).date().first_of_month();
    let mut all = Vec::new();
    for _ in 0..MONTHS {
        let name = shell.t.s(&format!("month-{}", first.month())).into_owned();
        let year = first.year().to_string();
        all.push(Choice {
            value: word(first),
            label: shell
                .t
                .with("report-month", [("month", name), ("year", year)]),
            chosen: first == chosen.first,
            is_data: false,
        });
        let Ok(before) = first.yesterday() else { break };
        first = before.first_of_month();
    }
    all
}

const COLUMNS: [&str; 11] = [
    "number",
    "title",
    "kind",
    "standing",
    "owner",
    "team",
    "raised_at",
    "due_at",
    "done_at",
    "age_days",
    "overdue",
];

/// `GET /reports/actions.csv?month=2026-11`: every action that stood when the month ended.
pub async fn download(visit: Visit, request: HttpRequest) -> HttpResponse {
    let month = asked(&request);
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            let zone = Zone::named(&default_zone(r)?).unwrap_or_else(Zone::utc);
            let month = Month::of(&month, &zone, v.now);
            let items = postmortems::standing_at(r, v, month.to)?;
            let mut lines = vec![COLUMNS.map(str::to_owned).to_vec()];
            lines.extend(items.iter().map(|item| cells(item, month.to)));
            Ok(Answer {
                status: StatusCode::OK,
                headers: vec![
                    (
                        "Content-Type",
                        "text/csv; charset=utf-8; header=present".into(),
                    ),
                    (
                        "Content-Disposition",
                        format!("attachment; filename=\"andon-actions-{}.csv\"", month.word),
                    ),
                    ("Cache-Control", "no-store".into()),
                ],
                body: csv::lines(lines)?,
            })
        })
        .await
}

fn cells(item: &Listed, at: Utc) -> Vec<String> {
    let time = |at: Option<Utc>| at.map(Utc::rfc3339).unwrap_or_default();
    vec![
        item.number().to_string(),
        item.title.clone(),
        item.kind.word().to_owned(),
        state_at(item, at).to_owned(),
        item.owner.clone().unwrap_or_default(),
        item.team.clone().unwrap_or_default(),
        item.created_at.rfc3339(),
        time(item.due_at),
        time(item.done_at.filter(|done| *done < at)),
        days(item, at).to_string(),
        is_overdue(item, at).to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_is_over_ends_and_this_one_goes_until_now() {
        let now = Utc::parse("2026-11-22T09:00:00Z").unwrap();
        let of = |asked| {
            let month = Month::of(asked, &Zone::utc(), now);
            (month.from.rfc3339(), month.to.rfc3339())
        };
        let this = ("2026-11-01T00:00:00Z".into(), "2026-11-22T09:00:00Z".into());
        assert_eq!(of("2026-11"), this);
        assert_eq!(
            of("2026-02"),
            ("2026-02-01T00:00:00Z".into(), "2026-03-01T00:00:00Z".into())
        );
        for odd in ["", "2027-01", "x", "2026-13", "2026-11-05"] {
            assert_eq!(of(odd), this, "{odd}");
        }
    }
}
