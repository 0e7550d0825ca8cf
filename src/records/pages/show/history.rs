//! The history of a record (or of what is administered): its whole journal, newest first, with the values before and after.
//! Words are made here, on reading; the journal holds none.

use super::values::{Shown, Vocabulary, field_label};
use crate::journal::{self, ChangeRead, ERASED, Fact, FactData, ValueRead};
use crate::people::{Shell, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Number, Record, restrictions};
use uuid::Uuid;

/// Facts on a page.
const SIZE: usize = 100;

/// What a reader of the history has no use for: hashes, and ids of what is shown beside.
const HIDDEN: [&str; 32] = [
    "definition",
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
    "handoff",
    "handoff_tried",
    "round_event",
    "round_opened",
    "round_present",
    "round_condition_met",
    "round_conditions",
    "delegation",
    "board_members",
];

/// Facts that tell of nothing but another record.
const ABOUT_ANOTHER: [&str; 6] = [
    "linked",
    "unlinked",
    "parent_changed",
    "child_added",
    "child_removed",
    "duplicate_joined",
];

/// A fact in words.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Where it stands among all facts.
    pub seq: i64,
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
    pub fn read(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        subject: Uuid,
        before: Option<i64>,
    ) -> Result<Self> {
        let mut facts = journal::list_facts(conn, subject, before, SIZE as i64 + 1)?;
        let more = facts.len() > SIZE;
        facts.truncate(SIZE);
        let older = facts.last().map(|f| f.position).filter(|_| more);
        let facts = tell(conn, shell, visitor, facts)?;
        Ok(Self { older, facts })
    }
}

/// Facts in words, in their order, as one reader may know them.
pub fn tell(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    facts: Vec<Fact>,
) -> Result<Vec<Happened>> {
    let seqs: Vec<i64> = facts.iter().map(|f| f.seq).collect();
    let texts = journal::texts_of(conn, &seqs)?;
    let read: Vec<(Fact, FactData)> = facts
        .into_iter()
        .map(|f| {
            let data = FactData::read(&f, &texts);
            (f, data)
        })
        .collect();
    let read = without_hidden(conn, visitor, read)?;
    let fields = read
        .iter()
        .flat_map(|(_, data)| data.changes.iter().map(|c| c.field.as_str()));
    let vocabulary = Vocabulary::of(conn, fields)?;
    let told = read.into_iter();
    Ok(told
        .map(|(fact, data)| happened(shell, &vocabulary, &fact, data))
        .collect())
}

/// What a record is, is its address; told only where that became another.
fn is_another_kind(change: &ChangeRead) -> bool {
    matches!(change.field.as_str(), "kind" | "number") && change.before != ValueRead::Nothing
}

/// A number as it is written, with the kind it was of on that side of the change.
fn number(
    changes: &[ChangeRead],
    change: &ChangeRead,
    side: fn(&ChangeRead) -> &ValueRead,
) -> Option<Shown> {
    let kind = changes.iter().find(|c| c.field == "kind")?;
    match (change.field.as_str(), side(kind), side(change)) {
        ("number", ValueRead::Plain(kind), ValueRead::Plain(n)) => {
            let kind = Kind::from_word(kind)?;
            let n = n.parse().ok()?;
            Some(Shown::Data(Number { kind, n }.to_string()))
        }
        _ => None,
    }
}

/// What other records a fact names are left out where they do not exist for the reader; a fact that
/// only tells of such a record did not happen for them.
fn without_hidden(
    conn: &mut Db,
    visitor: &Visitor,
    mut read: Vec<(Fact, FactData)>,
) -> Result<Vec<(Fact, FactData)>> {
    let named = |change: &ChangeRead| {
        [id_of(&change.before), id_of(&change.after)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let mut ids: Vec<Id<Record>> = (read.iter())
        .flat_map(|(_, data)| data.changes.iter().flat_map(named))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let hidden = restrictions::hidden_of(conn, visitor, &ids)?;
    if hidden.is_empty() {
        return Ok(read);
    }
    let tells = |change: &ChangeRead| named(change).iter().any(|id| hidden.contains(id));
    read.retain(|(fact, data)| {
        let what = fact.name.split_once('.').map_or("", |(_, what)| what);
        !(ABOUT_ANOTHER.contains(&what) && data.changes.iter().any(tells))
    });
    for (_, data) in &mut read {
        data.changes.retain(|change| !tells(change));
    }
    Ok(read)
}

fn id_of(value: &ValueRead) -> Option<Id<Record>> {
    match value {
        ValueRead::Ref { id, .. } => id.parse().ok(),
        _ => None,
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
        seq: fact.seq,
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
            .filter(|c| !HIDDEN.contains(&c.field.as_str()) || is_another_kind(c))
            .map(|c| Changed {
                field: c.field.clone(),
                label: field_label(shell.t, &c.field).unwrap_or_else(|| c.field.clone()),
                before: number(&data.changes, c, |c| &c.before)
                    .unwrap_or_else(|| vocabulary.shown(shell, &c.field, &c.before)),
                after: number(&data.changes, c, |c| &c.after)
                    .unwrap_or_else(|| vocabulary.shown(shell, &c.field, &c.after)),
            })
            .collect(),
    }
}
