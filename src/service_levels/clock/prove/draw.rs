//! What is drawn for a random case: a place and its hours, agreements, and a record's life.

use proptest::prelude::*;

use super::oracle::Fact;
use crate::service_levels::terms::*;

pub const ZONES: [&str; 32] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "America/Asuncion",
    "America/Caracas",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Amman",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
];

/// 1970 to 2037, in seconds.
pub const YEARS: std::ops::Range<i64> = 0..2_145_916_800;
/// Hours of one calendar's version: for every weekday some windows, and dates around the middle.
#[derive(Debug, Clone)]
pub struct Times {
    pub week: Vec<Vec<(u16, u16)>>,
    pub holidays: Vec<i32>,
    pub closures: Vec<(i64, i64)>,
    pub openings: Vec<(i64, i64)>,
}

/// All that is drawn for a case.
#[derive(Debug, Clone)]
pub struct Case {
    pub zone: usize,
    pub other_zone: usize,
    /// Which of the zone's changes of clocks is in the middle; else an instant of all years.
    pub change: Option<prop::sample::Index>,
    pub middle: i64,
    pub before: i64,
    pub times: Vec<Times>,
    pub joined: bool,
    pub calendar_from: i64,
    pub spans: Vec<Span>,
    pub targets: Vec<Target>,
    pub pauses: Vec<bool>,
    pub rules: Vec<(Reopening, PriorityChange, bool, bool)>,
    pub agreement_from: i64,
    pub priority: i32,
    pub conversation: bool,
    pub facts: Vec<(i64, Fact)>,
    pub now: i64,
}

/// Minutes: mostly whole hours, so that facts, ends of hours and due instants fall together.
fn round(most: i64) -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => 0..most,
        3 => (0..most / 60).prop_map(|n| n * 60),
    ]
}

fn window() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        2 => Just((0, 1_440)),
        2 => Just((480, 1_080)),
        2 => Just((1_320, 1_800)),
        2 => Just((540, 1_020)),
        1 => Just((90, 150)),
        1 => Just((120, 180)),
        3 => (0..1_440u16, 1..=1_440u16).prop_map(|(from, length)| (from, from + length)),
    ]
}

fn times() -> impl Strategy<Value = Times> {
    let week = prop::collection::vec(prop::collection::vec(window(), 0..3), 7);
    let minutes = -4 * 1_440..6 * 1_440i64;
    let closure = (minutes.clone(), 1..3_000i64);
    let opening = (minutes, 1..=1_440i64);
    (
        week,
        prop::collection::vec(-3..5i32, 0..3),
        prop::collection::vec(closure, 0..3),
        prop::collection::vec(opening, 0..3),
    )
        .prop_map(|(week, holidays, closures, openings)| Times {
            week,
            holidays,
            closures,
            openings,
        })
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        6 => round(1_200).prop_map(|n| Span::Business { minutes: n.max(1) as u32 }),
        3 => round(2_500).prop_map(|n| Span::Clock { minutes: n.max(1) as u32 }),
        1 => (1..4u32).prop_map(|days| Span::EndOfDay { days }),
        1 => (1..4u32, 0..24u8, 0..60u8)
            .prop_map(|(days, hour, minute)| Span::ByTime { days, hour, minute }),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        4 => (1..=4i32).prop_map(Fact::Priority),
        2 => (0..2usize).prop_map(Fact::Kind),
        1 => any::<bool>().prop_map(Fact::Major),
        4 => prop::sample::select(vec!["requester", "supplier", "appointment"]).prop_map(Fact::Hold),
        3 => prop::option::weighted(0.8, 0..2u8).prop_map(Fact::Team),
        3 => Just(Fact::HoldEnded),
        2 => Just(Fact::Contact),
        2 => Just(Fact::Reply),
        3 => Just(Fact::Resolved),
        3 => Just(Fact::Reopened),
        1 => Just(Fact::Closed),
        1 => Just(Fact::Cancelled),
        1 => Just(Fact::Nothing),
    ]
}

fn rule() -> impl Strategy<Value = (Reopening, PriorityChange, bool, bool)> {
    (
        prop::sample::select(vec![
            Reopening::ContinueTimeOff,
            Reopening::ContinueTimeCounts,
            Reopening::NewCycle,
        ]),
        prop::sample::select(vec![PriorityChange::FromStart, PriorityChange::FromChange]),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
    )
}

/// The number of agreements: for priority 1, 2, 3, for all, and for the other kind.
pub const AGREEMENTS: usize = 5;

pub fn case() -> impl Strategy<Value = Case> {
    let place = (
        0..ZONES.len(),
        0..ZONES.len(),
        prop::option::weighted(0.8, any::<prop::sample::Index>()),
        YEARS,
        round(2_000),
        prop::collection::vec(times(), 3),
        prop::bool::weighted(0.2),
    );
    let terms = (
        round(3_000),
        prop::collection::vec(span(), AGREEMENTS + 1),
        prop_oneof![
            4 => Just(vec![Target::Resolution; AGREEMENTS]),
            4 => prop::sample::select(Target::ALL).prop_map(|t| vec![t; AGREEMENTS]),
            1 => prop::collection::vec(prop::sample::select(Target::ALL), AGREEMENTS),
        ],
        prop::collection::vec(any::<bool>(), AGREEMENTS * 2),
        prop::collection::vec(rule(), AGREEMENTS + 1),
        round(3_000),
    );
    let life = (
        1..=4i32,
        prop::bool::weighted(0.1),
        prop::collection::vec((round(3_500), fact()), 0..12),
        round(4_500),
    );
    (place, terms, life).prop_map(|(place, terms, life)| Case {
        zone: place.0,
        other_zone: place.1,
        change: place.2,
        middle: place.3,
        before: place.4,
        times: place.5,
        joined: place.6,
        calendar_from: terms.0,
        spans: terms.1,
        targets: terms.2,
        pauses: terms.3,
        rules: terms.4,
        agreement_from: terms.5,
        priority: life.0,
        conversation: life.1,
        facts: life.2,
        now: life.3,
    })
}
