//! When a task of a change may be done: once the work has begun, while nobody refused it, and each step of
//! a step-wise roll-out in its turn.

use time::Duration;

use crate::changes::model::Change;
use crate::changes::rules::emergency::Standing;
use crate::changes::rules::plan::Rollout;
use crate::changes::rules::rollout::{NotYet, Step, step_by_step};
use crate::changes::store;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Record};
use crate::tasks::{self, TaskState};

/// In microseconds.
const MINUTE: i64 = 60_000_000;

/// Refuses that a task is done whose change's work has not begun, or whose authority was refused, until
/// it is decided what becomes of the work; and a step of a step-wise roll-out before its turn.
pub fn task_may_go_on(conn: &mut Db, record: Id<Record>, now: Utc) -> Result<()> {
    let Some(change) = store::find_row(conn, record)? else {
        return Ok(());
    };
    let record = records::find_by_id(conn, record)?;
    if !["implementing", "review"].contains(&record.state.as_str()) {
        return Err(Error::refused(
            Message::new("change-tasks-not-yet").arg("number", record.number()),
        ));
    }
    if change.standing == Standing::Refused && change.verdict.is_empty() {
        return Err(Error::refused("change-tasks-stand-still"));
    }
    // What is done in review makes up for what was left, or takes it back.
    match change.rollout {
        Rollout::StepWise if record.state == "implementing" => in_turn(conn, &change, now),
        _ => Ok(()),
    }
}

fn in_turn(conn: &mut Db, change: &Change, now: Utc) -> Result<()> {
    let tasks = tasks::list_of(conn, change.record_id.cast())?.into_iter();
    let mut tasks: Vec<_> = tasks.map(|seen| seen.task).collect();
    tasks.sort_by_key(|task| task.place);
    let steps = tasks.iter().map(|task| match (task.state, task.ended_at) {
        (TaskState::Done, Some(at)) => Step::Done(at),
        (TaskState::Open, _) => Step::Open,
        _ => Step::Skipped,
    });
    let steps: Vec<Step> = steps.collect();
    let watched = Duration::minutes(change.observe_minutes.into());
    step_by_step(&steps, watched, now).map_err(|why| match why {
        NotYet::OutOfOrder => Error::refused("change-step-out-of-order"),
        NotYet::Watched(until) => {
            // Rounded up: a minute early is refused again.
            let left = until.micros() - now.micros();
            let minutes = (left + MINUTE - 1) / MINUTE;
            Error::refused(Message::new("change-step-watched").arg("minutes", minutes))
        }
    })
}
