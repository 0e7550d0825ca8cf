//! Numbers: given once, never again. One that a record had before its kind was changed leads to it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::find_visible;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::model::{Kind, Record};
use crate::records::number::Number;
use crate::schema::{former_numbers, kinds, records};

/// The next number of a kind. The row's lock makes numbers contiguous: a gap means a lost record.
pub(in crate::records) fn next_number(conn: &mut Db, kind: Kind) -> Result<i64> {
    last_of_next_numbers(conn, kind, 1)
}

/// Takes so many numbers of a kind, and gives back the last of them.
pub(in crate::records) fn last_of_next_numbers(conn: &mut Db, kind: Kind, n: i64) -> Result<i64> {
    Ok(diesel::update(kinds::table.find(kind.word()))
        .set(kinds::last_number.eq(kinds::last_number + n))
        .returning(kinds::last_number)
        .get_result(conn)?)
}

/// The record that once had a number, if the visitor may see it; otherwise there is none.
pub(in crate::records) fn find_former(
    conn: &mut Db,
    visitor: &Visitor,
    number: Number,
) -> Result<Record> {
    let had = former_numbers::table
        .filter(former_numbers::kind.eq(number.kind.word()))
        .filter(former_numbers::number.eq(number.n))
        .select(former_numbers::record_id);
    let query = records::table
        .filter(records::id.eq_any(had))
        .select(Record::as_select())
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// The record somebody means by a number they typed or kept: the one that has it, or had it once.
pub fn find_meant(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Record> {
    match find_visible(conn, visitor, number) {
        Err(Error::NotFound) => find_former(conn, visitor, number),
        found => found,
    }
}

/// The former numbers of some records that were found for a visitor, each record's oldest first.
/// Who has none is left out.
pub fn former_numbers_of(
    conn: &mut Db,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<Number>>> {
    let mut found: HashMap<Id<Record>, Vec<Number>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(Id<Record>, Kind, i64)> = former_numbers::table
        .filter(former_numbers::record_id.eq_any(ids))
        .order((
            former_numbers::record_id,
            former_numbers::at,
            former_numbers::kind,
        ))
        .select((
            former_numbers::record_id,
            former_numbers::kind,
            former_numbers::number,
        ))
        .load(conn)?;
    for (id, kind, n) in rows {
        found.entry(id).or_default().push(Number { kind, n });
    }
    Ok(found)
}

/// Keeps a number for a record that is about to get another.
pub(in crate::records) fn insert_former_number(
    conn: &mut Db,
    number: Number,
    record: Id<Record>,
    at: Utc,
) -> Result<()> {
    diesel::insert_into(former_numbers::table)
        .values((
            former_numbers::kind.eq(number.kind),
            former_numbers::number.eq(number.n),
            former_numbers::record_id.eq(record),
            former_numbers::at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}
