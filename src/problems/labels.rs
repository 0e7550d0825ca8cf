//! What problems keep in tables of their own, as the journal says it.

use super::model::{Factor, KnownError, Offered, Problem, Version};
use crate::journal::{Change as Said, Value};

/// Every field of a problem's own row, by name. `verify` compares exactly these and the ones below.
pub fn plain(problem: &Problem) -> [(&'static str, Value); 4] {
    let days = match problem.watched_days {
        0 => Value::Nothing,
        n => Value::Number(n.into()),
    };
    [
        ("workaround", Value::text(&problem.workaround)),
        ("watched_days", days),
        ("verify_until", Value::at(problem.verify_until)),
        ("review_at", Value::at(problem.review_at)),
    ]
}

/// The fields of a publication.
pub const KNOWN_ERROR: [&str; 6] = [
    "known_error_version",
    "known_error_audience",
    "known_error_symptoms",
    "known_error_workaround",
    "known_error_retired",
    "known_error_reason",
];

/// A publication with its present version: the fields of [`KNOWN_ERROR`] in their order.
pub fn known_error(known: &KnownError, version: &Version) -> [(&'static str, Value); 6] {
    let retired = match known.retired.as_str() {
        "" => Value::Nothing,
        word => Value::word(word),
    };
    [
        ("known_error_version", Value::Number(known.version)),
        ("known_error_audience", Value::word(known.audience.word())),
        ("known_error_symptoms", Value::text(&version.symptoms)),
        ("known_error_workaround", Value::text(&version.workaround)),
        ("known_error_retired", retired),
        ("known_error_reason", Value::text(&known.retired_reason)),
    ]
}

/// A publication that is not there.
pub fn no_known_error() -> [(&'static str, Value); 6] {
    KNOWN_ERROR.map(|field| (field, Value::Nothing))
}

/// The factors that stand, as one value, by ids alone; with their kinds as the label.
pub fn factors(all: &[Factor]) -> Value {
    let standing: Vec<&Factor> = all.iter().filter(|f| f.removed_at.is_none()).collect();
    if standing.is_empty() {
        return Value::Nothing;
    }
    let ids: Vec<String> = standing
        .iter()
        .map(|f| format!("{}/{}", f.id, f.code))
        .collect();
    let labels: Vec<&str> = standing.iter().map(|f| f.code_label.as_str()).collect();
    Value::Code(ids.join(","), labels.join(", "))
}

/// The workarounds that were used on an incident, in the order of their problems' ids.
pub fn workarounds(all: &[Offered], names: String) -> Value {
    let one = |offered: &Offered| {
        offered.used_at?;
        let worked = match offered.worked {
            None => "",
            Some(true) => "worked",
            Some(false) => "failed",
        };
        let version = offered.used_version.unwrap_or(0);
        Some(format!("{}/{version}/{worked}", offered.problem_id))
    };
    let used: Vec<String> = all.iter().filter_map(one).collect();
    match used.is_empty() {
        true => Value::Nothing,
        false => Value::Code(used.join(","), names),
    }
}

/// What differs between two versions of a problem's own row.
pub fn changes(before: &Problem, after: &Problem) -> Vec<Said> {
    let pairs = plain(before).into_iter().zip(plain(after));
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((field, was), (_, is))| Said::new(field, was, is))
        .collect()
}
