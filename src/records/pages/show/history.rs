//! The history of a record (or of what is administered): its whole journal, newest first, with the values before and after.
//! Words are made here, on reading; the journal holds none.

use super::values::{Shown, Vocabulary, field_label};
use crate::journal::{self, ERASED, Fact, FactData};
use crate::people::{Shell, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use uuid::Uuid;

/// Facts on a page.
const SIZE: usize = 100;

/// What a reader of the history has no use for: hashes, and ids of what is shown beside.
const HIDDEN: [&str; 22] = [
    "entry",
    "attachment_content",
    "attachment_type",
    "attachment_size",
    "attachment_entry",
    "link",
    "link_outward",
    "kind",
    "number",
    "contact_answers",
    "affected_count",
    "list",
    "code",
    "impact_began_by",
    "impact_began_set_at",
    "detected_by",
    "detected_set_at",
    "acknowledged_by",
    "acknowledged_set_at",
    "mitigated_by",
    "mitigated_set_at",
    "major_since",
];

/// A fact in words.
#[derive(Debug, Clone)]
pub struct Happened {
    pub position: i64,
    /// What happened: "Resolved".
    pub what: String,
    /// Empty when it was erased.
    pub by: String,
    pub on_behalf_of: Option<String>,
    pub door: String,
    pub at: When,
    /// When it was written down, where that was later (imports).
    pub recorded: Option<When>,
    pub changes: Vec<Changed>,
}

/// A field before and after.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its name in the journal.
    pub field: String,
    pub label: String,
    pub before: Shown,
    pub after: Shown,
}

/// A page of history.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub facts: Vec<Happened>,
    pub older: Option<i64>,
}

impl History {
    /// The facts before a position, newest first.
    pub fn read(conn: &mut Db, shell: &Shell, subject: Uuid, before: Option<i64>) -> Result<Self> {
        let mut facts = journal::list_facts(conn, subject, before, SIZE as i64 + 1)?;
        let more = facts.len() > SIZE;
        facts.truncate(SIZE);
        let seqs: Vec<i64> = facts.iter().map(|f| f.seq).collect();
        let texts = journal::texts_of(conn, &seqs)?;
        let read: Vec<(Fact, FactData)> = facts
            .into_iter()
            .map(|f| {
                let data = FactData::read(&f, &texts);
                (f, data)
            })
            .collect();
        let fields = read
            .iter()
            .flat_map(|(_, data)| data.changes.iter().map(|c| c.field.as_str()));
        let vocabulary = Vocabulary::of(conn, fields)?;
        Ok(Self {
            older: read.last().map(|(f, _)| f.position).filter(|_| more),
            facts: read
                .into_iter()
                .map(|(fact, data)| happened(shell, &vocabulary, &fact, data))
                .collect(),
        })
    }
}

fn happened(shell: &Shell, vocabulary: &Vocabulary, fact: &Fact, data: FactData) -> Happened {
    let known = |text: String| if text == ERASED { String::new() } else { text };
    let (about, what) = fact.name.split_once('.').unwrap_or_default();
    let key = match about {
        "task" => format!("fact-task-{what}"),
        _ => format!("fact-{}", what.replace('_', "-")),
    };
    Happened {
        position: fact.position,
        what: if shell.t.has(&key) {
            shell.t.s(&key).into_owned()
        } else {
            shell.t.s("fact-other").into_owned()
        },
        by: known(data.by),
        on_behalf_of: data.on_behalf_of.map(known),
        door: shell.t.s(&format!("door-{}", fact.door)).into_owned(),
        at: shell.when(fact.occurred_at),
        recorded: (fact.recorded_at != fact.occurred_at).then(|| shell.when(fact.recorded_at)),
        changes: data
            .changes
            .iter()
            .filter(|c| !HIDDEN.contains(&c.field.as_str()))
            .map(|c| Changed {
                field: c.field.clone(),
                label: field_label(shell.t, &c.field).unwrap_or_else(|| c.field.clone()),
                before: vocabulary.shown(shell, &c.field, &c.before),
                after: vocabulary.shown(shell, &c.field, &c.after),
            })
            .collect(),
    }
}
