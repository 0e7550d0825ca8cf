//! The levels of impact, urgency and priority, and the matrix between them.

use super::may;
use crate::journal::{self, Change, NewFact, Value};
use crate::people::Visitor;
use crate::people::meanwhile::{Edit, settle};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::services::fields::{MATRIX, about_scale, about_setting, level_values};
use crate::services::{self, Level, Scale};
use crate::settings::model::{Cells, LevelNames, cells_of, names_of};
use crate::settings::{rules, store};

/// Sets which priority each impact and urgency give. Records keep the priority they have.
pub fn edit_matrix(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    edit: &Edit<Cells>,
) -> Result<bool> {
    may(visitor)?;
    let now = cells_of(&services::list_matrix(w)?);
    let subject = about_setting(MATRIX);
    let settled = settle(w, subject.id, &rules::cells(), edit, &now)?;
    let known = services::list_levels(w, Scale::Priority)?;
    let impacts = services::list_levels(w, Scale::Impact)?;
    let urgencies = services::list_levels(w, Scale::Urgency)?;
    let mut invalid = Invalid::default();
    let mut changed = Vec::new();
    for impact in &impacts {
        for urgency in &urgencies {
            let Some(field) = rules::cell(impact.level, urgency.level) else {
                continue;
            };
            let Some(priority) = settled.value.get(field).copied() else {
                continue;
            };
            if known.iter().all(|level| level.level != priority) {
                invalid.add(field, "error-unknown-choice");
                continue;
            }
            let before = now.get(field).copied();
            if before != Some(priority) {
                services::set_cell(w, impact.level, urgency.level, priority)?;
                let before = before.map_or(Value::Nothing, |p| Value::Number(p.into()));
                changed.push(Change::new(field, before, Value::Number(priority.into())));
            }
        }
    }
    invalid.or(())?;
    if !changed.is_empty() {
        let fact = NewFact::new("setting.priority_matrix_changed", changed);
        journal::append_to(w, ctx, subject, &fact)?;
    }
    Ok(settled.with_theirs)
}

/// Renames the levels of a scale.
pub fn edit_levels(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    scale: Scale,
    edit: &Edit<LevelNames>,
) -> Result<bool> {
    may(visitor)?;
    let levels = services::list_levels(w, scale)?;
    let now = names_of(&levels);
    let subject = about_scale(scale);
    let settled = settle(w, subject.id, &rules::all_level_fields(), edit, &now)?;
    let names = rules::names(&settled.value, levels.len() as i32)?;
    let mut changed = Vec::new();
    for level in &levels {
        let Some((name_field, hint_field)) = rules::level_fields(level.level) else {
            continue;
        };
        let of = |field: &str| names.get(field).cloned().unwrap_or_default();
        let after = Level {
            name: of(name_field),
            hint: of(hint_field),
            ..level.clone()
        };
        for (field, before, after) in [
            (name_field, &level.name, &after.name),
            (hint_field, &level.hint, &after.hint),
        ] {
            if before != after {
                changed.push(Change::new(field, Value::text(before), Value::text(after)));
            }
        }
        services::update_level(w, &after)?;
    }
    append(w, ctx, scale, "setting.levels_renamed", changed)?;
    Ok(settled.with_theirs)
}

/// Adds a level below the lowest. A new row or column of the matrix begins as its neighbour.
pub fn add_level(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    scale: Scale,
    name: &str,
    hint: &str,
) -> Result<Level> {
    may(visitor)?;
    let levels = services::list_levels(w, scale)?;
    let (name, hint) = rules::new_level(name, hint, &names_of(&levels))?;
    let last = levels.iter().map(|l| l.level).max().unwrap_or(0);
    if last >= rules::LEVELS_MAX {
        return Err(Error::Refused(
            Message::new("level-too-many").arg("max", rules::LEVELS_MAX),
        ));
    }
    let level = Level {
        scale,
        level: last + 1,
        name,
        hint,
    };
    services::insert_level(w, &level)?;
    let mut cells = Vec::new();
    for (impact, urgency, priority) in beside(w, scale, last)? {
        let (impact, urgency) = match scale {
            Scale::Impact => (level.level, urgency),
            _ => (impact, level.level),
        };
        services::set_cell(w, impact, urgency, priority)?;
        if let Some(field) = rules::cell(impact, urgency) {
            cells.push(Change::set(field, Value::Number(priority.into())));
        }
    }
    let values = level_values(level.level, &level.name, &level.hint);
    let changed = values.into_iter().map(|(field, v)| Change::set(field, v));
    append(w, ctx, scale, "setting.level_added", changed.collect())?;
    append_matrix(w, ctx, cells)?;
    Ok(level)
}

/// Takes the lowest level of a scale away, where nothing uses it.
pub fn remove_level(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    scale: Scale,
) -> Result<String> {
    may(visitor)?;
    let levels = services::list_levels(w, scale)?;
    let Some(last) = levels.last().filter(|_| levels.len() > 1) else {
        return Err(Error::refused("level-last"));
    };
    if is_used(w, scale, last.level)? {
        return Err(Error::refused("level-in-use"));
    }
    let gone = |field, before| Change::new(field, before, Value::Nothing);
    let cells = beside(w, scale, last.level)?
        .into_iter()
        .filter_map(|(i, u, priority)| Some((rules::cell(i, u)?, Value::Number(priority.into()))));
    let cells = cells.map(|(field, v)| gone(field, v)).collect();
    services::delete_level(w, scale, last.level)?;
    let values = level_values(last.level, &last.name, &last.hint);
    let changed = values.into_iter().map(|(field, v)| gone(field, v));
    append(w, ctx, scale, "setting.level_removed", changed.collect())?;
    append_matrix(w, ctx, cells)?;
    Ok(last.name.clone())
}

/// The cells of the matrix that belong to a level: its row or its column.
fn beside(conn: &mut Db, scale: Scale, level: i32) -> Result<Vec<(i32, i32, i32)>> {
    let mut cells = services::list_matrix(conn)?;
    cells.retain(|(impact, urgency, _)| match scale {
        Scale::Impact => *impact == level,
        Scale::Urgency => *urgency == level,
        Scale::Priority => false,
    });
    Ok(cells)
}

/// What a level brings into the matrix or takes out of it.
fn append_matrix(w: &mut Write<'_>, ctx: &Ctx, changed: Vec<Change>) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let fact = NewFact::new("setting.priority_matrix_changed", changed);
    journal::append_to(w, ctx, about_setting(MATRIX), &fact)
}

fn is_used(conn: &mut Db, scale: Scale, level: i32) -> Result<bool> {
    let in_matrix = scale == Scale::Priority
        && services::list_matrix(conn)?
            .iter()
            .any(|(_, _, priority)| *priority == level);
    Ok(in_matrix || store::level_in_use(conn, scale, level)?)
}

fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    scale: Scale,
    name: &str,
    changed: Vec<Change>,
) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let subject = about_scale(scale);
    journal::append_to(w, ctx, subject, &NewFact::new(name, changed))
}
