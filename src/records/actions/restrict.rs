//! Restricting a record to people named and one team, and lifting that.
//!
//! From then on it exists for nobody else, whatever they are to it: who is not named stops watching,
//! is no longer assigned and holds none of its tasks; requester, caller and affected people who are not
//! named do not find it any more. What a
//! restriction would do is told before ([`loses`]), by the same rule.

use crate::journal::{Change, Value};
use crate::people::{self, Person, PersonBrief, Right, Roles, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::model::Record;
use crate::records::number::Number;
use crate::records::restrictions::{self, Named};
use crate::records::{involved, labels, policy, store};
use crate::tasks::{self, Holder};

/// More people than this are a team.
const MOST_PEOPLE: usize = 50;

/// Whom a record shall exist for, and why.
#[derive(Debug, Clone, Default)]
pub struct Restrict {
    pub team: Option<Id<Team>>,
    pub people: Vec<Id<Person>>,
    pub reason: String,
}

/// What somebody was to a record that a restriction takes from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Requester,
    Caller,
    Assignee,
    Watcher,
}

/// Restricts a record, or changes whom it is restricted to.
pub fn restrict(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Restrict,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_restrict(visitor)?;
    restrict_record(w, ctx, record, command)
}

/// Restricts what the policy allowed, or what follows from another restriction.
pub fn restrict_record(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut record: Record,
    command: &Restrict,
) -> Result<Record> {
    let before = restrictions::named_of(w, &record)?;
    let people = check(w, &before, command)?;
    let team = team_change(w, before.team, command.team)?;
    let gone: Vec<_> = (before.people.iter())
        .filter(|p| people.iter().all(|kept| kept.id != p.id))
        .cloned()
        .collect();
    let fresh: Vec<_> = (people.into_iter())
        .filter(|p| before.people.iter().all(|old| old.id != p.id))
        .collect();
    if record.is_restricted && team.is_none() && gone.is_empty() && fresh.is_empty() {
        return Ok(record);
    }
    restrictions::set_team(w, record.id, command.team)?;
    for person in fresh {
        restrictions::insert_person(w, record.id, person.id, ctx.now)?;
        let reader = Change::set("reader", Value::Ref(person.id.uuid(), person.name));
        record = tell(w, ctx, record, "reader_added", vec![reader])?;
    }
    for person in gone {
        restrictions::delete_person(w, record.id, person.id)?;
        let reader = Value::Ref(person.id.uuid(), person.name);
        let reader = Change::new("reader", reader, Value::Nothing);
        record = tell(w, ctx, record, "reader_removed", vec![reader])?;
    }
    shut_out(w, ctx, record, command, team)
}

/// The last step: those not named lose what they were to it.
fn shut_out(
    w: &mut Write<'_>,
    ctx: &Ctx,
    mut record: Record,
    command: &Restrict,
    team: Option<Change>,
) -> Result<Record> {
    for (person, lost) in loses(w, &record, command.team, &command.people)?.people {
        if lost == Lost::Watcher {
            store::delete_watcher(w, record.id, person.id)?;
            let watcher = Value::Ref(person.id.uuid(), person.name);
            let watcher = Change::new("watcher", watcher, Value::Nothing);
            record = tell(w, ctx, record, "unwatched", vec![watcher])?;
        } else if lost == Lost::Assignee {
            let mut after = record.clone();
            after.assignee_id = None;
            let what = super::fact(record.kind, "assigned");
            record = store::save(w, ctx, &record, after, what, Vec::new())?;
        }
    }
    let keeps = Keeps::of(w, command.team, &command.people)?;
    record = super::tasks::take_back_tasks(w, ctx, record, |holder| keeps.holder(holder))?;
    let what = match record.is_restricted {
        true => "restriction_changed",
        false => "restricted",
    };
    let mut after = record.clone();
    after.is_restricted = true;
    after.team_id = command.team.or(record.team_id);
    let mut extra = vec![Change::set("reason", Value::text(&command.reason))];
    extra.extend(team);
    let what = super::fact(record.kind, what);
    store::save(w, ctx, &record, after, what, extra)
}

/// Who keeps a record: a team with its members, and some people.
struct Keeps<'a> {
    team: Option<Id<Team>>,
    members: Vec<Id<Person>>,
    people: &'a [Id<Person>],
}

impl<'a> Keeps<'a> {
    fn of(conn: &mut Db, team: Option<Id<Team>>, people: &'a [Id<Person>]) -> Result<Self> {
        let members = match team {
            Some(team) => people::members_of(conn, team)?,
            None => Vec::new(),
        };
        Ok(Self {
            team,
            members: members.into_iter().map(|member| member.id).collect(),
            people,
        })
    }

    fn person(&self, id: Id<Person>) -> bool {
        self.people.contains(&id) || self.members.contains(&id)
    }

    fn holder(&self, holder: Holder) -> bool {
        match holder {
            Holder::Team(id) => self.team == Some(id),
            Holder::Person(id) => self.person(id),
        }
    }
}

/// What a restriction takes from those it does not name.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    pub people: Vec<(PersonBrief, Lost)>,
    /// So many affected people do not find the record any more.
    pub affected: i64,
    /// So many open tasks are nobody's any more.
    pub tasks: usize,
}

/// Who would lose what, if a record existed for a team and some people only.
pub fn loses(
    conn: &mut Db,
    record: &Record,
    team: Option<Id<Team>>,
    people: &[Id<Person>],
) -> Result<Losses> {
    let keeps = Keeps::of(conn, team, people)?;
    let ids: Vec<Id<Person>> = (record.requester_id.into_iter())
        .chain(record.assignee_id)
        .filter(|id| !keeps.person(*id))
        .collect();
    let known = people::people_by_ids(conn, &ids)?;
    let mut lost = Vec::new();
    for (id, what) in [
        (record.requester_id, Lost::Requester),
        (record.assignee_id, Lost::Assignee),
    ] {
        if let Some(person) = known.iter().find(|p| Some(p.id) == id) {
            lost.push((person.clone(), what));
        }
    }
    if let Some(caller) = involved::caller_of(conn, record.id)?.filter(|p| !keeps.person(p.id)) {
        lost.push((caller, Lost::Caller));
    }
    for person in store::watchers_of(conn, record.id)? {
        if !keeps.person(person.id) {
            lost.push((person, Lost::Watcher));
        }
    }
    let open = tasks::open_of(conn, record.id.cast())?;
    let taken = |task: &tasks::Task| task.holder().is_some_and(|holder| !keeps.holder(holder));
    let kept: Vec<_> = keeps.members.iter().chain(people).copied().collect();
    Ok(Losses {
        people: lost,
        affected: involved::count_affected_besides(conn, record.id, &kept)?,
        tasks: open.into_iter().filter(taken).count(),
    })
}

/// Everything that is said of a restriction must hold: a reason, people who are there, and somebody
/// among them who can work on the record.
fn check(conn: &mut Db, before: &Named, command: &Restrict) -> Result<Vec<PersonBrief>> {
    let mut invalid = Invalid::default();
    if command.reason.is_empty() {
        invalid.add("reason", "error-required");
    }
    if command.people.len() > MOST_PEOPLE {
        invalid.add(
            "person",
            Message::new("restriction-too-many").arg("max", MOST_PEOPLE),
        );
        return Err(Error::Invalid(invalid));
    }
    let mut named: Vec<PersonBrief> = Vec::new();
    let mut works = false;
    for id in &command.people {
        let person = super::chosen("person", people::find_person(conn, *id))?;
        let stays = before.people.iter().any(|p| p.id == person.id);
        if person.disabled_at.is_some() && !stays {
            invalid.add("person", "error-no-longer-there");
        }
        works |= can_work(person.roles(), person.disabled_at.is_none());
        if named.iter().all(|p| p.id != person.id) {
            named.push(PersonBrief {
                id: person.id,
                name: person.name,
                mail: person.mail,
                phone: person.phone,
                staff_number: person.staff_number,
            });
        }
    }
    if let (false, Some(team)) = (works, command.team) {
        for member in people::members_of(conn, team)? {
            let person = people::find_person(conn, member.id)?;
            works |= can_work(person.roles(), person.disabled_at.is_none());
        }
    }
    if !works {
        invalid.add("person", "restriction-nobody-works");
    }
    invalid.or(named)
}

fn can_work(roles: Roles, enabled: bool) -> bool {
    enabled && Right::Work.is_held_by(roles)
}

/// What the journal says of another team named; nothing where it is the same.
fn team_change(
    conn: &mut Db,
    before: Option<Id<Team>>,
    after: Option<Id<Team>>,
) -> Result<Option<Change>> {
    if before == after {
        return Ok(None);
    }
    if let Some(id) = after {
        let team = super::chosen("team", people::find_team(conn, id))?;
        super::enabled("team", team.disabled_at)?;
    }
    let mut side = |id: Option<Id<Team>>| -> Result<Value> {
        id.map_or(Ok(Value::Nothing), |id| {
            let label = labels::label_of(conn, "team", id.uuid())?;
            Ok(Value::Ref(id.uuid(), label))
        })
    };
    let (before, after) = (side(before)?, side(after)?);
    Ok(Some(Change::new("restricted_team", before, after)))
}

/// Names one more person, by whoever holds the database: the way in when nobody named is left. No
/// page leads here.
pub fn let_in(
    w: &mut Write<'_>,
    ctx: &Ctx,
    number: Number,
    person: Id<Person>,
    reason: &str,
) -> Result<Record> {
    let record = store::find_for_command(w, number)?;
    if !record.is_restricted {
        let message = Message::new("restriction-none").arg("number", number);
        return Err(Error::refused(message));
    }
    let named = restrictions::named_of(w, &record)?;
    let mut people: Vec<Id<Person>> = named.people.iter().map(|p| p.id).collect();
    people.push(person);
    let command = Restrict {
        team: named.team,
        people,
        reason: reason.to_owned(),
    };
    restrict_record(w, ctx, record, &command)
}

/// Lifts a restriction: the record exists for everybody who works again.
pub fn lift_restriction(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let record = store::find_visible(w, visitor, number)?;
    policy::may_restrict(visitor)?;
    if !record.is_restricted {
        let message = Message::new("restriction-none").arg("number", number);
        return Err(Error::refused(message));
    }
    if reason.is_empty() {
        return Err(Error::invalid("lift_reason", "error-required"));
    }
    let named = restrictions::named_of(w, &record)?;
    let mut extra = vec![Change::set("reason", Value::text(reason))];
    extra.extend(team_change(w, named.team, None)?);
    restrictions::delete(w, record.id)?;
    let mut after = record.clone();
    after.is_restricted = false;
    let what = super::fact(record.kind, "unrestricted");
    store::save(w, ctx, &record, after, what, extra)
}

fn tell(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    what: &str,
    changes: Vec<Change>,
) -> Result<Record> {
    let name = super::fact(record.kind, what);
    store::save(w, ctx, &record, record.clone(), name, changes)
}

/// Somebody who is to work on a restricted record, or to follow it, must be named first.
pub(super) fn must_be_named(
    conn: &mut Db,
    record: &Record,
    field: &'static str,
    person: Id<Person>,
) -> Result<()> {
    if restrictions::is_open_to(conn, record, person)? {
        Ok(())
    } else {
        let message = Message::new("restriction-not-named").arg("number", record.number());
        Err(Error::invalid(field, message))
    }
}

/// A restricted record stays with the team it names.
pub(super) fn must_be_named_team(
    conn: &mut Db,
    record: &Record,
    field: &'static str,
    team: Id<Team>,
) -> Result<()> {
    if !record.is_restricted || restrictions::named_of(conn, record)?.team == Some(team) {
        Ok(())
    } else {
        Err(Error::invalid(field, "restriction-other-team"))
    }
}
