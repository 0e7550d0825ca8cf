//! Freezes: setting them, and letting one change through one, which takes two people.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::{Found, gate};
use crate::changes::labels::list;
use crate::changes::model::{FreezeRow, Pass};
use crate::changes::rules::freezes::{Deed, stopping};
use crate::changes::rules::steps::ChangeType;
use crate::changes::rules::window::Span;
use crate::changes::store;
use crate::items::Environment;
use crate::journal::{self, Change as Said, NewFact, Subject, Value};
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::people::{self, Right, Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::platform::kernel::zone::Zone;
use crate::records::pages::{LONGEST_LINE, read_local, written_local};
use crate::records::{self, Kind, Number, Record};
use crate::services::{self, Service};

/// A freeze as its form holds it. Lists have commas between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FreezeForm {
    pub name: String,
    pub freeze_reason: String,
    pub starts_at: String,
    pub ends_at: String,
    pub freeze_services: String,
    pub freeze_teams: String,
    pub freeze_environments: String,
    pub freeze_types: String,
    pub disabled: bool,
}

/// The longest freeze: a quarter. What lasts longer is no freeze.
const LONGEST: Duration = Duration::days(92);

/// Its fields, as form and journal know them.
const FIELDS: &[&str] = &[
    "name",
    "freeze_reason",
    "starts_at",
    "ends_at",
    "freeze_services",
    "freeze_teams",
    "freeze_environments",
    "freeze_types",
    "disabled",
];

/// A freeze as its form holds it for this reader.
pub fn freeze_form(row: &FreezeRow, zone: &Zone) -> FreezeForm {
    FreezeForm {
        name: row.name.clone(),
        freeze_reason: row.reason.clone(),
        starts_at: written_local(row.starts_at, zone),
        ends_at: written_local(row.ends_at, zone),
        freeze_services: row.services.clone(),
        freeze_teams: row.teams.clone(),
        freeze_environments: row.environments.clone(),
        freeze_types: row.types.clone(),
        disabled: row.disabled_at.is_some(),
    }
}

/// Sets a freeze. What has begun goes on, and is flagged.
pub fn add_freeze(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    form: &FreezeForm,
) -> Result<FreezeRow> {
    store::one_at_a_time(w)?;
    visitor.needs(Right::ManageChanges)?;
    let row = row(w, visitor, form, None, ctx.now)?;
    store::insert_freeze(w, &row)?;
    let mut said = Vec::new();
    for (field, is) in fields(w, &row)? {
        if is != Value::Nothing {
            said.push(Said::set(field, is));
        }
    }
    let fact = NewFact::new("freeze.added", said);
    journal::append_to(w, ctx, about(row.id), &fact)?;
    flag(w, ctx, &row)?;
    Ok(row)
}

/// Moves a freeze, or switches it off.
pub fn edit_freeze(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<FreezeRow>,
    edit: &Edit<FreezeForm>,
) -> Result<Settled<FreezeRow>> {
    store::one_at_a_time(w)?;
    visitor.needs(Right::ManageChanges)?;
    let before = store::find_freeze(w, id)?;
    let now = freeze_form(&before, &visitor.zone);
    let settled = settle(w, id.uuid(), FIELDS, edit, &now)?;
    let with_theirs = settled.with_theirs;
    if settled.value == now {
        return Ok(Settled {
            value: before,
            with_theirs,
        });
    }
    let after = row(w, visitor, &settled.value, Some(&before), ctx.now)?;
    store::update_freeze(w, &after)?;
    let (was, is) = (fields(w, &before)?, fields(w, &after)?);
    let said = was.into_iter().zip(is);
    let said = said.filter(|((_, was), (_, is))| was != is);
    let said = said.map(|((field, was), (_, is))| Said::new(field, was, is));
    let fact = NewFact::new("freeze.edited", said.collect());
    journal::append_to(w, ctx, about(id), &fact)?;
    flag(w, ctx, &after)?;
    Ok(Settled {
        value: after,
        with_theirs,
    })
}

fn about(id: Id<FreezeRow>) -> Subject {
    Subject {
        kind: "freeze",
        id: id.uuid(),
    }
}

fn row(
    conn: &mut Db,
    visitor: &Visitor,
    form: &FreezeForm,
    before: Option<&FreezeRow>,
    now: Utc,
) -> Result<FreezeRow> {
    let mut bad = Invalid::default();
    let mut line = |typed: &str, field: &'static str, max: usize| {
        text::clean_text(typed, max).unwrap_or_else(|long| {
            let message = Message::new("error-too-long").arg("max", long.max);
            bad.add(field, message.arg("got", long.got));
            String::new()
        })
    };
    let name = line(&form.name, "name", LONGEST_LINE).replace('\n', " ");
    let reason = line(&form.freeze_reason, "freeze_reason", 2_000);
    if name.is_empty() && bad.of("name").is_none() {
        bad.add("name", "error-required");
    }
    let mut at = |typed: &str, field: &'static str| {
        let at = read_local(typed, &visitor.zone);
        if at.is_none() {
            bad.add(field, "error-not-a-date");
        }
        at.unwrap_or(Utc::FAR)
    };
    let starts_at = at(&form.starts_at, "starts_at");
    let ends_at = at(&form.ends_at, "ends_at");
    if bad.is_empty() && ends_at <= starts_at {
        bad.add("ends_at", "change-window-ends-before");
    }
    let same = before.is_some_and(|row| (row.starts_at, row.ends_at) == (starts_at, ends_at));
    // What was set once is not refused for the time that passed since.
    if bad.is_empty() && !same {
        if ends_at > starts_at.plus(LONGEST) {
            bad.add("ends_at", "change-freeze-too-long");
        } else if ends_at <= now {
            bad.add("ends_at", "change-freeze-over");
        }
    }
    if is_taken(conn, &name, before, now)? {
        bad.add("name", "change-freeze-name-taken");
    }
    let services = known_ids(
        &form.freeze_services,
        "freeze_services",
        &mut bad,
        |id: Id<Service>| services::find_service(conn, id).map(drop),
    )?;
    let teams = known_ids(
        &form.freeze_teams,
        "freeze_teams",
        &mut bad,
        |id: Id<Team>| people::find_team(conn, id).map(drop),
    )?;
    let environments = words(
        &form.freeze_environments,
        "freeze_environments",
        &mut bad,
        |word| Environment::from_word(word).is_some(),
    );
    let types = words(&form.freeze_types, "freeze_types", &mut bad, |word| {
        ChangeType::from_word(word).is_some()
    });
    bad.or(FreezeRow {
        id: before.map_or_else(Id::new, |row| row.id),
        name,
        reason,
        starts_at,
        ends_at,
        services,
        teams,
        environments,
        types,
        disabled_at: store::switched_off(before.and_then(|b| b.disabled_at), form.disabled, now),
        version: before.map_or(1, |row| row.version + 1),
    })
}

/// Whether another freeze that has not ended has this name: whoever is stopped by one knows which.
fn is_taken(conn: &mut Db, name: &str, before: Option<&FreezeRow>, now: Utc) -> Result<bool> {
    let key = text::fold(name);
    let others = store::freezes_between(conn, Span::new(now, Utc::FAR))?;
    let mut others = others
        .iter()
        .filter(|row| Some(row.id) != before.map(|b| b.id));
    Ok(others.any(|row| text::fold(&row.name) == key))
}

fn known_ids<T: 'static>(
    typed: &str,
    field: &'static str,
    bad: &mut Invalid,
    mut find: impl FnMut(Id<T>) -> Result<()>,
) -> Result<String> {
    let mut ids: Vec<Id<T>> = Vec::new();
    for one in typed.split(',').map(str::trim).filter(|s| !s.is_empty()) {
        let Ok(id) = one.parse::<Id<T>>() else {
            bad.add(field, "error-unknown-choice");
            continue;
        };
        match find(id) {
            Ok(()) => ids.push(id),
            Err(Error::NotFound) => bad.add(field, "error-no-longer-there"),
            Err(e) => return Err(e),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Ok(ids.join(","))
}

fn words(
    typed: &str,
    field: &'static str,
    bad: &mut Invalid,
    known: impl Fn(&str) -> bool,
) -> String {
    let mut words: Vec<&str> = typed.split(',').map(str::trim).collect();
    words.retain(|word| !word.is_empty());
    if words.iter().any(|word| !known(word)) {
        bad.add(field, "error-unknown-choice");
    }
    words.sort_unstable();
    words.dedup();
    words.join(",")
}

fn fields(conn: &mut Db, row: &FreezeRow) -> Result<Vec<(&'static str, Value)>> {
    let services: Vec<Id<Service>> = split(&row.services);
    let mut service_names = Vec::new();
    for id in &services {
        service_names.push(services::find_service(conn, *id)?.name);
    }
    let teams: Vec<Id<Team>> = split(&row.teams);
    let mut team_names = Vec::new();
    for id in &teams {
        team_names.push(people::team_name(conn, *id)?);
    }
    Ok(store::freeze_fields(
        row,
        list(&services, &service_names),
        list(&teams, &team_names),
    ))
}

fn split<T: 'static>(list: &str) -> Vec<Id<T>> {
    list.split(',').filter_map(|one| one.parse().ok()).collect()
}

/// What is under way and meets this freeze is flagged; nothing of it is stopped.
fn flag(w: &mut Write<'_>, ctx: &Ctx, row: &FreezeRow) -> Result<()> {
    if row.disabled_at.is_some() || row.ends_at <= ctx.now {
        return Ok(());
    }
    let under_way = store::under_way(w)?;
    let known = [gate::freeze(row)];
    for record in under_way {
        let found = super::of_record(w, record)?;
        let window = found.change.window();
        let window = window.unwrap_or(Span::new(ctx.now, ctx.now.plus(time::Duration::SECOND)));
        // As if it were to begin now.
        let touches = gate::touches(w, &found)?;
        if stopping(&known, &touches, Deed::Start, window, ctx.now).is_empty() {
            continue;
        }
        let said = vec![Said::set(
            "freeze",
            Value::Ref(row.id.uuid(), row.name.clone()),
        )];
        let fact = records::actions::fact(Kind::Change, "freeze_flagged");
        records::save(w, ctx, &found.record, found.record.clone(), fact, said)?;
    }
    Ok(())
}

/// Asks for one change to be let through one freeze, and says why.
pub fn ask_pass(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    freeze: Id<FreezeRow>,
    reason: &str,
) -> Result<Record> {
    let found = super::found(w, visitor, number)?;
    visitor.needs(Right::ManageChanges)?;
    if reason.is_empty() {
        return Err(Error::invalid("pass_reason", "error-required"));
    }
    let row = store::find_freeze(w, freeze)?;
    if store::pass_of(w, found.record.id, freeze)?.is_some() {
        return Err(Error::refused("change-pass-asked"));
    }
    let pass = Pass {
        record_id: found.record.id,
        freeze_id: freeze,
        reason: reason.to_owned(),
        asked_by_id: visitor.id,
        asked_at: ctx.now,
        agreed_by_id: None,
        agreed_at: None,
    };
    let was = store::passes_value(w, found.record.id)?;
    store::put_pass(w, &pass)?;
    let is = store::passes_value(w, found.record.id)?;
    let said = vec![
        Said::set("freeze", Value::Ref(row.id.uuid(), row.name)),
        Said::set("pass_reason", Value::text(reason)),
        Said::new("freeze_passes", was, is),
    ];
    told(w, ctx, &found, "pass_asked", said)
}

/// The second of the two agrees.
pub fn agree_pass(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    freeze: Id<FreezeRow>,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let found = super::found(w, visitor, number)?;
    visitor.needs(Right::ManageChanges)?;
    let row = store::find_freeze(w, freeze)?;
    let pass = store::pass_of(w, found.record.id, freeze)?.ok_or(Error::NotFound)?;
    if pass.agreed_at.is_some() {
        return Ok(found.record);
    }
    if pass.asked_by_id == visitor.id || found.change.implementer_id == Some(visitor.id) {
        return Err(Error::refused("change-pass-oneself"));
    }
    let agreed = Pass {
        agreed_by_id: Some(visitor.id),
        agreed_at: Some(ctx.now),
        ..pass
    };
    let was = store::passes_value(w, found.record.id)?;
    store::put_pass(w, &agreed)?;
    let is = store::passes_value(w, found.record.id)?;
    let said = vec![
        Said::set("freeze", Value::Ref(row.id.uuid(), row.name)),
        Said::new("freeze_passes", was, is),
    ];
    told(w, ctx, &found, "pass_agreed", said)
}

fn told(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    what: &str,
    said: Vec<Said>,
) -> Result<Record> {
    let fact = records::actions::fact(Kind::Change, what);
    records::save(w, ctx, &found.record, found.record.clone(), fact, said)
}
