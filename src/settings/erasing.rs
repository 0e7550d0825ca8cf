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
pub const STANDING: [&str; 6] = [
    "priority_reason",
    "major_reason",
    "impact_began_note",
    "detected_note",
    "acknowledged_note",
    "mitigated_note",
];

/// What else somebody wrote at work, besides notes and tasks.
const WORK: [&str; 7] = [
    "resolution_text",
    "cancellation_text",
    "major_withdrawn_because",
    "reason",
    "reopened_for",
    "reopened_because",
    "task_reason",
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
        if spot.of.as_deref() == Some(self.person.to_string().as_str()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::{Id, Utc};

    const THEY: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const RECORD: Uuid = Uuid::from_u128(3);

    fn fact(name: &str, actor: Uuid, subject: Uuid) -> Fact {
        Fact {
            seq: 1,
            subject_kind: "record".into(),
            subject_id: Id::from_uuid(subject),
            position: 1,
            name: name.into(),
            version: 1,
            occurred_at: Utc::from_micros(0),
            recorded_at: Utc::from_micros(0),
            actor_id: Some(Id::from_uuid(actor)),
            behalf_id: None,
            door: "web".into(),
            data: String::new(),
            previous: Vec::new(),
            hash: Vec::new(),
        }
    }

    fn text<'t>(slot: i32, field: &str, side: Side, text: &'t str) -> Spot<'t> {
        Spot {
            slot,
            side,
            field: field.into(),
            of: None,
            text,
        }
    }

    fn label<'t>(slot: i32, field: &str, of: &str, text: &'t str) -> Spot<'t> {
        Spot {
            of: Some(of.into()),
            ..self::text(slot, field, Side::After, text)
        }
    }

    fn slots(
        owned: &mut Owned,
        fact: &Fact,
        refs: &[(&str, &str)],
        spots: &[Spot<'_>],
    ) -> Vec<i32> {
        let refs = refs
            .iter()
            .map(|(field, id)| ((*field).to_owned(), (*id).to_owned()))
            .collect();
        let spots = spots.to_vec();
        owned.slots(fact, &Parts { refs, spots })
    }

    fn they(choices: Choices) -> Owned {
        Owned {
            person: THEY,
            choices,
            identity: vec!["Rita".into()],
            ..Owned::default()
        }
    }

    #[test]
    fn their_name_goes_wherever_it_stands_and_nobody_elses() {
        let spots = [
            label(0, "", &THEY.to_string(), "Rita"),
            label(1, "assignee", &THEY.to_string(), "Rita"),
            label(2, "assignee", &OTHER.to_string(), "Rita"),
            text(3, "reopened_for", Side::After, "Rita"),
            text(4, "title", Side::After, "Rita's printer"),
        ];
        let mut owned = they(Choices::default());
        let of = fact("incident.assigned", THEY, RECORD);
        assert_eq!(slots(&mut owned, &of, &[], &spots), [0, 1, 3]);
    }

    #[test]
    fn all_that_is_said_of_themself_goes_but_what_stands_for_it() {
        let spots = [
            text(0, "phone", Side::Before, "555"),
            text(1, "name", Side::Before, "Former"),
            text(2, "name", Side::After, "Erased person 3"),
            label(3, "organisation", "x", "Harbour"),
        ];
        let mut owned = they(Choices::default());
        let of = fact("person.erased", OTHER, THEY);
        assert_eq!(slots(&mut owned, &of, &[], &spots), [0, 1]);
    }

    #[test]
    fn titles_go_when_chosen_and_only_of_what_they_asked_for() {
        let spots = [text(0, "title", Side::After, "A")];
        let chosen = Choices {
            records: true,
            ..Choices::default()
        };
        let of = fact("incident.created", OTHER, RECORD);
        for (choices, theirs, going) in [
            (chosen, true, vec![0]),
            (chosen, false, vec![]),
            (Choices::default(), true, vec![]),
        ] {
            let mut owned = they(choices);
            owned.records.extend(theirs.then_some(RECORD));
            assert_eq!(slots(&mut owned, &of, &[], &spots), going);
        }
    }

    #[test]
    fn what_they_wrote_at_work_goes_and_what_others_did_stays() {
        let notes = Choices {
            notes: true,
            ..Choices::default()
        };
        let spots = [text(0, "resolution_text", Side::After, "Done")];
        let own = fact("incident.resolved", THEY, RECORD);
        let others = fact("incident.resolved", OTHER, RECORD);
        assert_eq!(slots(&mut they(notes), &own, &[], &spots), [0]);
        assert!(slots(&mut they(notes), &others, &[], &spots).is_empty());
        assert!(slots(&mut they(Choices::default()), &own, &[], &spots).is_empty());
        // An import says whose deed it was.
        let told = [("resolved_by", THEY.to_string())];
        let told: Vec<(&str, &str)> = told.iter().map(|(f, id)| (*f, id.as_str())).collect();
        assert_eq!(slots(&mut they(notes), &others, &told, &spots), [0]);
    }

    /// Whoever changes a reason afterwards repeats it as the one before.
    #[test]
    fn a_reason_goes_where_somebody_else_repeats_it_too() {
        let mut owned = they(Choices {
            notes: true,
            ..Choices::default()
        });
        let said = |text: &'static str| [self::text(1, "priority_reason", Side::After, text)];
        let first = fact("incident.edited", OTHER, RECORD);
        assert!(slots(&mut owned, &first, &[], &said("theirs")).is_empty());
        let second = fact("incident.edited", THEY, RECORD);
        assert_eq!(slots(&mut owned, &second, &[], &said("mine")), [1]);
        assert!(owned.standing.contains(&("priority_reason", RECORD)));
        let both = [
            text(0, "priority_reason", Side::Before, "mine"),
            text(1, "priority_reason", Side::After, "another"),
        ];
        assert_eq!(slots(&mut owned, &first, &[], &both), [0]);
        assert!(owned.standing.is_empty());
    }

    #[test]
    fn entries_files_and_tasks_go_by_their_ids() {
        let mut owned = they(Choices::default());
        owned
            .entries
            .extend(["said".to_owned(), "noted".to_owned()]);
        owned.bodies.insert("said".into());
        owned.files.insert("file".into());
        owned.tasks.insert("task".into());
        let of = fact("incident.replied", OTHER, RECORD);
        let entry = |id: &'static str| {
            [
                label(0, "entry", id, "R"),
                text(1, "entry_body", Side::After, "b"),
            ]
        };
        assert_eq!(
            slots(&mut owned, &of, &[("entry", "said")], &entry("said")),
            [0, 1]
        );
        assert_eq!(
            slots(&mut owned, &of, &[("entry", "noted")], &entry("noted")),
            [0]
        );
        assert!(slots(&mut owned, &of, &[("entry", "other")], &entry("other")).is_empty());
        let file = [
            label(0, "attachment", "file", "a.txt"),
            text(1, "attachment_content", Side::After, "ff"),
        ];
        assert_eq!(
            slots(&mut owned, &of, &[("attachment", "file")], &file),
            [0, 1]
        );
        let task = [label(0, "task", "task", "Call back")];
        assert_eq!(slots(&mut owned, &of, &[("task", "task")], &task), [0]);
    }
}
