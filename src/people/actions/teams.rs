//! Teams, and who belongs to them.

use super::{By, about_team};
use crate::journal::{self, Change, NewFact, Value};
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::people::model::{Person, Team, TeamForm};
use crate::people::{rules, store};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// The fields of a team, as form and journal know them.
pub const TEAM_FIELDS: &[&str] = &["name", "lead", "disabled"];

/// Adds a team, without members yet but for its lead.
pub fn add_team(w: &mut Write<'_>, by: By<'_>, ctx: &Ctx, given: &TeamForm) -> Result<Team> {
    by.may_administer()?;
    let form = rules::team(given)?;
    check_lead(w, None, form.lead)?;
    let id = Id::new();
    store::insert_team(w, id, &form)?;
    let changed = changes(w, None, &form)?;
    journal::append_to(w, ctx, about_team(id), &NewFact::new("team.added", changed))?;
    if let Some(lead) = form.lead {
        let lead = store::find_person(w, lead)?;
        join(w, ctx, id, &lead)?;
    }
    store::find_team(w, id)
}

/// Edits a team.
pub fn edit_team(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Team>,
    edit: &Edit<TeamForm>,
) -> Result<Settled<Team>> {
    by.may_administer()?;
    let team = store::find_team(w, id)?;
    let now = TeamForm::of(&team);
    let settled = settle(w, id.uuid(), TEAM_FIELDS, edit, &now)?;
    let form = rules::team(&settled.value)?;
    check_lead(w, now.lead, form.lead)?;
    let changed = changes(w, Some(&now), &form)?;
    if !changed.is_empty() {
        let disabled_at = form.disabled.then(|| team.disabled_at.unwrap_or(ctx.now));
        store::update_team(w, &team, &form, disabled_at)?;
        let fact = NewFact::new("team.edited", changed);
        journal::append_to(w, ctx, about_team(id), &fact)?;
    }
    Ok(Settled {
        value: store::find_team(w, id)?,
        with_theirs: settled.with_theirs,
    })
}

/// Makes a person a member; one who is one already stays one.
pub fn add_member(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<Person> {
    by.may_administer()?;
    let team = store::find_team(w, team)?;
    let person = store::find_person(w, person)?;
    if person.disabled_at.is_some() {
        return Err(Error::invalid("person", "error-no-longer-there"));
    }
    join(w, ctx, team.id, &person)?;
    Ok(person)
}

/// Ends a membership.
pub fn remove_member(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<Person> {
    by.may_administer()?;
    let person = store::find_person(w, person)?;
    if store::is_member(w, team, person.id)? {
        store::delete_member(w, team, person.id)?;
        let who = Value::Ref(person.id.uuid(), person.name.clone());
        let fact = NewFact::new(
            "team.member_removed",
            vec![Change::new("member", who, Value::Nothing)],
        );
        journal::append_to(w, ctx, about_team(team), &fact)?;
    }
    Ok(person)
}

fn join(w: &mut Write<'_>, ctx: &Ctx, team: Id<Team>, person: &Person) -> Result<()> {
    if store::is_member(w, team, person.id)? {
        return Ok(());
    }
    store::insert_member(w, team, person.id)?;
    let who = Value::Ref(person.id.uuid(), person.name.clone());
    let fact = NewFact::new("team.member_added", vec![Change::set("member", who)]);
    journal::append_to(w, ctx, about_team(team), &fact)
}

/// A new lead must be somebody who is there and may work; the present one may stay whatever became
/// of them.
fn check_lead(conn: &mut Db, now: Option<Id<Person>>, lead: Option<Id<Person>>) -> Result<()> {
    let Some(lead) = lead.filter(|lead| Some(*lead) != now) else {
        return Ok(());
    };
    let fits = match store::find_person(conn, lead) {
        Ok(person) => person.disabled_at.is_none() && person.roles > 0,
        Err(Error::NotFound) => false,
        Err(e) => return Err(e),
    };
    if fits {
        Ok(())
    } else {
        Err(Error::invalid("lead", "error-no-longer-there"))
    }
}

fn changes(conn: &mut Db, before: Option<&TeamForm>, after: &TeamForm) -> Result<Vec<Change>> {
    let mut values = |form: &TeamForm| -> Result<[Value; 3]> {
        let lead = form
            .lead
            .map(|id| store::find_person(conn, id))
            .transpose()?;
        Ok([
            Value::text(&form.name),
            Value::reference(lead.map(|p| (p.id.uuid(), p.name))),
            Value::Flag(form.disabled),
        ])
    };
    let before = match before {
        Some(form) => values(form)?,
        None => [Value::Nothing, Value::Nothing, Value::Flag(false)],
    };
    Ok(TEAM_FIELDS
        .iter()
        .zip(before)
        .zip(values(after)?)
        .filter(|((_, before), after)| before != after)
        .map(|((field, before), after)| Change::new(field, before, after))
        .collect())
}
