//! The verbs of approvals. Each appends what happened to its round and to the record's journal, counts
//! the round again, and says what that came to; what follows from a decision is `follow`'s.

mod append;
mod boards;
mod delegations;
mod leave;
mod links;
mod meeting;
mod open;
mod policies;
mod steer;
mod tell;
mod vote;
mod wake;

pub(super) use append::seats;
pub(super) use boards::members_value;
pub use boards::{BOARD_FIELDS, BoardForm, add_board, edit_board, present as present_board};
pub use delegations::{Delegate, delegate, end_delegation};
pub use leave::vacate;
pub use links::{make_link, open_link, use_link};
pub use meeting::{Meeting, contest, decide_for_meeting};
pub(super) use meeting::{is_contestable, met_at};
pub use open::{close, submit};
pub use policies::{Wanted, check_policy, retire_policy, save_policy};
pub use steer::{answer, ask, go_on, meet_condition, suspend};
pub use vote::{Vote, vote, withdraw};
pub use wake::{rounds_due, wake};

use super::model::Round;
use super::store::rounds;
use crate::people::Visitor;
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{self, Number, Record};

/// A record and its newest round, found through the person. `number` is the round a form was about:
/// there may be a newer one, and then what was typed was about something else.
fn find(conn: &mut Db, visitor: &Visitor, of: Number, number: i32) -> Result<Acting> {
    let record = records::find_asked(conn, visitor, of)?;
    let round = rounds::newest(conn, record.id)?.ok_or(Error::NotFound)?;
    if number < 1 || number > round.row.number {
        return Err(Error::NotFound);
    }
    if number < round.row.number {
        return Err(Error::refused("approval-stale"));
    }
    Ok(Acting { record, round })
}

/// What an action works on.
struct Acting {
    record: Record,
    round: Round,
}
