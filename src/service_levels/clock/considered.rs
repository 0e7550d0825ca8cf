//! Why did none start: the agreements that were considered, and what each lacked.

use uuid::Uuid;

use super::catalogue::Catalogue;
use super::history::History;
use super::track::{Life, Track};
use crate::platform::db::Utc;
use crate::service_levels::terms::Target;

/// Why an agreement does, or does not, cover a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is the one.
    Covers,
    /// It begins later, at this instant.
    NotYet(Utc),
    Retired,
    /// It promises other targets.
    NoTarget,
    /// The record is not what this condition asks for: `record`, `priority`, `service`,
    /// `organisation`, `category`, `team`, `supplier`.
    Condition(&'static str),
    /// This one covers it as well and says more about what it covers.
    LessSpecific(Uuid),
}

/// An agreement that was considered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    pub agreement: Uuid,
    /// The version that was in force, or the first one where none was yet.
    pub version: Uuid,
    pub name: String,
    pub why: Why,
}

/// Every agreement of the kind that could promise a target, as the record stood at the end of its
/// life or stands now.
pub fn considered(
    history: &History,
    catalogue: &Catalogue,
    target: Target,
    now: Utc,
) -> Vec<Considered> {
    let Some(track) = Track::of(history) else {
        return Vec::new();
    };
    let open = track
        .moments
        .iter()
        .rposition(|m| m.facts.life == Life::Open);
    let last = open.and_then(|n| track.moments.get(n));
    let Some(last) = last.or(track.moments.first()) else {
        return Vec::new();
    };
    let over = open.and_then(|n| track.moments.get(n + 1));
    let at = over.map_or(now, |m| m.at).max(track.begun_at);
    let facts = &last.facts;
    let holds = catalogue.terms(target, facts, at, track.imported, None);
    let mut found = Vec::new();
    for entry in &catalogue.agreements {
        let version = entry.at(at, track.imported);
        let Some(known) = version.or(entry.versions.first()) else {
            continue;
        };
        if known.terms.kind != target.kind() {
            continue;
        }
        let why = match version {
            None => Why::NotYet(known.begins(track.imported)),
            Some(v) if v.is_retired() => Why::Retired,
            Some(v) if !v.terms.targets.contains_key(&target) => Why::NoTarget,
            Some(v) => match (v.uncovered(facts, target), &holds) {
                (Some(condition), _) => Why::Condition(condition),
                (None, Some(terms)) if terms.agreement.id != entry.id => {
                    Why::LessSpecific(terms.agreement.id)
                }
                (None, _) => Why::Covers,
            },
        };
        found.push(Considered {
            agreement: entry.id,
            version: known.id,
            name: known.terms.name.clone(),
            why,
        });
    }
    found
}
