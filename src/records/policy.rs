//! Who sees which records, and who may do what to one they see. Pure.
//!
//! There is one function, [`sight`]; every query goes through the macro [`crate::visible`], which
//! turns its answer into SQL. What a person may not see does not exist for them.

use super::life_cycle::{Move, Who};
use super::model::Record;
use crate::entries::Audience;
use crate::people::{Person, Right, Team, Visitor};
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::error::{Error, Result};

/// Which records exist for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All but the restricted ones that do not name them: agents, managers, administrators.
    Works(Id<Person>),
    /// Those where they are requester, caller, affected or watcher, public parts only; a restricted
    /// one where it names them.
    Involved(Id<Person>),
    /// Those, and what they are or were asked to approve, or stand in for now: nothing but the pages of
    /// approvals is found by it.
    Asked(Id<Person>, Utc),
}

pub fn sight(visitor: &Visitor) -> Sight {
    if visitor.has(Right::Work) {
        Sight::Works(visitor.id)
    } else {
        Sight::Involved(visitor.id)
    }
}

/// [`sight`], and what is put to somebody with the right to approve. To be asked about a record shows its
/// approval and that alone: no replies, no files, and nothing of it is found.
pub fn sight_of_asked(visitor: &Visitor) -> Sight {
    match sight(visitor) {
        Sight::Involved(person) if visitor.has(Right::Approve) => Sight::Asked(person, visitor.now),
        other => other,
    }
}

/// Narrows a boxed query over `records` to what a visitor may see.
#[macro_export]
macro_rules! visible {
    ($query:expr, $visitor:expr) => {{
        use diesel::prelude::*;
        $query.filter($crate::records::Visible($crate::records::sight($visitor)))
    }};
}

/// May this person work on records they see?
pub fn may_work(visitor: &Visitor) -> Result<()> {
    visitor.needs(Right::Work)
}

/// May this person say this on a record they see? Whoever is involved may speak in public.
pub fn may_say(visitor: &Visitor, audience: Audience) -> Result<()> {
    match audience {
        Audience::Public => Ok(()),
        Audience::Internal | Audience::Contact => visitor.needs(Right::Work),
    }
}

/// May this person decide who sees a record they see, and who no longer does?
pub fn may_restrict(visitor: &Visitor) -> Result<()> {
    visitor.needs(Right::Restrict)
}

/// May this person send back what was handed to a team? Those of the team, and whoever manages.
pub fn may_send_back(visitor: &Visitor, team: Id<Team>) -> Result<()> {
    if visitor.teams.contains(&team) {
        visitor.needs(Right::Work)
    } else {
        visitor.needs(Right::Manage)
    }
}

/// May this person make this move because the record is theirs?
pub fn requester_may(visitor: &Visitor, record: &Record, step: &Move) -> bool {
    step.who == Who::AgentOrRequester && record.requester_id == Some(visitor.id)
}

/// May this person make this move with this record?
pub fn may_move(visitor: &Visitor, record: &Record, step: &Move) -> Result<()> {
    let allowed = match step.who {
        Who::Agent => visitor.has(Right::Work),
        Who::AgentOrRequester => visitor.has(Right::Work) || requester_may(visitor, record, step),
        Who::Manager => visitor.has(Right::Manage),
        Who::System => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Error::forbidden())
    }
}
