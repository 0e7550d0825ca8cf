//! Codes of holds, resolutions and cancellations. A code is never deleted: records keep it.

use super::{differences, may};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::Visitor;
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::services::fields::{about_code, code_values};
use crate::services::{self, Code, CodeList};
use crate::settings::model::CodeForm;
use crate::settings::rules;

/// The fields of a code, as form and journal know them.
pub const CODE_FIELDS: &[&str] = &["label", "behaviour", "disabled"];

/// Which way a code moves in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
}

/// Adds a code at the end of its list.
pub fn add_code(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    list: CodeList,
    given: &CodeForm,
) -> Result<Code> {
    may(visitor)?;
    let all = services::list_codes(w, list)?;
    let form = rules::code(list, given, None, &all)?;
    let code = Code {
        list,
        code: rules::new_code_word(&form.label, &all),
        label: form.label.clone(),
        behaviour: form.behaviour.clone(),
        position: all.iter().map(|c| c.position).max().unwrap_or(0) + 1,
        disabled_at: None,
        version: 1,
    };
    services::insert_code(w, &code)?;
    let Code {
        code: word,
        label,
        behaviour,
        position,
        ..
    } = &code;
    let values = code_values(list.word(), word, label, behaviour, *position, false);
    let changed = values.into_iter().map(|(field, v)| Change::set(field, v));
    append(w, ctx, &code, "code.added", changed.collect())?;
    Ok(code)
}

/// Edits a code.
pub fn edit_code(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    (list, code): (CodeList, &str),
    edit: &Edit<CodeForm>,
) -> Result<Settled<Code>> {
    may(visitor)?;
    let mut code = services::find_any_code(w, list, code)?;
    let now = CodeForm::of(&code);
    let settled = settle(w, about(&code).id, CODE_FIELDS, edit, &now)?;
    let all = services::list_codes(w, list)?;
    let form = rules::code(list, &settled.value, Some(&code), &all)?;
    let changed = changes(&now, &form);
    if !changed.is_empty() {
        let since = code.disabled_at.unwrap_or(ctx.now);
        code.label.clone_from(&form.label);
        code.behaviour.clone_from(&form.behaviour);
        code.disabled_at = form.disabled.then_some(since);
        services::update_code(w, &code)?;
        append(w, ctx, &code, "code.edited", changed)?;
    }
    Ok(Settled {
        value: code,
        with_theirs: settled.with_theirs,
    })
}

/// Moves a code one place; at the end of the list it stays.
pub fn move_code(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    (list, code): (CodeList, &str),
    step: Step,
) -> Result<()> {
    may(visitor)?;
    let moved = services::find_any_code(w, list, code)?;
    let all = services::list_codes(w, list)?;
    let mut order: Vec<Code> = all;
    let Some(at) = order.iter().position(|c| c.code == moved.code) else {
        return Ok(());
    };
    let to = match step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1).filter(|to| *to < order.len()),
    };
    let Some(to) = to else { return Ok(()) };
    order.swap(at, to);
    // Positions are numbered anew, since two codes of an older list may share one.
    for (position, code) in (1..).zip(order) {
        if code.position == position {
            continue;
        }
        let before = code.position;
        let code = Code { position, ..code };
        services::update_code(w, &code)?;
        let change = Change::new(
            "position",
            Value::Number(before.into()),
            Value::Number(position.into()),
        );
        append(w, ctx, &code, "code.moved", vec![change])?;
    }
    Ok(())
}

fn about(code: &Code) -> Subject {
    about_code(code.list.word(), &code.code)
}

fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    code: &Code,
    name: &str,
    changed: Vec<Change>,
) -> Result<()> {
    journal::append_to(w, ctx, about(code), &NewFact::new(name, changed))
}

fn changes(before: &CodeForm, after: &CodeForm) -> Vec<Change> {
    let values = |form: &CodeForm| {
        [
            Value::text(&form.label),
            if form.behaviour.is_empty() {
                Value::Nothing
            } else {
                Value::word(form.behaviour.clone())
            },
            Value::Flag(form.disabled),
        ]
    };
    differences(CODE_FIELDS, values(before), values(after))
}
