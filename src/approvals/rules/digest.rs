//! What exactly was approved, in parts, and what has to be asked again when some of it changed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::count::{Decision, Phase, Standing};
use super::electorate::Electorate;
use crate::approvals::terms::{Part, Policy};
use crate::platform::db::Utc;
use crate::platform::kernel::secrets;

/// A hash of each part of what is approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(Vec<(Part, String)>);

impl Digest {
    /// Of canonical texts. What is not given is empty.
    pub fn of(texts: &[(Part, &str)]) -> Self {
        let hash = |part: &Part| {
            let text = texts.iter().find(|(p, _)| p == part).map_or("", |(_, t)| t);
            let whole = format!("{}\n{text}", part.word());
            let bytes = secrets::sha256(whole.as_bytes());
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            (*part, hex)
        };
        Self(Part::ALL.iter().map(hash).collect())
    }

    /// One part's hash.
    pub fn part(&self, part: Part) -> &str {
        self.0
            .iter()
            .find(|(p, _)| *p == part)
            .map_or("", |(_, hash)| hash)
    }

    /// The parts that differ.
    pub fn changed(&self, other: &Digest) -> Vec<Part> {
        let differs = |part: &&Part| self.part(**part) != other.part(**part);
        Part::ALL.iter().filter(differs).copied().collect()
    }
}

/// The round before: what it was about and what came of it.
pub struct Former<'a> {
    pub number: i32,
    pub policy: &'a Policy,
    pub electorate: &'a Electorate,
    pub standing: &'a Standing,
    pub digest: &'a Digest,
    pub bounds: Option<(Utc, Utc)>,
    /// The humans who decided each stage: who voted, for whom, who was at the meeting.
    pub voted: &'a [Vec<Uuid>],
}

/// Whether a window lies inside the bounds that were approved.
pub fn inside(bounds: Option<(Utc, Utc)>, window: Option<(Utc, Utc)>) -> bool {
    match (bounds, window) {
        (Some((from, to)), Some((starts, ends))) => from <= starts && ends <= to,
        _ => false,
    }
}

/// For each stage of `policy`, the round whose yes still stands: approved there on what is the same,
/// under the same rule, by nobody who may no longer decide. All others are asked again.
pub fn carried(
    former: &Former<'_>,
    policy: &Policy,
    digest: &Digest,
    bounds: Option<(Utc, Utc)>,
    excluded: &[Uuid],
) -> Vec<Option<i32>> {
    let mut changed = former.digest.changed(digest);
    if inside(former.bounds, bounds) {
        changed.retain(|part| *part != Part::Window);
    }
    let stands = |stage: &crate::approvals::terms::Stage| {
        let at = former.policy.stages.iter().position(|s| s == stage)?;
        let was = former.standing.stages.get(at)?;
        let approved = was.phase == Phase::Ended(Decision::Approved);
        let touched = stage.reopened_by.iter().any(|part| changed.contains(part));
        let theirs = former
            .voted
            .get(at)
            .is_some_and(|v| v.iter().any(|p| excluded.contains(p)));
        let of = former.electorate.stages.get(at)?;
        (approved && !touched && !theirs).then_some(of.carried.unwrap_or(former.number))
    };
    policy.stages.iter().map(stands).collect()
}
