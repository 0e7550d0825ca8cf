//! Adding, editing, disabling and enabling people.

use uuid::Uuid;

use super::{By, about_person};
use crate::journal::{self, Change, Facts, Head, NewFact, Subject, Value};
use crate::people::links::{self, Purpose};
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::people::model::{Location, Organisation, Person, PersonForm, Roles};
use crate::people::policy::Right;
use crate::people::visitor::Visitor;
use crate::people::{rules, session, store};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;

/// The fields of a person, as form and journal know them.
pub const PERSON_FIELDS: &[&str] = &[
    "name",
    "mail",
    "phone",
    "staff_number",
    "language",
    "zone",
    "roles",
    "organisation",
    "location",
    "manager",
    "vip",
];

/// Adds a person.
pub fn add_person(w: &mut Write<'_>, by: By<'_>, ctx: &Ctx, given: &PersonForm) -> Result<Person> {
    by.may_administer()?;
    create(w, ctx, given)
}

/// Adds somebody who calls, while their call is logged. They get no roles, whatever the form says,
/// and the desk's own zone where it says none.
pub fn add_requester(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &PersonForm,
) -> Result<Person> {
    visitor.needs(Right::Work)?;
    let mut given = given.clone();
    given.roles = Roles::NONE;
    given.manager = None;
    given.vip = false;
    if given.zone.is_empty() {
        given.zone = store::default_zone(w)?;
    }
    if given.language.is_empty() {
        given.language = crate::platform::words::DEFAULT.to_owned();
    }
    create(w, ctx, &given)
}

/// Checks and inserts a person whom somebody may add.
pub(super) fn create(w: &mut Write<'_>, ctx: &Ctx, given: &PersonForm) -> Result<Person> {
    let form = rules::person(given)?;
    let id = Id::new();
    check_belonging(w, id, None, &form)?;
    store::insert_person(w, id, &form, ctx.now)?;
    let fact = NewFact::new("person.added", changes(w, None, &form)?);
    journal::append(w, ctx, about_person(id), &Head::empty(), &fact)?;
    let person = store::find_person(w, id)?;
    if form.roles.any_of(Roles::ADMINISTRATOR) {
        note_administrator(w, ctx, &person, true)?;
    }
    Ok(person)
}

/// Adds people who have no role, however the forms read, and tells their ids in the same order: many
/// at once, as an import does.
pub fn add_requesters(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    given: &[PersonForm],
) -> Result<Vec<Id<Person>>> {
    by.may_administer()?;
    let mut added = Vec::with_capacity(given.len());
    for given in given {
        let form = PersonForm {
            roles: Roles::NONE,
            ..rules::person(given)?
        };
        added.push((Id::new(), form));
    }
    let rows: Vec<_> = added.iter().map(|(id, form)| (*id, form)).collect();
    store::insert_people(w, &rows, ctx.now)?;
    let mut facts = Facts::default();
    for (id, form) in &added {
        check_belonging(w, *id, None, form)?;
        let fact = NewFact::new("person.added", changes(w, None, form)?);
        facts.append(ctx, about_person(*id), &Head::empty(), &fact)?;
    }
    facts.write(w)?;
    Ok(added.into_iter().map(|(id, _)| id).collect())
}

/// Edits a person; says whether somebody else's changes of other fields came along.
pub fn edit_person(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Person>,
    edit: &Edit<PersonForm>,
) -> Result<Settled<Person>> {
    by.may_administer()?;
    let person = store::find_person(w, id)?;
    super::not_erased(&person)?;
    let now = PersonForm::of(&person);
    let settled = settle(w, id.uuid(), PERSON_FIELDS, edit, &now)?;
    let form = rules::person(&settled.value)?;
    check_belonging(w, id, Some(&now), &form)?;
    let changed = changes(w, Some(&now), &form)?;
    if !changed.is_empty() {
        let was = now.roles.any_of(Roles::ADMINISTRATOR);
        let is = form.roles.any_of(Roles::ADMINISTRATOR);
        if was && !is && is_last(w, &person)? {
            return Err(Error::invalid("roles", "person-last-administrator"));
        }
        store::update_person(w, id, person.version, &form)?;
        let fact = NewFact::new("person.edited", changed);
        journal::append_to(w, ctx, about_person(id), &fact)?;
        // Somebody disabled administers nothing until they are enabled again.
        if was != is && person.disabled_at.is_none() {
            note_administrator(w, ctx, &person, is)?;
        }
    }
    Ok(Settled {
        value: store::find_person(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

/// Disables a person, which ends their sessions and withdraws their links at once, or enables them.
pub fn set_person_enabled(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Person>,
    enabled: bool,
) -> Result<Person> {
    by.may_administer()?;
    let person = store::find_person(w, id)?;
    super::not_erased(&person)?;
    if person.disabled_at.is_none() == enabled {
        return Ok(person);
    }
    if !enabled && is_last(w, &person)? {
        return Err(Error::refused("person-last-administrator"));
    }
    store::update_disabled(w, id, (!enabled).then_some(ctx.now))?;
    if !enabled {
        session::end(w, id, None, ctx.now)?;
        links::withdraw(w, Purpose::Password, Some(id))?;
    }
    let change = Change::new("disabled", Value::Flag(enabled), Value::Flag(!enabled));
    let name = if enabled {
        "person.enabled"
    } else {
        "person.disabled"
    };
    journal::append_to(w, ctx, about_person(id), &NewFact::new(name, vec![change]))?;
    if person.roles().any_of(Roles::ADMINISTRATOR) {
        note_administrator(w, ctx, &person, enabled)?;
    }
    store::find_person(w, id)
}

fn is_last(w: &mut Write<'_>, person: &Person) -> Result<bool> {
    let administrators = store::count_with_role(w, Roles::ADMINISTRATOR.0)?;
    Ok(rules::is_last_administrator(
        person.roles(),
        person.disabled_at.is_none(),
        administrators,
    ))
}

/// One chain says who became and ceased to be an administrator. Since a chain takes one fact at a
/// time, two administrators who remove each other at once cannot both succeed: the second runs
/// again and finds that it is about the last one.
fn note_administrator(w: &mut Write<'_>, ctx: &Ctx, person: &Person, is: bool) -> Result<()> {
    let who = Value::Ref(person.id.uuid(), person.name.clone());
    let change = if is {
        Change::set("administrator", who)
    } else {
        Change::new("administrator", who, Value::Nothing)
    };
    let digest = u128::from_be_bytes(first_half(secrets::sha256(b"setting/administrators")));
    let subject = Subject {
        kind: "setting",
        id: Uuid::from_u128(digest),
    };
    let fact = NewFact::new("setting.administrators_changed", vec![change]);
    journal::append_to(w, ctx, subject, &fact)
}

fn first_half(digest: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    half
}

/// Roles as the journal keeps them.
pub(in crate::people) fn roles_value(roles: Roles) -> Value {
    let words = roles.words().join(", ");
    if words.is_empty() {
        Value::Nothing
    } else {
        Value::Word(words)
    }
}

/// Organisation, location and manager that are newly chosen must be there and enabled; the present
/// ones may stay. Nobody comes to manage themself.
fn check_belonging(
    conn: &mut Db,
    id: Id<Person>,
    now: Option<&PersonForm>,
    form: &PersonForm,
) -> Result<()> {
    if let Some(chosen) = form.organisation
        && Some(chosen) != now.and_then(|now| now.organisation)
    {
        let found = store::find_organisation(conn, chosen);
        still_there("organisation", found.map(|o| o.disabled_at))?;
    }
    if let Some(chosen) = form.location
        && Some(chosen) != now.and_then(|now| now.location)
    {
        let found = store::find_location(conn, chosen);
        still_there("location", found.map(|l| l.disabled_at))?;
    }
    if let Some(chosen) = form.manager
        && Some(chosen) != now.and_then(|now| now.manager)
    {
        if chosen == id {
            return Err(Error::invalid("manager", "person-manager-self"));
        }
        let found = store::find_person(conn, chosen);
        still_there("manager", found.map(|p| p.disabled_at))?;
        if rules::manages_themself(&id, &chosen, |of| store::manager_of(conn, *of))? {
            return Err(Error::invalid("manager", "person-manager-circle"));
        }
    }
    Ok(())
}

fn still_there(field: &'static str, disabled_at: Result<Option<Utc>>) -> Result<()> {
    match disabled_at {
        Ok(None) => Ok(()),
        Ok(Some(_)) | Err(Error::NotFound) => Err(Error::invalid(field, "error-no-longer-there")),
        Err(e) => Err(e),
    }
}

pub(super) fn changes(
    conn: &mut Db,
    before: Option<&PersonForm>,
    after: &PersonForm,
) -> Result<Vec<Change>> {
    let mut values = |form: &PersonForm| -> Result<[Value; 11]> {
        Ok([
            Value::text(&form.name),
            Value::text(&form.mail),
            Value::text(&form.phone),
            Value::text(&form.staff_number),
            Value::word(form.language.clone()),
            Value::word(form.zone.clone()),
            roles_value(form.roles),
            organisation_value(conn, form.organisation)?,
            location_value(conn, form.location)?,
            person_value(conn, form.manager)?,
            Value::Flag(form.vip),
        ])
    };
    let nothing = || {
        let mut nothing = std::array::from_fn(|_| Value::Nothing);
        if let Some(vip) = nothing.last_mut() {
            *vip = Value::Flag(false);
        }
        nothing
    };
    let before = before.map(&mut values).transpose()?;
    Ok(PERSON_FIELDS
        .iter()
        .zip(before.unwrap_or_else(nothing))
        .zip(values(after)?)
        .filter(|((_, before), after)| before != after)
        .map(|((field, before), after)| Change::new(field, before, after))
        .collect())
}

fn organisation_value(conn: &mut Db, id: Option<Id<Organisation>>) -> Result<Value> {
    let found = id
        .map(|id| store::find_organisation(conn, id))
        .transpose()?;
    Ok(Value::reference(found.map(|o| (o.id.uuid(), o.name))))
}

fn location_value(conn: &mut Db, id: Option<Id<Location>>) -> Result<Value> {
    let found = id.map(|id| store::find_location(conn, id)).transpose()?;
    Ok(Value::reference(found.map(|l| (l.id.uuid(), l.name))))
}

fn person_value(conn: &mut Db, id: Option<Id<Person>>) -> Result<Value> {
    let found = id.map(|id| store::find_person(conn, id)).transpose()?;
    Ok(Value::reference(found.map(|p| (p.id.uuid(), p.name))))
}
