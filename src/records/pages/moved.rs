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
const WRITTEN: [&str; 27] = [
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
    "breach_text",
    "tried",
    "wanted",
    "major_reason",
    "major_withdrawn_because",
    "lift_reason",
    "impact_began_note",
    "detected_note",
    "acknowledged_note",
    "mitigated_note",
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is no sentence: the name of something that is chosen.
    const CHOSEN: [&str; 1] = ["item"];

    /// A form that comes to a former number shows all that was written in it, whichever it was.
    #[test]
    fn every_text_that_a_page_of_a_record_reads_is_shown() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = vec![
            root.join("records/pages"),
            root.join("incidents/pages/major.rs"),
            root.join("incidents/pages/instants.rs"),
        ];
        let mut read = std::collections::BTreeSet::new();
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for reader in [".text(\"", ".line(\"", ".required(\""] {
                for (at, _) in source.match_indices(reader) {
                    let name = source[at + reader.len()..].split('"').next();
                    read.insert(name.unwrap().to_owned());
                }
            }
        }
        read.remove("");
        assert!(read.len() > 15, "{read:?}");
        read.retain(|name| !CHOSEN.contains(&name.as_str()) && !WRITTEN.contains(&name.as_str()));
        assert!(read.is_empty(), "add to WRITTEN: {read:?}");
    }
}
