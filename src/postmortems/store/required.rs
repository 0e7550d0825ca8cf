//! The rules that ask for post-mortems, and the incidents they are counted over.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::incidents::{self, Which};
use crate::journal::Value;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::postmortems::model::RuleRow;
use crate::postmortems::rules::required::Resolved;
use crate::records::{Kind, Record};
use crate::schema::{postmortem_rules, records};
use crate::services::{Category, Service};

/// The rules that hold, in their order.
pub fn list_rules(conn: &mut Db) -> Result<Vec<RuleRow>> {
    Ok(postmortem_rules::table
        .filter(postmortem_rules::removed_at.is_null())
        .order((postmortem_rules::position, postmortem_rules::id))
        .select(RuleRow::as_select())
        .load(conn)?)
}

/// Rules by id, those that were taken away too.
pub fn rules_by_ids(conn: &mut Db, ids: &[Uuid]) -> Result<Vec<RuleRow>> {
    let ids: Vec<Id<RuleRow>> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
    Ok(postmortem_rules::table
        .filter(postmortem_rules::id.eq_any(ids))
        .select(RuleRow::as_select())
        .load(conn)?)
}

pub fn insert_rule(conn: &mut Db, rule: &RuleRow) -> Result<()> {
    diesel::insert_into(postmortem_rules::table)
        .values(rule)
        .execute(conn)?;
    Ok(())
}

pub fn update_rule(conn: &mut Db, id: Id<RuleRow>, removed_at: Utc) -> Result<()> {
    diesel::update(postmortem_rules::table.find(id))
        .set(postmortem_rules::removed_at.eq(removed_at))
        .execute(conn)?;
    Ok(())
}

/// A rule as the journal says it, with the names of its service and its category.
pub fn rule_fields(row: &RuleRow, names: [String; 2]) -> Vec<(&'static str, Value)> {
    let flag = |up: bool| match up {
        true => Value::Flag(true),
        false => Value::Nothing,
    };
    let number = |n: Option<i64>| n.map_or(Value::Nothing, Value::Number);
    let [service, category] = names;
    vec![
        ("rule_major", flag(row.major)),
        ("rule_priority", number(row.priority.map(i64::from))),
        (
            "service",
            Value::reference(row.service_id.map(|id| (id.uuid(), service))),
        ),
        (
            "category",
            Value::reference(row.category_id.map(|id| (id.uuid(), category))),
        ),
        ("rule_impact_minutes", number(row.impact_minutes)),
        ("removed", flag(row.removed_at.is_some())),
    ]
}

/// The incidents resolved since an instant, as the rules see them.
pub fn resolved_since(conn: &mut Db, since: Utc) -> Result<Vec<Resolved>> {
    type Row = (
        Id<Record>,
        bool,
        i32,
        Option<Id<Service>>,
        Option<Id<Category>>,
        Utc,
        Option<Utc>,
    );
    let rows: Vec<Row> = records::table
        .filter(records::kind.eq(Kind::Incident))
        .filter(records::state.eq_any(["resolved", "closed"]))
        .filter(records::resolved_at.ge(since))
        .select((
            records::id,
            records::is_major,
            records::priority,
            records::service_id,
            records::category_id,
            records::reported_at,
            records::resolved_at,
        ))
        .load(conn)?;
    let mut said: HashMap<(Id<Record>, Which), Utc> = HashMap::new();
    for instant in incidents::instants_since(conn, since)? {
        if let Some(at) = instant.at {
            said.insert((instant.record_id, instant.which), at);
        }
    }
    let one = |(id, is_major, priority, service, category, reported, resolved): Row| {
        let began = said.get(&(id, Which::ImpactBegan)).copied();
        let over = said.get(&(id, Which::Mitigated)).copied().or(resolved);
        let hurt = over.map_or(0, |over| over.micros() - began.unwrap_or(reported).micros());
        Resolved {
            is_major,
            priority,
            service,
            category,
            impact_minutes: hurt / 60_000_000,
            is_imported: false,
            has_one: false,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
