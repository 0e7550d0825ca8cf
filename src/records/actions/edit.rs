//! Editing fields in place, assigning.
//!
//! A command says how far its author had seen the record's journal. What changed since then is read
//! from the journal itself: another field, and both changes stand; the same field, and the author
//! chooses.

use super::handoff::{self, Sentence};
use crate::journal::{self, Change, Missed, Value};
use crate::people::{self, Location, Person, Right, Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Conflict, Error, Invalid, Message, Result};
use crate::records::life_cycle::{Practice, Verb};
use crate::records::model::{Channel, Record};
use crate::records::number::Number;
use crate::records::rules::{self, PriorityWish};
use crate::records::{policy, store};
use crate::service_levels::{self, ClockState};
use crate::services::{self, Category, Service};

/// New values for some fields of a record.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// How many facts the author had seen.
    pub seen: i64,
    /// The author has seen the other value and means theirs.
    pub overwrite: bool,
    pub title: Option<String>,
    pub description: Option<String>,
    pub requester: Option<Option<Id<Person>>>,
    pub caller: Option<Option<Id<Person>>>,
    pub service: Option<Option<Id<Service>>>,
    pub category: Option<Option<Id<Category>>>,
    /// The configuration item by its name; an empty one clears it.
    pub item: Option<String>,
    pub location: Option<Option<Id<Location>>>,
    /// The team that answers to the caller.
    pub owner_team: Option<Option<Id<Team>>>,
    pub channel: Option<Channel>,
    pub reported_at: Option<Utc>,
    pub priority: PriorityWish,
    /// Gives an overridden or imported priority back to the matrix.
    pub by_matrix: bool,
    /// Why the priority is lowered where its time is nearly used, whoever decides it.
    pub lowered_because: String,
}

/// A team, a person, or both; `None` leaves what is there, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct Assign {
    pub seen: i64,
    pub overwrite: bool,
    pub team: Option<Option<Id<Team>>>,
    pub assignee: Option<Option<Id<Person>>>,
    /// Whoever took it meanwhile keeps it, though it goes to another team.
    pub keep_person: bool,
    /// What goes along to another team, once somebody has worked on it.
    pub sentence: Sentence,
}

pub fn edit(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Edit,
) -> Result<Record> {
    let before = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    super::not_closed(&before)?;
    let mut after = before.clone();
    apply(w, &mut after, command, ctx.now)?;
    let caller = super::contact::caller_change(w, &after, false, command.caller)?;
    if !command.overwrite {
        let mut mine = changed_fields(&before, &after);
        mine.extend(caller.as_ref().map(|_| "caller"));
        refuse_overlap(w, &before, mine, command.seen)?;
    }
    if same(&before, &after) && caller.is_none() {
        return Ok(before);
    }
    let mut said: Vec<Change> = Vec::new();
    said.extend(lowered(w, visitor, &before, &after, command, ctx.now)?);
    if let Some(change) = &caller {
        super::contact::write_caller(w, before.id, change, ctx.now)?;
    }
    said.extend(caller.map(|change| change.said));
    store::save(
        w,
        ctx,
        &before,
        after,
        super::fact(before.kind, "edited"),
        said,
    )
}

/// From when on a promise is too near to being late for anybody to make it longer, in percent of its
/// time.
const NEARLY_LATE: i64 = 75;

/// A lower priority gives more time. Where most of it is used that is a manager's to give, with a
/// reason; what was late before stays late.
fn lowered(
    w: &mut Db,
    visitor: &Visitor,
    before: &Record,
    after: &Record,
    command: &Edit,
    now: Utc,
) -> Result<Option<Change>> {
    if after.priority <= before.priority || before.clock_state == ClockState::None {
        return Ok(None);
    }
    if service_levels::most_used(w, before.id.uuid(), now)? < NEARLY_LATE {
        return Ok(None);
    }
    if !visitor.has(Right::Manage) {
        return Err(Error::invalid("priority", "lowering-needs-manager"));
    }
    let reason = command.lowered_because.trim();
    if reason.is_empty() {
        return Err(Error::invalid("priority_reason", "lowering-needs-reason"));
    }
    Ok(Some(Change::set("lowered_because", Value::text(reason))))
}

fn apply(w: &mut Db, after: &mut Record, command: &Edit, now: Utc) -> Result<()> {
    let mut invalid = Invalid::default();
    if let Some(title) = &command.title {
        if title.is_empty() {
            invalid.add("title", "error-required");
        }
        after.title.clone_from(title);
    }
    if let Some(description) = &command.description {
        after.description.clone_from(description);
    }
    if let Some(requester) = command.requester
        && requester != after.requester_id
    {
        if let Some(id) = requester {
            let person = super::chosen("requester", people::find_person(w, id))?;
            super::enabled("requester", person.disabled_at)?;
        }
        after.requester_id = requester;
    }
    if let Some(service) = command.service
        && service != after.service_id
    {
        if let Some(id) = service {
            let service = super::chosen("service", services::find_service(w, id))?;
            super::enabled("service", service.disabled_at)?;
        }
        after.service_id = service;
    }
    if let Some(category) = command.category
        && category != after.category_id
    {
        if let Some(id) = category {
            let category = super::chosen("category", services::find_category(w, id))?;
            super::enabled("category", category.disabled_at)?;
        }
        after.category_id = category;
    }
    if let Some(item) = &command.item {
        after.item_id = super::item_meant(w, item, after.item_id)?;
    }
    if let Some(location) = command.location
        && location != after.location_id
    {
        if let Some(id) = location {
            let location = super::chosen("location", people::find_location(w, id))?;
            super::enabled("location", location.disabled_at)?;
        }
        after.location_id = location;
    }
    if let Some(owner) = command.owner_team
        && owner != after.owner_team_id
    {
        match owner {
            Some(id) => {
                let team = super::chosen("owner_team", people::find_team(w, id))?;
                super::enabled("owner_team", team.disabled_at)?;
            }
            // Somebody always answers to the caller, once somebody does.
            None => invalid.add("owner_team", "error-required"),
        }
        after.owner_team_id = owner;
    }
    after.channel = command.channel.unwrap_or(after.channel);
    if let Some(at) = command.reported_at {
        if let Some(problem) = rules::reported_at_problem(at, now) {
            invalid.add("reported_at", problem);
        }
        after.reported_at = at;
    }
    if command.by_matrix || command.priority != PriorityWish::default() {
        super::known_levels(w, &command.priority)?;
        let matrix = store::matrix(w)?;
        rules::prioritise(after, &command.priority, &matrix).map_err(Error::Invalid)?;
        if command.by_matrix {
            rules::follow_matrix(after, &matrix);
        }
    }
    invalid.or(())
}

pub fn assign(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Assign,
) -> Result<Record> {
    assign_as(w, visitor, ctx, practice, number, command, Vec::new())
}

/// [`assign`], with what else is to be said of it.
pub(super) fn assign_as(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice: &'static Practice,
    number: Number,
    command: &Assign,
    said: Vec<Change>,
) -> Result<Record> {
    let before = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    if !before.is_open {
        return Err(Error::refused(not_open(&before)));
    }
    let mut after = before.clone();
    if let Some(team) = command.team
        && team != after.team_id
    {
        if let Some(id) = team {
            let team = super::chosen("team", people::find_team(w, id))?;
            super::enabled("team", team.disabled_at)?;
            super::restrict::must_be_named_team(w, &before, "team", id)?;
        }
        after.team_id = team;
    }
    if let Some(person) = command.assignee
        && person != after.assignee_id
    {
        after.assignee_id = person.map(|id| assignable(w, id)).transpose()?;
        if let Some(id) = after.assignee_id {
            super::restrict::must_be_named(w, &before, "assignee", id)?;
        }
    }
    let person = command.assignee;
    let is_handoff = handoff::assigned(practice, &before, &mut after, person, command.keep_person);
    if !command.overwrite {
        refuse_overlap(w, &before, changed_fields(&before, &after), command.seen)?;
    }
    handoff::check_sentence(&after, is_handoff, &command.sentence)?;
    if is_handoff {
        return handoff::pass_on(w, ctx, practice, &before, after, &command.sentence);
    }
    if (before.team_id, before.assignee_id) == (after.team_id, after.assignee_id) {
        return Ok(before);
    }
    if before.team_id.is_some() && before.team_id != after.team_id {
        after.reassignments += 1;
    }
    if after.owner_team_id.is_none() && after.team_id.is_some() {
        after.owner_team_id = super::log::owner(w, after.team_id)?;
    }
    let given =
        after.assignee_id.is_some() || (after.team_id.is_some() && after.team_id != before.team_id);
    if given && let Some(step) = practice.find(Verb::Assign, &before.state, None) {
        super::enter(&mut after, practice, step.to)?;
    }
    store::save(
        w,
        ctx,
        &before,
        after,
        super::fact(before.kind, "assigned"),
        said,
    )
}

/// A person who may be given records: enabled, and with a role.
pub(super) fn assignable(conn: &mut Db, id: Id<Person>) -> Result<Id<Person>> {
    let person = super::chosen("assignee", people::find_person(conn, id))?;
    if person.disabled_at.is_some() || !Right::Work.is_held_by(person.roles()) {
        return Err(Error::invalid("assignee", "assignee-cannot-work"));
    }
    Ok(person.id)
}

/// Of the fields the author changes, those that somebody else changed since `seen` are for the
/// author to decide.
pub(super) fn refuse_overlap(
    conn: &mut Db,
    before: &Record,
    mine: Vec<&'static str>,
    seen: i64,
) -> Result<()> {
    if seen >= before.facts {
        return Ok(());
    }
    let missed = journal::fields_changed_since(conn, before.id.uuid(), seen)?;
    overlap(&mine, &missed)
}

/// Refuses to change fields that somebody else changed meanwhile, with both values.
pub fn overlap(mine: &[&'static str], missed: &[Missed]) -> Result<()> {
    let conflicts: Vec<Conflict> = mine
        .iter()
        .filter_map(|field| {
            let theirs = missed.iter().find(|m| m.field == *field)?;
            Some(Conflict {
                field,
                theirs: theirs.value.clone(),
                theirs_label: theirs.label.clone(),
                by: theirs.by.clone(),
                at: theirs.at,
            })
        })
        .collect();
    if conflicts.is_empty() {
        Ok(())
    } else {
        Err(Error::Stale(conflicts))
    }
}

/// The names of the fields in which two versions of a record differ.
pub(super) fn changed_fields(before: &Record, after: &Record) -> Vec<&'static str> {
    let pairs: [(&'static str, bool); 14] = [
        ("title", before.title != after.title),
        ("description", before.description != after.description),
        ("requester", before.requester_id != after.requester_id),
        ("service", before.service_id != after.service_id),
        ("category", before.category_id != after.category_id),
        ("channel", before.channel != after.channel),
        ("reported_at", before.reported_at != after.reported_at),
        ("impact", before.impact != after.impact),
        ("urgency", before.urgency != after.urgency),
        ("team", before.team_id != after.team_id),
        ("assignee", before.assignee_id != after.assignee_id),
        ("item", before.item_id != after.item_id),
        ("location", before.location_id != after.location_id),
        ("owner_team", before.owner_team_id != after.owner_team_id),
    ];
    let mut fields: Vec<&'static str> = pairs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(f, _)| f)
        .collect();
    let matrix_moved = before.impact != after.impact || before.urgency != after.urgency;
    if before.priority != after.priority && !matrix_moved {
        fields.push("priority");
    }
    fields
}

fn same(before: &Record, after: &Record) -> bool {
    changed_fields(before, after).is_empty()
        && before.priority_source == after.priority_source
        && before.priority_reason == after.priority_reason
}

/// The message for a record that is not open any more.
pub(super) fn not_open(record: &Record) -> Message {
    Message::new("record-not-open").arg("number", record.number())
}
