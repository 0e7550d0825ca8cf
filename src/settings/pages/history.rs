//! Who changed what of a person or a setting, when, from what to what: its journal, newest first.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use uuid::Uuid;

use super::{id, shell};
use crate::approvals;
use crate::items::{find_item, find_supplier};
use crate::people::{
    Answer, Shell, Visit, find_location, find_organisation, find_person, find_team, people_by_ids,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::words::Words;
use crate::records::pages::{History, Shown};
use crate::service_levels;
use crate::services::fields::{about_code, about_setting};
use crate::services::{CodeList, Scale, find_any_code, find_category, find_service};

#[derive(Template)]
#[template(path = "settings/history.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    /// The page of what this is the history of.
    back: String,
    name: String,
    /// A name people gave, not a word of ours.
    is_data: bool,
    history: History,
    older: Option<String>,
}

/// What a history is of.
struct Of {
    subject: Uuid,
    name: String,
    is_data: bool,
    here: &'static str,
    back: String,
}

/// `GET /settings/history/{of}/{which}`: `people/ID`, `resolution/CODE`, `setting/general`.
pub async fn show(
    visit: Visit,
    path: Path<(String, String)>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    let (of, which) = path.into_inner();
    let before = query.get("before").and_then(|text| text.parse().ok());
    visit
        .page(move |r, v| {
            let shell = shell(v, "settings-history")?;
            let found = find(r, shell.t, &of, &which)?;
            let mut history = History::read(r, &shell, v, found.subject, before)?;
            let changes = history.facts.iter_mut().flat_map(|f| &mut f.changes);
            for change in changes {
                if let Some(label) = level_or_cell(shell.t, &change.field) {
                    change.label = label;
                }
                if matches!(change.field.as_str(), "steps" | "also") {
                    name_ids(r, &mut change.before)?;
                    name_ids(r, &mut change.after)?;
                }
            }
            let older = history
                .older
                .map(|position| format!("/settings/history/{of}/{which}?before={position}"));
            Ok(Answer::html(&Page {
                here: found.here,
                back: found.back,
                name: found.name,
                is_data: found.is_data,
                history,
                older,
                shell,
            }))
        })
        .await
}

fn find(conn: &mut Db, t: Words, of: &str, which: &str) -> Result<Of> {
    let data = |subject: Uuid, name: String, here: &'static str, back: String| Of {
        subject,
        name,
        is_data: true,
        here,
        back,
    };
    Ok(match of {
        "people" => {
            let person = find_person(conn, id(which)?)?;
            data(person.id.uuid(), person.name, "people", own(of, which))
        }
        "teams" => {
            let team = find_team(conn, id(which)?)?;
            data(team.id.uuid(), team.name, "teams", own(of, which))
        }
        "services" => {
            let service = find_service(conn, id(which)?)?;
            data(service.id.uuid(), service.name, "services", own(of, which))
        }
        "categories" => {
            let category = find_category(conn, id(which)?)?;
            data(
                category.id.uuid(),
                category.name,
                "categories",
                own(of, which),
            )
        }
        "organisations" => {
            let found = find_organisation(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "organisations", own(of, which))
        }
        "locations" => {
            let found = find_location(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "locations", own(of, which))
        }
        "suppliers" => {
            let found = find_supplier(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "suppliers", own(of, which))
        }
        "items" => {
            let found = find_item(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "items", own(of, which))
        }
        "calendars" => {
            let found = service_levels::find(service_levels::calendars(conn)?, id(which)?)?;
            data(found.id.uuid(), found.name, "calendars", own(of, which))
        }
        "agreements" => {
            let found = service_levels::find(service_levels::agreements(conn)?, id(which)?)?;
            data(found.id.uuid(), found.name, "agreements", own(of, which))
        }
        "approvals" => {
            let found = approvals::find_policy(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "approvals", own(of, which))
        }
        "boards" => {
            let found = approvals::find_board(conn, id(which)?)?;
            data(found.id.uuid(), found.name, "boards", own(of, which))
        }
        "setting" => setting(t, which)?,
        list => {
            let list = CodeList::from_word(list).ok_or(Error::NotFound)?;
            let code = find_any_code(conn, list, which)?;
            let subject = about_code(list.word(), &code.code).id;
            data(
                subject,
                code.label,
                "codes",
                format!("/settings/codes/{list}/{which}"),
            )
        }
    })
}

/// The history of what a form edits, by the address it posts to.
pub fn link(action: &str) -> String {
    let rest = action.trim_start_matches("/settings/");
    format!("/settings/history/{}", rest.trim_start_matches("codes/"))
}

fn own(of: &str, which: &str) -> String {
    format!("/settings/{of}/{which}")
}

fn setting(t: Words, name: &str) -> Result<Of> {
    let (title, here, back) = match name {
        "general" => (
            "settings-general",
            "general",
            "/settings/general".to_owned(),
        ),
        "fair_order" => (
            "settings-fair-order",
            "fair-order",
            "/settings/fair-order".to_owned(),
        ),
        "desk_team" => ("desk-team", "teams", "/settings/teams".to_owned()),
        "administrators" => (
            "settings-administrators",
            "people",
            "/settings/people".to_owned(),
        ),
        "priority_matrix" => ("matrix", "priorities", "/settings/priorities".to_owned()),
        scale => match Scale::from_word(scale).ok_or(Error::NotFound)? {
            Scale::Impact => ("scale-impact", "priorities", own("priorities", name)),
            Scale::Urgency => ("scale-urgency", "priorities", own("priorities", name)),
            Scale::Priority => ("scale-priority", "priorities", own("priorities", name)),
        },
    };
    Ok(Of {
        subject: about_setting(name).id,
        name: t.s(title).into_owned(),
        is_data: false,
        here,
        back,
    })
}

/// Puts names where the journal has ids among words: whom a step tells, which calendars are joined.
fn name_ids(conn: &mut Db, shown: &mut Shown) -> Result<()> {
    let (Shown::Data(text) | Shown::Long(_, text)) = shown else {
        return Ok(());
    };
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    let ids: Vec<Uuid> = words
        .filter_map(|word| Uuid::parse_str(word).ok())
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let people: Vec<_> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
    let people = people_by_ids(conn, &people)?.into_iter();
    let people = people.map(|p| (p.id.uuid(), p.name));
    let calendars = service_levels::calendars(conn)?.into_iter();
    let calendars = calendars.map(|c| (c.id.uuid(), c.name));
    for (id, name) in people.chain(calendars) {
        *text = text.replace(&id.to_string(), &name);
    }
    Ok(())
}

/// A field that is one of many of its sort: a cell of the matrix, the name or the hint of a level.
fn level_or_cell(t: Words, field: &str) -> Option<String> {
    let parts: Vec<&str> = field.split('-').collect();
    match parts.as_slice() {
        ["cell", impact, urgency] => {
            Some(t.with2("history-cell", "impact", *impact, "urgency", *urgency))
        }
        ["name", level] => Some(t.with1("history-level-name", "level", *level)),
        ["hint", level] => Some(t.with1("history-level-hint", "level", *level)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rules;

    #[test]
    fn every_field_of_a_scale_and_of_the_matrix_has_its_words() {
        let t = Words::of("en");
        for field in rules::cells().into_iter().chain(rules::all_level_fields()) {
            let label = level_or_cell(t, field);
            assert!(label.is_some_and(|l| !l.contains(field)), "{field}");
        }
        assert_eq!(level_or_cell(t, "name"), None);
    }

    #[test]
    fn a_setting_has_the_subject_its_facts_have() {
        // `people` writes this chain itself, by the same rule.
        let digest = crate::platform::kernel::secrets::sha256(b"setting/administrators");
        let id = about_setting("administrators").id;
        assert!(digest.starts_with(id.as_bytes()));
    }
}
