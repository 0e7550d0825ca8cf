//! Short ways to write a history and a catalogue down.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::platform::db::Utc;
use crate::service_levels::calendar::{Calendar, Week};
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// `2026-11-02 09:00`, in UTC; seconds may follow.
pub fn at(text: &str) -> Utc {
    let (date, time) = text.split_once(' ').unwrap();
    let date: crate::service_levels::calendar::LocalDate = date.parse().unwrap();
    let mut seconds = 0.0;
    for part in time.split(':').chain((time.len() < 6).then_some("0")) {
        seconds = seconds * 60.0 + part.parse::<f64>().unwrap();
    }
    Utc::from_micros(i64::from(date.0) * 24 * HOUR + (seconds * 1e6).round() as i64)
}

/// A time of Monday, 2 November 2026.
pub fn mon(time: &str) -> Utc {
    at(&format!("2026-11-02 {time}"))
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The calendar that is always open.
pub const ALWAYS: u128 = 1;
/// Monday to Friday 08:00-18:00, UTC.
pub const OFFICE: u128 = 2;

pub fn calendar(name: &str, zone: &str, days: &str, hours: &[&str]) -> Calendar {
    let windows: Vec<_> = hours.iter().map(|h| h.parse().unwrap()).collect();
    let on = |n: &str| {
        if days.contains(n) {
            windows.clone()
        } else {
            Vec::new()
        }
    };
    Calendar {
        name: name.to_owned(),
        zone: zone.to_owned(),
        week: Week {
            monday: on("1"),
            tuesday: on("2"),
            wednesday: on("3"),
            thursday: on("4"),
            friday: on("5"),
            saturday: on("6"),
            sunday: on("7"),
        },
        holidays: Vec::new(),
        closures: Vec::new(),
        openings: Vec::new(),
        also: Vec::new(),
    }
}

pub fn stored(n: u128, definition: Calendar) -> StoredCalendar {
    StoredCalendar {
        calendar: id(n),
        version: id(1_000 + n),
        from_at: at("2000-01-01 00:00"),
        definition,
    }
}

pub fn calendars() -> Vec<StoredCalendar> {
    vec![
        stored(
            ALWAYS,
            calendar("Always", "UTC", "1234567", &["00:00-24:00"]),
        ),
        stored(OFFICE, calendar("Office", "UTC", "12345", &["08:00-18:00"])),
    ]
}

/// An SLA for incidents of a priority (0: any) in the calendar that is always open.
pub fn sla(priority: i32, targets: &[(Target, &str)]) -> Agreement {
    Agreement {
        name: format!("P{priority}"),
        kind: AgreementKind::Sla,
        covers: Covers {
            record: "incident".to_owned(),
            priority: (priority > 0).then_some(priority),
            ..Covers::default()
        },
        targets: targets
            .iter()
            .map(|(target, span)| (*target, span.parse().unwrap()))
            .collect::<BTreeMap<_, _>>(),
        calendar: id(ALWAYS),
        pauses: vec!["requester".to_owned(), "appointment".to_owned()],
        never_pauses_major: false,
        stops_at: StopsAt::Resolved,
        reopening: Reopening::ContinueTimeOff,
        priority_change: PriorityChange::FromStart,
        steps: Vec::new(),
        goal: 95,
    }
}

pub fn agreed(n: u128, definition: Agreement) -> StoredAgreement {
    StoredAgreement {
        agreement: id(n),
        version: id(2_000 + n),
        from_at: at("2000-01-01 00:00"),
        saved_at: at("2000-01-01 00:00"),
        is_retired: false,
        definition,
    }
}

pub fn book(agreements: &[Agreement]) -> Catalogue {
    let stored = agreements.iter().enumerate();
    let stored: Vec<_> = stored
        .map(|(n, a)| agreed(10 + n as u128, a.clone()))
        .collect();
    Catalogue::of(&calendars(), &stored).unwrap()
}

/// A history that is written fact by fact.
#[derive(Clone)]
pub struct Story(pub History);

impl Story {
    /// An incident of a priority, reported through the portal.
    pub fn portal(reported_at: Utc, priority: i32) -> Self {
        Self::begun(reported_at, reported_at, priority, false)
    }

    pub fn begun(reported_at: Utc, at: Utc, priority: i32, conversation: bool) -> Self {
        let begun = Happened::Begun {
            reported_at,
            conversation,
        };
        let kind = Happened::Kind("incident".to_owned());
        let changes = vec![begun, kind, Happened::Priority(priority)];
        let position = 1;
        Self(History {
            events: vec![Event {
                at,
                position,
                changes,
            }],
            imported: false,
        })
    }

    pub fn imported(mut self) -> Self {
        self.0.imported = true;
        self
    }

    pub fn then(mut self, at: Utc, changes: impl IntoIterator<Item = Happened>) -> Self {
        self.0.events.push(Event {
            at,
            position: self.0.events.len() as i64 + 1,
            changes: changes.into_iter().collect(),
        });
        self
    }

    pub fn resolved(self, at: Utc) -> Self {
        self.then(at, [Happened::Resolved(at)])
    }

    pub fn reopened(self, at: Utc) -> Self {
        self.then(at, [Happened::Reopened])
    }

    pub fn replied(self, at: Utc) -> Self {
        self.then(at, [Happened::StaffReply])
    }

    pub fn priority(self, at: Utc, priority: i32) -> Self {
        self.then(at, [Happened::Priority(priority)])
    }

    pub fn hold(self, at: Utc, reason: &str) -> Self {
        let reason = reason.to_owned();
        let supplier = None;
        self.then(at, [Happened::Hold { reason, supplier }])
    }

    pub fn hold_ended(self, at: Utc) -> Self {
        self.then(at, [Happened::HoldEnded])
    }

    pub fn clocks(&self, book: &Catalogue, now: Utc) -> Vec<Clock> {
        clocks(&self.0, book, now)
    }

    /// The only clock there is.
    pub fn clock(&self, book: &Catalogue, now: Utc) -> Clock {
        let mut clocks = self.clocks(book, now);
        assert_eq!(clocks.len(), 1, "{clocks:#?}");
        clocks.remove(0)
    }
}
