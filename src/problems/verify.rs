//! Problems, and the workarounds used on incidents, as the journal's verification sees them.

use super::labels;
use super::store;
use crate::records::verify::{Detail, DetailValue};

/// Every field of problems' own rows.
pub const DETAIL: Detail = Detail {
    fields: &[
        "workaround",
        "watched_days",
        "verify_until",
        "review_at",
        "factors",
        "known_error_version",
        "known_error_audience",
        "known_error_symptoms",
        "known_error_workaround",
        "known_error_retired",
        "known_error_reason",
        "workarounds",
    ],
    stands: |conn, ids| {
        let mut out: Vec<DetailValue> = Vec::new();
        for problem in store::find_many(conn, ids)? {
            let id = problem.record_id;
            let fields = labels::plain(&problem).into_iter();
            out.extend(fields.map(|(field, value)| (id, field, value)));
        }
        for (known, version) in store::known_errors_of(conn, ids)? {
            let fields = labels::known_error(&known, &version).into_iter();
            out.extend(fields.map(|(field, value)| (known.problem_id, field, value)));
        }
        let factors = store::factors_of_many(conn, ids)?;
        for of in factors.chunk_by(|a, b| a.record_id == b.record_id) {
            let value = labels::factors(of);
            out.extend(of.first().map(|one| (one.record_id, "factors", value)));
        }
        let offers = store::offers_of_many(conn, ids)?;
        for of in offers.chunk_by(|a, b| a.incident_id == b.incident_id) {
            let value = labels::workarounds(of, String::new());
            out.extend(
                of.first()
                    .map(|one| (one.incident_id, "workarounds", value)),
            );
        }
        Ok(out)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;
    use crate::problems::model::Problem;

    #[test]
    fn every_field_that_is_written_is_compared() {
        for (field, _) in labels::plain(&Problem::blank(Id::nil())) {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
        for field in labels::KNOWN_ERROR {
            assert!(DETAIL.fields.contains(&field), "{field}");
        }
    }
}
