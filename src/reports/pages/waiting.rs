//! Work that waits: of each class the oldest that nobody has taken, and the oldest that is not done.

use actix_web::HttpResponse;
use askama::Template;

use super::frame::{self, SideGroup};
use crate::people::{Answer, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::records::fair::{Class, oldest};
use crate::records::{self, Oldest};

#[derive(Template)]
#[template(path = "reports/waiting.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    /// What nobody has taken; then what is not done, whoever has it.
    tables: Vec<(&'static str, Vec<Line>)>,
}

struct Line {
    class: String,
    number: String,
    href: String,
    title: String,
    /// Who has it.
    team: String,
    assignee: String,
    entered: When,
    waited: String,
    place: When,
    /// Its place in the fair order has passed.
    late: bool,
}

/// `GET /reports/waiting`
pub async fn show(visit: Visit) -> HttpResponse {
    visit.page(|r, v| page(r, v)).await
}

type Find = fn(&mut Db, &Visitor, records::Kind) -> Result<Option<Oldest>>;

fn page(r: &mut Db, v: &Visitor) -> Result<Answer> {
    let shell = frame::shell(v, "report-waiting")?;
    let mut tables = Vec::new();
    let finds: [(&'static str, Find); 2] = [
        ("waiting-untaken", records::oldest_waiting),
        ("waiting-undone", records::oldest_open),
    ];
    for (heading, find) in finds {
        tables.push((heading, lines(r, &shell, v, find)?));
    }
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/waiting", None),
        tables,
        shell,
    }))
}

/// The oldest of each class, the one that waits longest first.
fn lines(conn: &mut Db, shell: &Shell, v: &Visitor, find: Find) -> Result<Vec<Line>> {
    let mut found: Vec<(Class, Oldest)> = Vec::new();
    for class in Class::ALL {
        if let Some(kind) = class.kind()
            && let Some(one) = find(conn, v, kind)?
        {
            found.push((*class, one));
        }
    }
    let waiting = found
        .iter()
        .enumerate()
        .map(|(n, (class, (record, ..)))| (*class, record.entered_at, n));
    let in_order = oldest(waiting, v.now);
    let line = |(class, n, waited)| {
        let (_, (record, team, assignee)) = found.get(n)?;
        Some(line(shell, class, waited, record, (team, assignee)))
    };
    Ok(in_order.into_iter().filter_map(line).collect())
}

fn line(
    shell: &Shell,
    class: Class,
    waited: i64,
    record: &records::Record,
    (team, assignee): (&Option<String>, &Option<String>),
) -> Line {
    let number = record.number();
    Line {
        class: shell.t.s(&format!("kind-{class}")).into_owned(),
        number: number.to_string(),
        href: number.path(),
        title: record.title.clone(),
        team: team.clone().unwrap_or_default(),
        assignee: assignee.clone().unwrap_or_default(),
        entered: shell.when(record.entered_at),
        waited: span(shell.t, waited / 60_000_000),
        place: shell.when(record.virtual_deadline),
        late: record.virtual_deadline <= shell.now,
    }
}

/// Minutes in the unit that says them best.
fn span(t: Words, minutes: i64) -> String {
    match minutes / 60 {
        0 => t.n("problem-minutes", minutes),
        hours @ 1..=72 => t.n("problem-hours", hours),
        hours => t.n("problem-days", hours / 24),
    }
}
