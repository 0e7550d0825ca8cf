//! Rows of action items, what is found of them, and the lists of what is to be done.

use diesel::dsl::not;
use diesel::prelude::*;

use crate::journal::ERASED;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::postmortems::item::{ActionItem, Listed};
use crate::records::{Kind, Record};
use crate::schema::{action_items, links, people, postmortem_incidents, records, teams};

/// What only this action item has.
pub fn find_item(conn: &mut Db, record: Id<Record>) -> Result<Option<ActionItem>> {
    Ok(action_items::table
        .find(record)
        .select(ActionItem::as_select())
        .first(conn)
        .optional()?)
}

/// The rows of some action items.
pub fn items_by_ids(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<ActionItem>> {
    Ok(action_items::table
        .filter(action_items::record_id.eq_any(ids))
        .select(ActionItem::as_select())
        .load(conn)?)
}

pub fn insert_item(conn: &mut Db, row: &ActionItem) -> Result<()> {
    diesel::insert_into(action_items::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn update_item(conn: &mut Db, row: &ActionItem) -> Result<()> {
    diesel::update(action_items::table.find(row.record_id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// The action items that a record carries.
pub fn carried_by(conn: &mut Db, carrier: Id<Record>) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .filter(action_items::carrier_id.eq(carrier))
        .order(records::id)
        .select(Record::as_select())
        .load(conn)?)
}

/// The action items of a post-mortem, whoever may see them.
pub fn records_of_items(conn: &mut Db, postmortem: Id<Record>) -> Result<Vec<Record>> {
    Ok(records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .filter(action_items::postmortem_id.eq(postmortem))
        .order(records::id)
        .select(Record::as_select())
        .load(conn)?)
}

/// Those whose owner is to be reminded: three days before they are due, on the day, and each week they
/// are late. What was reminded of is the instant it was due at, so that each counts once.
pub fn items_to_remind(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Id<Record>>> {
    let soon = now.plus(time::Duration::days(3));
    let ahead = action_items::reminded_at.is_null();
    let on_the_day = action_items::reminded_at
        .lt(action_items::due_at)
        .and(action_items::due_at.le(now));
    let late = action_items::reminded_at
        .ge(action_items::due_at)
        .and(action_items::reminded_at.le(now.minus(time::Duration::WEEK)));
    Ok(action_items::table
        .filter(action_items::is_awaited)
        .filter(action_items::due_at.le(soon))
        .filter(
            ahead
                .or(on_the_day.assume_not_null())
                .or(late.assume_not_null()),
        )
        .order((action_items::due_at, action_items::record_id))
        .limit(limit)
        .select(action_items::record_id)
        .load(conn)?)
}

/// Whose action items are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    #[default]
    Mine,
    Teams,
    All,
}

/// Rows of a page.
pub const LISTED: usize = 50;
/// Those without a date, or that wait to be verified, at most; more are found in the queue.
const BESIDES: i64 = 100;

/// An action with who has it.
macro_rules! columns {
    () => {
        (
            records::id,
            records::number,
            records::title,
            records::state,
            action_items::action_kind,
            action_items::due_at,
            records::created_at,
            people::name.nullable(),
            teams::name.nullable(),
            action_items::done_at,
            records::closed_at,
        )
    };
}

/// Where a page ends and the next begins.
type Place = (Utc, Id<Record>);

/// A page of those somebody has to do something about, by the day they are due; with the key of what
/// follows.
pub fn items_by_due(
    conn: &mut Db,
    visitor: &Visitor,
    whose: Whose,
    after: Option<(Utc, Id<Record>)>,
) -> Result<(Vec<Listed>, Option<Place>)> {
    let mut query = records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .left_join(teams::table.on(records::team_id.eq(teams::id.nullable())))
        // Without a value, so that the index of what is awaited may be used.
        .filter(action_items::is_awaited)
        .filter(action_items::due_at.is_not_null())
        .order((action_items::due_at, action_items::record_id))
        .limit(LISTED as i64 + 1)
        .select(columns!())
        .into_boxed();
    if let Some((at, id)) = after {
        let later = action_items::due_at.gt(at).assume_not_null();
        let same = action_items::due_at.eq(at).assume_not_null();
        query = query.filter(later.or(same.and(action_items::record_id.gt(id))));
    }
    query = match whose {
        Whose::Mine => query.filter(not(records::assignee_id.ne(visitor.id))),
        Whose::Teams => query.filter(not(records::team_id.ne_all(visitor.teams.clone()))),
        Whose::All => query,
    };
    let mut rows: Vec<Listed> = crate::visible!(query, visitor).load(conn)?;
    let more = rows.len() > LISTED;
    rows.truncate(LISTED);
    let next = rows.last().filter(|_| more);
    let next = next.and_then(|row| Some((row.due_at?, row.id)));
    Ok((rows, next))
}

/// Those that are open and have no day: nobody said one, or they are done and wait to be verified.
pub fn items_besides(conn: &mut Db, visitor: &Visitor, whose: Whose) -> Result<Vec<Listed>> {
    let mut query = records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .left_join(teams::table.on(records::team_id.eq(teams::id.nullable())))
        .filter(not(records::is_open.ne(true)))
        .filter(
            action_items::due_at
                .is_null()
                .or(action_items::is_awaited.eq(false)),
        )
        .order((records::reported_at, records::id))
        .limit(BESIDES)
        .select(columns!())
        .into_boxed();
    query = match whose {
        Whose::Mine => query.filter(not(records::assignee_id.ne(visitor.id))),
        Whose::Teams => query.filter(not(records::team_id.ne_all(visitor.teams.clone()))),
        Whose::All => query,
    };
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The action items of the post-mortems over an incident, and those that were opened since it happened
/// again: with which of the two each is.
pub fn items_of_incident(
    conn: &mut Db,
    visitor: &Visitor,
    incident: Id<Record>,
) -> Result<Vec<(Listed, bool)>> {
    let learnt = postmortem_incidents::table
        .filter(postmortem_incidents::incident_id.eq(incident))
        .select(postmortem_incidents::record_id);
    let linked = links::table
        .filter(links::from_id.eq(incident))
        .select(links::to_id);
    let again = action_items::recurrence_of_id
        .is_not_null()
        .and(action_items::record_id.eq_any(linked));
    let query = records::table
        .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .left_join(teams::table.on(records::team_id.eq(teams::id.nullable())))
        .filter(action_items::postmortem_id.eq_any(learnt).or(again))
        .order((records::created_at, records::id))
        .limit(MOST)
        .select((columns!(), action_items::postmortem_id))
        .into_boxed();
    let rows: Vec<(Listed, Id<Record>)> = crate::visible!(query, visitor).load(conn)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let over: Vec<Id<Record>> = postmortem_incidents::table
        .filter(postmortem_incidents::incident_id.eq(incident))
        .select(postmortem_incidents::record_id)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, of)| (row, !over.contains(&of)))
        .collect())
}

/// Action items of one incident that are read, at most.
const MOST: i64 = 200;

/// Every action item that was not over at an instant and had been raised by then, as far as the reader
/// may see it.
pub fn standing_at(conn: &mut Db, visitor: &Visitor, at: Utc) -> Result<Vec<Listed>> {
    let mut all = Vec::new();
    for open in [true, false] {
        let query = records::table
            .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
            .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
            .left_join(teams::table.on(records::team_id.eq(teams::id.nullable())))
            .filter(records::kind.eq(Kind::Action))
            .filter(records::is_open.eq(open))
            .filter(records::created_at.lt(at))
            .order((records::reported_at, records::id))
            .select(columns!())
            .into_boxed();
        let query = match open {
            true => query,
            // Whatever ended later was written later.
            false => query
                .filter(records::updated_at.ge(at))
                .filter(records::closed_at.ge(at)),
        };
        let rows: Vec<Listed> = crate::visible!(query, visitor).load(conn)?;
        all.extend(rows);
    }
    Ok(all)
}

/// How many were raised, done and ended from one instant until before another, as far as the reader may
/// see them: raised, done, verified, declined.
pub fn moved_between(conn: &mut Db, visitor: &Visitor, from: Utc, to: Utc) -> Result<[i64; 4]> {
    let count = |conn: &mut Db, which: usize| -> Result<i64> {
        let query = records::table
            .inner_join(action_items::table.on(action_items::record_id.eq(records::id)))
            .filter(records::kind.eq(Kind::Action))
            .select(diesel::dsl::count_star())
            .into_boxed();
        let query = match which {
            0 => query
                .filter(records::created_at.ge(from))
                .filter(records::created_at.lt(to)),
            1 => query
                .filter(action_items::done_at.ge(from))
                .filter(action_items::done_at.lt(to)),
            2 => query
                .filter(action_items::verified_at.ge(from))
                .filter(action_items::verified_at.lt(to)),
            _ => query
                .filter(records::state.eq("declined"))
                .filter(records::closed_at.ge(from))
                .filter(records::closed_at.lt(to)),
        };
        Ok(crate::visible!(query, visitor).first(conn)?)
    };
    Ok([
        count(conn, 0)?,
        count(conn, 1)?,
        count(conn, 2)?,
        count(conn, 3)?,
    ])
}

/// Puts what stands for an erased text in the place of one of an action item, by the name the journal
/// knows it by.
pub fn erase_item(conn: &mut Db, record: Id<Record>, field: &str) -> Result<()> {
    let own = action_items::table.find(record);
    match field {
        "action_verification" => {
            diesel::update(own.filter(action_items::verification.ne("")))
                .set(action_items::verification.eq(ERASED))
                .execute(conn)?;
        }
        "action_seen" => {
            diesel::update(own.filter(action_items::seen.ne("")))
                .set(action_items::seen.eq(ERASED))
                .execute(conn)?;
        }
        _ => {}
    }
    Ok(())
}
