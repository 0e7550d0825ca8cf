//! "My approvals": what waits for the visitor, and for those they stand in for, soonest first.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;

use crate::approvals::model::Asked;
use crate::approvals::store::delegations;
use crate::approvals::store::rounds::{self, Place};
use crate::people::{self, Answer, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::Number;

/// Questions on a page.
const ROWS: usize = 30;

#[derive(Template)]
#[template(path = "approvals/mine.html")]
struct MinePage {
    shell: Shell,
    rows: Vec<RowView>,
    first: bool,
    next: Option<String>,
}

struct RowView {
    number: String,
    href: String,
    title: String,
    stage: String,
    /// For whom, where not for the visitor themself.
    behalf: Option<String>,
    due: Option<When>,
    /// Less than a day is left.
    soon: bool,
    asked: When,
    suspended: bool,
}

pub async fn list(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let after = query.get("after").cloned();
    visit.page(move |r, v| page(r, v, after.as_deref())).await
}

fn page(conn: &mut Db, visitor: &Visitor, after: Option<&str>) -> Result<Answer> {
    let mut who = vec![visitor.id];
    who.extend(delegations::absent_for(conn, visitor.id, visitor.now)?);
    let place = after.and_then(read_place);
    let mut found = rounds::list_asked(conn, visitor, &who, place, ROWS as i64 + 1)?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(written);
    let names: HashMap<_, _> = match who.len() {
        1 => HashMap::new(),
        _ => (people::people_by_ids(conn, &who)?.into_iter())
            .map(|p| (p.id, p.name))
            .collect(),
    };
    let shell = visitor.shell("approvals", visitor.words.s("approvals-title"));
    let rows = found
        .iter()
        .map(|asked| row(&shell, visitor, asked, &names));
    Ok(Answer::html(&MinePage {
        rows: rows.collect::<Result<_>>()?,
        first: after.is_none(),
        next: next.map(|key| format!("/approvals?after={key}")),
        shell,
    }))
}

fn row(
    shell: &Shell,
    visitor: &Visitor,
    asked: &Asked,
    names: &HashMap<Id<people::Person>, String>,
) -> Result<RowView> {
    let number = Number {
        kind: asked.kind,
        n: asked.n,
    };
    let electorate = rounds::electorate_of(&asked.electorate)?;
    let stage = electorate.stages.get(asked.stage as usize);
    let due = (asked.due_at < Utc::FAR).then_some(asked.due_at);
    Ok(RowView {
        number: number.to_string(),
        href: number.approval_path(),
        title: asked.title.as_ref().unwrap_or(&asked.title_now).clone(),
        stage: stage.map_or_else(String::new, |s| s.name.clone()),
        behalf: names
            .get(&asked.person)
            .filter(|_| asked.person != visitor.id)
            .cloned(),
        soon: due.is_some_and(|at| at < visitor.now.plus(time::Duration::days(1))),
        due: due.map(|at| shell.when(at)),
        asked: shell.when(asked.opened_at),
        suspended: asked.suspended_at.is_some(),
    })
}

fn written(asked: &Asked) -> String {
    let due = asked.due_at.micros();
    format!("{due}.{}.{}.{}", asked.round, asked.stage, asked.seat)
}

fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(4, '.');
    let at = Utc::from_micros(parts.next()?.parse().ok()?);
    let round = parts.next()?.parse().ok()?;
    Some((
        at,
        round,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_from_an_address_is_one_or_none(text in "\\PC{0,60}") {
            let _ = read_place(&text);
        }
    }
}
