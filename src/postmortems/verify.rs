//! Post-mortems as the journal's verification sees them, and the rules that ask for them.

use diesel::prelude::*;
use uuid::Uuid;

use super::labels::{self, PEOPLE};
use super::model::RuleRow;
use super::store;
use crate::journal::Value;
use crate::journal::verify::{Rows, Seed, Standing};
use crate::platform::db::Id;
use crate::records::verify::{Detail, DetailValue};
use crate::schema::postmortem_rules;

/// Every field of post-mortems' own rows.
pub const DETAIL: Detail = Detail {
    fields: &[
        "postmortem_due_at",
        "meeting_at",
        "meeting_place",
        "facts_version",
        "no_action_reason",
        "required_by",
        "edition",
        "overdue_told_at",
        "facilitator",
        "reviewer",
        "section_summary",
        "section_impact",
        "section_what_happened",
        "section_surprise",
        "section_went_well",
        "section_did_not_go_well",
        "section_luck",
        "section_detection",
        "section_questions",
        "section_outside",
        "postmortem_incidents",
        "participants",
        "annotations",
        "postmortem_instants",
        "dismissals",
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        let found = store::find_many(conn, ids)?;
        let ids: Vec<_> = found.iter().map(|one| one.record_id).collect();
        if ids.is_empty() {
            return Ok(out);
        }
        for one in &found {
            let id = one.record_id;
            out.extend(labels::plain(one).into_iter().map(|(f, v)| (id, f, v)));
            for (field, of) in PEOPLE {
                let person = of(one).map(|id| (id.uuid(), String::new()));
                out.push((id, field, Value::reference(person)));
            }
        }
        for head in store::heads_of_many(conn, &ids)? {
            let field = labels::section(head.section);
            out.push((head.record_id, field, Value::text(&head.text)));
        }
        let incidents = store::incidents_of_many(conn, &ids)?;
        for of in incidents.chunk_by(|a, b| a.0 == b.0) {
            let all: Vec<_> = of.iter().map(|(_, incident)| *incident).collect();
            let value = labels::incidents(&all, &[]);
            out.extend(of.first().map(|row| (row.0, "postmortem_incidents", value)));
        }
        let people = store::participants_of_many(conn, &ids)?;
        for of in people.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = labels::participants(of, String::new());
            out.extend(of.first().map(|row| (row.record_id, "participants", value)));
        }
        let added = store::added_of_many(conn, &ids)?;
        for of in added.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = labels::annotations(of);
            out.extend(of.first().map(|row| (row.record_id, "annotations", value)));
        }
        let said = store::instants_of_many(conn, &ids)?;
        for of in said.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = labels::instants(of);
            let first = of.first();
            out.extend(first.map(|row| (row.record_id, "postmortem_instants", value)));
        }
        let dismissed = store::dismissals_of_many(conn, &ids)?;
        for of in dismissed.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = labels::dismissals(of);
            out.extend(of.first().map(|row| (row.record_id, "dismissals", value)));
        }
        Ok(out)
    },
};

/// The rules every desk begins with, as the migration writes them: asked of every major incident, and
/// of the first priority.
const SEEDS: [(u128, bool, Option<i32>, i32); 2] = [
    (0x0194_0000_0000_7000_8000_0000_0000_0b01, true, None, 1),
    (0x0194_0000_0000_7000_8000_0000_0000_0b02, false, Some(1), 2),
];

fn seeds() -> impl Iterator<Item = RuleRow> {
    SEEDS
        .into_iter()
        .map(|(id, major, priority, position)| RuleRow {
            id: Id::from_uuid(Uuid::from_u128(id)),
            position,
            major,
            priority,
            service_id: None,
            category_id: None,
            impact_minutes: None,
            version: 1,
            removed_at: None,
        })
}

pub const RULES: Rows = Rows {
    kind: "postmortem_rule",
    fields: &[
        "rule_major",
        "rule_priority",
        "service",
        "category",
        "rule_impact_minutes",
        "removed",
    ],
    added: "postmortem_rule.added",
    after: |conn, after, limit| {
        let from = after.unwrap_or(Uuid::nil());
        let ids: Vec<Id<RuleRow>> = postmortem_rules::table
            .filter(postmortem_rules::id.gt(Id::<RuleRow>::from_uuid(from)))
            .order(postmortem_rules::id)
            .limit(limit)
            .select(postmortem_rules::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: |conn, all| {
        let rows = store::rules_by_ids(conn, all)?;
        let standing = |row: RuleRow| Standing {
            id: row.id.uuid(),
            name: format!("post-mortem rule {}", row.position),
            head: None,
            must_have_facts: seeds().all(|seed| seed.id != row.id),
            fields: store::rule_fields(&row, [String::new(), String::new()]),
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |id| {
        let row = seeds().find(|row| row.id.uuid() == id)?;
        Some(Seed {
            name: format!("post-mortem rule {}", row.position),
            fields: store::rule_fields(&row, [String::new(), String::new()]),
        })
    },
    called: |_| Some("post-mortem rule".to_owned()),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postmortems::model::Postmortem;
    use crate::postmortems::rules::required::BY_DEFAULT;
    use crate::postmortems::rules::sections::Section;

    #[test]
    fn every_field_that_is_written_is_compared() {
        for (field, _) in labels::plain(&Postmortem::blank(Id::nil())) {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
        for section in Section::ALL {
            assert!(DETAIL.fields.contains(&labels::section(*section)));
        }
    }

    #[test]
    fn a_desk_begins_with_the_rules_of_the_book() {
        let rules: Vec<_> = seeds().map(|row| row.rule()).collect();
        assert_eq!(rules, BY_DEFAULT);
    }
}
