//! What a clock costs once its calendar is compiled: it grows with facts, not with time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a benchmark may stop at the first surprise

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

use andon::platform::db::Utc;
use andon::service_levels::{
    Agreement, Calendar, Catalogue, Event, Happened, History, StoredAgreement, StoredCalendar,
    Week, clocks,
};

const HOUR: i64 = 3_600_000_000;
const YEAR: i64 = 365 * 24 * HOUR;
/// 2 November 2026, 09:00.
const NOW: i64 = 1_793_610_000_000_000;

fn catalogue() -> Catalogue {
    let hours = vec![
        "08:00-12:00".parse().unwrap(),
        "13:00-18:00".parse().unwrap(),
    ];
    let calendar = Calendar {
        name: "Office".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        week: Week {
            monday: hours.clone(),
            tuesday: hours.clone(),
            wednesday: hours.clone(),
            thursday: hours.clone(),
            friday: hours,
            ..Week::default()
        },
        holidays: Vec::new(),
        closures: Vec::new(),
        openings: Vec::new(),
        also: Vec::new(),
    };
    let long_ago = Utc::from_micros(0);
    let calendars = [StoredCalendar {
        calendar: Uuid::nil(),
        version: Uuid::nil(),
        from_at: long_ago,
        definition: calendar,
    }];
    let agreement: Agreement = serde_json::from_value(serde_json::json!({
        "name": "Incidents",
        "kind": "sla",
        "covers": { "record": "incident" },
        "targets": { "resolution": "26280 business hours" },
        "calendar": Uuid::nil(),
        "pauses": ["requester"],
        "goal": 95,
    }))
    .unwrap();
    let agreements = [StoredAgreement {
        agreement: Uuid::nil(),
        version: Uuid::nil(),
        from_at: long_ago,
        saved_at: long_ago,
        is_retired: false,
        definition: agreement,
    }];
    Catalogue::of(&calendars, &agreements).unwrap()
}

/// A record of so many years, held for a week and back as often as said.
fn history(years: i64, holds: i64) -> History {
    let start = NOW - years * YEAR;
    let begun = vec![
        Happened::Begun {
            reported_at: Utc::from_micros(start),
            conversation: false,
        },
        Happened::Kind("incident".to_owned()),
        Happened::Priority(3),
    ];
    let mut all = vec![(start, begun)];
    for n in 0..holds {
        let hold = Happened::Hold {
            reason: "requester".to_owned(),
            supplier: None,
        };
        let at = start + (n + 1) * years * YEAR / (holds + 1);
        all.push((at, vec![hold]));
        all.push((at + 7 * 24 * HOUR, vec![Happened::HoldEnded]));
    }
    all.push((NOW, vec![Happened::Resolved(Utc::from_micros(NOW))]));
    let events = all
        .into_iter()
        .zip(1..)
        .map(|((at, changes), position)| Event {
            at: Utc::from_micros(at),
            position,
            changes,
        });
    History {
        events: events.collect(),
        imported: false,
    }
}

fn clock(c: &mut Criterion) {
    let catalogue = catalogue();
    let now = Utc::from_micros(NOW + HOUR);
    for (name, years, holds) in [
        ("a week of business hours", 0, 0),
        ("10 years of business hours", 10, 0),
        ("40 years of business hours", 40, 0),
        ("10 years, held 10 times", 10, 10),
        ("10 years, held 100 times", 10, 100),
    ] {
        let mut history = history(years, holds);
        if years == 0 {
            let start = Utc::from_micros(NOW - 7 * 24 * HOUR);
            history.events[0].at = start;
            let conversation = false;
            history.events[0].changes[0] = Happened::Begun {
                reported_at: start,
                conversation,
            };
        }
        assert_eq!(clocks(&history, &catalogue, now).len(), 1);
        c.bench_function(name, |b| {
            b.iter(|| clocks(black_box(&history), &catalogue, now));
        });
    }
    let history = history(10, 0);
    c.bench_function("10 years, calendar compiled anew", |b| {
        b.iter_with_setup(self::catalogue, |fresh| {
            clocks(black_box(&history), &fresh, now)
        });
    });
}

criterion_group!(benches, clock);
criterion_main!(benches);
