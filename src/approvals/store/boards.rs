//! Boards, their chairs and members.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use uuid::Uuid;

use crate::approvals::model::Board;
use crate::people::{Person, PersonBrief};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use crate::schema::{board_members, boards, people};

pub fn list_boards(conn: &mut Db) -> Result<Vec<Board>> {
    Ok(boards::table
        .order((boards::name_key, boards::id))
        .select(Board::as_select())
        .load(conn)?)
}

pub fn find_board(conn: &mut Db, id: Id<Board>) -> Result<Board> {
    Ok(boards::table
        .find(id)
        .select(Board::as_select())
        .first(conn)?)
}

pub fn board_by_name(conn: &mut Db, name: &str) -> Result<Option<Board>> {
    Ok(boards::table
        .filter(boards::name_key.eq(text::fold(name.trim())))
        .select(Board::as_select())
        .first(conn)
        .optional()?)
}

/// The members of a board, its chair among them only where they are one.
pub fn members_of_board(conn: &mut Db, board: Id<Board>) -> Result<Vec<PersonBrief>> {
    Ok(board_members::table
        .inner_join(people::table.on(people::id.eq(board_members::person_id)))
        .filter(board_members::board_id.eq(board))
        .order((people::name, people::id))
        .select(PersonBrief::as_select())
        .load(conn)?)
}

pub fn insert_board(
    conn: &mut Db,
    id: Id<Board>,
    name: &str,
    chair: Option<Id<Person>>,
) -> Result<()> {
    diesel::insert_into(boards::table)
        .values((
            boards::id.eq(id),
            boards::name.eq(name),
            boards::name_key.eq(text::fold(name)),
            boards::chair_id.eq(chair),
            boards::disabled_at.eq(None::<Utc>),
            boards::version.eq(1_i64),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    Ok(())
}

pub fn update_board(conn: &mut Db, before: &Board, after: &Board) -> Result<()> {
    let same = boards::table
        .find(before.id)
        .filter(boards::version.eq(before.version));
    let updated = diesel::update(same)
        .set((
            boards::name.eq(&after.name),
            boards::name_key.eq(text::fold(&after.name)),
            boards::chair_id.eq(after.chair_id),
            boards::disabled_at.eq(after.disabled_at),
            boards::version.eq(before.version + 1),
        ))
        .execute(conn)
        .map_err(name_taken)?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Error::Raced)
    }
}

/// Makes these people the members.
pub fn set_members(conn: &mut Db, board: Id<Board>, members: &[Id<Person>]) -> Result<()> {
    diesel::delete(board_members::table.filter(board_members::board_id.eq(board))).execute(conn)?;
    for person in members {
        diesel::insert_into(board_members::table)
            .values((
                board_members::board_id.eq(board),
                board_members::person_id.eq(person),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn name_taken(e: DieselError) -> Error {
    match e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::invalid("name", "name-taken")
        }
        e => e.into(),
    }
}

/// Ids after one, in order: for verification.
pub fn ids_after(conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let after = Id::<Board>::from_uuid(after.unwrap_or(Uuid::nil()));
    let ids: Vec<Id<Board>> = boards::table
        .filter(boards::id.gt(after))
        .order(boards::id)
        .limit(limit)
        .select(boards::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

pub fn by_ids(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Board>> {
    let ids = ids.iter().map(|id| Id::<Board>::from_uuid(*id));
    Ok(boards::table
        .filter(boards::id.eq_any(ids))
        .select(Board::as_select())
        .load(conn)?)
}
