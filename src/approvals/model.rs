//! Rows of approvals, and what a round is about.

use diesel::prelude::*;
use uuid::Uuid;

use super::rules::{Cast, Choice, Decision, Digest, Electorate, Event, Standing, What, count};
use super::terms::{Facts, Part, Policy};
use crate::items::Item;
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::records::{Kind, Record};
use crate::schema::{boards, delegations, round_events, rounds};
use crate::services::Service;

/// A piece of what is approved, as those asked read it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Content {
    pub part: Part,
    /// Key of its label.
    pub label: String,
    pub shape: Shape,
    pub text: String,
}

crate::text_enum! {
    /// How a text is read.
    pub enum Shape {
        /// As it stands.
        Text = "text",
        /// It is a key of the catalogue.
        Word = "word",
        /// It is an instant, as RFC 3339 writes it.
        Instant = "instant",
        /// An instant that may move without being asked again: shown, and not what is approved.
        Movable = "movable",
        /// Names, each with its id behind it ([`identified`]). Their ids are approved, whatever they are
        /// called.
        Names = "names",
    }
}

/// A name as [`Shape::Names`] has it.
pub fn identified<T>(name: &str, id: Id<T>) -> String {
    format!("{name} ({id})")
}

/// Names and ids of a text of [`Shape::Names`], taken apart: what is read, and what is meant.
pub fn names_and_ids(names: &str) -> (String, Vec<Uuid>) {
    let (mut read, mut meant) = (String::new(), Vec::new());
    let mut rest = names;
    while let Some((before, behind)) = rest.split_once(" (") {
        read.push_str(before);
        let inside = behind.split_once(')');
        rest = match inside.and_then(|(id, after)| Some((id.parse().ok()?, after))) {
            Some((id, after)) => {
                meant.push(id);
                after
            }
            None => {
                read.push_str(" (");
                behind
            }
        };
    }
    (read + rest, meant)
}

/// The label under which a case says what its record is called.
pub const TITLE: &str = "field-title";

/// What a round is opened for.
#[derive(Debug, Clone)]
pub struct Case {
    pub record: Id<Record>,
    pub revision: i32,
    pub kind: Kind,
    pub change_type: Option<String>,
    pub risk: Option<String>,
    pub environment: Option<String>,
    /// The highest of its services.
    pub criticality: Option<i32>,
    pub services: Vec<Id<Service>>,
    pub items: Vec<Id<Item>>,
    /// Whose line manager may be asked; never asked themself.
    pub requester: Option<Id<Person>>,
    /// Implementers, and whoever else never decides on it.
    pub excluded: Vec<Id<Person>>,
    /// All that is approved. Two with the same content have the same digest.
    pub content: Vec<Content>,
    /// When it has to be decided: the start of the window.
    pub decide_by: Option<Utc>,
    /// Between which instants it may be done.
    pub bounds: Option<(Utc, Utc)>,
}

impl Case {
    /// What exactly is approved.
    pub fn digest(&self) -> Digest {
        digest(&self.content)
    }

    /// What its policy is chosen by.
    pub fn facts(&self) -> Facts {
        Facts {
            record: self.kind.word().to_owned(),
            change_type: self.change_type.clone(),
            risk: self.risk.clone(),
            services: self.services.iter().map(|id| id.uuid()).collect(),
            environment: self.environment.clone(),
            criticality: self.criticality,
        }
    }
}

/// The digest of some content: the texts of each part in their order, each under its label.
pub fn digest(content: &[Content]) -> Digest {
    let texts: Vec<(Part, String)> = Part::ALL
        .iter()
        .map(|part| {
            let of = content.iter().filter(|c| c.part == *part);
            let lines = of.map(|c| format!("{}\u{1f}{}", c.label, meant(c)));
            (*part, lines.collect::<Vec<_>>().join("\u{1e}"))
        })
        .collect();
    let texts: Vec<(Part, &str)> = texts.iter().map(|(p, t)| (*p, t.as_str())).collect();
    Digest::of(&texts)
}

/// What of a text is approved: everything, but of names only whom they mean, and nothing of what may move.
fn meant(content: &Content) -> String {
    match content.shape {
        Shape::Names => {
            let ids = names_and_ids(&content.text).1;
            let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
            ids.join(",")
        }
        Shape::Text | Shape::Word | Shape::Instant => content.text.clone(),
        Shape::Movable => String::new(),
    }
}

/// A round's row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = rounds, treat_none_as_default_value = false)]
pub struct RoundRow {
    pub id: Id<Round>,
    pub record_id: Id<Record>,
    pub number: i32,
    pub revision: i32,
    pub policy_version_id: Id<PolicyVersion>,
    pub electorate: String,
    pub digest: String,
    pub bounds_from: Option<Utc>,
    pub bounds_to: Option<Utc>,
    pub opened_at: Utc,
    pub opened_by_id: Option<Id<Person>>,
    pub decide_by: Utc,
    pub decision: Option<Decision>,
    pub decided_at: Option<Utc>,
    pub suspended_at: Option<Utc>,
    pub wake_at: Option<Utc>,
    pub reminded_at: Option<Utc>,
    pub open_conditions: i32,
    pub events: i32,
}

impl RoundRow {
    /// All it was opened with, by ids and hashes, as the journal tells it.
    pub fn told(&self) -> String {
        let at = |at: Option<Utc>| at.map_or_else(String::new, Utc::rfc3339_micros);
        let hash = |text: &str| secrets::hex(&secrets::sha256(text.as_bytes()));
        [
            self.number.to_string(),
            self.revision.to_string(),
            self.policy_version_id.to_string(),
            at(Some(self.decide_by)),
            at(self.bounds_from),
            at(self.bounds_to),
            hash(&self.electorate),
            hash(&self.digest),
        ]
        .join(" ")
    }
}

crate::text_enum! {
    /// What is appended to a round.
    pub enum Happening {
        Voted = "voted",
        Withdrawn = "withdrawn",
        Vacated = "vacated",
        Met = "met",
        Suspended = "suspended",
        Continued = "continued",
        Closed = "closed",
        Asked = "asked",
        Answered = "answered",
        Contested = "contested",
    }
}

/// One thing that was said or happened in a round. Never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = round_events, treat_none_as_default_value = false)]
pub struct EventRow {
    pub round_id: Id<Round>,
    /// The first is 1.
    pub n: i32,
    pub at: Utc,
    pub what: Happening,
    pub stage: Option<i32>,
    pub seat: Option<i32>,
    pub choice: Option<Choice>,
    /// Whoever did it.
    pub person_id: Option<Id<Person>>,
    /// For whom, where that is somebody else.
    pub behalf_id: Option<Id<Person>>,
    /// Who took the seat.
    pub heir_id: Option<Id<Person>>,
    pub text: String,
    /// When the meeting was.
    pub met_at: Option<Utc>,
}

impl EventRow {
    /// As it is counted; nothing of what decides nothing.
    pub fn counted(&self) -> Option<Event> {
        let place = || {
            let stage = usize::try_from(self.stage?).ok()?;
            Some((stage, usize::try_from(self.seat.unwrap_or(0)).ok()?))
        };
        let what = match self.what {
            Happening::Voted => {
                let (stage, seat) = place()?;
                What::Voted {
                    stage,
                    seat,
                    choice: self.choice?,
                }
            }
            Happening::Withdrawn => {
                let (stage, seat) = place()?;
                What::Withdrawn { stage, seat }
            }
            Happening::Vacated => {
                let (stage, seat) = place()?;
                What::Vacated {
                    stage,
                    seat,
                    heir: self.heir_id.map(Id::uuid),
                }
            }
            Happening::Met => What::Met {
                stage: place()?.0,
                choice: self.choice?,
            },
            Happening::Suspended => What::Suspended,
            Happening::Continued => What::Resumed,
            Happening::Closed => What::Closed,
            Happening::Asked | Happening::Answered | Happening::Contested => return None,
        };
        Some(Event { at: self.at, what })
    }

    /// By ids alone, as the journal tells it.
    pub fn told(&self, round: i32) -> String {
        let number = |n: Option<i32>| n.map_or_else(String::new, |n| n.to_string());
        let person = |id: Option<Id<Person>>| id.map_or_else(String::new, |id| id.to_string());
        [
            round.to_string(),
            self.n.to_string(),
            self.what.word().to_owned(),
            number(self.stage),
            number(self.seat),
            self.choice.map_or("", Choice::word).to_owned(),
            person(self.person_id),
            person(self.behalf_id),
            person(self.heir_id),
            self.met_at.map_or_else(String::new, Utc::rfc3339_micros),
        ]
        .join(" ")
    }
}

/// A round with everything that is counted.
#[derive(Debug, Clone)]
pub struct Round {
    pub row: RoundRow,
    pub electorate: Electorate,
    pub digest: Digest,
    pub events: Vec<EventRow>,
}

impl Round {
    pub fn of(row: RoundRow, events: Vec<EventRow>) -> Result<Self> {
        let wrong = |e: serde_json::Error| Error::inward(format!("round {}: {e}", row.id));
        Ok(Self {
            electorate: serde_json::from_str(&row.electorate).map_err(wrong)?,
            digest: serde_json::from_str(&row.digest).map_err(wrong)?,
            row,
            events,
        })
    }

    /// What it has come to by an instant.
    pub fn standing(&self, now: Utc) -> Standing {
        let events: Vec<Event> = self.events.iter().filter_map(EventRow::counted).collect();
        let by = (self.row.decide_by < Utc::FAR).then_some(self.row.decide_by);
        count(&self.electorate, self.row.opened_at, by, &events, now)
    }

    /// The humans whose votes stand in a stage, whomever they spoke for.
    pub fn spoke(&self, standing: &Standing, stage: usize) -> Vec<Uuid> {
        let seats = standing.stages.get(stage).map(|s| s.seats.iter());
        let said = seats.into_iter().flatten().enumerate();
        let said = said.filter(|(_, (_, cast))| matches!(cast, Cast::Said(_)));
        let voice = |(seat, _)| {
            let mut events = self.events.iter().rev();
            let last = events.find(|e| {
                e.what == Happening::Voted
                    && e.stage == Some(stage as i32)
                    && e.seat == Some(seat as i32)
            });
            last.and_then(|e| e.person_id).map(Id::uuid)
        };
        said.filter_map(voice).collect()
    }

    pub fn bounds(&self) -> Option<(Utc, Utc)> {
        Some((self.row.bounds_from?, self.row.bounds_to?))
    }

    /// Whoever opened it, and everybody who sits or sat in it.
    pub fn everybody(&self) -> Vec<Uuid> {
        let opener = self.row.opened_by_id.map(Id::uuid);
        let seats = self.electorate.stages.iter().flat_map(|s| &s.seats);
        let heirs = self.events.iter().filter_map(|e| e.heir_id.map(Id::uuid));
        let mut all: Vec<Uuid> = (seats.map(|s| s.person))
            .chain(heirs)
            .chain(opener)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What others ask of a record's newest round.
#[derive(Debug, Clone)]
pub struct RoundState {
    pub id: Id<Round>,
    pub number: i32,
    pub revision: i32,
    pub opened_at: Utc,
    pub decision: Option<(Decision, Utc)>,
    pub suspended: bool,
    pub digest: Digest,
    pub bounds: Option<(Utc, Utc)>,
    /// Conditions of meetings that are not met yet.
    pub open_conditions: i32,
}

impl RoundState {
    /// Whether it asks about exactly this: the same content, in a window inside its bounds.
    pub fn asks_about(&self, digest: &Digest, window: Option<(Utc, Utc)>) -> bool {
        let inside = super::rules::inside(self.bounds, window);
        let mut changed = self.digest.changed(digest);
        if inside {
            changed.retain(|part| *part != Part::Window);
        }
        changed.is_empty() && (inside || self.bounds.is_none() || window.is_none())
    }

    pub fn is_approved(&self) -> bool {
        matches!(self.decision, Some((Decision::Approved, _)))
    }
}

/// A question that waits for somebody: a line of "My approvals".
#[derive(Debug, Clone, Queryable)]
pub struct Asked {
    pub record: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    /// As it was put to them, where the round says so.
    pub title: Option<String>,
    pub title_now: String,
    pub round: Id<Round>,
    pub round_number: i32,
    pub stage: i32,
    pub seat: i32,
    pub person: Id<Person>,
    pub due_at: Utc,
    pub opened_at: Utc,
    pub decide_by: Utc,
    pub suspended_at: Option<Utc>,
    pub electorate: String,
}

/// A policy with its versions, oldest first.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Id<Kept>,
    pub name: String,
    pub is_retired: bool,
    pub versions: Vec<Version>,
}

impl Kept {
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }
}

/// A policy as it was saved once.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: Id<PolicyVersion>,
    pub number: i32,
    pub saved_at: Utc,
    pub is_retired: bool,
    pub policy: Policy,
}

/// Marks the ids of versions.
#[derive(Debug, Clone, Copy)]
pub struct PolicyVersion;

/// A board's row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = boards)]
pub struct Board {
    pub id: Id<Board>,
    pub name: String,
    pub chair_id: Option<Id<Person>>,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// Somebody decides for somebody else between two instants.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegations, treat_none_as_default_value = false)]
pub struct Delegation {
    pub id: Id<Delegation>,
    pub from_id: Id<Person>,
    pub to_id: Id<Person>,
    pub starts_at: Utc,
    pub ends_at: Utc,
    pub ended_at: Option<Utc>,
    pub created_at: Utc,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "01a20104-3bfb-7153-a92e-3075d4efdeba";

    #[test]
    fn a_name_is_read_without_the_id_that_tells_it_apart() {
        for (written, read, ids) in [
            (format!("Stock ({ONE})"), "Stock", 1),
            (format!("Old (2) ({ONE}), Mail ({ONE})"), "Old (2), Mail", 2),
            ("Mail (old)".to_owned(), "Mail (old)", 0),
            ("Mail (".to_owned(), "Mail (", 0),
            (String::new(), "", 0),
        ] {
            let (found, meant) = names_and_ids(&written);
            assert_eq!((found.as_str(), meant.len()), (read, ids));
        }
    }

    /// Two people of one name are two, and one who marries is still who was approved.
    #[test]
    fn whom_a_name_means_is_approved_and_not_what_they_are_called() {
        let of = |text: String, shape| {
            digest(&[Content {
                part: Part::Implementer,
                label: "field-implementer".to_owned(),
                shape,
                text,
            }])
        };
        let names = |name: &str, id: &str| of(format!("{name} ({id})"), Shape::Names);
        let other = "01a20104-3bfb-7153-a92e-3075d4efdebb";
        assert_eq!(names("Anna Berg", ONE), names("Anna Holm", ONE));
        assert_ne!(names("Anna Berg", ONE), names("Anna Berg", other));
        assert_eq!(
            of("22:00".to_owned(), Shape::Movable),
            of("23:00".to_owned(), Shape::Movable)
        );
        assert_ne!(
            of("Plan".to_owned(), Shape::Text),
            of("Plans".to_owned(), Shape::Text)
        );
    }
}
