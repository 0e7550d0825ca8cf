//! Erasing somebody's texts from records: titles and descriptions of what they asked for, reasons
//! and tasks they wrote. Each record says so in its own journal, so that nobody who is just saving
//! it puts the text back.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::journal::{Change, ERASED, NewFact, Value};
use crate::people::{Person, Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::labels;
use crate::records::model::Record;
use crate::records::store::{self, Steps};
use crate::tasks::{self, Task};

const BATCH: usize = 500;

/// What is to be erased from records.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Records whose title and description go.
    pub records: BTreeSet<Id<Record>>,
    /// Records whose reason for their priority goes.
    pub reasons: BTreeSet<Id<Record>>,
    /// Tasks whose title goes, and the reason why they were skipped.
    pub tasks: BTreeSet<Id<Task>>,
}

/// Puts what stands for an erased text in the place of all of them. What they were stands in the
/// facts of it until whoever erases takes it out of the journal too.
pub fn erase_texts(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, texts: &Texts) -> Result<()> {
    visitor.needs(Right::Administer)?;
    let wanted: Vec<Id<Task>> = texts.tasks.iter().copied().collect();
    let mut tasks: HashMap<Uuid, Vec<Task>> = HashMap::new();
    for some in wanted.chunks(BATCH) {
        for task in tasks::by_ids(w, some)? {
            tasks.entry(task.record_id.uuid()).or_default().push(task);
        }
        tasks::erase_texts(w, some)?;
    }
    let mut ids: BTreeSet<Id<Record>> = texts.records.union(&texts.reasons).copied().collect();
    ids.extend(tasks.keys().map(|id| Id::from_uuid(*id)));
    let ids: Vec<Id<Record>> = ids.into_iter().collect();
    for some in ids.chunks(BATCH) {
        let mut all = Vec::with_capacity(some.len());
        for before in store::find_by_ids(w, some)? {
            let own = tasks.remove(&before.id.uuid()).unwrap_or_default();
            all.push(steps(before, own, texts)?);
        }
        all.retain(|steps| !steps.facts.is_empty());
        store::save_all(w, ctx, &all)?;
    }
    Ok(())
}

fn steps(before: Record, tasks: Vec<Task>, texts: &Texts) -> Result<Steps> {
    let mut after = before.clone();
    let mut facts = Vec::new();
    if texts.records.contains(&before.id) {
        erase(&mut after.title);
        erase(&mut after.description);
    }
    if texts.reasons.contains(&before.id) {
        erase(&mut after.priority_reason);
    }
    let changes = labels::changes_with(Some(&before), &after, |_, _| {
        Err(Error::inward("erasing a text changes no reference"))
    })?;
    if !changes.is_empty() {
        let name = super::fact(before.kind, "texts_erased");
        facts.push(NewFact::new(name, changes));
    }
    for task in tasks.into_iter().filter(|task| task.title != ERASED) {
        let named = Value::Ref(task.id.uuid(), ERASED.to_owned());
        let changes = vec![
            Change::set("task", named),
            Change::new("task_title", Value::text(&task.title), Value::text(ERASED)),
        ];
        facts.push(NewFact::new("task.changed", changes));
    }
    Ok(Steps {
        before,
        after,
        facts,
    })
}

fn erase(text: &mut String) {
    if !text.is_empty() {
        ERASED.clone_into(text);
    }
}

/// Erases what a person wrote about how records ended.
pub fn erase_endings(w: &mut Write<'_>, visitor: &Visitor, person: Id<Person>) -> Result<()> {
    visitor.needs(Right::Administer)?;
    store::erase_endings_by(w, person)
}
