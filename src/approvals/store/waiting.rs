//! How long approvals take, and who holds them up: for whoever answers for the desk.

use diesel::dsl::not;
use diesel::prelude::*;

use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::schema::{people, records, round_seats, rounds};

/// Rounds of one report.
const MOST: i64 = 5_000;

/// A round that was decided: of which record, when it was opened and when it was decided.
pub type Waited = (Id<Record>, Utc, Option<Utc>);

/// The rounds about one kind of record that were decided between two instants, as far as the visitor may
/// see the records.
pub fn waited_between(
    conn: &mut Db,
    visitor: &Visitor,
    kind: Kind,
    (from, to): (Utc, Utc),
) -> Result<Vec<Waited>> {
    let query = rounds::table
        .inner_join(records::table)
        .filter(not(records::kind.ne(kind)))
        .filter(rounds::decided_at.ge(from))
        .filter(rounds::decided_at.lt(to))
        .order((rounds::decided_at.desc(), rounds::id))
        .limit(MOST)
        .select((rounds::record_id, rounds::opened_at, rounds::decided_at))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Whoever is asked and has not answered: the person, their name, and since when the round is open.
pub type Held = (Id<Person>, String, Utc);

/// Every seat that waits about one kind of record, as far as the visitor may see the records.
pub fn held(conn: &mut Db, visitor: &Visitor, kind: Kind) -> Result<Vec<Held>> {
    let query = round_seats::table
        .inner_join(rounds::table.inner_join(records::table))
        .inner_join(people::table.on(people::id.eq(round_seats::person_id)))
        .filter(round_seats::is_waiting.eq(true))
        .filter(records::kind.eq(kind))
        .order((rounds::opened_at, round_seats::person_id))
        .limit(MOST)
        .select((people::id, people::name, rounds::opened_at))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}
