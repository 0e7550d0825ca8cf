//! The list of configuration items.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::shell;
use crate::items::{Asked, Item, list_items};
use crate::people::{self, Answer, Shell, Team, Visit, percent_encode};
use crate::platform::db::Id;
use crate::platform::db::page::Way;
use crate::platform::kernel::text;
use crate::services::{self, Service};

/// Items on one page.
const SIZE: usize = 50;

#[derive(Template)]
#[template(path = "settings/items.html")]
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
    id: Id<Item>,
    name: String,
    class: String,
    environment: String,
    team: String,
    service: String,
    disabled: bool,
}

pub async fn list(visit: Visit, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let query = query.into_inner();
    visit
        .page(move |r, v| {
            let shell = shell(v, "settings-items")?;
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let typed = text::clean_line(of("q"), 200).unwrap_or_default();
            let disabled_too = query.contains_key("off");
            let from = [(Way::Next, "after"), (Way::Previous, "before")]
                .into_iter()
                .find_map(|(way, name)| Some((way, of(name).parse().ok()?)));
            let asked = Asked {
                name: typed.clone(),
                disabled_too,
                from,
            };
            let page = list_items(r, &asked, SIZE)?;
            let teams: HashMap<Id<Team>, String> = people::list_teams(r)?
                .into_iter()
                .map(|t| (t.id, t.name))
                .collect();
            let services: HashMap<Id<Service>, String> = services::list_services(r)?
                .into_iter()
                .map(|s| (s.id, s.name))
                .collect();
            let link = |name: &str, key: String| {
                let off = if disabled_too { "&off=1" } else { "" };
                let asked = percent_encode(&typed);
                format!("/settings/items?q={asked}{off}&{name}={key}")
            };
            let row = |item: Item| Row {
                team: name_of(&teams, item.team_id),
                service: name_of(&services, item.service_id),
                environment: environment(&shell, &item.environment),
                disabled: item.disabled_at.is_some(),
                id: item.id,
                name: item.name,
                class: item.class,
            };
            Ok(Answer::html(&Page {
                previous: page.previous.map(|key| link("before", key)),
                next: page.next.map(|key| link("after", key)),
                rows: page.rows.into_iter().map(row).collect(),
                here: "items",
                disabled_too,
                asked: typed.clone(),
                shell: shell.clone(),
            }))
        })
        .await
}

fn name_of<T>(names: &HashMap<Id<T>, String>, id: Option<Id<T>>) -> String {
    id.and_then(|id| names.get(&id).cloned())
        .unwrap_or_default()
}

/// An environment in the reader's language.
pub fn environment(shell: &Shell, word: &str) -> String {
    if word.is_empty() {
        String::new()
    } else {
        shell.t.s(&format!("environment-{word}")).into_owned()
    }
}
