//! Boards.

use crate::approvals::model::Board;
use crate::approvals::policy;
use crate::approvals::store::boards;
use crate::journal::{self, Change, NewFact, Subject, Value, differences};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::text;

/// The longest name of a board, and the most people of one.
const LONGEST_NAME: usize = 100;
const MOST_MEMBERS: usize = 100;

/// The fields of a board, as the journal knows them.
pub const BOARD_FIELDS: &[&str] = &["name", "board_chair", "board_members", "disabled"];

/// A board as a form gives it.
#[derive(Debug, Clone, Default)]
pub struct BoardForm {
    pub name: String,
    pub chair: Option<Id<Person>>,
    pub members: Vec<Id<Person>>,
    pub disabled: bool,
}

/// Adds a board.
pub fn add_board(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &BoardForm,
) -> Result<Board> {
    policy::may_administer(visitor)?;
    let form = checked(w, given, &[])?;
    let id = Id::new();
    boards::insert_board(w, id, &form.name, form.chair)?;
    boards::set_members(w, id, &form.members)?;
    let values = values(w, &form)?;
    let nothing = std::array::from_fn(|_| Value::Nothing);
    let changes = differences(BOARD_FIELDS, nothing, values);
    journal::append_to(w, ctx, about(id), &NewFact::new("board.added", changes))?;
    boards::find_board(w, id)
}

/// Edits a board. Rounds that go on keep the people they asked.
pub fn edit_board(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Board>,
    given: &BoardForm,
) -> Result<Board> {
    policy::may_administer(visitor)?;
    let board = boards::find_board(w, id)?;
    let now = present(w, &board)?;
    let form = checked(w, given, &now.members)?;
    let changes: Vec<Change> = differences(BOARD_FIELDS, values(w, &now)?, values(w, &form)?);
    if changes.is_empty() {
        return Ok(board);
    }
    let after = Board {
        name: form.name.clone(),
        chair_id: form.chair,
        disabled_at: match (form.disabled, board.disabled_at) {
            (true, since) => Some(since.unwrap_or(ctx.now)),
            (false, _) => None,
        },
        ..board.clone()
    };
    boards::update_board(w, &board, &after)?;
    boards::set_members(w, id, &form.members)?;
    journal::append_to(w, ctx, about(id), &NewFact::new("board.edited", changes))?;
    boards::find_board(w, id)
}

/// A board as it is now.
pub fn present(conn: &mut Db, board: &Board) -> Result<BoardForm> {
    let members = boards::members_of_board(conn, board.id)?;
    Ok(BoardForm {
        name: board.name.clone(),
        chair: board.chair_id,
        members: members.into_iter().map(|p| p.id).collect(),
        disabled: board.disabled_at.is_some(),
    })
}

fn checked(conn: &mut Db, given: &BoardForm, before: &[Id<Person>]) -> Result<BoardForm> {
    let mut invalid = Invalid::default();
    let name = text::clean_line(&given.name, LONGEST_NAME).unwrap_or_else(|long| {
        let message = Message::new("error-too-long")
            .arg("max", long.max)
            .arg("got", long.got);
        invalid.add("name", message);
        String::new()
    });
    if name.is_empty() && invalid.is_empty() {
        invalid.add("name", "error-required");
    }
    let mut members = given.members.clone();
    members.sort_unstable();
    members.dedup();
    if members.is_empty() {
        invalid.add("member", "board-without-members");
    }
    if members.len() > MOST_MEMBERS {
        invalid.add(
            "member",
            Message::new("board-too-many").arg("max", MOST_MEMBERS),
        );
    }
    for person in members
        .iter()
        .chain(&given.chair)
        .filter(|id| !before.contains(id))
    {
        let is_there = match people::find_person(conn, *person) {
            Ok(found) => found.disabled_at.is_none(),
            Err(Error::NotFound) => false,
            Err(e) => return Err(e),
        };
        if !is_there {
            invalid.add("member", "error-no-longer-there");
        }
    }
    invalid.or(BoardForm {
        name,
        members,
        ..given.clone()
    })
}

fn values(conn: &mut Db, form: &BoardForm) -> Result<[Value; 4]> {
    let chair = match form.chair {
        Some(id) => Some((id.uuid(), people::find_person(conn, id)?.name)),
        None => None,
    };
    Ok([
        Value::text(&form.name),
        Value::reference(chair),
        members_value(&form.members),
        Value::Flag(form.disabled),
    ])
}

/// Members by id, since names are personal.
pub(in crate::approvals) fn members_value(members: &[Id<Person>]) -> Value {
    let mut ids: Vec<String> = members.iter().map(Id::to_string).collect();
    ids.sort_unstable();
    Value::word(ids.join(" "))
}

fn about(id: Id<Board>) -> Subject {
    Subject {
        kind: "board",
        id: id.uuid(),
    }
}
