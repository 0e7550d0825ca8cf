//! What a report is asked, and what it answers.

use jiff::civil::Date;
use serde::de::Deserializer;
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules::{Share, Slot};
use crate::platform::db::Utc;
use crate::platform::kernel::zone::Zone;
pub use crate::service_levels::Outcome;
use crate::service_levels::Target;

crate::text_enum! {
    /// What the lines of a report are.
    pub enum GroupBy {
        Priority = "priority",
        Service = "service",
        Team = "team",
        Organisation = "organisation",
        Agreement = "agreement",
    }
}

crate::text_enum! {
    /// Which instant of a clock decides the month it counts in.
    pub enum By {
        /// When its result became certain.
        Outcome = "outcome",
        /// When it was reported.
        Opened = "opened",
        /// When it stopped.
        Resolved = "resolved",
    }
}

/// What becomes of a clock, in the order reports tell it.
pub const OUTCOMES: [Outcome; 5] = [
    Outcome::Met,
    Outcome::Breached,
    Outcome::Running,
    Outcome::Ended,
    Outcome::Exempt,
];

/// A span of days in the desk's zone, both ends included.
#[derive(Debug, Clone)]
pub struct Period {
    pub zone: Zone,
    pub from: Date,
    pub to: Date,
    /// The first instant of it and the first one after it.
    pub start: Utc,
    pub end: Utc,
}

/// What a report is narrowed to. Every part that is set narrows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub kind: Option<String>,
    pub priority: Option<i32>,
    /// `Some(None)`: those that have none.
    pub service: Option<Option<Uuid>>,
    pub team: Option<Option<Uuid>>,
    pub organisation: Option<Option<Uuid>>,
    pub agreement: Option<Option<Uuid>>,
}

impl Narrow {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Narrowed to one line of a group.
    pub fn to_key(&self, group: GroupBy, key: Key) -> Self {
        let mut narrow = self.clone();
        match (group, key) {
            (GroupBy::Priority, Key::Level(level)) => narrow.priority = Some(level),
            (GroupBy::Service, key) => narrow.service = Some(key.id()),
            (GroupBy::Team, key) => narrow.team = Some(key.id()),
            (GroupBy::Organisation, key) => narrow.organisation = Some(key.id()),
            (GroupBy::Agreement, key) => narrow.agreement = Some(key.id()),
            (GroupBy::Priority, _) => {}
        }
        narrow
    }
}

/// A question about clocks.
#[derive(Debug, Clone)]
pub struct Ask {
    pub period: Period,
    pub target: Target,
    pub group_by: GroupBy,
    pub by: By,
    pub narrow: Narrow,
}

/// What a line of a group is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Level(i32),
    Of(Uuid),
    /// It has none.
    None,
}

impl Key {
    pub fn id(self) -> Option<Uuid> {
        match self {
            Key::Of(id) => Some(id),
            Key::Level(_) | Key::None => None,
        }
    }

    /// As files and addresses write it.
    pub fn text(self) -> String {
        match self {
            Key::Level(level) => level.to_string(),
            Key::Of(id) => id.to_string(),
            Key::None => "none".to_owned(),
        }
    }

    pub fn read(group: GroupBy, text: &str) -> Option<Self> {
        match group {
            _ if text == "none" => Some(Key::None),
            GroupBy::Priority => text.parse().ok().map(Key::Level),
            _ => Uuid::parse_str(text).ok().map(Key::Of),
        }
    }
}

/// How the clocks stand: the five add up to n.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Five {
    pub met: u64,
    pub breached: u64,
    pub running: u64,
    pub ended: u64,
    pub exempt: u64,
}

impl Five {
    pub fn add(&mut self, outcome: Outcome, n: u64) {
        *self.of_mut(outcome) += n;
    }

    pub fn plus(&mut self, other: &Five) {
        for outcome in OUTCOMES {
            self.add(outcome, other.of(outcome));
        }
    }

    pub fn minus(&mut self, other: &Five) {
        for outcome in OUTCOMES {
            let own = self.of_mut(outcome);
            *own = own.saturating_sub(other.of(outcome));
        }
    }

    fn of_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Met => &mut self.met,
            Outcome::Breached => &mut self.breached,
            Outcome::Running => &mut self.running,
            Outcome::Ended => &mut self.ended,
            Outcome::Exempt => &mut self.exempt,
        }
    }

    pub fn of(&self, outcome: Outcome) -> u64 {
        let mut copy = *self;
        *copy.of_mut(outcome)
    }

    pub fn n(&self) -> u64 {
        OUTCOMES.iter().map(|outcome| self.of(*outcome)).sum()
    }

    /// Met of met and breached; nothing where there was neither.
    pub fn attainment(&self) -> Option<Share> {
        Share::of(self.met, self.met + self.breached)
    }
}

impl Serialize for Five {
    /// With what follows from them, so that a reader of the file needs no arithmetic of their own.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut five = serializer.serialize_struct("Five", 7)?;
        five.serialize_field("met", &self.met)?;
        five.serialize_field("breached", &self.breached)?;
        five.serialize_field("running", &self.running)?;
        five.serialize_field("ended", &self.ended)?;
        five.serialize_field("exempt", &self.exempt)?;
        five.serialize_field("n", &self.n())?;
        let percent = self.attainment().map(|share| share.tenths() as f64 / 10.0);
        five.serialize_field("attainment", &percent)?;
        five.end()
    }
}

impl<'de> Deserialize<'de> for Five {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Read {
            met: u64,
            breached: u64,
            running: u64,
            ended: u64,
            exempt: u64,
        }
        let read = Read::deserialize(deserializer)?;
        Ok(Five {
            met: read.met,
            breached: read.breached,
            running: read.running,
            ended: read.ended,
            exempt: read.exempt,
        })
    }
}

/// Percentiles of some durations, in microseconds, by nearest rank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub n: u64,
    pub p25: Option<i64>,
    pub median: Option<i64>,
    pub p75: Option<i64>,
    pub p90: Option<i64>,
}

/// A line of a report: one priority, service, team…
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub key: String,
    pub label: String,
    /// The highest goal among its agreements, in percent.
    pub goal: Option<u32>,
    pub total: Five,
    /// One for each month of the report.
    pub months: Vec<Five>,
    /// Business time that the clocks which stopped took.
    pub spread: Spread,
    /// Time the clocks ran, and time they stood still, of all of them.
    pub elapsed_micros: i64,
    pub paused_micros: i64,
}

/// A point of the trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub from: String,
    pub to: String,
    pub five: Five,
}

/// The answer: what a page, a file, the command line and a closed period say alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub target: String,
    pub by: String,
    pub group_by: String,
    /// First and last day, in `zone`.
    pub from: String,
    pub to: String,
    pub zone: String,
    /// First days of the months.
    pub months: Vec<String>,
    pub goal: Option<u32>,
    pub total: Five,
    /// Breaches that stood before the terms changed; in no other figure.
    pub superseded: u64,
    pub spread: Spread,
    pub trend: Vec<Point>,
    pub lines: Vec<Line>,
}

/// A figure of a closed period that would be another one today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// First day of the month.
    pub month: Date,
    pub label: String,
    pub key: Key,
    pub frozen: Five,
    pub today: Five,
}

/// One slot of a report with its place.
#[derive(Debug, Clone)]
pub struct Slots(pub Vec<Slot>);

impl Slots {
    /// Where an instant falls; before the first and after the last it falls nowhere.
    pub fn place(&self, at: Utc) -> Option<usize> {
        let after = self.0.partition_point(|slot| slot.start <= at);
        let place = after.checked_sub(1)?;
        self.0.get(place).filter(|slot| at < slot.end)?;
        Some(place)
    }
}
