//! The verbs of people that other slices call.

use super::model::{Person, PersonForm, Roles};
use super::policy::Right;
use super::store;
use super::visit::Visitor;
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// Adds somebody who only calls: no roles, whatever the form says.
pub fn add_requester(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    form: &PersonForm,
) -> Result<Person> {
    visitor.needs(Right::Work)?;
    if form.name.is_empty() {
        return Err(Error::invalid("name", "error-required"));
    }
    let form = PersonForm {
        roles: Roles::NONE,
        ..form.clone()
    };
    let id = Id::<Person>::new();
    store::insert_person(w, id, &form, ctx.now)?;
    let subject = Subject {
        kind: "person",
        id: id.uuid(),
    };
    let changes = [
        ("name", &form.name),
        ("mail", &form.mail),
        ("phone", &form.phone),
        ("staff_number", &form.staff_number),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(field, text)| Change::set(field, Value::text(text)))
    .collect();
    journal::append_to(w, ctx, subject, &NewFact::new("person.created", changes))?;
    store::find_person(w, id)
}
