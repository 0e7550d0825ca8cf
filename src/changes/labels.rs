//! What a change of a plan is called in the journal.

use super::model::Change;
use super::rules::emergency::Standing;
use super::rules::plan::Rollout;
use super::store;
use crate::items::Item;
use crate::journal::{Change as Said, Value};
use crate::people::{self, Person};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::services::{self, Service};

fn word(word: &str) -> Value {
    match word {
        "" => Value::Nothing,
        word => Value::word(word),
    }
}

fn count(n: i32) -> Value {
    match n {
        0 => Value::Nothing,
        n => Value::Number(n.into()),
    }
}

fn flag(up: bool) -> Value {
    match up {
        true => Value::Flag(true),
        false => Value::Nothing,
    }
}

/// Every plain field of a change's own row, by name. `verify` compares exactly these and the ones
/// below.
pub fn plain(c: &Change) -> [(&'static str, Value); 39] {
    let standing = match c.standing {
        Standing::None => Value::Nothing,
        standing => Value::word(standing.word()),
    };
    let rollout = match c.rollout {
        Rollout::AtOnce => Value::Nothing,
        rollout => Value::word(rollout.word()),
    };
    [
        ("change_type", Value::word(c.change_type.word())),
        ("change_mode", word(&c.mode)),
        ("environment", word(&c.environment)),
        ("window_starts_at", Value::at(c.window_starts_at)),
        ("window_ends_at", Value::at(c.window_ends_at)),
        ("outage_minutes", count(c.outage_minutes)),
        ("rollout", rollout),
        ("observe_minutes", count(c.observe_minutes)),
        ("implementation_plan", Value::text(&c.implementation_plan)),
        ("test_plan", Value::text(&c.test_plan)),
        ("backout_plan", Value::text(&c.backout_plan)),
        ("backout_minutes", count(c.backout_minutes)),
        ("backout_rehearsed", flag(c.backout_rehearsed)),
        ("risk_reach", word(&c.risk_reach)),
        ("risk_reversible", word(&c.risk_reversible)),
        ("risk_done_before", word(&c.risk_done_before)),
        ("risk_steps", word(&c.risk_steps)),
        ("risk", word(&c.risk)),
        ("risk_points", count(c.risk_points)),
        ("risk_reasons", word(&c.risk_reasons)),
        ("revision", Value::Number(c.revision.into())),
        ("actual_starts_at", Value::at(c.actual_starts_at)),
        ("actual_ends_at", Value::at(c.actual_ends_at)),
        ("outcome", word(&c.outcome)),
        ("outcome_text", Value::text(&c.outcome_text)),
        ("review_due_at", Value::at(c.review_due_at)),
        ("review_text", Value::text(&c.review_text)),
        ("reviewed_at", Value::at(c.reviewed_at)),
        ("authority_standing", standing),
        ("authority_at", Value::at(c.authority_at)),
        ("authority_how", Value::text(&c.authority_how)),
        ("confirm_by", Value::at(c.confirm_by)),
        ("verdict", word(&c.verdict)),
        ("verdict_text", Value::text(&c.verdict_text)),
        ("deviations", Value::text(&c.deviations)),
        ("bounds_starts_at", Value::at(c.bounds_starts_at)),
        ("bounds_ends_at", Value::at(c.bounds_ends_at)),
        ("expected_ends_at", Value::at(c.expected_ends_at)),
        ("overran_at", Value::at(c.overran_at)),
    ]
}

type PersonOf = fn(&Change) -> Option<Id<Person>>;

/// The people of a change.
pub const PEOPLE: [(&str, PersonOf); 3] = [
    ("implementer", |c| c.implementer_id),
    ("verifier", |c| c.verifier_id),
    ("authority", |c| c.authority_id),
];

/// What a change touches, in the order of the ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub services: Vec<Id<Service>>,
    pub items: Vec<Id<Item>>,
}

/// A list of ids as one value.
pub fn list<T>(ids: &[Id<T>], names: &[String]) -> Value {
    if ids.is_empty() {
        return Value::Nothing;
    }
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Value::Code(ids.join(","), names.join(", "))
}

/// Every field that differs between two versions of a change; none was there before a new one.
pub fn changes(
    conn: &mut Db,
    before: Option<(&Change, &Scope)>,
    after: (&Change, &Scope),
) -> Result<Vec<Said>> {
    let (change, scope) = after;
    let mut out = Vec::new();
    let was = before.map(|(c, _)| plain(c));
    for (n, (field, is)) in plain(change).into_iter().enumerate() {
        let was = was.as_ref().and_then(|all| all.get(n));
        let was = was.map_or(Value::Nothing, |(_, value)| value.clone());
        if was != is {
            out.push(Said::new(field, was, is));
        }
    }
    for (field, of) in PEOPLE {
        let (was, is) = (before.and_then(|(c, _)| of(c)), of(change));
        if was != is {
            let (was, is) = (person(conn, was)?, person(conn, is)?);
            out.push(Said::new(field, was, is));
        }
    }
    let template = |c: &Change| c.template_id;
    let (was, is) = (before.and_then(|(c, _)| template(c)), template(change));
    if was != is {
        let mut named = |id: Option<_>| -> Result<Value> {
            id.map_or(Ok(Value::Nothing), |id| {
                let template = store::find_template(conn, id)?;
                Ok(Value::Ref(id.uuid(), template.name))
            })
        };
        out.push(Said::new("change_template", named(was)?, named(is)?));
    }
    let nowhere = Scope::default();
    let former = before.map_or(&nowhere, |(_, scope)| scope);
    if former.services != scope.services {
        let was = services_value(conn, &former.services)?;
        out.push(Said::new(
            "change_services",
            was,
            services_value(conn, &scope.services)?,
        ));
    }
    if former.items != scope.items {
        let was = items_value(conn, &former.items)?;
        out.push(Said::new(
            "change_items",
            was,
            items_value(conn, &scope.items)?,
        ));
    }
    Ok(out)
}

fn person(conn: &mut Db, id: Option<Id<Person>>) -> Result<Value> {
    id.map_or(Ok(Value::Nothing), |id| {
        Ok(Value::Ref(id.uuid(), people::find_person(conn, id)?.name))
    })
}

/// The services of a change as one value.
pub fn services_value(conn: &mut Db, ids: &[Id<Service>]) -> Result<Value> {
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        names.push(services::find_service(conn, *id)?.name);
    }
    Ok(list(ids, &names))
}

/// Its items.
pub fn items_value(conn: &mut Db, ids: &[Id<Item>]) -> Result<Value> {
    let found = store::items_by_ids(conn, ids)?;
    let names: Vec<String> = found.into_iter().map(|item| item.name).collect();
    Ok(list(ids, &names))
}
