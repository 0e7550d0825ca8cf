//! What time does to rounds: those that were not decided in time end, and whoever has not answered is
//! reminded before the window. Never is anything approved by it.

use super::Acting;
use super::append::{reminder, settle};
use super::tell::{self, Said};
use crate::approvals::model::Round;
use crate::approvals::rules::{Cast, Phase};
use crate::approvals::store::rounds;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records;

/// Rounds for which time has come.
pub fn rounds_due(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Id<Round>>> {
    rounds::due(conn, now, limit)
}

/// Looks at a round because time has passed.
pub fn wake(w: &mut Write<'_>, ctx: &Ctx, id: Id<Round>) -> Result<()> {
    let round = rounds::find(w, id)?;
    let record = records::find_by_id(w, round.row.record_id)?;
    let standing = round.standing(ctx.now);
    let mut acting = Acting { record, round };
    let due = reminder(&acting.round, &standing).is_some_and(|at| at <= ctx.now);
    if due && standing.decision.is_none() && acting.round.row.reminded_at.is_none() {
        let open = standing.stages.iter().filter(|s| s.phase == Phase::Open);
        let waiting = open
            .flat_map(|s| &s.seats)
            .filter(|(_, cast)| *cast == Cast::Waiting);
        let mut waiting: Vec<_> = waiting.map(|(person, _)| *person).collect();
        waiting.dedup();
        tell::tell(w, ctx, acting.record.id, Said::Reminded, &waiting)?;
        acting.round.row.reminded_at = Some(ctx.now);
    }
    let events = acting.round.row.events;
    settle(w, ctx, acting, &standing, events).map(drop)
}
