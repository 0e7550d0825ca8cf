//! The action items somebody has to do, by the day they are due.

use std::collections::HashMap;

use actix_web::{HttpResponse, web::Query};
use askama::Template;

use crate::people::{Answer, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::web::icon::Icon;
use crate::postmortems::item::{Listed, is_awaited};
use crate::postmortems::store::{self, Whose};
use crate::records::{Record, state_icon, state_label};

#[derive(Template)]
#[template(path = "postmortems/action_list.html")]
struct Page {
    shell: Shell,
    tabs: Vec<(&'static str, &'static str, bool)>,
    due: Vec<Row>,
    besides: Vec<Row>,
    next: Option<String>,
}

struct Row {
    number: String,
    href: String,
    title: String,
    kind: String,
    owner: String,
    team: String,
    due: Option<When>,
    overdue: bool,
    state: String,
    icon: Icon,
}

fn row(shell: &Shell, item: Listed) -> Row {
    let number = item.number();
    let late = item.due_at.is_some_and(|due| due < shell.now);
    let kind = format!("action-kind-{}", item.kind.word());
    Row {
        number: number.to_string(),
        href: number.path(),
        kind: shell.t.s(&kind).into_owned(),
        owner: item.owner.unwrap_or_default(),
        team: item.team.unwrap_or_default(),
        due: item.due_at.map(|at| shell.when(at)),
        overdue: late && is_awaited(&item.state),
        state: state_label(shell.t, &item.state).into_owned(),
        icon: state_icon(&item.state),
        title: item.title,
    }
}

/// Each with its word in the address and the key of its label.
const TABS: [(Whose, &str, &str); 3] = [
    (Whose::Mine, "mine", "actions-mine"),
    (Whose::Teams, "teams", "actions-teams"),
    (Whose::All, "all", "actions-all"),
];

/// `GET /actions?whose=teams&after=…`
pub async fn list(visit: Visit, query: Query<HashMap<String, String>>) -> HttpResponse {
    let query = query.into_inner();
    visit.page(move |r, v| page(r, v, &query)).await
}

fn page(conn: &mut Db, visitor: &Visitor, query: &HashMap<String, String>) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let value = |name: &str| query.get(name).map_or("", String::as_str);
    let found = TABS.iter().find(|(_, word, _)| *word == value("whose"));
    let (whose, word) = found.map_or((Whose::Mine, "mine"), |(whose, word, _)| (*whose, *word));
    let shell = visitor.shell("postmortems", visitor.words.s("view-action"));
    let after = place(value("after"));
    let (due, next) = store::items_by_due(conn, visitor, whose, after)?;
    let besides = match after {
        None => store::items_besides(conn, visitor, whose)?,
        Some(_) => Vec::new(),
    };
    Ok(Answer::html(&Page {
        tabs: TABS
            .into_iter()
            .map(|(of, word, label)| (word, label, of == whose))
            .collect(),
        due: due.into_iter().map(|item| row(&shell, item)).collect(),
        besides: besides.into_iter().map(|item| row(&shell, item)).collect(),
        next: next.map(|(at, id)| format!("/actions?whose={word}&after={}.{id}", at.micros())),
        shell,
    }))
}

fn place(text: &str) -> Option<(Utc, Id<Record>)> {
    let (at, id) = text.split_once('.')?;
    Some((Utc::from_micros(at.parse().ok()?), id.parse().ok()?))
}
