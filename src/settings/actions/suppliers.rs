//! Suppliers.

use super::{differences, may};
use crate::items::{self, Supplier, SupplierRow};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::people::Visitor;
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::settings::model::SupplierForm;
use crate::settings::rules;

/// The fields of a supplier, as form and journal know them.
pub const SUPPLIER_FIELDS: &[&str] = &["name", "phone", "mail", "disabled"];

/// Adds a supplier.
pub fn add_supplier(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &SupplierForm,
) -> Result<Supplier> {
    may(visitor)?;
    let form = rules::supplier(given)?;
    let id = Id::new();
    items::insert_supplier(w, id, &row(&form, None, ctx))?;
    let fact = NewFact::new("supplier.added", changes(None, &form));
    journal::append_to(w, ctx, about(id), &fact)?;
    items::find_supplier(w, id)
}

/// Edits a supplier.
pub fn edit_supplier(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Supplier>,
    edit: &Edit<SupplierForm>,
) -> Result<Settled<Supplier>> {
    may(visitor)?;
    let supplier = items::find_supplier(w, id)?;
    let now = SupplierForm::of(&supplier);
    let settled = settle(w, id.uuid(), SUPPLIER_FIELDS, edit, &now)?;
    let form = rules::supplier(&settled.value)?;
    let changed = changes(Some(&now), &form);
    if !changed.is_empty() {
        let row = row(&form, Some(&supplier), ctx);
        items::update_supplier(w, id, supplier.version, &row)?;
        let fact = NewFact::new("supplier.edited", changed);
        journal::append_to(w, ctx, about(id), &fact)?;
    }
    Ok(Settled {
        value: items::find_supplier(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

fn row(form: &SupplierForm, now: Option<&Supplier>, ctx: &Ctx) -> SupplierRow {
    let since = now.and_then(|s| s.disabled_at).unwrap_or(ctx.now);
    SupplierRow {
        name: form.name.clone(),
        phone: form.phone.clone(),
        mail: form.mail.clone(),
        disabled_at: form.disabled.then_some(since),
    }
}

fn about(id: Id<Supplier>) -> Subject {
    Subject {
        kind: "supplier",
        id: id.uuid(),
    }
}

fn changes(before: Option<&SupplierForm>, after: &SupplierForm) -> Vec<Change> {
    let values = |form: &SupplierForm| {
        [
            Value::text(&form.name),
            Value::text(&form.phone),
            Value::text(&form.mail),
            Value::Flag(form.disabled),
        ]
    };
    let nothing = std::array::from_fn(|_| Value::Nothing);
    differences(
        SUPPLIER_FIELDS,
        before.map_or(nothing, values),
        values(after),
    )
}
