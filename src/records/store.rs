//! All diesel of the spine. A record is written by [`insert`] and [`save`] alone: both append the
//! fact and move the tallies, so neither can be forgotten.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::labels;
use super::life_cycle::Group;
use super::model::{Hold, Kind, LinkType, Record, Resolution};
use super::number::Number;
use super::rules::Matrix;
use crate::journal::{self, Change, Head, NewFact, Subject};
use crate::people::{Person, PersonBrief, Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write, dialect};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::schema::{holds, kinds, links, people, record_tallies, records, resolutions, watchers};
use crate::services::{self, Level, Scale};

/// The record of a number, if the visitor may see it; otherwise it does not exist.
pub fn find_visible(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    let query = records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// [`find_visible`] by id: the record that an attachment or a hold names.
pub fn find_visible_by_id(conn: &mut Db, visitor: &Visitor, id: Id<Record>) -> Result<Record> {
    let query = records::table
        .filter(records::id.eq(id))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// A record by id, for what follows from facts. Doors use [`find_visible`].
pub fn find_by_id(conn: &mut Db, id: Id<Record>) -> Result<Record> {
    Ok(records::table
        .find(id)
        .select(Record::as_select())
        .first(conn)?)
}

/// A record by its number, for whoever holds the database. Doors use [`find_visible`].
pub(super) fn find_for_command(conn: &mut Db, number: Number) -> Result<Record> {
    Ok(records::table
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .select(Record::as_select())
        .first(conn)?)
}

/// The next number of a kind. The row's lock makes numbers contiguous: a gap means a lost record.
pub(super) fn next_number(conn: &mut Db, kind: Kind) -> Result<i64> {
    Ok(diesel::update(kinds::table.find(kind.word()))
        .set(kinds::last_number.eq(kinds::last_number + 1))
        .returning(kinds::last_number)
        .get_result(conn)?)
}

/// Inserts a new record with its first fact. `extra` are changes that stand outside the record's row.
pub fn insert(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &mut Record,
    fact: String,
    extra: Vec<Change>,
) -> Result<()> {
    insert_as_of(w, ctx, record, fact, extra, None)
}

/// [`insert`] of something that happened elsewhere at its own time.
pub fn insert_as_of(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: &mut Record,
    fact: String,
    extra: Vec<Change>,
    occurred_at: Option<Utc>,
) -> Result<()> {
    let mut changes = labels::changes(w, None, record)?;
    changes.extend(extra);
    let fact = NewFact {
        occurred_at,
        ..NewFact::new(fact, changes)
    };
    // The row goes first, so that everything else may refer to it; its head is set right after.
    insert_row(w, record)?;
    let head = journal::append(w, ctx, subject(record.id), &Head::empty(), &fact)?;
    record.facts = head.count;
    record.facts_head = head.hash;
    diesel::update(records::table.find(record.id))
        .set((
            records::facts.eq(record.facts),
            records::facts_head.eq(&record.facts_head),
        ))
        .execute(&mut **w)?;
    tally(w, record, 1)
}

/// Writes a changed record with the fact that says so, and gives it back as it now stands.
pub fn save(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Record,
    after: Record,
    fact: String,
    extra: Vec<Change>,
) -> Result<Record> {
    save_as_of(w, ctx, before, after, fact, extra, None)
}

/// [`save`] of something that happened elsewhere at its own time.
pub fn save_as_of(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Record,
    mut after: Record,
    fact: String,
    extra: Vec<Change>,
    occurred_at: Option<Utc>,
) -> Result<Record> {
    let mut changes = labels::changes(w, Some(before), &after)?;
    changes.extend(extra);
    let fact = NewFact {
        occurred_at,
        ..NewFact::new(fact, changes)
    };
    let head = Head {
        count: before.facts,
        hash: before.facts_head.clone(),
    };
    let head = journal::append(w, ctx, subject(before.id), &head, &fact)?;
    after.facts = head.count;
    after.facts_head = head.hash;
    after.version = before.version + 1;
    after.updated_at = occurred_at.unwrap_or(ctx.now);
    let changed = diesel::update(
        records::table
            .find(before.id)
            .filter(records::version.eq(before.version)),
    )
    .set(&after)
    .execute(&mut **w)?;
    if changed == 0 {
        return Err(Error::Raced);
    }
    if tally_key(before) != tally_key(&after) {
        tally(w, before, -1)?;
        tally(w, &after, 1)?;
    }
    Ok(after)
}

/// Writes a record whose facts stand in the journal already, as [`insert`] and [`save`] would have
/// after each of them: for history that happened elsewhere, many facts at a time.
pub(super) fn write_told(w: &mut Write<'_>, before: Option<&Record>, after: &Record) -> Result<()> {
    let Some(before) = before else {
        insert_row(w, after)?;
        return tally(w, after, 1);
    };
    let unchanged = records::table
        .find(before.id)
        .filter(records::version.eq(before.version));
    if diesel::update(unchanged).set(after).execute(&mut **w)? == 0 {
        return Err(Error::Raced);
    }
    if tally_key(before) != tally_key(after) {
        tally(w, before, -1)?;
        tally(w, after, 1)?;
    }
    Ok(())
}

pub fn subject(id: Id<Record>) -> Subject {
    Subject {
        kind: "record",
        id: id.uuid(),
    }
}

fn insert_row(conn: &mut Db, r: &Record) -> Result<()> {
    diesel::insert_into(records::table)
        .values((
            (
                records::id.eq(r.id),
                records::kind.eq(r.kind),
                records::number.eq(r.number),
                records::title.eq(&r.title),
                records::requester_id.eq(r.requester_id),
                records::service_id.eq(r.service_id),
                records::category_id.eq(r.category_id),
                records::team_id.eq(r.team_id),
                records::assignee_id.eq(r.assignee_id),
                records::channel.eq(r.channel),
                records::impact.eq(r.impact),
                records::urgency.eq(r.urgency),
                records::priority.eq(r.priority),
                records::priority_source.eq(r.priority_source),
                records::priority_reason.eq(&r.priority_reason),
            ),
            (
                records::state.eq(&r.state),
                records::state_group.eq(r.state_group),
                records::is_open.eq(r.is_open),
                records::created_at.eq(r.created_at),
                records::reported_at.eq(r.reported_at),
                records::updated_at.eq(r.updated_at),
                records::next_due_at.eq(r.next_due_at),
                records::resolved_at.eq(r.resolved_at),
                records::closed_at.eq(r.closed_at),
                records::reassignments.eq(r.reassignments),
                records::reopens.eq(r.reopens),
                records::version.eq(r.version),
                records::facts.eq(r.facts),
                records::facts_head.eq(&r.facts_head),
                records::description.eq(&r.description),
                records::is_restricted.eq(r.is_restricted),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

type TallyKey = (Kind, Group, Id<Team>, Id<Person>);

/// Where an open record is counted; a finished one nowhere. A restricted one is counted for each of
/// the few who may see it, when they look.
fn tally_key(r: &Record) -> Option<TallyKey> {
    (r.is_open && !r.is_restricted).then(|| {
        (
            r.kind,
            r.state_group,
            r.team_id.unwrap_or(Id::nil()),
            r.assignee_id.unwrap_or(Id::nil()),
        )
    })
}

fn tally(conn: &mut Db, record: &Record, by: i64) -> Result<()> {
    match tally_key(record) {
        Some((kind, group, team, assignee)) => dialect::add_to_tally(
            conn,
            kind.word(),
            group.word(),
            team.uuid(),
            assignee.uuid(),
            by,
        ),
        None => Ok(()),
    }
}

/// How many open records stand in one place.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = record_tallies)]
pub struct Tally {
    pub kind: Kind,
    pub state_group: Group,
    pub team_id: Id<Team>,
    pub assignee_id: Id<Person>,
    pub n: i64,
}

/// Counts of open records; what every view's number is made from.
pub fn tallies(conn: &mut Db) -> Result<Vec<Tally>> {
    Ok(record_tallies::table
        .filter(record_tallies::n.gt(0))
        .select(Tally::as_select())
        .load(conn)?)
}

/// The hold a record is in, if it is in one.
pub fn hold_of(conn: &mut Db, record: Id<Record>) -> Result<Option<Hold>> {
    Ok(holds::table
        .filter(holds::record_id.eq(record))
        .filter(holds::ended_at.is_null())
        .select(Hold::as_select())
        .first(conn)
        .optional()?)
}

/// Whether a record waits for its requester's answer.
pub fn waits_for_requester(conn: &mut Db, record: &Record) -> Result<bool> {
    if record.state_group != Group::Waiting {
        return Ok(false);
    }
    Ok(hold_of(conn, record.id)?.is_some_and(|hold| hold.behaviour == "requester"))
}

pub(super) fn insert_hold(conn: &mut Db, hold: &Hold) -> Result<()> {
    diesel::insert_into(holds::table)
        .values(hold)
        .execute(conn)?;
    Ok(())
}

pub(super) fn end_hold(conn: &mut Db, hold: Id<Hold>, at: Utc) -> Result<()> {
    diesel::update(holds::table.find(hold))
        .set(holds::ended_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// Open holds whose date to resume has come.
pub fn holds_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Hold>> {
    Ok(holds::table
        .filter(holds::ended_at.is_null())
        .filter(holds::resume_at.le(now))
        .order(holds::resume_at)
        .limit(limit)
        .select(Hold::as_select())
        .load(conn)?)
}

/// Open holds that wait for another record to finish.
pub fn holds_for(conn: &mut Db, record: Id<Record>) -> Result<Vec<Hold>> {
    Ok(holds::table
        .filter(holds::for_record_id.eq(record))
        .filter(holds::ended_at.is_null())
        .select(Hold::as_select())
        .load(conn)?)
}

/// Records in a state since before an instant: what closes by itself.
pub fn resolved_before(
    conn: &mut Db,
    kind: Kind,
    state: &str,
    before: Utc,
    limit: i64,
) -> Result<Vec<Record>> {
    Ok(records::table
        .filter(records::state.eq(state))
        .filter(records::resolved_at.lt(before))
        .filter(records::kind.eq(kind))
        .order((records::resolved_at, records::id))
        .limit(limit)
        .select(Record::as_select())
        .load(conn)?)
}

pub(super) fn insert_resolution(conn: &mut Db, resolution: &Resolution) -> Result<()> {
    diesel::insert_into(resolutions::table)
        .values(resolution)
        .execute(conn)?;
    Ok(())
}

/// Marks the present resolution as history.
pub(super) fn supersede_resolution(conn: &mut Db, record: Id<Record>, at: Utc) -> Result<()> {
    diesel::update(
        resolutions::table
            .filter(resolutions::record_id.eq(record))
            .filter(resolutions::superseded_at.is_null()),
    )
    .set(resolutions::superseded_at.eq(at))
    .execute(conn)?;
    Ok(())
}

/// Every resolution and cancellation of a record, newest first.
pub fn resolutions_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Resolution>> {
    Ok(resolutions::table
        .filter(resolutions::record_id.eq(record))
        .order(resolutions::at.desc())
        .select(Resolution::as_select())
        .load(conn)?)
}

/// A link as seen from one of its two records.
#[derive(Debug, Clone)]
pub struct LinkSeen {
    pub id: Id<LinkSeen>,
    pub link_type: LinkType,
    /// Whether the record looked from is the link's beginning.
    pub outward: bool,
    pub number: Number,
    pub title: String,
    pub state: String,
}

/// A record's links in both directions, to records the visitor may see.
pub fn links_of(conn: &mut Db, visitor: &Visitor, record: Id<Record>) -> Result<Vec<LinkSeen>> {
    type LinkRow = (Id<LinkSeen>, Id<Record>, Id<Record>, LinkType);
    let found: Vec<LinkRow> = links::table
        .filter(links::from_id.eq(record).or(links::to_id.eq(record)))
        .order((links::at, links::id))
        .select((links::id, links::from_id, links::to_id, links::link_type))
        .load(conn)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<Id<Record>> = found
        .iter()
        .map(|(_, from, to, _)| if *from == record { *to } else { *from })
        .collect();
    let query = records::table
        .filter(records::id.eq_any(others))
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::state,
        ))
        .into_boxed();
    type Other = (Id<Record>, Kind, i64, String, String);
    let others: Vec<Other> = crate::visible!(query, visitor).load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(id, from, to, link_type)| {
            let outward = from == record;
            let other = if outward { to } else { from };
            let (_, kind, n, title, state) = others.iter().find(|(id, ..)| *id == other)?.clone();
            Some(LinkSeen {
                id,
                link_type,
                outward,
                number: Number { kind, n },
                title,
                state,
            })
        })
        .collect())
}

/// Whether any link stands between two records.
pub(super) fn are_linked(conn: &mut Db, a: Id<Record>, b: Id<Record>) -> Result<bool> {
    let between: i64 = links::table
        .filter(
            (links::from_id.eq(a).and(links::to_id.eq(b)))
                .or(links::from_id.eq(b).and(links::to_id.eq(a))),
        )
        .count()
        .get_result(conn)?;
    Ok(between > 0)
}

/// Adds a link unless it is there; says whether it was added.
pub(super) fn insert_link(
    conn: &mut Db,
    from: Id<Record>,
    to: Id<Record>,
    link_type: LinkType,
    by: Option<Id<Person>>,
    at: Utc,
) -> Result<Option<Id<LinkSeen>>> {
    let id = Id::<LinkSeen>::new();
    let there: i64 = links::table
        .filter(links::from_id.eq(from))
        .filter(links::to_id.eq(to))
        .filter(links::link_type.eq(link_type))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(None);
    }
    diesel::insert_into(links::table)
        .values((
            links::id.eq(id),
            links::from_id.eq(from),
            links::to_id.eq(to),
            links::link_type.eq(link_type),
            links::by_id.eq(by),
            links::at.eq(at),
        ))
        .execute(conn)
        .map_err(|e| match e {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(Some(id))
}

/// A link's two ends and its type.
pub(super) fn find_link(
    conn: &mut Db,
    id: Id<LinkSeen>,
) -> Result<(Id<Record>, Id<Record>, LinkType)> {
    Ok(links::table
        .find(id)
        .select((links::from_id, links::to_id, links::link_type))
        .first(conn)?)
}

pub(super) fn delete_link(conn: &mut Db, id: Id<LinkSeen>) -> Result<()> {
    diesel::delete(links::table.find(id)).execute(conn)?;
    Ok(())
}

pub fn watchers_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<PersonBrief>> {
    Ok(watchers::table
        .inner_join(people::table)
        .filter(watchers::record_id.eq(record))
        .order((people::name, people::id))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

/// Adds a watcher unless they watch already; says whether they were added.
pub(super) fn insert_watcher(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
    at: Utc,
) -> Result<bool> {
    let there: i64 = watchers::table
        .find((record, person))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    diesel::insert_into(watchers::table)
        .values((
            watchers::record_id.eq(record),
            watchers::person_id.eq(person),
            watchers::at.eq(at),
        ))
        .execute(conn)?;
    Ok(true)
}

pub(super) fn delete_watcher(
    conn: &mut Db,
    record: Id<Record>,
    person: Id<Person>,
) -> Result<bool> {
    Ok(diesel::delete(watchers::table.find((record, person))).execute(conn)? > 0)
}

/// The priority matrix as it stands.
pub fn matrix(conn: &mut Db) -> Result<Matrix> {
    Ok(Matrix(services::list_matrix(conn)?))
}

/// The levels of one scale, highest first.
pub fn levels(conn: &mut Db, scale: Scale) -> Result<Vec<Level>> {
    services::list_levels(conn, scale)
}
