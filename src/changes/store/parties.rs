//! All diesel of who is affected by a change, and of what they say about it.

use diesel::prelude::*;

use crate::changes::labels::Scope;
use crate::changes::model::Remark;
use crate::changes::rules::parties::{Kept, Party};
use crate::journal::{ERASED, Value};
use crate::people::{Person, Roles};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::Record;
use crate::schema::{change_parties, change_remarks, items, people, services, team_members};
use crate::services::Service;

/// People told of one change at most; more are told by their teams.
const MOST: i64 = 2_000;

/// The services a change touches: those it names, and those its items belong to.
pub fn services_touched(conn: &mut Db, scope: &Scope) -> Result<Vec<Id<Service>>> {
    let of_items: Vec<Option<Id<Service>>> = items::table
        .filter(items::id.eq_any(&scope.items))
        .select(items::service_id)
        .load(conn)?;
    let mut all = scope.services.clone();
    all.extend(of_items.into_iter().flatten());
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Whom services and items say: owners and teams.
pub fn derived_parties(conn: &mut Db, scope: &Scope) -> Result<Vec<Party>> {
    let touched = services_touched(conn, scope)?;
    let mut all: Vec<Party> = Vec::new();
    let of: Vec<(Option<Id<Person>>, Option<Id<crate::people::Team>>)> = services::table
        .filter(services::id.eq_any(touched))
        .order(services::id)
        .select((services::owner_id, services::team_id))
        .load(conn)?;
    for (owner, team) in of {
        all.extend(owner.map(Party::Person));
        all.extend(team.map(Party::Team));
    }
    let teams: Vec<Option<Id<crate::people::Team>>> = items::table
        .filter(items::id.eq_any(&scope.items))
        .order(items::id)
        .select(items::team_id)
        .load(conn)?;
    all.extend(teams.into_iter().flatten().map(Party::Team));
    let mut once: Vec<Party> = Vec::new();
    for party in all {
        if !once.contains(&party) {
            once.push(party);
        }
    }
    Ok(once)
}

/// What somebody said of who is told, in the order of its words.
pub fn kept_parties(conn: &mut Db, record: Id<Record>) -> Result<Vec<Kept>> {
    let rows = kept_parties_of(conn, &[record])?;
    let read = |(_, party, added): (_, String, bool)| Some((party.parse().ok()?, added));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The same of many, as it stands in the rows.
pub fn kept_parties_of(
    conn: &mut Db,
    records: &[Id<Record>],
) -> Result<Vec<(Id<Record>, String, bool)>> {
    Ok(change_parties::table
        .filter(change_parties::record_id.eq_any(records))
        .order((change_parties::record_id, change_parties::party))
        .select((
            change_parties::record_id,
            change_parties::party,
            change_parties::added,
        ))
        .load(conn)?)
}

/// Rows as one value: who was added and who was left out.
pub fn parties_as_value(rows: &[(String, bool)], names: String) -> Value {
    if rows.is_empty() {
        return Value::Nothing;
    }
    let one = |(party, added): &(String, bool)| match added {
        true => format!("+{party}"),
        false => format!("-{party}"),
    };
    let all: Vec<String> = rows.iter().map(one).collect();
    Value::Code(all.join(","), names)
}

/// Writes who was added and who was left out in the place of what stood there.
pub fn put_parties(conn: &mut Db, record: Id<Record>, kept: &[Kept]) -> Result<()> {
    diesel::delete(change_parties::table.filter(change_parties::record_id.eq(record)))
        .execute(conn)?;
    for (party, added) in kept {
        diesel::insert_into(change_parties::table)
            .values((
                change_parties::record_id.eq(record),
                change_parties::party.eq(party.to_string()),
                change_parties::added.eq(added),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The people behind parties who read notices here.
pub fn people_of(conn: &mut Db, parties: &[Party]) -> Result<Vec<Id<Person>>> {
    let (mut persons, mut teams, mut organisations) = (Vec::new(), Vec::new(), Vec::new());
    for party in parties {
        match party {
            Party::Person(id) => persons.push(*id),
            Party::Team(id) => teams.push(*id),
            Party::Organisation(id) => organisations.push(*id),
        }
    }
    let members: Vec<Id<Person>> = team_members::table
        .filter(team_members::team_id.eq_any(teams))
        .limit(MOST)
        .select(team_members::person_id)
        .load(conn)?;
    persons.extend(members);
    let mut all: Vec<Id<Person>> = people::table
        .filter(people::id.eq_any(persons))
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(Roles::NONE.0))
        .select(people::id)
        .load(conn)?;
    let theirs: Vec<Id<Person>> = people::table
        .filter(people::organisation_id.eq_any(organisations))
        .filter(people::disabled_at.is_null())
        .filter(people::roles.gt(Roles::NONE.0))
        .order(people::id)
        .limit(MOST)
        .select(people::id)
        .load(conn)?;
    all.extend(theirs);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// What was said of a change, the earliest first.
pub fn remarks_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Remark>> {
    remarks_of_many(conn, &[record])
}

/// The same of many.
pub fn remarks_of_many(conn: &mut Db, records: &[Id<Record>]) -> Result<Vec<Remark>> {
    Ok(change_remarks::table
        .filter(change_remarks::record_id.eq_any(records))
        .order((change_remarks::record_id, change_remarks::id))
        .select(Remark::as_select())
        .load(conn)?)
}

/// Remarks as one value, by ids alone: who said it, whether they object, who answered.
pub fn remarks_as_value(remarks: &[Remark]) -> Value {
    if remarks.is_empty() {
        return Value::Nothing;
    }
    let one = |remark: &Remark| {
        let by = remark.answered_by_id;
        let by = by.map_or_else(String::new, |id| id.to_string());
        let objects = if remark.objects { "objects" } else { "" };
        format!("{}/{}/{objects}/{by}", remark.id, remark.person_id)
    };
    let all: Vec<String> = remarks.iter().map(one).collect();
    Value::Code(all.join(","), String::new())
}

pub fn insert_remark(conn: &mut Db, remark: &Remark) -> Result<()> {
    diesel::insert_into(change_remarks::table)
        .values(remark)
        .execute(conn)?;
    Ok(())
}

/// Writes the answer to what was said, which is given once.
pub fn answer_remark(
    conn: &mut Db,
    id: Id<Remark>,
    answer: &str,
    by: Id<Person>,
    at: Utc,
) -> Result<usize> {
    let unanswered = change_remarks::table
        .find(id)
        .filter(change_remarks::answered_by_id.is_null());
    Ok(diesel::update(unanswered)
        .set((
            change_remarks::answer.eq(answer),
            change_remarks::answered_by_id.eq(by),
            change_remarks::answered_at.eq(at),
        ))
        .execute(conn)?)
}

/// Puts what stands for an erased text in the place of what a person said of changes.
pub fn erase_remarks(conn: &mut Db, person: Id<Person>) -> Result<()> {
    let said = change_remarks::table.filter(change_remarks::person_id.eq(person));
    diesel::update(said)
        .set(change_remarks::text.eq(ERASED))
        .execute(conn)?;
    let answered = change_remarks::table.filter(change_remarks::answered_by_id.eq(person));
    diesel::update(answered)
        .set(change_remarks::answer.eq(ERASED))
        .execute(conn)?;
    Ok(())
}
