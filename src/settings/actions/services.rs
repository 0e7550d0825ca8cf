//! Services and categories.

use super::{check_owner, check_team, differences, may, person_value, team_value};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::Visitor;
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::services::{self, Category, Service};
use crate::settings::model::{CategoryForm, ServiceForm};
use crate::settings::rules;

/// The fields of a service, as form and journal know them.
pub const SERVICE_FIELDS: &[&str] = &["name", "owner", "team", "criticality", "disabled"];
/// The fields of a category.
pub const CATEGORY_FIELDS: &[&str] = &["name", "team", "disabled"];

/// Adds a service.
pub fn add_service(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &ServiceForm,
) -> Result<Service> {
    may(visitor)?;
    let form = rules::service(given)?;
    check_owner(w, None, form.owner)?;
    check_team(w, None, form.team)?;
    let id = Id::new();
    services::insert_service(w, id, &row(&form, None, ctx))?;
    let changed = service_changes(w, None, &form)?;
    append(w, ctx, about_service(id), "service.added", changed)?;
    services::find_service(w, id)
}

/// Edits a service.
pub fn edit_service(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Service>,
    edit: &Edit<ServiceForm>,
) -> Result<Settled<Service>> {
    may(visitor)?;
    let service = services::find_service(w, id)?;
    let now = ServiceForm::of(&service);
    let settled = settle(w, id.uuid(), SERVICE_FIELDS, edit, &now)?;
    let form = rules::service(&settled.value)?;
    check_owner(w, now.owner, form.owner)?;
    check_team(w, now.team, form.team)?;
    let changed = service_changes(w, Some(&now), &form)?;
    if !changed.is_empty() {
        let row = row(&form, Some(&service), ctx);
        services::update_service(w, id, service.version, &row)?;
        append(w, ctx, about_service(id), "service.edited", changed)?;
    }
    Ok(Settled {
        value: services::find_service(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

/// Adds a category.
pub fn add_category(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &CategoryForm,
) -> Result<Category> {
    may(visitor)?;
    let form = rules::category(given)?;
    check_team(w, None, form.team)?;
    let id = Id::new();
    services::insert_category(w, id, &form.name, form.team)?;
    let changed = category_changes(w, None, &form)?;
    append(w, ctx, about_category(id), "category.added", changed)?;
    services::find_category(w, id)
}

/// Edits a category.
pub fn edit_category(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Category>,
    edit: &Edit<CategoryForm>,
) -> Result<Settled<Category>> {
    may(visitor)?;
    let category = services::find_category(w, id)?;
    let now = CategoryForm::of(&category);
    let settled = settle(w, id.uuid(), CATEGORY_FIELDS, edit, &now)?;
    let form = rules::category(&settled.value)?;
    check_team(w, now.team, form.team)?;
    let changed = category_changes(w, Some(&now), &form)?;
    if !changed.is_empty() {
        let disabled_at = form
            .disabled
            .then(|| category.disabled_at.unwrap_or(ctx.now));
        services::update_category(w, id, category.version, &form.name, form.team, disabled_at)?;
        append(w, ctx, about_category(id), "category.edited", changed)?;
    }
    Ok(Settled {
        value: services::find_category(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

fn row(form: &ServiceForm, now: Option<&Service>, ctx: &Ctx) -> services::ServiceForm {
    let since = now.and_then(|s| s.disabled_at).unwrap_or(ctx.now);
    services::ServiceForm {
        name: form.name.clone(),
        owner: form.owner,
        team: form.team,
        criticality: form.criticality,
        disabled_at: form.disabled.then_some(since),
    }
}

fn about_service(id: Id<Service>) -> Subject {
    Subject {
        kind: "service",
        id: id.uuid(),
    }
}

fn about_category(id: Id<Category>) -> Subject {
    Subject {
        kind: "category",
        id: id.uuid(),
    }
}

fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    subject: Subject,
    name: &str,
    changed: Vec<Change>,
) -> Result<()> {
    journal::append_to(w, ctx, subject, &NewFact::new(name, changed))
}

fn service_changes(
    conn: &mut Db,
    before: Option<&ServiceForm>,
    after: &ServiceForm,
) -> Result<Vec<Change>> {
    let mut values = |form: &ServiceForm| -> Result<[Value; 5]> {
        Ok([
            Value::text(&form.name),
            person_value(conn, form.owner)?,
            team_value(conn, form.team)?,
            Value::Number(form.criticality.into()),
            Value::Flag(form.disabled),
        ])
    };
    let nothing = || std::array::from_fn(|_| Value::Nothing);
    let before = before.map(&mut values).transpose()?;
    let after = values(after)?;
    Ok(differences(
        SERVICE_FIELDS,
        before.unwrap_or_else(nothing),
        after,
    ))
}

fn category_changes(
    conn: &mut Db,
    before: Option<&CategoryForm>,
    after: &CategoryForm,
) -> Result<Vec<Change>> {
    let mut values = |form: &CategoryForm| -> Result<[Value; 3]> {
        Ok([
            Value::text(&form.name),
            team_value(conn, form.team)?,
            Value::Flag(form.disabled),
        ])
    };
    let nothing = || std::array::from_fn(|_| Value::Nothing);
    let before = before.map(&mut values).transpose()?;
    let after = values(after)?;
    Ok(differences(
        CATEGORY_FIELDS,
        before.unwrap_or_else(nothing),
        after,
    ))
}
