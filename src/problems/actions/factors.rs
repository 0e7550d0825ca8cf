//! Contributing factors: a list, each of a kind, with what happened and how it is known.

use super::{listed_to_write, say};
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::problems::labels;
use crate::problems::model::Factor;
use crate::problems::store;
use crate::records::{Number, Record};
use crate::services::{self, CodeList};

/// What somebody says of a factor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditFactor {
    pub code: String,
    pub text: String,
    pub evidence: String,
}

/// Factors of one record, at most.
const MOST: usize = 50;

fn said(was: &[Factor], is: &[Factor], edit: &EditFactor) -> Vec<Said> {
    let mut said = vec![
        Said::set("factor_text", Value::text(&edit.text)),
        Said::set("factor_evidence", Value::text(&edit.evidence)),
        Said::new("factors", labels::factors(was), labels::factors(is)),
    ];
    said.retain(|change| change.before != change.after);
    said
}

/// The kind's label. One that is no longer offered stays where it was chosen.
fn label(w: &mut Write<'_>, edit: &EditFactor, present: Option<&Factor>) -> Result<String> {
    let mut invalid = Invalid::default();
    let kept = present.filter(|factor| factor.code == edit.code);
    let label = match services::find_code(w, CodeList::Factor, &edit.code)? {
        Some(code) => Some(code.label),
        None => kept.map(|factor| factor.code_label.clone()),
    };
    if label.is_none() {
        invalid.add("factor_code", "error-choose");
    }
    if edit.text.is_empty() {
        invalid.add("factor_text", "error-required");
    }
    invalid.or(label.unwrap_or_default())
}

/// Adds a factor at the end of the list.
pub fn add_factor(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    edit: &EditFactor,
) -> Result<Record> {
    let found = listed_to_write(w, visitor, number)?;
    let was = store::factors_of(w, found.record.id)?;
    if was.len() >= MOST {
        return Err(Error::refused("factors-too-many"));
    }
    let factor = Factor {
        id: Id::new(),
        record_id: found.record.id,
        position: was.iter().map(|factor| factor.position).max().unwrap_or(0) + 1,
        code: edit.code.clone(),
        code_label: label(w, edit, None)?,
        text: edit.text.clone(),
        evidence: edit.evidence.clone(),
        by_id: Some(visitor.id),
        at: ctx.now,
        removed_at: None,
    };
    store::insert_factor(w, &factor)?;
    let is = store::factors_of(w, found.record.id)?;
    say(w, ctx, &found.record, "factor_added", said(&was, &is, edit))
}

/// Says a factor otherwise.
pub fn edit_factor(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Factor>,
    edit: &EditFactor,
) -> Result<Record> {
    let found = listed_to_write(w, visitor, number)?;
    let was = store::factors_of(w, found.record.id)?;
    let before = standing(&was, id)?;
    let after = Factor {
        code: edit.code.clone(),
        code_label: label(w, edit, Some(&before))?,
        text: edit.text.clone(),
        evidence: edit.evidence.clone(),
        ..before.clone()
    };
    if after == before {
        return Ok(found.record);
    }
    store::update_factor(w, &after)?;
    let is = store::factors_of(w, found.record.id)?;
    let said = said(&was, &is, edit);
    say(w, ctx, &found.record, "factor_edited", said)
}

/// Takes a factor off the list; the journal keeps it.
pub fn remove_factor(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    id: Id<Factor>,
) -> Result<Record> {
    let found = listed_to_write(w, visitor, number)?;
    let was = store::factors_of(w, found.record.id)?;
    let after = Factor {
        removed_at: Some(ctx.now),
        ..standing(&was, id)?
    };
    store::update_factor(w, &after)?;
    let is = store::factors_of(w, found.record.id)?;
    let said = vec![Said::new(
        "factors",
        labels::factors(&was),
        labels::factors(&is),
    )];
    say(w, ctx, &found.record, "factor_removed", said)
}

/// What contributed to a record, as it stands.
pub fn standing_factors(conn: &mut Db, record: Id<Record>) -> Result<Vec<Factor>> {
    let mut all = store::factors_of(conn, record)?;
    all.retain(|factor| factor.removed_at.is_none());
    Ok(all)
}

fn standing(all: &[Factor], id: Id<Factor>) -> Result<Factor> {
    let found = all.iter().find(|factor| factor.id == id);
    let found = found.ok_or(Error::NotFound)?;
    match found.removed_at {
        None => Ok(found.clone()),
        Some(_) => Err(Error::refused("factor-gone")),
    }
}
