//! What is wrong with a policy that somebody wants to save: it could never be met, would ask nobody,
//! or would let something through unasked.

use std::collections::BTreeSet;

use super::{Count, Entry, Part, Policy, Stage, Who};
use crate::items::Environment;

/// The most stages of a policy and seats of a stage's definition.
const MOST_STAGES: usize = 20;
const MOST_ENTRIES: usize = 100;
/// A year.
const MOST_HOURS: u32 = 366 * 24;

/// Something that is wrong: where, and why as a key of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place of the stage; `None` when it is about the policy as a whole.
    pub stage: Option<usize>,
    pub reason: &'static str,
    /// The text it is about: the message's `value`.
    pub value: String,
}

/// Everything that is wrong with what it says; nothing when it may be saved. Whether what it names is
/// there, its door asks.
pub fn faults(policy: &Policy) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut fault = |stage, reason, value: &dyn ToString| {
        found.push(Fault {
            stage,
            reason,
            value: value.to_string(),
        });
    };
    // A place that is written otherwise than anywhere else would never be met, and a weaker policy hold.
    if let Some(place) = policy.covers.environment.as_deref()
        && Environment::from_word(place).is_none()
    {
        fault(None, "policy-environment-unknown", &place);
    }
    if policy.stages.is_empty() {
        fault(None, "policy-without-stage", &"");
    }
    if policy.stages.len() > MOST_STAGES {
        fault(None, "policy-too-many-stages", &MOST_STAGES);
    }
    let mut keys = BTreeSet::new();
    for (at, stage) in policy.stages.iter().enumerate() {
        if !keys.insert(stage.key.as_str()) {
            fault(Some(at), "policy-stage-twice", &stage.name);
        }
        for (reason, value) in of_stage(policy, stage) {
            fault(Some(at), reason, &value);
        }
    }
    if let Some(names) = circle(&policy.stages) {
        fault(None, "policy-stages-in-a-circle", &names);
    }
    for part in Part::USUAL {
        if !policy.stages.iter().any(|s| s.reopened_by.contains(&part)) {
            fault(None, "policy-part-unasked", &part.word());
        }
    }
    found
}

fn of_stage(policy: &Policy, stage: &Stage) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if stage.seats.is_empty() {
        found.push(("policy-stage-asks-nobody", stage.name.clone()));
    }
    if stage.seats.len() + stage.alternates.len() > MOST_ENTRIES {
        found.push(("policy-too-many-seats", MOST_ENTRIES.to_string()));
    }
    for key in &stage.after {
        if *key == stage.key {
            found.push(("policy-stage-after-itself", stage.name.clone()));
        } else if !policy.stages.iter().any(|s| s.key == *key) {
            found.push(("policy-stage-after-unknown", key.clone()));
        }
    }
    count(stage, &mut found);
    let mut seen = BTreeSet::new();
    for who in stage.seats.iter().map(|e| &e.who).chain(&stage.alternates) {
        if !seen.insert(format!("{who:?}")) {
            found.push(("policy-seat-twice", stage.name.clone()));
        }
    }
    let boards = stage
        .seats
        .iter()
        .filter(|e| matches!(e.who, Who::Board(_)));
    if stage.meeting && boards.count() != 1 {
        found.push(("policy-meeting-without-board", stage.name.clone()));
    }
    for hours in [stage.deadline, stage.reminder].into_iter().flatten() {
        if hours == 0 || hours > MOST_HOURS {
            found.push(("policy-hours-out-of-range", hours.to_string()));
        }
    }
    found
}

fn count(stage: &Stage, found: &mut Vec<(&'static str, String)>) {
    if let Count::Of(k) = stage.count {
        if k == 0 {
            found.push(("policy-zero-needed", stage.name.clone()));
        }
        // Of people named one by one it is known how many there are.
        let single = |e: &Entry| matches!(e.who, Who::Person(_) | Who::LineManager);
        if stage.seats.iter().all(single) && k as usize > stage.seats.len() {
            found.push(("policy-more-needed-than-seats", k.to_string()));
        }
    }
    let grouped = |e: &&Entry| e.mandatory && !e.who.is_named();
    if stage.seats.iter().any(|e| grouped(&e)) {
        found.push(("policy-mandatory-group", stage.name.clone()));
    }
}

/// The names of stages that wait for each other, if there are such.
fn circle(stages: &[Stage]) -> Option<String> {
    let mut left: Vec<&Stage> = stages.iter().collect();
    loop {
        let waits = |stage: &Stage, left: &[&Stage]| {
            (stage.after.iter()).any(|key| left.iter().any(|other| other.key == *key))
        };
        let still: Vec<&Stage> = left.iter().copied().filter(|s| waits(s, &left)).collect();
        if still.is_empty() {
            return None;
        }
        if still.len() == left.len() {
            // One that waits only for itself was said already.
            let names: Vec<&str> = still.iter().map(|s| s.name.as_str()).collect();
            return (still.len() > 1).then(|| names.join(", "));
        }
        left = still;
    }
}
