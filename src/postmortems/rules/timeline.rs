//! The timeline: what the journals of the linked records say, with what people add. Pure.
//!
//! Facts are read anew each time; an *annotation* is kept by itself and names the fact it belongs to, or
//! none. So assembling again cannot overwrite one, whatever the journals have meanwhile: each stands in
//! every assembly exactly once, except for those who may not see the record it is about, for whom
//! neither exists. Rows stand by when things happened; when they were written down is shown beside.

use std::collections::HashMap;

use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::records::Record;

/// A fact of a record's journal, by its place in that record's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub record: Id<Record>,
    pub position: i64,
}

/// A fact, as far as the timeline cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub key: Key,
    /// `incident.resolved`.
    pub name: String,
    pub occurred_at: Utc,
    pub recorded_at: Utc,
}

crate::text_enum! {
    /// Whether it could be known at the time (Dekker: hindsight is what is added later).
    pub enum Knowledge {
        Then = "then",
        Later = "later",
    }
}

crate::text_enum! {
    pub enum Reach {
        Internal = "internal",
        /// It may stand in what people outside read.
        Shareable = "shareable",
    }
}

pub enum AnnotationRow {}

/// What somebody added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    pub id: Id<AnnotationRow>,
    /// The fact it belongs to; an entry of its own without.
    pub on: Option<Key>,
    /// When it happened, where that is not when the fact says.
    pub at: Option<Utc>,
    pub written_at: Utc,
    pub by: Option<Id<Person>>,
    pub text: String,
    pub evidence: String,
    pub knowledge: Knowledge,
    pub reach: Reach,
    /// One of the few that tell the story.
    pub is_key: bool,
    /// The fact is of no interest here: it is folded away, with this to say why.
    pub is_hidden: bool,
}

/// How a record stands to the reader and the post-mortem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Linked,
    /// It was linked once; what was said of it stays.
    Seen,
    /// It does not exist for this reader.
    Hidden,
}

/// A row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    pub at: Utc,
    /// When it was written down.
    pub entered_at: Utc,
    pub fact: Option<&'a Fact>,
    pub annotations: Vec<&'a Annotation>,
}

impl Row<'_> {
    pub fn is_key(&self) -> bool {
        let told = |fact: &&Fact| weight(&fact.name) == Weight::Key;
        self.annotations.iter().any(|a| a.is_key) || self.fact.as_ref().is_some_and(told)
    }

    pub fn is_hidden(&self) -> bool {
        self.annotations.iter().any(|a| a.is_hidden)
    }

    /// Whether people outside may read it: only what somebody wrote for them, and never a fact itself.
    pub fn is_shareable(&self) -> bool {
        !self.is_hidden() && self.annotations.iter().any(|a| a.reach == Reach::Shareable)
    }
}

/// How much a fact tells of what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Key,
    Plain,
    /// House-keeping: not in the timeline unless somebody annotates it.
    Little,
}

/// By the verb of a fact, whatever kind of record it is of.
const WEIGHTS: &[(&str, Weight)] = &[
    ("created", Weight::Key),
    ("major_declared", Weight::Key),
    ("major_withdrawn", Weight::Key),
    ("resolved", Weight::Key),
    ("reopened", Weight::Key),
    ("started", Weight::Key),
    ("finished", Weight::Key),
    ("instants_set", Weight::Key),
    ("known_error_published", Weight::Key),
    ("watched", Weight::Little),
    ("unwatched", Weight::Little),
    ("affected_added", Weight::Little),
    ("affected_removed", Weight::Little),
    ("reader_added", Weight::Little),
    ("reader_removed", Weight::Little),
    ("restricted", Weight::Little),
    ("unrestricted", Weight::Little),
    ("restriction_changed", Weight::Little),
    ("texts_erased", Weight::Little),
    ("reordered", Weight::Little),
    ("parent_changed", Weight::Little),
    ("child_removed", Weight::Little),
    ("closed", Weight::Little),
];

/// How much a fact of this name tells; one that nobody thought of is shown.
pub fn weight(name: &str) -> Weight {
    let verb = name.rsplit('.').next().unwrap_or(name);
    let known = WEIGHTS.iter().find(|(word, _)| *word == verb);
    known.map_or(Weight::Plain, |(_, weight)| *weight)
}

/// Facts and annotations as one timeline, for one reader.
pub fn assemble<'a>(
    facts: &'a [Fact],
    annotations: &'a [Annotation],
    sight: impl Fn(Id<Record>) -> Sight,
) -> Vec<Row<'a>> {
    let mut on: HashMap<Key, Vec<&Annotation>> = HashMap::new();
    let mut rows = Vec::with_capacity(facts.len() + annotations.len());
    for annotation in annotations {
        match annotation.on {
            Some(key) if sight(key.record) == Sight::Hidden => {}
            Some(key) => on.entry(key).or_default().push(annotation),
            None => rows.push(alone(annotation)),
        }
    }
    for fact in facts
        .iter()
        .filter(|fact| sight(fact.key.record) == Sight::Linked)
    {
        let annotations = on.remove(&fact.key).unwrap_or_default();
        if annotations.is_empty() && weight(&fact.name) == Weight::Little {
            continue;
        }
        let said = annotations
            .iter()
            .filter_map(|a| a.at.map(|at| (a.written_at, at)))
            .max();
        rows.push(Row {
            at: said.map_or(fact.occurred_at, |(_, at)| at),
            entered_at: fact.recorded_at,
            fact: Some(fact),
            annotations,
        });
    }
    // What belongs to a fact that is not there any more stands for itself.
    rows.extend(on.into_values().flatten().map(alone));
    rows.sort_by_key(|row| {
        let first = row.annotations.first().map(|a| a.id);
        (row.at, row.entered_at, row.fact.map(|f| f.key), first)
    });
    rows
}

fn alone(annotation: &Annotation) -> Row<'_> {
    Row {
        at: annotation.at.unwrap_or(annotation.written_at),
        entered_at: annotation.written_at,
        fact: None,
        annotations: vec![annotation],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id<T>(n: u128) -> Id<T> {
        Id::from_uuid(Uuid::from_u128(n))
    }

    fn at(n: i64) -> Utc {
        Utc::from_micros(n)
    }

    fn fact(record: u128, position: i64, when: i64, name: &str) -> Fact {
        Fact {
            key: Key {
                record: id(record),
                position,
            },
            name: name.into(),
            occurred_at: at(when),
            recorded_at: at(when + 1),
        }
    }

    fn annotation(n: u128, on: Option<(u128, i64)>, when: Option<i64>) -> Annotation {
        Annotation {
            id: id(n),
            on: on.map(|(record, position)| Key {
                record: id(record),
                position,
            }),
            at: when.map(at),
            by: None,
            written_at: at(1_000 + n as i64),
            text: format!("note {n}"),
            evidence: String::new(),
            knowledge: Knowledge::Then,
            reach: Reach::Internal,
            is_key: false,
            is_hidden: false,
        }
    }

    #[test]
    fn facts_and_annotations_stand_by_when_things_happened() {
        let facts = [
            fact(1, 1, 10, "incident.created"),
            fact(1, 2, 30, "incident.noted"),
            fact(2, 1, 5, "change.started"),
        ];
        let notes = [
            annotation(1, Some((1, 2)), Some(7)),
            annotation(2, None, Some(20)),
        ];
        let rows = assemble(&facts, &notes, |_| Sight::Linked);
        let order: Vec<_> = rows.iter().map(|r| r.at.micros()).collect();
        assert_eq!(order, [5, 7, 10, 20]);
        // The time somebody says moves the row; when it was written down stays.
        assert_eq!((rows[1].entered_at, rows[1].annotations.len()), (at(31), 1));
        assert!(rows[0].is_key() && !rows[1].is_key());
    }

    #[test]
    fn house_keeping_is_left_out_until_somebody_says_something_of_it() {
        let facts = [
            fact(1, 1, 1, "incident.watched"),
            fact(1, 2, 2, "incident.unheard_of"),
        ];
        assert_eq!(assemble(&facts, &[], |_| Sight::Linked).len(), 1);
        let notes = [annotation(1, Some((1, 1)), None)];
        assert_eq!(assemble(&facts, &notes, |_| Sight::Linked).len(), 2);
    }

    #[test]
    fn what_a_reader_may_not_see_does_not_exist_annotated_or_not() {
        let facts = [
            fact(1, 1, 1, "incident.created"),
            fact(2, 1, 2, "incident.created"),
        ];
        let notes = [
            annotation(1, Some((2, 1)), None),
            annotation(2, Some((3, 9)), None),
        ];
        let sight = |record| {
            if record == id(2) {
                Sight::Hidden
            } else if record == id(1) {
                Sight::Linked
            } else {
                Sight::Seen
            }
        };
        let rows = assemble(&facts, &notes, sight);
        assert_eq!(rows.len(), 2);
        assert!(
            rows.iter()
                .all(|r| r.fact.is_none_or(|f| f.key.record == id(1)))
        );
        // The record that is not linked any more keeps what was said of it.
        assert_eq!(rows[1].annotations[0].text, "note 2");
    }

    #[test]
    fn only_what_was_written_for_people_outside_may_be_shared() {
        let facts = [fact(1, 1, 1, "incident.created")];
        assert!(!assemble(&facts, &[], |_| Sight::Linked)[0].is_shareable());
        let mut note = annotation(1, Some((1, 1)), None);
        note.reach = Reach::Shareable;
        let notes = [note.clone()];
        assert!(assemble(&facts, &notes, |_| Sight::Linked)[0].is_shareable());
        note.is_hidden = true;
        assert!(!assemble(&facts, &[note], |_| Sight::Linked)[0].is_shareable());
    }

    proptest! {
        /// However often it is assembled, and whatever the journals have meanwhile: every annotation
        /// stands there once, as it was written, and the rows are in order.
        #[test]
        fn no_annotation_is_ever_lost_or_doubled(
            facts in prop::collection::vec((1u128..4, 1i64..6, 0i64..50), 0..20),
            later in prop::collection::vec((1u128..4, 6i64..12, 0i64..50), 0..20),
            notes in prop::collection::vec((prop::option::of((1u128..5, 1i64..12)), prop::option::of(0i64..50)), 0..15),
        ) {
            let unique = |all: &[(u128, i64, i64)]| -> Vec<Fact> {
                let mut made: Vec<Fact> = all.iter().map(|(r, p, w)| fact(*r, *p, *w, "incident.noted")).collect();
                made.sort_by_key(|f| f.key);
                made.dedup_by_key(|f| f.key);
                made
            };
            let before = unique(&facts);
            let after = [before.clone(), unique(&later)].concat();
            let notes: Vec<_> = notes.iter().enumerate().map(|(n, (on, when))| annotation(n as u128, *on, *when)).collect();
            for facts in [&before, &after] {
                let rows = assemble(facts, &notes, |r| if r == id(4) { Sight::Seen } else { Sight::Linked });
                let mut there: Vec<_> = rows.iter().flat_map(|r| r.annotations.iter().map(|a| (*a).clone())).collect();
                there.sort_by_key(|a| a.id);
                prop_assert_eq!(&there, &notes);
                prop_assert!(rows.is_sorted_by_key(|r| r.at));
                prop_assert_eq!(rows.iter().filter(|r| r.fact.is_some()).count(), facts.len());
            }
        }
    }
}
