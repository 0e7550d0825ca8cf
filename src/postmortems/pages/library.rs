//! The library of post-mortems, and those that are overdue.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;

use crate::people::{Answer, Right, Shell, Visit, Visitor, When, percent_encode};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::web::icon::Icon;
use crate::postmortems::model::Shelved;
use crate::postmortems::rules::required::is_overdue;
use crate::postmortems::store::{self, Asked};
use crate::records::pages::read_local;
use crate::records::{state_icon, state_label};
use crate::services::{self, CodeList};

#[derive(Template)]
#[template(path = "postmortems/library.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    words: String,
    from: String,
    to: String,
    factors: Vec<(String, String, bool)>,
    services: Vec<(String, String, bool)>,
    /// Something is asked for.
    narrowed: bool,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "postmortems/overdue.html")]
struct OverduePage {
    shell: Shell,
    rows: Vec<Row>,
}

/// A post-mortem as a line of a list.
struct Row {
    number: String,
    href: String,
    title: String,
    state: String,
    icon: Icon,
    when: When,
    due: Option<When>,
    overdue: bool,
    facilitator: String,
    service: String,
}

fn row(shell: &Shell, shelved: Shelved) -> Row {
    let number = shelved.number();
    Row {
        number: number.to_string(),
        href: number.path(),
        state: state_label(shell.t, &shelved.state).into_owned(),
        icon: state_icon(&shelved.state),
        when: shell.when(shelved.created_at),
        overdue: is_overdue(&shelved.state, shelved.due_at, shell.now),
        due: shelved.due_at.map(|at| shell.when(at)),
        facilitator: shelved.facilitator.unwrap_or_default(),
        service: shelved.service.unwrap_or_default(),
        title: shelved.title,
    }
}

/// `GET /postmortems?q=&factor=&service=&from=&to=&after=`
pub async fn list(visit: Visit, query: Query<HashMap<String, String>>) -> HttpResponse {
    let query = query.into_inner();
    visit.page(move |r, v| library(r, v, &query)).await
}

fn library(conn: &mut Db, visitor: &Visitor, query: &HashMap<String, String>) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let value = |name: &str| query.get(name).map_or("", |value| value.trim());
    let day = |name: &str| read_local(value(name), &visitor.zone);
    let asked = Asked {
        words: value("q").chars().take(300).collect(),
        factor: value("factor").to_owned(),
        service: value("service").parse().ok(),
        from: day("from"),
        // The day named belongs to what is asked for.
        to: day("to").map(|at| at.plus(time::Duration::DAY)),
        after: value("after").parse().ok(),
    };
    let shell = visitor.shell("queue", visitor.words.s("postmortem-library"));
    let (rows, next) = store::shelves(conn, visitor, &asked)?;
    let factors = services::list_codes(conn, CodeList::Factor)?.into_iter();
    let all = services::list_services(conn)?.into_iter();
    let kept = ["q", "factor", "service", "from", "to"].map(|name| (name, value(name)));
    Ok(Answer::html(&Page {
        rows: rows.into_iter().map(|one| row(&shell, one)).collect(),
        words: asked.words.clone(),
        from: value("from").to_owned(),
        to: value("to").to_owned(),
        factors: factors
            .map(|code| {
                let chosen = code.code == asked.factor;
                (code.code, code.label, chosen)
            })
            .collect(),
        services: all
            .map(|service| {
                let chosen = asked.service == Some(service.id);
                (service.id.to_string(), service.name, chosen)
            })
            .collect(),
        narrowed: kept.iter().any(|(_, value)| !value.is_empty()),
        next: next.map(|after| {
            let mut href = format!("/postmortems?after={after}");
            for (name, value) in kept.iter().filter(|(_, value)| !value.is_empty()) {
                href.push_str(&format!("&{name}={}", percent_encode(value)));
            }
            href
        }),
        shell,
    }))
}

/// Overdue post-mortems on one page: more are a matter of another kind.
const MOST: i64 = 200;

/// `GET /reports/postmortems`: those nobody published in time.
pub async fn overdue(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            v.needs(Right::Manage)?;
            let shell = v.shell("queue", v.words.s("postmortems-overdue"));
            let rows = store::awaited(r, Some(v), v.now, MOST)?;
            Ok(Answer::html(&OverduePage {
                rows: rows.into_iter().map(|one| row(&shell, one)).collect(),
                shell,
            }))
        })
        .await
}
