//! The fair order as the tables keep it: what stands at its heads, whose turn it is, what waits longest.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Bool;

use crate::people::{Team, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::fair::Since;
use crate::records::model::{Kind, Record};
use crate::schema::{fair_turns, people, records, teams};

/// What nobody has taken. Written out, as the indexes of it say it.
const WAITS: &str =
    "records.is_open = TRUE AND records.assignee_id IS NULL AND records.state_group = 'open'";
/// For what pulls are reserved: the words of [`crate::records::fair::Class::reserved`].
const RESERVED: &str = "records.kind IN ('problem', 'action')";

/// The most urgent, then oldest, of what nobody has taken and is a visitor's teams' to do.
pub(in crate::records) fn most_urgent(conn: &mut Db, visitor: &Visitor) -> Result<Option<Record>> {
    let query = records::table
        .filter(records::is_open.eq(true))
        .filter(records::assignee_id.is_null())
        .filter(records::team_id.eq_any(visitor.teams.clone()))
        .order((records::priority, records::reported_at, records::id))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn).optional()?)
}

/// What the head of a team's order is for a visitor: of all of it, or of what pulls are reserved for.
pub(in crate::records) fn fair_head(
    conn: &mut Db,
    visitor: &Visitor,
    team: Id<Team>,
    reserved: bool,
) -> Result<Option<Record>> {
    let mut query = records::table
        .filter(sql::<Bool>(WAITS))
        .filter(records::team_id.eq(team))
        .filter(records::virtual_deadline.lt(Utc::FAR))
        .order((records::virtual_deadline, records::id))
        .select(Record::as_select())
        .into_boxed();
    if reserved {
        query = query.filter(sql::<Bool>(RESERVED));
    }
    Ok(crate::visible!(query, visitor).first(conn).optional()?)
}

/// The beginning of a team's order.
pub fn fair_order(
    conn: &mut Db,
    visitor: &Visitor,
    team: Id<Team>,
    limit: i64,
) -> Result<Vec<Record>> {
    let query = records::table
        .filter(sql::<Bool>(WAITS))
        .filter(records::team_id.eq(team))
        .filter(records::virtual_deadline.lt(Utc::FAR))
        .order((records::virtual_deadline, records::id))
        .limit(limit)
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// How many pulls in a row of a team took nothing reserved.
pub(in crate::records) fn turn_of(conn: &mut Db, team: Id<Team>) -> Result<Since> {
    let since: Option<i32> = fair_turns::table
        .find(team)
        .select(fair_turns::since)
        .first(conn)
        .optional()?;
    Ok(Since(since.and_then(|n| u8::try_from(n).ok()).unwrap_or(0)))
}

/// Counts a pull. Of two at once one does; the other's action runs again.
pub(in crate::records) fn count_pull(
    conn: &mut Db,
    team: Id<Team>,
    was: Since,
    is: Since,
) -> Result<()> {
    let row = fair_turns::table
        .find(team)
        .filter(fair_turns::since.eq(i32::from(was.0)));
    let counted = diesel::update(row)
        .set(fair_turns::since.eq(i32::from(is.0)))
        .execute(conn)?;
    if counted == 1 {
        return Ok(());
    }
    let there: i64 = fair_turns::table
        .filter(fair_turns::team_id.eq(team))
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Err(Error::Raced);
    }
    diesel::insert_into(fair_turns::table)
        .values((
            fair_turns::team_id.eq(team),
            fair_turns::since.eq(i32::from(is.0)),
        ))
        .execute(conn)
        .map_err(|e| match e {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(())
}

/// What of a kind waits longest, with the team and person that have it.
pub type Oldest = (Record, Option<String>, Option<String>);

/// The oldest record of a kind that nobody has taken.
pub fn oldest_waiting(conn: &mut Db, visitor: &Visitor, kind: Kind) -> Result<Option<Oldest>> {
    let query = records::table
        .left_join(teams::table)
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .filter(sql::<Bool>(WAITS))
        .filter(records::kind.eq(kind))
        .order((records::entered_at, records::id))
        .select((
            Record::as_select(),
            teams::name.nullable(),
            people::name.nullable(),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn).optional()?)
}

/// The oldest open record of a kind, whoever has it.
pub fn oldest_open(conn: &mut Db, visitor: &Visitor, kind: Kind) -> Result<Option<Oldest>> {
    let query = records::table
        .left_join(teams::table)
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .filter(sql::<Bool>("records.is_open = TRUE"))
        .filter(records::kind.eq(kind))
        .order((records::entered_at, records::id))
        .select((
            Record::as_select(),
            teams::name.nullable(),
            people::name.nullable(),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::fair::Class;

    #[test]
    fn what_is_reserved_is_written_out_as_the_classes_say() {
        let reserved = Class::ALL.iter().filter(|class| class.is_reserved());
        let words: Vec<String> = reserved.map(|class| format!("'{class}'")).collect();
        assert_eq!(RESERVED, format!("records.kind IN ({})", words.join(", ")));
    }
}
