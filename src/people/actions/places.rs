//! Organisations and locations.

use super::By;
use crate::journal::{self, Change, NewFact, Subject, Value, differences};
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::people::model::{Location, LocationForm, Organisation, OrganisationForm};
use crate::people::{rules, store};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;

/// The fields of an organisation, as form and journal know them.
pub const ORGANISATION_FIELDS: &[&str] = &["name", "disabled"];
/// The fields of a location.
pub const LOCATION_FIELDS: &[&str] = &["name", "address", "disabled"];

/// Adds an organisation.
pub fn add_organisation(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    given: &OrganisationForm,
) -> Result<Organisation> {
    by.may_administer()?;
    let form = rules::organisation(given)?;
    let id = Id::new();
    store::insert_organisation(w, id, &form)?;
    let changed = organisation_changes(None, &form);
    let fact = NewFact::new("organisation.added", changed);
    journal::append_to(w, ctx, about_organisation(id), &fact)?;
    store::find_organisation(w, id)
}

/// Edits an organisation.
pub fn edit_organisation(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Organisation>,
    edit: &Edit<OrganisationForm>,
) -> Result<Settled<Organisation>> {
    by.may_administer()?;
    let organisation = store::find_organisation(w, id)?;
    let now = OrganisationForm::of(&organisation);
    let settled = settle(w, id.uuid(), ORGANISATION_FIELDS, edit, &now)?;
    let form = rules::organisation(&settled.value)?;
    let changed = organisation_changes(Some(&now), &form);
    if !changed.is_empty() {
        let since = organisation.disabled_at.unwrap_or(ctx.now);
        store::update_organisation(w, &organisation, &form, form.disabled.then_some(since))?;
        let fact = NewFact::new("organisation.edited", changed);
        journal::append_to(w, ctx, about_organisation(id), &fact)?;
    }
    Ok(Settled {
        value: store::find_organisation(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

/// Adds a location.
pub fn add_location(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    given: &LocationForm,
) -> Result<Location> {
    by.may_administer()?;
    let form = rules::location(given)?;
    let id = Id::new();
    store::insert_location(w, id, &form)?;
    let changed = location_changes(None, &form);
    let fact = NewFact::new("location.added", changed);
    journal::append_to(w, ctx, about_location(id), &fact)?;
    store::find_location(w, id)
}

/// Edits a location.
pub fn edit_location(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Location>,
    edit: &Edit<LocationForm>,
) -> Result<Settled<Location>> {
    by.may_administer()?;
    let location = store::find_location(w, id)?;
    let now = LocationForm::of(&location);
    let settled = settle(w, id.uuid(), LOCATION_FIELDS, edit, &now)?;
    let form = rules::location(&settled.value)?;
    let changed = location_changes(Some(&now), &form);
    if !changed.is_empty() {
        let since = location.disabled_at.unwrap_or(ctx.now);
        store::update_location(w, &location, &form, form.disabled.then_some(since))?;
        let fact = NewFact::new("location.edited", changed);
        journal::append_to(w, ctx, about_location(id), &fact)?;
    }
    Ok(Settled {
        value: store::find_location(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

fn about_organisation(id: Id<Organisation>) -> Subject {
    Subject {
        kind: "organisation",
        id: id.uuid(),
    }
}

fn about_location(id: Id<Location>) -> Subject {
    Subject {
        kind: "location",
        id: id.uuid(),
    }
}

fn organisation_changes(
    before: Option<&OrganisationForm>,
    after: &OrganisationForm,
) -> Vec<Change> {
    let values = |form: &OrganisationForm| [Value::text(&form.name), Value::Flag(form.disabled)];
    let before = before.map_or([Value::Nothing, Value::Flag(false)], values);
    differences(ORGANISATION_FIELDS, before, values(after))
}

fn location_changes(before: Option<&LocationForm>, after: &LocationForm) -> Vec<Change> {
    let values = |form: &LocationForm| {
        [
            Value::text(&form.name),
            Value::text(&form.address),
            Value::Flag(form.disabled),
        ]
    };
    let nothing = [Value::Nothing, Value::Nothing, Value::Flag(false)];
    differences(
        LOCATION_FIELDS,
        before.map_or(nothing, values),
        values(after),
    )
}
