//! Action items as the journal's verification sees them.

use super::item::{self, RECORDS, VERIFIED_BY};
use super::store;
use crate::journal::Value;
use crate::records::verify::{Detail, DetailValue};

/// Every field of action items' own rows.
pub const DETAIL: Detail = Detail {
    fields: &[
        "action_kind",
        "action_verification",
        "action_seen",
        "action_due_at",
        "action_done_at",
        "action_verified_at",
        "action_asked_at",
        "action_reminded_at",
        "action_postmortem",
        "action_carrier",
        "action_recurrence_of",
        VERIFIED_BY,
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        for one in store::items_by_ids(conn, ids)? {
            let id = one.record_id;
            let fields = item::plain(&one).into_iter();
            out.extend(fields.map(|(field, value)| (id, field, value)));
            for (field, of) in RECORDS {
                let other = of(&one).map(|id| (id.uuid(), String::new()));
                out.push((id, field, Value::reference(other)));
            }
            let by = one.verified_by_id.map(|id| (id.uuid(), String::new()));
            out.push((id, VERIFIED_BY, Value::reference(by)));
        }
        Ok(out)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;
    use crate::postmortems::item::ActionItem;
    use crate::postmortems::rules::actions::ActionKind;

    #[test]
    fn every_field_that_is_written_is_compared() {
        let one = ActionItem::new(Id::nil(), Id::nil(), ActionKind::Prevent);
        for (field, _) in item::plain(&one) {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
        for (field, _) in RECORDS {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
    }
}
