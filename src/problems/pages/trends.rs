//! What keeps coming back, to open a problem from.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use time::Duration;

use crate::people::{Answer, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::problems::rules::trend::{Trend, trends};
use crate::problems::store;
use crate::services;

/// Days that are looked back, and as many before them.
const SPANS: [i64; 3] = [7, 30, 90];
/// Places that are shown, at most.
const SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "problems/trends.html")]
struct Page {
    shell: Shell,
    spans: Vec<(i64, String, bool)>,
    days: i64,
    rows: Vec<Row>,
}

struct Row {
    service: String,
    category: String,
    lately: String,
    before: String,
    grew: bool,
    /// Where a problem is opened from them.
    open: String,
}

/// The days that an address asks for.
pub(super) fn span(text: &str) -> i64 {
    let days = text.parse().ok().filter(|days| SPANS.contains(days));
    days.unwrap_or(30)
}

/// `GET /problems/trends?days=30`
pub async fn show(visit: Visit, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let days = span(query.get("days").map_or("", String::as_str));
    visit.page(move |r, v| page(r, v, days)).await
}

fn page(conn: &mut Db, visitor: &Visitor, days: i64) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let shell = visitor.shell("queue", visitor.words.s("problem-trends"));
    let since = visitor.now.minus(Duration::days(days));
    let came = store::unexplained(conn, since.minus(Duration::days(days)))?;
    let found = trends(&came, since, SHOWN);
    let services = services::list_services(conn)?.into_iter();
    let services: HashMap<_, _> = services.map(|one| (one.id, one.name)).collect();
    let categories = services::list_categories(conn)?.into_iter();
    let categories: HashMap<_, _> = categories.map(|one| (one.id, one.name)).collect();
    let row = |trend: &Trend| {
        let (service, category) = trend.of;
        Row {
            service: name(&services, service),
            category: name(&categories, category),
            lately: shell.t.number(trend.lately as i64),
            before: shell.t.number(trend.before as i64),
            grew: trend.lately > trend.before,
            open: format!(
                "/problems/new?service={}&category={}&days={days}",
                service.map(|id| id.to_string()).unwrap_or_default(),
                category.map(|id| id.to_string()).unwrap_or_default(),
            ),
        }
    };
    let rows = found.iter().map(row).collect();
    let spans = SPANS.map(|span| (span, shell.t.n("problem-days", span), span == days));
    Ok(Answer::html(&Page {
        spans: spans.to_vec(),
        days,
        rows,
        shell,
    }))
}

fn name<T>(names: &HashMap<Id<T>, String>, id: Option<Id<T>>) -> String {
    id.and_then(|id| names.get(&id))
        .cloned()
        .unwrap_or_default()
}
