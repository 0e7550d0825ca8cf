//! What `andon verify` compares of instants and major incidents: each field of their rows, and the
//! two marks on the spine's row that spare its readers a question.

use std::collections::HashSet;

use diesel::prelude::*;

use super::store;
use crate::journal::Value;
use crate::platform::db::Id;
use crate::records::Record;
use crate::records::verify::{Detail, DetailValue};
use crate::schema::records;

/// The instants of incidents.
pub const INSTANTS: Detail = Detail {
    fields: &[
        "impact_began_at",
        "impact_began_source",
        "impact_began_note",
        "impact_began_by",
        "impact_began_set_at",
        "detected_at",
        "detected_source",
        "detected_note",
        "detected_by",
        "detected_set_at",
        "acknowledged_at",
        "acknowledged_source",
        "acknowledged_note",
        "acknowledged_by",
        "acknowledged_set_at",
        "mitigated_at",
        "mitigated_source",
        "mitigated_note",
        "mitigated_by",
        "mitigated_set_at",
        "instants",
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        let said = store::instants_of_many(conn, ids)?;
        for instant in &said {
            let names = instant.which.names();
            let id = instant.record_id;
            let source = instant.source.map(|s| Value::word(s.word()));
            let by = instant.by_id.map(|by| (by.uuid(), String::new()));
            out.extend([
                (id, names.at, Value::at(instant.at)),
                (id, names.source, source.unwrap_or(Value::Nothing)),
                (id, names.note, Value::text(&instant.note)),
                (id, names.by, Value::reference(by)),
                (id, names.set_at, Value::At(instant.set_at)),
            ]);
        }
        let have: HashSet<Id<Record>> = said.iter().map(|i| i.record_id).collect();
        let marked: Vec<Id<Record>> = records::table
            .filter(records::id.eq_any(ids))
            .filter(records::has_instants.eq(true))
            .select(records::id)
            .load(conn)?;
        let marked = marked.into_iter().collect();
        out.extend(mismatch("instants", &have, &marked));
        Ok(out)
    },
};

/// Major incidents.
pub const MAJORS: Detail = Detail {
    fields: &[
        "major",
        "major_reason",
        "major_lead",
        "major_next_update_at",
        "major_since",
        "major_row",
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        let rows = store::majors_of_many(conn, ids)?;
        for row in &rows {
            let id = row.record_id;
            out.extend([
                (id, "major_reason", Value::text(&row.reason)),
                (
                    id,
                    "major_lead",
                    Value::Ref(row.lead_id.uuid(), String::new()),
                ),
                (id, "major_next_update_at", Value::At(row.next_update_at)),
                (id, "major_since", Value::At(row.since)),
            ]);
        }
        let have: HashSet<Id<Record>> = rows.iter().map(|r| r.record_id).collect();
        let marked: Vec<Id<Record>> = records::table
            .filter(records::id.eq_any(ids))
            .filter(records::is_major.eq(true))
            .select(records::id)
            .load(conn)?;
        let marked: HashSet<Id<Record>> = marked.into_iter().collect();
        out.extend(marked.iter().map(|id| (*id, "major", Value::Flag(true))));
        out.extend(mismatch("major_row", &have, &marked));
        Ok(out)
    },
};

/// No fact speaks of the mark itself, so anything but nothing is a difference.
fn mismatch(
    field: &'static str,
    have: &HashSet<Id<Record>>,
    marked: &HashSet<Id<Record>>,
) -> Vec<DetailValue> {
    have.symmetric_difference(marked)
        .map(|id| {
            let said = if marked.contains(id) {
                "the record's mark, and no row"
            } else {
                "a row, and no mark on the record"
            };
            (*id, field, Value::word(said))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::model::Which;

    #[test]
    fn every_field_of_every_instant_is_compared() {
        for which in [
            Which::ImpactBegan,
            Which::Detected,
            Which::Acknowledged,
            Which::Mitigated,
        ] {
            let names = which.names();
            for name in [names.at, names.source, names.note, names.by, names.set_at] {
                assert!(INSTANTS.fields.contains(&name), "{name}");
                assert!(name.starts_with(which.word()), "{name}");
            }
        }
    }
}
