//! What the histories of one call bring, table by table, until it is written.

use super::play::Played;
use crate::journal::Facts;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::error::Result;
use crate::records::model::{Hold, Record, Resolution};
use crate::records::{imported, store};

#[derive(Default)]
pub(super) struct Books<'h> {
    pub facts: Facts,
    /// New records with their source and the number they have there.
    pub external_ids: Vec<(Id<Record>, &'h str, &'h str)>,
    /// Rows of a source that were taken: source, number, revision, hash.
    pub rows: Vec<(&'h str, &'h str, &'h str, &'h [u8])>,
    new: Vec<Record>,
    /// Records that were there before, as they were and as they are.
    changed: Vec<(Record, Record)>,
    holds: Vec<Hold>,
    resolutions: Vec<Resolution>,
}

impl Books<'_> {
    pub fn add(&mut self, played: Played) {
        match played.before {
            Some(before) => self.changed.push((before, played.record)),
            None => self.new.push(played.record),
        }
        self.holds.extend(played.holds);
        self.resolutions.extend(played.resolutions);
    }

    /// Records first, for everything else refers to them.
    pub fn write(self, w: &mut Write<'_>) -> Result<()> {
        store::insert_told(w, &self.new)?;
        for (before, after) in &self.changed {
            store::update_told(w, before, after)?;
        }
        store::insert_holds(w, &self.holds)?;
        store::insert_resolutions(w, &self.resolutions)?;
        imported::insert_external_ids(w, &self.external_ids)?;
        imported::insert_rows(w, &self.rows)?;
        self.facts.write(w)
    }
}
