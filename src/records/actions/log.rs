//! Logging: a new record of any kind.

use crate::entries::Audience;
use crate::items::{self, Item};
use crate::journal::{Change, Value};
use crate::people::{self, Location, Person, Team, Upload, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::{Channel, PrioritySource, Record};
use crate::records::rules::{self, PriorityWish};
use crate::records::{policy, store};
use crate::service_levels::ClockState;
use crate::services::{self, Category, Service};

/// What a new record is made from.
#[derive(Debug, Clone)]
pub struct Log {
    pub requester: Option<Id<Person>>,
    pub channel: Channel,
    pub title: String,
    pub description: String,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub item: Option<Id<Item>>,
    pub location: Option<Id<Location>>,
    /// Impact and urgency must be set; a priority against the matrix needs its reason.
    pub priority: PriorityWish,
    /// The team chosen; the proposed one when none was.
    pub team: Option<Id<Team>>,
    pub assignee: Option<Id<Person>>,
    /// When it was reported, where that is not now.
    pub reported_at: Option<Utc>,
    pub files: Vec<Upload>,
}

/// Why a team is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    ByCategory,
    ByService,
    ByDesk,
}

/// The team for a new record: the category's, else the service's, else the desk's. One that was
/// switched off is passed over, since nobody would see the record there.
pub fn propose_team(
    conn: &mut Db,
    category: Option<Id<Category>>,
    service: Option<Id<Service>>,
) -> Result<Option<(Id<Team>, Proposed)>> {
    if let Some(id) = category
        && let named = services::find_category(conn, id)?.team_id
        && let Some(team) = working(conn, named)?
    {
        return Ok(Some((team, Proposed::ByCategory)));
    }
    if let Some(id) = service
        && let named = services::find_service(conn, id)?.team_id
        && let Some(team) = working(conn, named)?
    {
        return Ok(Some((team, Proposed::ByService)));
    }
    Ok(desk_team(conn)?.map(|team| (team, Proposed::ByDesk)))
}

fn desk_team(conn: &mut Db) -> Result<Option<Id<Team>>> {
    let desk = services::setting(conn, "desk_team")?.and_then(|id| id.parse().ok());
    working(conn, desk)
}

/// The team that answers to the caller: the desk, or without one the team that was given it first.
pub(super) fn owner(conn: &mut Db, first: Option<Id<Team>>) -> Result<Option<Id<Team>>> {
    Ok(desk_team(conn)?.or(first))
}

/// A team, unless it is switched off or not there.
fn working(conn: &mut Db, team: Option<Id<Team>>) -> Result<Option<Id<Team>>> {
    let Some(id) = team else { return Ok(None) };
    match people::find_team(conn, id) {
        Ok(team) => Ok(team.disabled_at.is_none().then_some(id)),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Logs a record and gives it back with its number.
pub fn log(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    command: &Log,
) -> Result<Record> {
    log_for(w, visitor, ctx, practice, command, None)
}

/// [`log`] for a requester who had somebody else call.
pub fn log_for(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    command: &Log,
    caller: Option<Id<Person>>,
) -> Result<Record> {
    policy::may_work(visitor)?;
    log_allowed(w, ctx, practice, command, caller)
}

/// Logs what the policy allowed.
pub(super) fn log_allowed(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practice: &'static Practice,
    command: &Log,
    caller: Option<Id<Person>>,
) -> Result<Record> {
    check(command, ctx.now)?;
    let requester = command
        .requester
        .map(|id| super::chosen("requester", people::find_person(w, id)))
        .transpose()?;
    for (field, found) in [
        (
            "service",
            command
                .service
                .map(|id| services::find_service(w, id).map(drop)),
        ),
        (
            "category",
            command
                .category
                .map(|id| services::find_category(w, id).map(drop)),
        ),
        (
            "item",
            command.item.map(|id| items::find_item(w, id).map(drop)),
        ),
        (
            "location",
            command
                .location
                .map(|id| people::find_location(w, id).map(drop)),
        ),
    ] {
        super::chosen(field, found.unwrap_or(Ok(())))?;
    }
    super::known_levels(w, &command.priority)?;
    let mut record = blank(practice, ctx.now, command);
    record.requester_id = requester.as_ref().map(|p| p.id);
    (record.team_id, record.owner_team_id) = teams(w, command)?;
    record.assignee_id = command
        .assignee
        .map(|id| super::edit::assignable(w, id))
        .transpose()?;
    let matrix = store::matrix(w)?;
    rules::prioritise(&mut record, &command.priority, &matrix).map_err(Error::Invalid)?;
    super::enter(&mut record, practice, practice.first)?;
    if record.assignee_id.is_some()
        && let Some(step) = practice.find(Verb::Assign, practice.first, None)
    {
        super::enter(&mut record, practice, step.to)?;
    }
    record.number = store::next_number(w, practice.kind)?;
    // What a report will ask of this day and nobody can find out later.
    let mut extra = Vec::new();
    if let Some(id) = requester.and_then(|p| p.organisation_id) {
        let organisation = people::find_organisation(w, id)?;
        extra.push(Change::set(
            "requester_organisation",
            Value::Ref(id.uuid(), organisation.name),
        ));
    }
    if let Some(service) = command.service {
        let criticality = services::find_service(w, service)?.criticality;
        extra.push(Change::set(
            "service_criticality",
            Value::Number(criticality.into()),
        ));
    }
    let caller = super::contact::caller_change(w, &record, true, Some(caller))?;
    extra.extend(caller.as_ref().map(|change| change.said.clone()));
    store::insert(
        w,
        ctx,
        &mut record,
        super::fact(practice.kind, "created"),
        extra,
    )?;
    if let Some(change) = &caller {
        super::contact::write_caller(w, record.id, change, ctx.now)?;
    }
    for file in &command.files {
        record = super::talk::attach_file(w, ctx, record, file, None, Audience::Public)?;
    }
    Ok(record)
}

/// Who works on it, and who answers to the caller.
fn teams(conn: &mut Db, command: &Log) -> Result<(Option<Id<Team>>, Option<Id<Team>>)> {
    let team = match command.team {
        Some(team) => Some(super::chosen("team", people::find_team(conn, team))?.id),
        None => match propose_team(conn, command.category, command.service)? {
            Some((desk, Proposed::ByDesk)) => return Ok((Some(desk), Some(desk))),
            proposed => proposed.map(|(team, _)| team),
        },
    };
    Ok((team, owner(conn, team)?))
}

fn check(command: &Log, now: Utc) -> Result<()> {
    let mut invalid = Invalid::default();
    if command.title.is_empty() {
        invalid.add("title", "error-required");
    }
    if let Some(problem) = command
        .reported_at
        .and_then(|at| rules::reported_at_problem(at, now))
    {
        invalid.add("reported_at", problem);
    }
    invalid.or(())
}

fn blank(practice: &Practice, now: Utc, command: &Log) -> Record {
    Record {
        id: Id::new(),
        kind: practice.kind,
        number: 0,
        title: command.title.clone(),
        requester_id: None,
        service_id: command.service,
        category_id: command.category,
        team_id: None,
        assignee_id: None,
        channel: command.channel,
        impact: 0,
        urgency: 0,
        priority: 0,
        priority_source: PrioritySource::Matrix,
        priority_reason: String::new(),
        state: practice.first.to_owned(),
        state_group: crate::records::Group::Open,
        is_open: true,
        created_at: now,
        reported_at: command.reported_at.unwrap_or(now),
        updated_at: now,
        next_due_at: Utc::FAR,
        next_risk_at: Utc::FAR,
        clock_state: ClockState::None,
        resolved_at: None,
        closed_at: None,
        reassignments: 0,
        reopens: 0,
        version: 1,
        facts: 0,
        facts_head: Vec::new(),
        description: command.description.clone(),
        item_id: command.item,
        location_id: command.location,
        parent_id: None,
        children: 0,
        open_children: 0,
        kind_changes: 0,
        is_major: false,
        has_instants: false,
        is_restricted: false,
        owner_team_id: None,
        handoffs: 0,
        entered_at: now,
        virtual_deadline: Utc::FAR,
        paused_since: None,
    }
}
