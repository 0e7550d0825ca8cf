//! Which texts of the journal go with a person who is erased. Pure.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use crate::journal::{Fact, Parts, Side, Spot, stands_for_erased};

/// What somebody decided in the preview. Names and the like always go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choices {
    /// Titles and descriptions of the records they asked for.
    pub records: bool,
    /// What they said: replies, and what they said when they got in touch.
    pub replies: bool,
    /// What they wrote at work: notes, resolutions, reasons, tasks.
    pub notes: bool,
    /// The files they gave.
    pub files: bool,
}

impl Choices {
    /// Each choice by the name a form, the command line and the journal know it by.
    pub fn named(self) -> [(&'static str, bool); 4] {
        [
            ("erase_records", self.records),
            ("erase_replies", self.replies),
            ("erase_notes", self.notes),
            ("erase_files", self.files),
        ]
    }
}

/// Texts of a record that stay until somebody writes another: whoever does repeats the one before.
pub const STANDING: [&str; 30] = [
    "priority_reason",
    "major_reason",
    "impact_began_note",
    "detected_note",
    "acknowledged_note",
    "mitigated_note",
    "implementation_plan",
    "test_plan",
    "backout_plan",
    "outcome_text",
    "review_text",
    "authority_how",
    "verdict_text",
    "deviations",
    "pass_reason",
    "workaround",
    "meeting_place",
    "no_action_reason",
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
    "action_verification",
    "action_seen",
];

/// What stands in rows of their own beside a record, and may stand in a copy that was published.
pub const ROWS: [&str; 4] = [
    "factor_text",
    "factor_evidence",
    "annotation_text",
    "annotation_evidence",
];

/// What else somebody wrote at work, besides notes and tasks.
const WORK: [&str; 25] = [
    "resolution_text",
    "cancellation_text",
    "major_withdrawn_because",
    "reason",
    "kind_reason",
    "lowered_because",
    "reopened_for",
    "reopened_because",
    "task_reason",
    "approval_text",
    "approval_conditions",
    "approval_condition",
    "change_remark",
    "change_answer",
    "told_text",
    "factor_text",
    "factor_evidence",
    "known_error_symptoms",
    "known_error_workaround",
    "known_error_reason",
    "annotation_text",
    "annotation_evidence",
    "instant_note",
    "dismissal_reason",
    "facts_said",
];

/// What belongs to the person, by ids as the journal writes them.
#[derive(Debug, Clone, Default)]
pub struct Owned {
    pub person: Uuid,
    pub choices: Choices,
    /// Their name, mail address, phone and staff number.
    pub identity: Vec<String>,
    /// Entries that bear their name.
    pub entries: HashSet<String>,
    /// Those of them whose text goes too.
    pub bodies: HashSet<String>,
    pub files: HashSet<String>,
    /// Tasks that they wrote.
    pub tasks: HashSet<String>,
    /// The records they asked for.
    pub records: HashSet<Uuid>,
    /// Which of [`STANDING`] they wrote of which records, as far as the facts were read.
    pub standing: BTreeSet<(&'static str, Uuid)>,
}

/// What a fact is about besides its subject.
#[derive(Debug, Default)]
struct About<'s> {
    entry: Option<&'s str>,
    file: Option<&'s str>,
    task: Option<&'s str>,
    resolved_by: Option<&'s str>,
}

impl Owned {
    /// The slots of a fact whose texts go. The facts of one subject come in their order.
    pub fn slots(&mut self, fact: &Fact, parts: &Parts<'_>) -> Vec<i32> {
        let of = |field: &str| {
            let found = parts.refs.iter().find(|(name, _)| name == field);
            found.map(|(_, id)| id.as_str())
        };
        let about = About {
            entry: of("entry"),
            file: of("attachment"),
            task: of("task"),
            resolved_by: of("resolved_by"),
        };
        let going = parts
            .spots
            .iter()
            .filter(|spot| self.goes(fact, &about, spot));
        let slots = going.map(|spot| spot.slot).collect();
        for field in STANDING {
            let written = |s: &Spot<'_>| s.field == field && s.side == Side::After;
            if parts.spots.iter().any(written) {
                let place = (field, fact.subject_id.uuid());
                if self.did(fact, &about) {
                    self.standing.insert(place);
                } else {
                    self.standing.remove(&place);
                }
            }
        }
        slots
    }

    fn did(&self, fact: &Fact, about: &About<'_>) -> bool {
        match about.resolved_by {
            Some(by) => by == self.person.to_string(),
            None => fact.actor_id.map(|id| id.uuid()) == Some(self.person),
        }
    }

    fn goes(&self, fact: &Fact, about: &About<'_>, spot: &Spot<'_>) -> bool {
        let subject = fact.subject_id.uuid();
        let has = |set: &HashSet<String>, id: Option<&str>| id.is_some_and(|id| set.contains(id));
        if stands_for_erased(spot.text) {
            return false;
        }
        if spot.of.as_deref().is_some_and(|of| is_of(of, self.person)) {
            return true;
        }
        if spot.of.is_none() {
            let theirs = subject == self.person;
            if theirs || self.identity.iter().any(|own| own == spot.text) {
                return true;
            }
        }
        match spot.field.as_str() {
            "entry" => has(&self.entries, about.entry),
            "entry_body" => has(&self.bodies, about.entry),
            "attachment" | "attachment_content" => has(&self.files, about.file),
            "task" | "task_title" => has(&self.tasks, about.task),
            "title" | "description" => self.choices.records && self.records.contains(&subject),
            field if spot.side == Side::Before && STANDING.contains(&field) => {
                let mut standing = self.standing.iter();
                self.choices.notes && standing.any(|(f, of)| *f == field && *of == subject)
            }
            "reopened_because" if self.choices.records && self.records.contains(&subject) => true,
            field if WORK.contains(&field) || STANDING.contains(&field) => {
                self.choices.notes && self.did(fact, about)
            }
            _ => false,
        }
    }
}

/// Whether a label is somebody's: theirs alone, or that of a list of people with what each said.
fn is_of(of: &str, person: Uuid) -> bool {
    let person = person.to_string();
    of.split(',')
        .any(|one| one.split('/').next() == Some(person.as_str()))
}

#[cfg(test)]
mod tests;
