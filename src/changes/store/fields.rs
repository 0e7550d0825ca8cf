//! Settings of changes as the journal names their fields.

use crate::changes::model::{FreezeRow, Maintenance, Template};
use crate::changes::rules::plan::Rollout;
use crate::journal::Value;

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

/// A version of a template, field by field.
pub fn template_fields(t: &Template, services: Value, items: Value) -> Vec<(&'static str, Value)> {
    let rollout = match t.rollout {
        Rollout::AtOnce => Value::Nothing,
        rollout => Value::word(rollout.word()),
    };
    vec![
        ("name", Value::text(&t.name)),
        ("template_version", Value::Number(t.version.into())),
        ("environment", word(&t.environment)),
        ("rollout", rollout),
        ("observe_minutes", count(t.observe_minutes)),
        ("implementation_plan", Value::text(&t.implementation_plan)),
        ("test_plan", Value::text(&t.test_plan)),
        ("backout_plan", Value::text(&t.backout_plan)),
        ("backout_minutes", count(t.backout_minutes)),
        ("backout_rehearsed", Value::Flag(t.backout_rehearsed)),
        ("risk_reach", word(&t.risk_reach)),
        ("risk_reversible", word(&t.risk_reversible)),
        ("risk_done_before", word(&t.risk_done_before)),
        ("risk_steps", word(&t.risk_steps)),
        ("change_services", services),
        ("change_items", items),
        ("risk", Value::word(t.risk.word())),
        ("authorised", Value::Flag(t.authorised_at.is_some())),
        ("withdrawn", Value::Flag(t.withdrawn_at.is_some())),
    ]
}

/// A freeze, field by field.
pub fn freeze_fields(row: &FreezeRow, services: Value, teams: Value) -> Vec<(&'static str, Value)> {
    vec![
        ("name", Value::text(&row.name)),
        ("freeze_reason", Value::text(&row.reason)),
        ("starts_at", Value::At(row.starts_at)),
        ("ends_at", Value::At(row.ends_at)),
        ("freeze_services", services),
        ("freeze_teams", teams),
        ("freeze_environments", word(&row.environments)),
        ("freeze_types", word(&row.types)),
        ("disabled", Value::Flag(row.disabled_at.is_some())),
    ]
}

/// A maintenance window, field by field.
pub fn maintenance_fields(row: &Maintenance, service: String) -> Vec<(&'static str, Value)> {
    vec![
        ("name", Value::text(&row.name)),
        (
            "service",
            Value::reference(row.service_id.map(|id| (id.uuid(), service))),
        ),
        ("environment", word(&row.environment)),
        ("zone", word(&row.zone)),
        ("maintenance_days", Value::Number(row.days.into())),
        ("maintenance_opens", Value::Number(row.opens.into())),
        ("maintenance_minutes", Value::Number(row.minutes.into())),
        ("disabled", Value::Flag(row.disabled_at.is_some())),
    ]
}
