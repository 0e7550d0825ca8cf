//! The list of people.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::shell;
use crate::people::{
    Answer, PeopleAsked, Person, Shell, Visit, list_people, percent_encode, team_names_of,
};
use crate::platform::db::Id;
use crate::platform::db::page::Way;
use crate::platform::kernel::text;

/// People on one page.
const SIZE: usize = 50;

#[derive(Template)]
#[template(path = "settings/people.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    asked: String,
    disabled_too: bool,
    rows: Vec<Row>,
    previous: Option<String>,
    next: Option<String>,
}

struct Row {
    id: Id<Person>,
    name: String,
    mail: String,
    teams: String,
    roles: String,
    disabled: bool,
}

pub async fn list(visit: Visit, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let query = query.into_inner();
    visit
        .page(move |r, v| {
            let shell = shell(v, "settings-people")?;
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let typed = text::clean_line(of("q"), 300).unwrap_or_default();
            let disabled_too = query.contains_key("off");
            let from = [(Way::Next, "after"), (Way::Previous, "before")]
                .into_iter()
                .find_map(|(way, name)| Some((way, of(name).parse().ok()?)));
            let asked = PeopleAsked {
                words: text::words(&typed),
                disabled_too,
                from,
            };
            let page = list_people(r, &asked, SIZE)?;
            let ids: Vec<Id<Person>> = page.rows.iter().map(|p| p.id).collect();
            let teams = team_names_of(r, &ids)?;
            let link = |name: &str, key: String| {
                let off = if disabled_too { "&off=1" } else { "" };
                format!(
                    "/settings/people?q={}{off}&{name}={key}",
                    percent_encode(&typed)
                )
            };
            let rows = page
                .rows
                .into_iter()
                .map(|person| row(&shell, person, &teams))
                .collect();
            Ok(Answer::html(&Page {
                previous: page.previous.map(|key| link("before", key)),
                next: page.next.map(|key| link("after", key)),
                here: "people",
                rows,
                disabled_too,
                asked: typed.clone(),
                shell,
            }))
        })
        .await
}

fn row(shell: &Shell, person: Person, teams: &[(Id<Person>, String)]) -> Row {
    let of: Vec<&str> = teams
        .iter()
        .filter(|(id, _)| *id == person.id)
        .map(|(_, name)| name.as_str())
        .collect();
    let roles: Vec<String> = person
        .roles()
        .words()
        .into_iter()
        .map(|word| shell.t.s(&format!("role-{word}")).into_owned())
        .collect();
    Row {
        id: person.id,
        teams: of.join(", "),
        roles: if roles.is_empty() {
            shell.t.s("role-none").into_owned()
        } else {
            roles.join(", ")
        },
        disabled: person.disabled_at.is_some(),
        name: person.name,
        mail: person.mail,
    }
}
