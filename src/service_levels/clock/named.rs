//! What a fact about a clock names, looked up again.

use uuid::Uuid;

use super::catalogue::Catalogue;
use crate::service_levels::terms::{Agreement, Step};

impl Catalogue {
    /// A version of an agreement.
    pub fn version(&self, id: Uuid) -> Option<&Agreement> {
        let versions = self.agreements.iter().flat_map(|entry| &entry.versions);
        let found = versions.into_iter().find(|version| version.id == id);
        found.map(|version| &version.terms)
    }

    /// A step of the escalation, by its place in a version.
    pub fn step(&self, version: Uuid, index: usize) -> Option<&Step> {
        self.version(version)?.steps.get(index)
    }
}
