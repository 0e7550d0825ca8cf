//! Two people changed the same field: both values side by side, one to keep. Everything else that
//! was typed goes along.

use askama::Template;

use super::show::{Shown, Vocabulary, field_label};
use super::target::Target;
use crate::journal::ValueRead;
use crate::people::{self, Answer, Form, FormView, Shell, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Conflict, Error, Result};
use crate::records::store;
use crate::services;
use crate::tasks;

/// The field that says whose value of `field` is kept.
pub fn keep(field: &str) -> String {
    format!("keep-{field}")
}

#[derive(Template)]
#[template(path = "records/conflict.html")]
struct ConflictPage {
    shell: Shell,
    path: String,
    number: String,
    action: String,
    form: FormView,
    seen: i64,
    by: String,
    when: When,
    carried: Vec<(String, String)>,
    choices: Vec<Choice>,
}

/// A field with both values.
struct Choice {
    field: &'static str,
    label: String,
    mine: Shown,
    theirs: Shown,
    by: String,
    when: When,
}

pub fn answer(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    action: &str,
    form: &Form,
    conflicts: &[Conflict],
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let title = visitor.words.s("conflict-title");
    let shell = visitor.shell("queue", title);
    let vocabulary = Vocabulary::of(conn, conflicts.iter().map(|c| c.field))?;
    let mut choices = Vec::with_capacity(conflicts.len());
    for conflict in conflicts {
        choices.push(Choice {
            field: conflict.field,
            label: field_label(shell.t, conflict.field)
                .unwrap_or_else(|| conflict.field.to_owned()),
            mine: vocabulary.shown(
                &shell,
                conflict.field,
                &mine(conn, visitor, conflict, form)?,
            ),
            theirs: vocabulary.shown(&shell, conflict.field, &theirs(conflict)),
            by: conflict.by.clone(),
            when: shell.when(conflict.at),
        });
    }
    let latest = conflicts.iter().max_by_key(|c| c.at);
    let page = ConflictPage {
        path: target.path(),
        number: target.number.to_string(),
        action: action.to_owned(),
        form: FormView::again(&shell, form, None),
        seen: record.facts,
        by: latest.map_or_else(String::new, |c| c.by.clone()),
        when: shell.when(latest.map_or(visitor.now, |c| c.at)),
        carried: carried(form),
        choices,
        shell,
    };
    Ok(Answer::html(&page))
}

/// What was typed, without what the page sets anew.
fn carried(form: &Form) -> Vec<(String, String)> {
    const SET_ANEW: [&str; 5] = ["form_key", "kept_file", "seen", "overwrite", "show_again"];
    form.fields
        .iter()
        .filter(|(name, _)| !SET_ANEW.contains(&name.as_str()) && !name.starts_with("keep-"))
        .cloned()
        .collect()
}

/// The author's value as the journal would have it.
fn mine(conn: &mut Db, visitor: &Visitor, conflict: &Conflict, form: &Form) -> Result<ValueRead> {
    let typed = form.value(conflict.field);
    if typed.is_empty() {
        return Ok(ValueRead::Nothing);
    }
    Ok(match conflict.field {
        "title" | "description" | "item" | "task_title" => ValueRead::Text(typed.to_owned()),
        field if field.ends_with("_at") => super::local::read(typed, &visitor.zone)
            .map_or(ValueRead::Nothing, |at| ValueRead::At(at.rfc3339_micros())),
        "requester" | "caller" | "service" | "category" | "location" | "team" | "owner_team"
        | "assignee" | "task_who" | "major_lead" => ValueRead::Ref {
            id: typed.to_owned(),
            label: label(conn, conflict.field, typed)?,
        },
        _ => ValueRead::Plain(typed.to_owned()),
    })
}

/// The name of what an id chooses.
fn label(conn: &mut Db, field: &str, id: &str) -> Result<String> {
    fn parsed<T>(id: &str) -> Result<crate::platform::db::Id<T>> {
        id.parse().map_err(|_| Error::NotFound)
    }
    match field {
        "service" => Ok(services::find_service(conn, parsed(id)?)?.name),
        "location" => Ok(people::find_location(conn, parsed(id)?)?.name),
        "category" => Ok(services::find_category(conn, parsed(id)?)?.name),
        "team" | "owner_team" => people::team_name(conn, parsed(id)?),
        "task_who" => {
            let holder = id.parse().map_err(|()| Error::NotFound)?;
            tasks::holder_name(conn, holder)
        }
        _ => Ok(people::find_person(conn, parsed(id)?)?.name),
    }
}

fn theirs(conflict: &Conflict) -> ValueRead {
    if conflict.theirs_label.is_empty() {
        return ValueRead::Nothing;
    }
    match conflict.field {
        "title" | "description" | "item" | "task_title" => {
            ValueRead::Text(conflict.theirs_label.clone())
        }
        field if field.ends_with("_at") => ValueRead::At(conflict.theirs_label.clone()),
        "requester" | "caller" | "service" | "category" | "location" | "team" | "owner_team"
        | "assignee" | "task_who" | "major_lead" => ValueRead::Ref {
            id: conflict.theirs.clone(),
            label: conflict.theirs_label.clone(),
        },
        _ => ValueRead::Plain(conflict.theirs_label.clone()),
    }
}
