//! Forms that were posted on an ended session, given back to their person.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::open_page;
use crate::people::answer::Answer;
use crate::people::form::Form;
use crate::people::layout::{Flash, Shell, When};
use crate::people::store::{self, Parked};
use crate::people::submit::Done;
use crate::people::visit::Visit;
use crate::people::visitor::Visitor;
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::web::origin;

/// Fields that are machinery, not something a person typed.
const MACHINERY: [&str; 7] = [
    "form_key",
    "kept_file",
    "seen",
    "facts",
    "version",
    "show_again",
    "parked",
];

#[derive(Template)]
#[template(path = "people/parked.html")]
struct Page {
    shell: Shell,
    forms: Vec<Row>,
}

struct Row {
    id: Id<Parked>,
    path: String,
    when: When,
    /// What was typed: the field's name as people know it (or as the form calls it), and the text.
    typed: Vec<(String, String)>,
    files: Vec<String>,
    /// What did not come along, and why.
    left_out: Vec<String>,
    /// Everything, to be posted again.
    fields: Vec<(String, String)>,
    can_open: bool,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit.page(page).await
}

pub async fn discard(visit: Visit, id: web::Path<String>, form: Form) -> HttpResponse {
    let id = id.into_inner();
    visit
        .submit(
            form,
            move |w, v, _, _| {
                let id = id.parse().map_err(|_| Error::NotFound)?;
                store::delete_parked(w, v.id, id)?;
                Ok(Done::at("/parked").saying(Flash::ok("parked-discarded")))
            },
            |r, v, _, _| page(r, v),
        )
        .await
}

fn page(r: &mut Read<'_>, v: &Visitor) -> Result<Answer> {
    let shell = v.shell("", v.words.s("parked-title"));
    let forms = store::list_parked(r, v.id, v.now)?
        .into_iter()
        .map(|parked| row(&shell, parked))
        .collect();
    Ok(Answer::html(&Page { shell, forms }))
}

fn row(shell: &Shell, parked: Parked) -> Row {
    let posted = parked.form();
    let typed = posted
        .fields
        .iter()
        .filter(|(name, value)| is_typed(name, value))
        .map(|(name, value)| (label(shell, name), value.clone()))
        .collect();
    let files = posted.files.iter().map(|f| f.name.clone()).collect();
    let left_out = posted
        .left_out
        .iter()
        .map(|f| shell.flash_text(f))
        .collect();
    let mut fields: Vec<(String, String)> = posted
        .fields
        .into_iter()
        .filter(|(name, _)| name != "show_again" && name != "parked")
        .collect();
    fields.extend(
        posted
            .files
            .iter()
            .map(|f| ("kept_file".to_owned(), f.id.to_string())),
    );
    Row {
        id: parked.id,
        when: shell.when(parked.at),
        can_open: origin::safe_next(&parked.path).is_some(),
        path: parked.path,
        typed,
        files,
        left_out,
        fields,
    }
}

#[derive(Template)]
#[template(path = "people/unparked.html")]
struct TooLong {
    shell: Shell,
    path: String,
    can_open: bool,
    /// What was typed: the field's label, its name, its text.
    typed: Vec<(String, String, String)>,
    /// The rest of the form.
    hidden: Vec<(String, String)>,
    left_out: Vec<String>,
}

/// A form that is too long to be kept on the server, given back whole to a browser nobody is signed
/// in on any more: after signing in beside it, one button opens it again.
pub fn too_long(visit: &Visit, form: Form) -> HttpResponse {
    let shell = visit.shell("unparked-title");
    let left_out = form.left_out.iter().map(|f| shell.flash_text(f)).collect();
    let (typed, mut hidden): (Vec<_>, Vec<_>) = form
        .fields
        .into_iter()
        .filter(|(name, _)| name != "show_again")
        .partition(|(name, value)| is_typed(name, value));
    let files = form.files.iter();
    hidden.extend(files.map(|f| ("kept_file".to_owned(), f.id.to_string())));
    let page = TooLong {
        can_open: origin::safe_next(&visit.path).is_some(),
        path: visit.path.clone(),
        typed: typed
            .into_iter()
            .map(|(name, value)| (label(&shell, &name), name, value))
            .collect(),
        hidden,
        left_out,
        shell,
    };
    open_page(visit, &page, StatusCode::PAYLOAD_TOO_LARGE)
}

fn is_typed(name: &str, value: &str) -> bool {
    !value.trim().is_empty() && !MACHINERY.contains(&name) && uuid::Uuid::parse_str(value).is_err()
}

fn label(shell: &Shell, name: &str) -> String {
    let keys = [
        format!("parked-field-{name}"),
        format!("field-{}", name.replace('_', "-")),
    ];
    match keys.iter().find(|key| shell.t.has(key)) {
        Some(key) => shell.t.s(key).into_owned(),
        None => name.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_shown_and_the_machinery_is_not() {
        assert!(is_typed("description", "It burns"));
        assert!(!is_typed("description", " \n"));
        assert!(!is_typed("form_key", "x"));
        assert!(!is_typed("team", "0190b6e0-0000-7000-8000-000000000000"));
    }
}
