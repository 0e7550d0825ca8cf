//! The only list of what follows from what.
//!
//! The write gate calls [`up`] with the facts of a transaction before it commits. A line here may
//! call any slice's actions; the facts those append come round again, at most three times.

use crate::entries::{self, Audience};
use crate::platform::db::store::Emitted;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Door;
use crate::platform::kernel::error::Result;
use crate::records::{self, Kind, Practice, Record};
use crate::{changes, incidents, problems, requests, search, tasks};

/// The practice of a kind.
pub fn practice_of(kind: Kind) -> &'static Practice {
    match kind {
        Kind::Incident => &incidents::PRACTICE,
        Kind::Request => &requests::PRACTICE,
        Kind::Problem => &problems::PRACTICE,
        Kind::Change => &changes::PRACTICE,
    }
}

/// Brings about what follows from facts.
pub fn up(w: &mut Write<'_>, facts: &[Emitted]) -> Result<()> {
    for fact in facts {
        index_texts(w, fact)?;
        // What happened elsewhere, long ago, can be found; it moves nothing and nobody here.
        if fact.ctx.door == Door::Imported {
            continue;
        }
        let (about, what) = fact.name.split_once('.').unwrap_or_default();
        match (fact.name.as_str(), what) {
            // Of a task nothing follows; a record's own facts have the same words.
            _ if about == "task" => {}
            ("incident.reopened", _) => {
                let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
                incidents::unmark_first_contact(w, &fact.ctx, record)?;
            }
            (_, "closed" | "rejected" | "cancelled") => {
                end_holds_on(w, fact)?;
                let record = Id::from_uuid(fact.subject);
                records::actions::cancel_open_tasks(w, &fact.ctx, record)?;
            }
            (_, "resolved") => end_holds_on(w, fact)?,
            _ => {}
        }
    }
    Ok(())
}

/// A text that was written can be found.
fn index_texts(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let Some(set) = fact.data.get("set") else {
        return Ok(());
    };
    let record = Id::<Record>::from_uuid(fact.subject);
    if set.get("title").is_some() || set.get("description").is_some() {
        let found = records::find_by_id(w, record)?;
        search::reindex_record(w, record, &found.title, &found.description)?;
    }
    let entry = set
        .pointer("/entry/1/id")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok());
    if let Some(entry) = entry {
        let (audience, body) = entries::body_of(w, entry)?;
        match audience {
            Audience::Public => search::index_public(w, record, entry, &body)?,
            Audience::Internal => search::index_internal(w, record, entry, &body)?,
        }
    }
    let task = set
        .pointer("/task/1/id")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok());
    if let Some(task) = task
        && (fact.name == "task.added" || set.get("task_title").is_some())
    {
        let task = tasks::find(w, record.cast(), task)?;
        search::reindex_internal(w, record, task.id, &task.title)?;
    }
    Ok(())
}

/// Whoever waited for this change or problem goes on.
fn end_holds_on(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    for hold in records::holds_for(w, Id::from_uuid(fact.subject))? {
        let waiting = records::find_by_id(w, hold.record_id)?;
        let practice = practice_of(waiting.kind);
        records::actions::resume_by_itself(w, &fact.ctx, practice, waiting)?;
    }
    Ok(())
}
