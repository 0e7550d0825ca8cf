//! People and teams that no page made: named by an imported record, or part of the sample data.
//!
//! Whoever calls these has no visitor whose rights could be asked; no HTTP route reaches them.

use super::actions::roles_value;
use super::model::{Person, PersonForm, Team, TeamForm};
use super::store;
use crate::journal::{self, Change, Head, NewFact, Subject, Value};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;

/// Adds a person who has no password, and so cannot sign in.
pub fn provision_person(w: &mut Write<'_>, ctx: &Ctx, form: &PersonForm) -> Result<Id<Person>> {
    let id = Id::new();
    store::insert_person(w, id, form, ctx.now)?;
    let changes = vec![
        Change::set("name", Value::text(&form.name)),
        Change::set("mail", Value::text(&form.mail)),
        Change::set("phone", Value::text(&form.phone)),
        Change::set("staff_number", Value::text(&form.staff_number)),
        Change::set("roles", roles_value(form.roles)),
    ];
    created(w, ctx, "person", id.uuid(), changes)?;
    Ok(id)
}

/// Gives a provisioned person a password, already hashed.
pub fn provision_password(w: &mut Write<'_>, id: Id<Person>, hash: &str) -> Result<()> {
    store::update_password(w, id, hash)
}

/// Adds a team with its members.
pub fn provision_team(
    w: &mut Write<'_>,
    ctx: &Ctx,
    name: &str,
    lead: Option<Id<Person>>,
    members: &[Id<Person>],
) -> Result<Id<Team>> {
    let id = Id::new();
    let form = TeamForm {
        name: name.to_owned(),
        lead,
        ..TeamForm::default()
    };
    store::insert_team(w, id, &form)?;
    let mut changes = vec![Change::set("name", Value::text(name))];
    if let Some(lead) = lead {
        let label = store::find_person(w, lead)?.name;
        changes.push(Change::set("lead", Value::Ref(lead.uuid(), label)));
    }
    created(w, ctx, "team", id.uuid(), changes)?;
    for member in members {
        store::insert_member(w, id, *member)?;
    }
    Ok(id)
}

fn created(
    w: &mut Write<'_>,
    ctx: &Ctx,
    kind: &'static str,
    id: uuid::Uuid,
    mut changes: Vec<Change>,
) -> Result<()> {
    changes.retain(|change| change.after != Value::Nothing);
    let fact = NewFact::new(format!("{kind}.created"), changes);
    journal::append(w, ctx, Subject { kind, id }, &Head::empty(), &fact).map(drop)
}
