//! What follows for action items from elsewhere: the end of the record that carries one asks for its
//! verification and never completes it; and whoever has one is reminded of the day it is due.

use super::items::{FoundItem, item_of, write_item};
use super::tell;
use crate::people::{self, Person};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::postmortems::item::ActionItem;
use crate::postmortems::rules::actions::{Asked, on_carriers_end, reminder_due};
use crate::postmortems::store;
use crate::records::{self, Record};

/// A record ended: the owner of each action it carries is asked once whether it is done and helps, or,
/// where it did not end well, who does it now.
pub fn carrier_ended(
    w: &mut Write<'_>,
    ctx: &Ctx,
    carrier: Id<Record>,
    ended_well: bool,
) -> Result<()> {
    for record in store::carried_by(w, carrier)? {
        let Some(found) = item_of(w, record)? else {
            continue;
        };
        let record = found.record.clone();
        match on_carriers_end(&record.state, ended_well) {
            Some(Asked::Verify) if found.of.asked_at.is_none() => {
                let after = ActionItem {
                    asked_at: Some(ctx.now),
                    ..found.of.clone()
                };
                let record = write_item(w, ctx, &found, record, &after, "verification_asked")?;
                ask(w, ctx, &record, "notice-action-verify")?;
            }
            Some(Asked::CarryOtherwise) => {
                let after = ActionItem {
                    carrier_id: None,
                    asked_at: None,
                    ..found.of.clone()
                };
                let record = write_item(w, ctx, &found, record, &after, "carrier_lost")?;
                ask(w, ctx, &record, "notice-action-carrier-lost")?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What ended goes on: nothing is asked until it ends again.
pub fn carrier_reopened(w: &mut Write<'_>, ctx: &Ctx, carrier: Id<Record>) -> Result<()> {
    for record in store::carried_by(w, carrier)? {
        let Some(found) = item_of(w, record)? else {
            continue;
        };
        if found.record.is_open && found.of.asked_at.is_some() {
            let after = ActionItem {
                asked_at: None,
                ..found.of.clone()
            };
            let record = found.record.clone();
            write_item(w, ctx, &found, record, &after, "carrier_reopened")?;
        }
    }
    Ok(())
}

/// Whoever is to do something: the owner, or without one the team.
fn those_who_have(conn: &mut Db, record: &Record) -> Result<Vec<Id<Person>>> {
    Ok(match (record.assignee_id, record.team_id) {
        (Some(owner), _) => vec![owner],
        (None, Some(team)) => {
            let members = people::members_of(conn, team)?;
            members.into_iter().map(|member| member.id).collect()
        }
        (None, None) => Vec::new(),
    })
}

/// Tells whoever has it; the desk asks, whoever brought it about.
pub(super) fn ask(w: &mut Write<'_>, ctx: &Ctx, record: &Record, said: &'static str) -> Result<()> {
    let who = those_who_have(w, record)?;
    let desk = Ctx::system(ctx.now, ctx.door);
    tell(w, &desk, record, who, said)
}

/// The action items whose owner is to be reminded now.
pub fn items_to_remind(conn: &mut Db, now: Utc, limit: i64) -> Result<Vec<Record>> {
    let ids = store::items_to_remind(conn, now, limit)?;
    records::find_by_ids(conn, &ids)
}

/// Reminds whoever has it: three days before it is due, on the day, and each week it is late.
pub fn remind_of_item(w: &mut Write<'_>, ctx: &Ctx, record: Record) -> Result<()> {
    let Some(found) = item_of(w, record)? else {
        return Ok(());
    };
    let FoundItem { record, of } = &found;
    let Some(due) = of.due_at else {
        return Ok(());
    };
    let Some(reminded) = reminder_due(due, of.reminded_at, ctx.now) else {
        return Ok(());
    };
    let after = ActionItem {
        reminded_at: Some(reminded),
        ..of.clone()
    };
    let said = match reminded {
        at if at < due => "notice-action-due-soon",
        at if at == due => "notice-action-due",
        _ => "notice-action-overdue",
    };
    let record = write_item(w, ctx, &found, record.clone(), &after, "reminded")?;
    ask(w, ctx, &record, said)
}
