//! Tasks as the journal's verification sees them: what a record's facts tell of its tasks, and the
//! rows that stand there.

use std::collections::BTreeMap;

use super::model::{Task, TaskState};
use crate::journal::Value;
use crate::journal::verify::{Checked, Held, Mark, Report};
use crate::platform::db::Utc;

/// The tasks of one record as its facts leave them.
#[derive(Default)]
pub struct Told {
    tasks: BTreeMap<String, One>,
    /// Their ids in their places.
    order: Vec<String>,
}

struct One {
    title: Mark,
    who: Held,
    due_at: Held,
    blocking: Held,
    state: Held,
    reason: Held,
    created_at: Utc,
    ended_at: Option<Utc>,
}

impl Told {
    /// Takes the next fact of the record.
    pub fn tell(&mut self, fact: &Checked<'_>) {
        let Some(Held::Ref(id, label)) = fact.after("task") else {
            return;
        };
        let at = fact.fact.occurred_at;
        let task = self.tasks.entry(id.clone()).or_insert_with(|| {
            self.order.push(id.clone());
            One {
                title: label.clone(),
                who: Held::Nothing,
                due_at: Held::Nothing,
                blocking: Held::Nothing,
                state: Held::Nothing,
                reason: Held::Nothing,
                created_at: at,
                ended_at: None,
            }
        });
        if let Some(Held::Text(title)) = fact.after("task_title") {
            task.title = title.clone();
        }
        for (field, place) in [
            ("task_who", &mut task.who),
            ("task_due_at", &mut task.due_at),
            ("task_blocking", &mut task.blocking),
            ("task_state", &mut task.state),
            ("task_reason", &mut task.reason),
        ] {
            if let Some(change) = fact.change(field) {
                *place = change.after.clone();
            }
        }
        if fact.before("task_state").is_some() {
            task.ended_at = Some(at);
        }
        if let Some(Held::Number(place)) = fact.after("task_place") {
            let place = usize::try_from(*place).unwrap_or_default();
            self.order = super::rules::moved(&Vec::from_iter(&self.order), id, place)
                .into_iter()
                .cloned()
                .collect();
        }
    }

    /// Compares a row with what was told of it.
    pub fn compare(&mut self, record: &str, row: &Task, report: &mut Report<'_>) {
        let id = row.id.to_string();
        let Some(told) = self.tasks.remove(&id) else {
            let said = format!("task {id}: it stands there, but the journal has none");
            return report.differs(record, said);
        };
        let name = format!("{record} task {id}");
        report.compares_text(&name, "title", &told.title, &row.title);
        let who = row.holder().map(|who| (who.uuid(), String::new()));
        if row.team_id.is_some() && row.assignee_id.is_some() {
            report.differs(&name, "it is given to a team and to a person");
        }
        let place = self.order.iter().position(|other| *other == id);
        for (field, held, stands) in [
            ("who", &told.who, Value::reference(who)),
            ("due", &told.due_at, Value::at(row.due())),
            ("blocking", &told.blocking, Value::Flag(row.blocking)),
            ("state", &told.state, Value::word(row.state.word())),
            ("reason", &told.reason, Value::text(&row.reason)),
            (
                "place",
                &place.map_or(Held::Nothing, |at| Held::Number(at as i64 + 1)),
                Value::Number(row.place.into()),
            ),
            (
                "added",
                &at(Some(told.created_at)),
                Value::At(row.created_at),
            ),
            ("ended", &at(told.ended_at), Value::at(row.ended_at)),
        ] {
            report.compares(&name, field, held, &stands);
        }
        if (row.state == TaskState::Open) != row.ended_at.is_none() {
            report.differs(&name, "it is open and has ended, or neither");
        }
    }

    /// The ids of tasks that were told of and not compared.
    pub fn lost(self) -> impl Iterator<Item = String> {
        self.tasks.into_keys()
    }
}

fn at(at: Option<Utc>) -> Held {
    at.map_or(Held::Nothing, |at| Held::At(at.rfc3339_micros()))
}
