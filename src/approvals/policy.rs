//! Who may do what to a round, besides voting from a seat.

use super::model::Board;
use crate::people::{Right, Visitor};
use crate::platform::kernel::error::{Error, Result};

/// May this person suspend rounds, go on with them, hand out links, tick conditions?
pub fn may_steer(visitor: &Visitor) -> Result<()> {
    visitor.needs(Right::Manage)
}

/// May this person write policies and boards?
pub fn may_administer(visitor: &Visitor) -> Result<()> {
    visitor.needs(Right::Administer)
}

/// May this person decide for a meeting of this board? Its chair of today alone, whoever it was.
pub fn may_preside(visitor: &Visitor, board: &Board) -> Result<()> {
    if board.chair_id == Some(visitor.id) && board.disabled_at.is_none() {
        Ok(())
    } else {
        Err(Error::forbidden())
    }
}
