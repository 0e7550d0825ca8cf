//! What a file holds, counted as it goes by: printed after an import and by `--dry-run`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Field, History, Withheld};

/// Labels are the source's. Its size depends on how many labels there are, not on the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub incidents: u64,
    pub rows: u64,
    pub repeated_rows: u64,
    pub facts: u64,
    pub by_priority: BTreeMap<String, u64>,
    /// Incidents that were ever in a state.
    pub ever_in_state: BTreeMap<String, u64>,
    /// Rows whose state label is not known: kept as labels.
    pub kept_states: BTreeMap<String, u64>,
    pub without_resolved_at: u64,
    pub reopened: u64,
    pub reopens: u64,
    pub reassignments: u64,
    pub priority_changed: u64,
    /// Incidents and rows held back.
    pub withheld_incidents: u64,
    pub withheld_rows: u64,
}

impl Summary {
    pub fn add(&mut self, history: &History) {
        self.incidents += 1;
        self.rows += history.rows.len() as u64;
        self.repeated_rows += history.repeated_rows as u64;
        self.facts += history.facts.len() as u64;
        let priority = history
            .priority
            .as_ref()
            .map_or("", |level| level.label.as_str());
        count(&mut self.by_priority, priority);
        history
            .state_labels()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .for_each(|label| count(&mut self.ever_in_state, label));
        history
            .kept_states
            .iter()
            .for_each(|kept| count(&mut self.kept_states, &kept.label));
        self.without_resolved_at += u64::from(history.resolved_at.is_none());
        self.reopened += u64::from(history.reopens > 0);
        self.reopens += u64::from(history.reopens);
        self.reassignments += u64::from(history.reassignments);
        self.priority_changed += u64::from(history.ever_changed(Field::Priority));
    }

    pub fn add_withheld(&mut self, withheld: &Withheld) {
        self.withheld_incidents += u64::from(withheld.number.is_some());
        self.withheld_rows += withheld.rejected.len() as u64;
    }
}

fn count(counts: &mut BTreeMap<String, u64>, label: &str) {
    match counts.get_mut(label) {
        Some(count) => *count += 1,
        None => drop(counts.insert(label.to_owned(), 1)),
    }
}
