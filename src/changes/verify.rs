//! Changes and their settings as the journal's verification sees them.

use diesel::prelude::*;
use uuid::Uuid;

use super::labels::{self, PEOPLE};
use super::model::{FreezeRow, Maintenance, Template};
use super::store;
use crate::items::Item;
use crate::journal::Value;
use crate::journal::verify::{Fields, Rows, Standing};
use crate::platform::db::Id;
use crate::records::Record;
use crate::records::verify::{Detail, DetailValue};
use crate::schema::{
    change_items, change_services, change_templates, freezes, maintenance_windows,
};
use crate::services::Service;

/// Every field of a change's own row.
pub const DETAIL: Detail = Detail {
    fields: &[
        "change_type",
        "change_mode",
        "environment",
        "window_starts_at",
        "window_ends_at",
        "outage_minutes",
        "rollout",
        "observe_minutes",
        "implementation_plan",
        "test_plan",
        "backout_plan",
        "backout_minutes",
        "backout_rehearsed",
        "risk_reach",
        "risk_reversible",
        "risk_done_before",
        "risk_steps",
        "risk",
        "risk_points",
        "risk_reasons",
        "revision",
        "actual_starts_at",
        "actual_ends_at",
        "outcome",
        "outcome_text",
        "review_due_at",
        "review_text",
        "reviewed_at",
        "authority_standing",
        "authority_at",
        "authority_how",
        "confirm_by",
        "verdict",
        "verdict_text",
        "implementer",
        "verifier",
        "authority",
        "change_template",
        "change_services",
        "change_items",
        "deviations",
        "freeze_passes",
        "bounds_starts_at",
        "bounds_ends_at",
        "expected_ends_at",
        "overran_at",
        "change_parties",
        "change_remarks",
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        for change in store::find_many(conn, ids)? {
            let id = change.record_id;
            out.extend(labels::plain(&change).into_iter().map(|(f, v)| (id, f, v)));
            for (field, of) in PEOPLE {
                let person = of(&change).map(|id| (id.uuid(), String::new()));
                out.push((id, field, Value::reference(person)));
            }
            let template = change.template_id.map(|id| (id.uuid(), String::new()));
            out.push((id, "change_template", Value::reference(template)));
        }
        let services: Vec<(Id<Record>, Id<Service>)> = change_services::table
            .filter(change_services::record_id.eq_any(ids))
            .order((change_services::record_id, change_services::service_id))
            .select((change_services::record_id, change_services::service_id))
            .load(conn)?;
        out.extend(lists("change_services", services));
        let items: Vec<(Id<Record>, Id<Item>)> = change_items::table
            .filter(change_items::record_id.eq_any(ids))
            .order((change_items::record_id, change_items::item_id))
            .select((change_items::record_id, change_items::item_id))
            .load(conn)?;
        out.extend(lists("change_items", items));
        let passes = store::passes_of_many(conn, ids)?;
        for of in passes.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = store::passes_as_value(of, String::new());
            out.extend(
                of.first()
                    .map(|pass| (pass.record_id, "freeze_passes", value)),
            );
        }
        let parties = store::kept_parties_of(conn, ids)?;
        for of in parties.chunk_by(|a, b| a.0 == b.0) {
            let rows: Vec<(String, bool)> = of.iter().map(|(_, p, a)| (p.clone(), *a)).collect();
            let value = store::parties_as_value(&rows, String::new());
            out.extend(of.first().map(|row| (row.0, "change_parties", value)));
        }
        let remarks = store::remarks_of_many(conn, ids)?;
        for of in remarks.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = store::remarks_as_value(of);
            out.extend(
                of.first()
                    .map(|row| (row.record_id, "change_remarks", value)),
            );
        }
        Ok(out)
    },
};

fn lists<T>(field: &'static str, rows: Vec<(Id<Record>, Id<T>)>) -> Vec<DetailValue> {
    rows.chunk_by(|a, b| a.0 == b.0)
        .filter_map(|rows| {
            let ids: Vec<Id<T>> = rows.iter().map(|(_, id)| *id).collect();
            let (record, _) = rows.first()?;
            Some((*record, field, labels::list(&ids, &[])))
        })
        .collect()
}

fn called(kind: &str, fields: &Fields) -> Option<String> {
    Some(format!("{kind} {}", fields.get("name")?.shown()))
}

macro_rules! after {
    ($table:ident, $row:ty) => {
        |conn, after, limit| {
            let after = Id::<$row>::from_uuid(after.unwrap_or(Uuid::nil()));
            let ids: Vec<Id<$row>> = $table::table
                .filter($table::id.gt(after))
                .order($table::id)
                .limit(limit)
                .select($table::id)
                .load(conn)?;
            Ok(ids.into_iter().map(Id::uuid).collect())
        }
    };
}

fn standing<T>(id: Id<T>, kind: &str, name: &str, fields: Vec<(&'static str, Value)>) -> Standing {
    Standing {
        id: id.uuid(),
        name: format!("{kind} {name}"),
        head: None,
        must_have_facts: true,
        fields,
    }
}

/// A list of ids of a row, without names.
fn ids(list: &str) -> Value {
    match list {
        "" => Value::Nothing,
        list => Value::Code(list.to_owned(), String::new()),
    }
}

pub const FREEZES: Rows = Rows {
    kind: "freeze",
    fields: &[
        "name",
        "freeze_reason",
        "starts_at",
        "ends_at",
        "freeze_services",
        "freeze_teams",
        "freeze_environments",
        "freeze_types",
        "disabled",
    ],
    added: "freeze.added",
    after: after!(freezes, FreezeRow),
    standings: |conn, all| {
        let all = all.iter().map(|id| Id::<FreezeRow>::from_uuid(*id));
        let rows: Vec<FreezeRow> = freezes::table
            .filter(freezes::id.eq_any(all))
            .select(FreezeRow::as_select())
            .load(conn)?;
        let standing = |row: FreezeRow| {
            let fields = store::freeze_fields(&row, ids(&row.services), ids(&row.teams));
            standing(row.id, "freeze", &row.name, fields)
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("freeze", fields),
};

pub const MAINTENANCE: Rows = Rows {
    kind: "maintenance_window",
    fields: &[
        "name",
        "service",
        "environment",
        "zone",
        "maintenance_days",
        "maintenance_opens",
        "maintenance_minutes",
        "disabled",
    ],
    added: "maintenance_window.added",
    after: after!(maintenance_windows, Maintenance),
    standings: |conn, all| {
        let all = all.iter().map(|id| Id::<Maintenance>::from_uuid(*id));
        let rows: Vec<Maintenance> = maintenance_windows::table
            .filter(maintenance_windows::id.eq_any(all))
            .select(Maintenance::as_select())
            .load(conn)?;
        let standing = |row: Maintenance| {
            let fields = store::maintenance_fields(&row, String::new());
            standing(row.id, "maintenance window", &row.name, fields)
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("maintenance window", fields),
};

pub const TEMPLATES: Rows = Rows {
    kind: "change_template",
    fields: &[
        "name",
        "template_version",
        "environment",
        "rollout",
        "observe_minutes",
        "implementation_plan",
        "test_plan",
        "backout_plan",
        "backout_minutes",
        "backout_rehearsed",
        "risk_reach",
        "risk_reversible",
        "risk_done_before",
        "risk_steps",
        "change_services",
        "change_items",
        "risk",
        "authorised",
        "withdrawn",
    ],
    added: "change_template.proposed",
    after: after!(change_templates, Template),
    standings: |conn, all| {
        let all = all.iter().map(|id| Id::<Template>::from_uuid(*id));
        let rows: Vec<Template> = change_templates::table
            .filter(change_templates::id.eq_any(all))
            .select(Template::as_select())
            .load(conn)?;
        let standing = |row: Template| {
            let fields = store::template_fields(&row, ids(&row.services), ids(&row.items));
            standing(row.id, "standard change", &row.name, fields)
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("standard change", fields),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::model::Change;

    #[test]
    fn every_field_that_is_written_is_compared() {
        let written = labels::plain(&Change::blank(Id::nil()));
        for (field, _) in written {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
        for (field, _) in PEOPLE {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
    }
}
