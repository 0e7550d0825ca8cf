//! A form came to a number that its record no longer has: somebody changed the record's kind while it
//! was filled in. What happened is said, everything typed is shown, and it can be sent to the record
//! as it is now or taken to its page; nothing is carried out unseen.

use askama::Template;

use super::entries::seen;
use super::show::{Shown, Vocabulary, field_label};
use super::target::Target;
use crate::journal::{self, ValueRead};
use crate::people::{Answer, Form, FormView, Shell, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::records::{state_label, store};

/// What people write sentences into, in the order it is shown.
const WRITTEN: [&str; 22] = [
    "body",
    "contact_text",
    "title",
    "description",
    "resolution_text",
    "cancellation_text",
    "question",
    "reason",
    "reopen_who",
    "reopen_why",
    "priority_reason",
    "supplier",
    "supplier_case",
    "task_title",
    "task_reason",
    "link_to",
    "kind_reason",
    "tried",
    "wanted",
    "major_reason",
    "major_withdrawn_because",
    "lift_reason",
];

#[derive(Template)]
#[template(path = "records/moved.html")]
struct MovedPage {
    shell: Shell,
    path: String,
    number: String,
    former: String,
    title: String,
    action: String,
    by: String,
    when: When,
    kinds: (String, String),
    state: String,
    form: FormView,
    carried: Vec<(String, String)>,
    written: Vec<(Option<String>, Shown)>,
}

/// `below` is what the form was sent to, under the record.
pub fn answer(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    below: &str,
    form: &Form,
) -> Result<Answer> {
    let record = store::find_former(conn, visitor, target.number)?;
    let number = record.number();
    let changes = journal::fields_changed_since(conn, record.id.uuid(), seen(form))?;
    let change = changes.iter().find(|missed| missed.field == "number");
    let t = visitor.words;
    let shell = visitor.shell(
        "queue",
        t.with2(
            "moved-title",
            "former",
            target.number.to_string(),
            "number",
            number.to_string(),
        ),
    );
    let kind = |word: &str| t.s(&format!("kind-{word}")).into_owned();
    let vocabulary = Vocabulary::default();
    let written = WRITTEN
        .iter()
        .filter(|field| !form.value(field).trim().is_empty())
        .map(|field| {
            let text = ValueRead::Text(form.value(field).to_owned());
            (
                field_label(t, field),
                vocabulary.shown(&shell, field, &text),
            )
        })
        .collect();
    let page = MovedPage {
        action: format!("{}/{below}", number.path()),
        path: number.path(),
        number: number.to_string(),
        former: target.number.to_string(),
        title: record.title.clone(),
        by: change.map_or_else(String::new, |c| c.by.clone()),
        when: shell.when(change.map_or(record.updated_at, |c| c.at)),
        kinds: (kind(target.number.kind.word()), kind(record.kind.word())),
        state: state_label(t, &record.state).into_owned(),
        form: FormView::again(&shell, form, None),
        carried: carried(form),
        written,
        shell,
    };
    Ok(Answer::html(&page))
}

/// Everything that was sent, as far as the page does not write it anew. How far its author had seen
/// stays what it was, so that other news are still told.
fn carried(form: &Form) -> Vec<(String, String)> {
    const SET_ANEW: [&str; 4] = ["form_key", "kept_file", "parked", "show_again"];
    form.fields
        .iter()
        .filter(|(name, _)| !SET_ANEW.contains(&name.as_str()))
        .cloned()
        .collect()
}
