//! Configuration items and what they depend on.

use super::{check_team, differences, may, team_value};
use crate::items::{self, Item, ItemRow};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::Visitor;
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::services::{self, Service};
use crate::settings::model::ItemForm;
use crate::settings::rules;

/// The fields of an item, as form and journal know them.
pub const ITEM_FIELDS: &[&str] = &[
    "name",
    "class",
    "environment",
    "team",
    "service",
    "disabled",
];

/// Adds an item, which depends on nothing yet.
pub fn add_item(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, given: &ItemForm) -> Result<Item> {
    may(visitor)?;
    let form = rules::item(given)?;
    check_team(w, None, form.team)?;
    check_service(w, None, form.service)?;
    let id = Id::new();
    items::insert_item(w, id, &row(&form, None, ctx))?;
    let fact = NewFact::new("item.added", changes(w, None, &form)?);
    journal::append_to(w, ctx, about(id), &fact)?;
    items::find_item(w, id)
}

/// Edits an item.
pub fn edit_item(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Item>,
    edit: &Edit<ItemForm>,
) -> Result<Settled<Item>> {
    may(visitor)?;
    let item = items::find_item(w, id)?;
    let now = ItemForm::of(&item);
    let settled = settle(w, id.uuid(), ITEM_FIELDS, edit, &now)?;
    let form = rules::item(&settled.value)?;
    check_team(w, now.team, form.team)?;
    check_service(w, now.service, form.service)?;
    let changed = changes(w, Some(&now), &form)?;
    if !changed.is_empty() {
        items::update_item(w, id, item.version, &row(&form, Some(&item), ctx))?;
        let fact = NewFact::new("item.edited", changed);
        journal::append_to(w, ctx, about(id), &fact)?;
    }
    Ok(Settled {
        value: items::find_item(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

/// Says that an item depends on another. A circle is allowed, an item that needs itself says nothing.
pub fn add_need(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    item: Id<Item>,
    needs: Id<Item>,
) -> Result<Item> {
    may(visitor)?;
    let item = items::find_item(w, item)?;
    let needs = match items::find_item(w, needs) {
        Err(Error::NotFound) => return Err(Error::invalid("needs", "error-no-longer-there")),
        found => found?,
    };
    if needs.id == item.id {
        return Err(Error::invalid("needs", "item-need-itself"));
    }
    let most = items::rules::NEEDS_MAX;
    if items::count_needs(w, item.id)? >= most {
        let message = Message::new("item-needs-too-many").arg("max", most);
        return Err(Error::invalid("needs", message));
    }
    if items::insert_edge(w, item.id, needs.id)? {
        let what = Value::Ref(needs.id.uuid(), needs.name.clone());
        let fact = NewFact::new("item.need_added", vec![Change::set("depends_on", what)]);
        journal::append_to(w, ctx, about(item.id), &fact)?;
    }
    Ok(needs)
}

/// Says that an item depends on another no longer.
pub fn remove_need(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    item: Id<Item>,
    needs: Id<Item>,
) -> Result<Item> {
    may(visitor)?;
    let item = items::find_item(w, item)?;
    let needs = items::find_item(w, needs)?;
    if items::delete_edge(w, item.id, needs.id)? {
        let what = Value::Ref(needs.id.uuid(), needs.name.clone());
        let change = Change::new("depends_on", what, Value::Nothing);
        let fact = NewFact::new("item.need_removed", vec![change]);
        journal::append_to(w, ctx, about(item.id), &fact)?;
    }
    Ok(needs)
}

fn row(form: &ItemForm, now: Option<&Item>, ctx: &Ctx) -> ItemRow {
    let since = now.and_then(|i| i.disabled_at).unwrap_or(ctx.now);
    ItemRow {
        name: form.name.clone(),
        class: form.class.clone(),
        environment: form.environment.clone(),
        team: form.team,
        service: form.service,
        disabled_at: form.disabled.then_some(since),
    }
}

fn about(id: Id<Item>) -> Subject {
    Subject {
        kind: "item",
        id: id.uuid(),
    }
}

/// A service that is newly chosen must be there and enabled; the present one may stay.
fn check_service(
    conn: &mut Db,
    now: Option<Id<Service>>,
    chosen: Option<Id<Service>>,
) -> Result<()> {
    let Some(service) = chosen.filter(|service| Some(*service) != now) else {
        return Ok(());
    };
    match services::find_service(conn, service) {
        Ok(service) if service.disabled_at.is_none() => Ok(()),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid("service", "error-no-longer-there")),
        Err(e) => Err(e),
    }
}

fn changes(conn: &mut Db, before: Option<&ItemForm>, after: &ItemForm) -> Result<Vec<Change>> {
    let mut values = |form: &ItemForm| -> Result<[Value; 6]> {
        let service = form
            .service
            .map(|id| services::find_service(conn, id))
            .transpose()?;
        let environment = match form.environment.as_str() {
            "" => Value::Nothing,
            word => Value::word(word),
        };
        Ok([
            Value::text(&form.name),
            Value::text(&form.class),
            environment,
            team_value(conn, form.team)?,
            Value::reference(service.map(|s| (s.id.uuid(), s.name))),
            Value::Flag(form.disabled),
        ])
    };
    let nothing = || std::array::from_fn(|_| Value::Nothing);
    let before = before.map(&mut values).transpose()?;
    let after = values(after)?;
    Ok(differences(
        ITEM_FIELDS,
        before.unwrap_or_else(nothing),
        after,
    ))
}
