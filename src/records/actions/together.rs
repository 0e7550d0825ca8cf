//! Records that end together though none stands under another: those that waited for the same thing.

use super::family::end_with;
use super::moves::{Ending, Resolve, checked_code};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::family::{self, Children, Flow, Left, MOST, Member, Plan};
use crate::records::life_cycle::Practices;
use crate::records::model::Record;
use crate::records::store;
use crate::services::CodeList;
use crate::tasks;

/// What ending these would do, of those the visitor may see: a handful of statements, however many
/// there are. One that others stand under is left, since theirs would end unseen.
pub fn together_plan(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    above: &Record,
    ids: &[Id<Record>],
) -> Result<Plan> {
    let found = store::open_among(conn, visitor, ids, MOST + 1)?;
    if found.len() > MOST {
        let message = Message::new("family-too-many").arg("max", MOST);
        return Err(Error::refused(message));
    }
    let on: Vec<_> = found.iter().map(|(record, _)| record.id.cast()).collect();
    let mut blocking = tasks::open_blocking_of(conn, &on)?;
    let members = found.into_iter().map(|(record, requester)| {
        let tasks = blocking.remove(&record.id.cast()).unwrap_or_default();
        let left = match record.open_children {
            0 => family::verdict(visitor, practices, above, &record, Flow::End, tasks),
            _ => Some(Left::LeadsOthers),
        };
        Member {
            record,
            requester,
            left,
        }
    });
    Ok(Plan {
        members: members.collect(),
        finished: 0,
    })
}

/// Ends them as the plan that was shown says: each with the same code and text, and with the record
/// they waited for as the reason. Gives how many those were.
pub fn resolve_together(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    above: &Record,
    ids: &[Id<Record>],
    (command, shown): (&Resolve, &str),
) -> Result<usize> {
    let code = checked_code(w, CodeList::Resolution, command, true)?;
    let plan = together_plan(w, visitor, practices, above, ids)?;
    if plan.token() != shown {
        let message = Message::new("family-changed").arg("number", above.number());
        return Err(Error::refused(message));
    }
    let carried: Vec<Record> = plan.carried().cloned().collect();
    let ended = carried.len();
    let ending = Ending {
        code: &code,
        text: &command.text,
        by: Some(visitor.id),
    };
    let with = Children::With(practices, shown.to_owned());
    end_with(w, ctx, above, &ending, carried, &with)?;
    Ok(ended)
}
