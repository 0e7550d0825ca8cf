//! The verbs of changes. Each finds the change through the person, asks the policy, the table of its
//! type and its authority, and writes what follows with one fact.

mod carry_out;
mod case;
mod clashes;
mod content;
mod emergency;
mod freezes;
mod gate;
mod maintenance;
mod overrun;
mod parties;
mod plan;
mod policy;
mod promises;
mod templates;
mod turns;

pub use carry_out::{
    Ending, assess, close, contested, decided, deviate, finish, review, revise, schedule, start,
    submit,
};
pub use clashes::{clashes, maintenance_hours, outside_maintenance};
pub use emergency::{Authority, answer_authority, start_verbally, verdict, words_stand, write_up};
pub use freezes::{FreezeForm, add_freeze, agree_pass, ask_pass, edit_freeze, freeze_form};
pub use gate::{freeze, holding, stopping, touches_of};
pub use maintenance::{MaintenanceForm, add_maintenance, edit_maintenance, maintenance_form};
pub use overrun::{changes_overrunning, expect_end, overran};
pub use parties::{
    answer_remark, ask_authority, edit_parties, is_party, is_undecided, parties, party_name,
    remark, tell_implementer, tell_of_freeze, tell_parties,
};
pub use plan::{Raise, as_planned, as_raised, edit_plan, plan_form, raise, said_otherwise};
pub use policy::{PolicyForm, edit_policy, policy_form};
pub use templates::{authorise_template, may_authorise, propose_template, withdraw_template};
pub use turns::task_may_go_on;

use super::labels::{self, Scope};
use super::model::Change;
use super::rules::life::PRACTICE;
use super::rules::steps::{self, Act};
use super::store;
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Kind, Number, Record, Verb};

/// A change with all that is its own.
#[derive(Debug, Clone)]
pub struct Found {
    pub record: Record,
    pub change: Change,
    pub scope: Scope,
}

/// A change, found through the person.
pub fn found(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Found> {
    if number.kind != Kind::Change {
        return Err(Error::NotFound);
    }
    let record = records::find_visible(conn, visitor, number)?;
    of_record(conn, record)
}

/// What is its own of a record that was found.
pub fn of_record(conn: &mut Db, record: Record) -> Result<Found> {
    Ok(Found {
        change: store::find(conn, record.id)?,
        scope: store::scope_of(conn, record.id)?,
        record,
    })
}

fn not_from(found: &Found) -> Error {
    Error::refused(
        Message::new("move-not-possible")
            .arg("number", found.record.number())
            .arg("state", &found.record.state),
    )
}

/// Where an act leads this change; refused where its type does not go there.
fn leads(found: &Found, act: Act) -> Result<&'static str> {
    steps::leads(act, found.change.change_type, &found.record.state).ok_or_else(|| not_from(found))
}

/// Moves a change by an act, with everything else that is new about it.
fn go(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    act: Act,
    after: &Change,
    what: &str,
) -> Result<Record> {
    go_saying(w, ctx, found, act, after, what, Vec::new())
}

/// [`go`], saying more.
fn go_saying(
    w: &mut Write<'_>,
    ctx: &Ctx,
    found: &Found,
    act: Act,
    after: &Change,
    what: &str,
    extra: Vec<Said>,
) -> Result<Record> {
    let to = leads(found, act)?;
    let verb = match act {
        Act::Reject => Verb::Reject,
        Act::Close => Verb::Close,
        _ => Verb::Advance,
    };
    let record = records::actions::moved(w, &PRACTICE, &found.record, verb, to, ctx.now)?;
    write(w, ctx, found, record, after, &found.scope, what, extra)
}

/// Writes a change as it is now.
#[allow(clippy::too_many_arguments)] // a before, an after, and what it is called
fn write(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Found,
    record: Record,
    change: &Change,
    scope: &Scope,
    what: &str,
    extra: Vec<Said>,
) -> Result<Record> {
    let known = store::find_row(w, before.record.id)?;
    let was = known.as_ref().map(|change| (change, &before.scope));
    let mut said = labels::changes(w, was, (change, scope))?;
    said.extend(extra);
    store::put(w, change)?;
    if before.scope != *scope {
        store::put_scope(w, before.record.id, scope)?;
    }
    let fact = records::actions::fact(Kind::Change, what);
    records::save(w, ctx, &before.record, record, fact, said)
}

/// The others in whose way a change has come since: each says so in its own journal, and whoever
/// implements it is told. One that stands in no calendar is in nobody's way.
fn tell_others(w: &mut Write<'_>, ctx: &Ctx, before: &[Id<Record>], after: &Found) -> Result<()> {
    if !store::LIVE.contains(&after.record.state.as_str()) {
        return Ok(());
    }
    for id in clashes::in_the_way(w, after)? {
        if before.contains(&id) {
            continue;
        }
        let other = records::find_by_id(w, id)?;
        let said = vec![Said::set("change_conflicts", Value::Number(1))];
        let fact = records::actions::fact(Kind::Change, "conflict_found");
        records::save(w, ctx, &other, other.clone(), fact, said)?;
    }
    Ok(())
}
