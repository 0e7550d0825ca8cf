//! Rounds, their events, who is asked.

use diesel::prelude::*;
use uuid::Uuid;

use crate::approvals::model::{Asked, Content, EventRow, Round, RoundRow, RoundState, TITLE};
use crate::approvals::rules::{Digest, Electorate};
use crate::people::{Person, Right, Roles, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::{Kind, Number, Record, Visible, sight_of_asked};
use crate::schema::{
    asked, links, people, records, round_conditions, round_contents, round_events, round_present,
    round_seats, rounds,
};

/// What came of a record's newest round, as of an instant.
pub fn standing(conn: &mut Db, record: Id<Record>, now: Utc) -> Result<Option<RoundState>> {
    let Some(round) = newest(conn, record)? else {
        return Ok(None);
    };
    let standing = round.standing(now);
    Ok(Some(RoundState {
        id: round.row.id,
        number: round.row.number,
        revision: round.row.revision,
        opened_at: round.row.opened_at,
        decision: standing.decision,
        suspended: standing.suspended_at.is_some(),
        bounds: round.bounds(),
        open_conditions: round.row.open_conditions,
        digest: round.digest,
    }))
}

/// A record's newest round.
pub fn newest(conn: &mut Db, record: Id<Record>) -> Result<Option<Round>> {
    let row: Option<RoundRow> = rounds::table
        .filter(rounds::record_id.eq(record))
        .order(rounds::number.desc())
        .select(RoundRow::as_select())
        .first(conn)
        .optional()?;
    row.map(|row| with_events(conn, row)).transpose()
}

/// All rounds of a record, newest first. They are few: each is a revision somebody was asked about.
pub fn of_record(conn: &mut Db, record: Id<Record>, limit: i64) -> Result<Vec<Round>> {
    let rows: Vec<RoundRow> = rounds::table
        .filter(rounds::record_id.eq(record))
        .order(rounds::number.desc())
        .limit(limit)
        .select(RoundRow::as_select())
        .load(conn)?;
    let ids: Vec<Id<Round>> = rows.iter().map(|row| row.id).collect();
    let mut events = events_of(conn, &ids)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, others) = events
            .into_iter()
            .partition(|e: &EventRow| e.round_id == row.id);
        events = others;
        found.push(Round::of(row, own)?);
    }
    Ok(found)
}

pub fn find(conn: &mut Db, id: Id<Round>) -> Result<Round> {
    let row = rounds::table
        .find(id)
        .select(RoundRow::as_select())
        .first(conn)?;
    with_events(conn, row)
}

/// A round of a record by its number.
pub fn find_number(conn: &mut Db, record: Id<Record>, number: i32) -> Result<Round> {
    let row = rounds::table
        .filter(rounds::record_id.eq(record))
        .filter(rounds::number.eq(number))
        .select(RoundRow::as_select())
        .first(conn)?;
    with_events(conn, row)
}

fn with_events(conn: &mut Db, row: RoundRow) -> Result<Round> {
    let events = events_of(conn, &[row.id])?;
    Round::of(row, events)
}

/// In the order of rounds and of their events.
pub fn events_of(conn: &mut Db, ids: &[Id<Round>]) -> Result<Vec<EventRow>> {
    Ok(round_events::table
        .filter(round_events::round_id.eq_any(ids))
        .order((round_events::round_id, round_events::n))
        .select(EventRow::as_select())
        .load(conn)?)
}

pub fn insert(conn: &mut Db, row: &RoundRow, content: &[Content]) -> Result<()> {
    diesel::insert_into(rounds::table)
        .values(row)
        .execute(conn)
        .map_err(raced)?;
    for (place, content) in content.iter().enumerate() {
        diesel::insert_into(round_contents::table)
            .values((
                round_contents::round_id.eq(row.id),
                round_contents::place.eq(place as i32),
                round_contents::part.eq(content.part),
                round_contents::label.eq(&content.label),
                round_contents::shape.eq(content.shape),
                round_contents::text.eq(&content.text),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What a round was about.
pub fn content_of(conn: &mut Db, round: Id<Round>) -> Result<Vec<Content>> {
    Ok(round_contents::table
        .filter(round_contents::round_id.eq(round))
        .order(round_contents::place)
        .select((
            round_contents::part,
            round_contents::label,
            round_contents::shape,
            round_contents::text,
        ))
        .load(conn)?)
}

/// Appends an event. Two at once give the same number; the later one's action runs again.
pub fn insert_event(conn: &mut Db, event: &EventRow) -> Result<()> {
    diesel::insert_into(round_events::table)
        .values(event)
        .execute(conn)
        .map_err(raced)?;
    Ok(())
}

fn raced(e: diesel::result::Error) -> Error {
    use diesel::result::{DatabaseErrorKind, Error as DieselError};
    match e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
        e => e.into(),
    }
}

/// Keeps what a round has come to. `events` is how many there were when it was read: whoever wrote
/// one meanwhile decides first.
pub fn update(conn: &mut Db, row: &RoundRow, events: i32) -> Result<()> {
    let same = rounds::table.find(row.id).filter(rounds::events.eq(events));
    let updated = diesel::update(same)
        .set((
            rounds::decision.eq(row.decision),
            rounds::decided_at.eq(row.decided_at),
            rounds::suspended_at.eq(row.suspended_at),
            rounds::wake_at.eq(row.wake_at),
            rounds::reminded_at.eq(row.reminded_at),
            rounds::open_conditions.eq(row.open_conditions),
            rounds::events.eq(row.events),
        ))
        .execute(conn)?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Error::Raced)
    }
}

/// A seat's row: where, who, whether it waits, until when.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct SeatRow {
    pub stage: i32,
    pub seat: i32,
    pub person_id: Id<Person>,
    pub is_waiting: bool,
    pub due_at: Utc,
}

pub fn seats_of(conn: &mut Db, round: Id<Round>) -> Result<Vec<SeatRow>> {
    Ok(round_seats::table
        .filter(round_seats::round_id.eq(round))
        .order((round_seats::stage, round_seats::seat))
        .select((
            round_seats::stage,
            round_seats::seat,
            round_seats::person_id,
            round_seats::is_waiting,
            round_seats::due_at,
        ))
        .load(conn)?)
}

/// Writes the seats that are not as they should be.
pub fn write_seats(conn: &mut Db, round: Id<Round>, seats: &[SeatRow]) -> Result<()> {
    let before = seats_of(conn, round)?;
    for seat in seats {
        let place = |row: &&SeatRow| row.stage == seat.stage && row.seat == seat.seat;
        match before.iter().find(place) {
            Some(row) if row == seat => {}
            Some(_) => {
                diesel::update(round_seats::table.find((round, seat.stage, seat.seat)))
                    .set((
                        round_seats::person_id.eq(seat.person_id),
                        round_seats::is_waiting.eq(seat.is_waiting),
                        round_seats::due_at.eq(seat.due_at),
                    ))
                    .execute(conn)?;
            }
            None => {
                diesel::insert_into(round_seats::table)
                    .values((
                        round_seats::round_id.eq(round),
                        round_seats::stage.eq(seat.stage),
                        round_seats::seat.eq(seat.seat),
                        round_seats::person_id.eq(seat.person_id),
                        round_seats::is_waiting.eq(seat.is_waiting),
                        round_seats::due_at.eq(seat.due_at),
                    ))
                    .execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Rounds that wait for an answer of somebody.
pub fn waiting_for(conn: &mut Db, person: Id<Person>) -> Result<Vec<Id<Round>>> {
    Ok(round_seats::table
        .inner_join(rounds::table)
        .filter(round_seats::person_id.eq(person))
        .filter(rounds::decision.is_null())
        .select(round_seats::round_id)
        .distinct()
        .load(conn)?)
}

/// Lets people see the record they are asked about.
pub fn insert_asked(conn: &mut Db, record: Id<Record>, who: &[Uuid], now: Utc) -> Result<()> {
    let known: Vec<Id<Person>> = asked::table
        .filter(asked::record_id.eq(record))
        .select(asked::person_id)
        .load(conn)?;
    for person in who.iter().map(|id| Id::<Person>::from_uuid(*id)) {
        if !known.contains(&person) {
            diesel::insert_into(asked::table)
                .values((
                    asked::person_id.eq(person),
                    asked::record_id.eq(record),
                    asked::at.eq(now),
                ))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Which of these people left.
pub fn disabled_of(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<Person>> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
    let gone: Vec<Id<Person>> = people::table
        .filter(people::id.eq_any(ids))
        .filter(people::disabled_at.is_not_null())
        .select(people::id)
        .load(conn)?;
    Ok(gone.into_iter().map(Id::uuid).collect())
}

/// Which of these people do not have the right to approve.
pub fn rightless_of(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let ids: Vec<Id<Person>> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
    let roles: Vec<(Id<Person>, i32)> = people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::roles))
        .load(conn)?;
    let without = |(_, roles): &(Id<Person>, i32)| !Right::Approve.is_held_by(Roles(*roles));
    Ok(roles
        .into_iter()
        .filter(without)
        .map(|(id, _)| id.uuid())
        .collect())
}

/// A place in "My approvals": when it is due, the round, the stage, the seat.
pub type Place = (Utc, Id<Round>, i32, i32);

/// What waits for somebody, or for those whom they stand in for, soonest first.
pub fn list_asked(
    conn: &mut Db,
    visitor: &Visitor,
    people: &[Id<Person>],
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Asked>> {
    let mut query = round_seats::table
        .inner_join(rounds::table.inner_join(records::table))
        .left_join(
            round_contents::table.on(round_contents::round_id
                .eq(round_seats::round_id)
                .and(round_contents::label.eq(TITLE))),
        )
        .filter(round_seats::person_id.eq_any(people.to_vec()))
        .filter(round_seats::is_waiting.eq(true))
        .order((
            round_seats::due_at,
            round_seats::round_id,
            round_seats::stage,
            round_seats::seat,
        ))
        .limit(limit)
        .select((
            records::id,
            records::kind,
            records::number,
            round_contents::text.nullable(),
            records::title,
            rounds::id,
            rounds::number,
            round_seats::stage,
            round_seats::seat,
            round_seats::person_id,
            round_seats::due_at,
            rounds::opened_at,
            rounds::decide_by,
            rounds::suspended_at,
            rounds::electorate,
        ))
        .into_boxed();
    if let Some((at, round, stage, seat)) = after {
        let later = round_seats::due_at.gt(at);
        let same = round_seats::due_at.eq(at);
        let behind = round_seats::round_id
            .gt(round)
            .or(round_seats::round_id.eq(round).and(
                round_seats::stage
                    .gt(stage)
                    .or(round_seats::stage.eq(stage).and(round_seats::seat.gt(seat))),
            ));
        query = query.filter(later.or(same.and(behind)));
    }
    let seen = Visible(sight_of_asked(visitor));
    Ok(query.filter(seen).load(conn)?)
}

/// Rounds that somebody has to look at, because time passed.
pub fn due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Id<Round>>> {
    Ok(rounds::table
        .filter(rounds::wake_at.le(now))
        .order((rounds::wake_at, rounds::id))
        .limit(limit)
        .select(rounds::id)
        .load(conn)?)
}

pub fn insert_present(conn: &mut Db, round: Id<Round>, n: i32, who: &[Id<Person>]) -> Result<()> {
    for person in who {
        diesel::insert_into(round_present::table)
            .values((
                round_present::round_id.eq(round),
                round_present::n.eq(n),
                round_present::person_id.eq(person),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Who was there when meetings of a round decided.
pub fn present_of(conn: &mut Db, round: Id<Round>) -> Result<Vec<(i32, Id<Person>)>> {
    Ok(round_present::table
        .filter(round_present::round_id.eq(round))
        .order((round_present::n, round_present::person_id))
        .select((round_present::n, round_present::person_id))
        .load(conn)?)
}

/// [`present_of`] of some rounds.
pub fn present_of_all(
    conn: &mut Db,
    ids: &[Id<Round>],
) -> Result<Vec<(Id<Round>, i32, Id<Person>)>> {
    Ok(round_present::table
        .filter(round_present::round_id.eq_any(ids.to_vec()))
        .order((
            round_present::round_id,
            round_present::n,
            round_present::person_id,
        ))
        .select((
            round_present::round_id,
            round_present::n,
            round_present::person_id,
        ))
        .load(conn)?)
}

/// A condition under which a meeting said yes.
#[derive(Debug, Clone, Queryable)]
pub struct Condition {
    pub place: i32,
    /// Of which stage.
    pub stage: i32,
    pub text: String,
    pub met_at: Option<Utc>,
    pub met_by_id: Option<Id<Person>>,
}

pub fn conditions_of(conn: &mut Db, round: Id<Round>) -> Result<Vec<Condition>> {
    Ok(round_conditions::table
        .filter(round_conditions::round_id.eq(round))
        .order(round_conditions::place)
        .select((
            round_conditions::place,
            round_conditions::stage,
            round_conditions::text,
            round_conditions::met_at,
            round_conditions::met_by_id,
        ))
        .load(conn)?)
}

/// Adds conditions, each with its stage, behind those there are; says where they begin.
pub fn insert_conditions(
    conn: &mut Db,
    round: Id<Round>,
    conditions: &[(i32, String)],
) -> Result<usize> {
    let before = conditions_of(conn, round)?.len();
    for (n, (stage, text)) in conditions.iter().enumerate() {
        diesel::insert_into(round_conditions::table)
            .values((
                round_conditions::round_id.eq(round),
                round_conditions::place.eq((before + n) as i32),
                round_conditions::stage.eq(stage),
                round_conditions::text.eq(text),
                round_conditions::met_at.eq(None::<Utc>),
                round_conditions::met_by_id.eq(None::<Id<Person>>),
            ))
            .execute(conn)?;
    }
    Ok(before)
}

/// Ticks a condition; of two who do it at once, one.
pub fn meet_condition(
    conn: &mut Db,
    round: Id<Round>,
    place: i32,
    by: Id<Person>,
    now: Utc,
) -> Result<bool> {
    let open = round_conditions::table
        .find((round, place))
        .filter(round_conditions::met_at.is_null());
    let met = diesel::update(open)
        .set((
            round_conditions::met_at.eq(Some(now)),
            round_conditions::met_by_id.eq(Some(by)),
        ))
        .execute(conn)?;
    Ok(met == 1)
}

/// A round's frozen people, without the rest of it.
pub fn electorate_of(text: &str) -> Result<Electorate> {
    serde_json::from_str(text).map_err(|e| Error::inward(format!("electorate: {e}")))
}

/// Rounds after one, in the order of their ids: for verification.
pub fn rounds_after(conn: &mut Db, after: Option<Id<Round>>, limit: i64) -> Result<Vec<RoundRow>> {
    let mut query = rounds::table
        .order(rounds::id)
        .limit(limit)
        .select(RoundRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(rounds::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// A digest as its row keeps it.
pub fn digest_text(digest: &Digest) -> Result<String> {
    serde_json::to_string(digest).map_err(|e| Error::inward(format!("digest: {e}")))
}

/// How many rounds a record has.
pub fn count_of_record(conn: &mut Db, record: Id<Record>) -> Result<i64> {
    Ok(rounds::table
        .filter(rounds::record_id.eq(record))
        .count()
        .get_result(conn)?)
}

/// Number and title of what a record is linked with, restricted ones excepted: all that whoever is asked
/// about it learns of others.
pub fn titles_linked(conn: &mut Db, record: Id<Record>) -> Result<Vec<(String, String)>> {
    let ends: Vec<(Id<Record>, Id<Record>)> = links::table
        .filter(links::from_id.eq(record).or(links::to_id.eq(record)))
        .select((links::from_id, links::to_id))
        .load(conn)?;
    let others: Vec<Id<Record>> = ends
        .into_iter()
        .map(|(from, to)| if from == record { to } else { from })
        .collect();
    let found: Vec<(Kind, i64, String)> = records::table
        .filter(records::id.eq_any(others))
        .filter(diesel::dsl::not(records::is_restricted))
        .order(records::id)
        .select((records::kind, records::number, records::title))
        .load(conn)?;
    let named = |(kind, n, title): (Kind, i64, String)| (Number { kind, n }.to_string(), title);
    Ok(found.into_iter().map(named).collect())
}
