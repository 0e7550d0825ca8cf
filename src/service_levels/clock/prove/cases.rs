//! Random records, agreements and calendars, near the instants at which something could go wrong:
//! changes of clocks, holidays, closures, midnights.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::draw::{AGREEMENTS, Case, Times, YEARS, ZONES};
use super::oracle::{Fact, Version, World};
use super::wall::Wall;
use crate::platform::db::Utc;
use crate::service_levels::calendar::{
    Calendar, Exception, Holiday, LocalDate, LocalMinute, Week, Window,
};
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

const DAY: i64 = 86_400;

impl Case {
    /// The instant everything is drawn around.
    fn middle(&self) -> i64 {
        let zone = TimeZone::get(ZONES[self.zone]).unwrap();
        let changes = zone.following(Timestamp::from_second(YEARS.start).unwrap());
        let changes = changes.map(|c| c.timestamp().as_second());
        let changes: Vec<i64> = changes.take_while(|at| *at < YEARS.end).collect();
        let middle = match self.change {
            Some(change) if !changes.is_empty() => changes[change.index(changes.len())],
            _ => self.middle,
        };
        middle.div_euclid(60) * 60
    }

    fn start(&self) -> i64 {
        self.middle() - self.before * 60
    }

    fn calendar(&self, times: &Times, zone: usize) -> Calendar {
        let middle = self.middle().div_euclid(60);
        let exceptions = |list: &[(i64, i64)]| {
            let exception = |(from, length): &(i64, i64)| Exception {
                from: LocalMinute(middle + from),
                to: LocalMinute(middle + from + length),
                name: String::new(),
            };
            list.iter().map(exception).collect()
        };
        let day = |n: usize| times.week[n].iter().map(written).collect();
        let date = |days: &i32| Holiday {
            date: LocalDate((middle / 1_440) as i32 + days),
            name: String::new(),
        };
        Calendar {
            name: "Random".to_owned(),
            zone: ZONES[zone].to_owned(),
            week: Week {
                monday: day(0),
                tuesday: day(1),
                wednesday: day(2),
                thursday: day(3),
                friday: day(4),
                saturday: day(5),
                sunday: day(6),
            },
            holidays: times.holidays.iter().map(date).collect(),
            closures: exceptions(&times.closures),
            openings: exceptions(&times.openings),
            also: Vec::new(),
        }
    }

    /// The versions of both calendars: the first one has two.
    fn calendars(&self) -> Vec<(usize, i64, Calendar)> {
        let from = self.start() + self.calendar_from * 60;
        let other = if self.joined {
            self.zone
        } else {
            self.other_zone
        };
        vec![
            (0, 0, self.calendar(&self.times[0], self.zone)),
            (0, from, self.calendar(&self.times[1], self.zone)),
            (1, 0, self.calendar(&self.times[2], other)),
        ]
    }

    fn versions(&self) -> Vec<Version> {
        let version = |n: usize| {
            let (reopening, change, closes, never) = self.rules[n];
            let which = n.min(AGREEMENTS - 1);
            let mut pauses = Vec::new();
            if self.pauses[which * 2] {
                pauses.push("requester".to_owned());
            }
            if self.pauses[which * 2 + 1] {
                pauses.push("supplier".to_owned());
            }
            Version {
                agreement: n,
                number: 0,
                from: 0,
                kind: usize::from(n == 4),
                priority: [Some(1), Some(2), Some(3), None, None]
                    .get(n)
                    .copied()
                    .flatten(),
                target: self.targets[which],
                span: self.spans[n],
                calendar: n % 2,
                pauses,
                never_pauses_major: never,
                reopening,
                change,
                closes,
            }
        };
        let mut versions: Vec<Version> = (0..AGREEMENTS).map(version).collect();
        // The first agreement has a second version.
        versions.push(Version {
            agreement: 0,
            number: 1,
            kind: 0,
            priority: Some(1),
            target: self.targets[0],
            calendar: 1,
            from: self.start() + self.agreement_from * 60,
            ..version(AGREEMENTS)
        });
        versions
    }

    fn facts(&self) -> Vec<(i64, Fact)> {
        let mut facts = self.facts.clone();
        facts.sort_by_key(|(at, _)| *at);
        let start = self.start();
        let fact = |(at, fact): (i64, Fact)| (start + at * 60, fact);
        facts.into_iter().map(fact).collect()
    }

    fn now(&self) -> i64 {
        let last = self.facts().last().map_or(0, |(at, _)| *at);
        last.max(self.start() + self.now * 60)
    }

    /// `None` where an offset of the time around isn't of whole half-minutes.
    pub fn world(&self) -> Option<World> {
        let mut tick = 60;
        for zone in [self.zone, self.other_zone] {
            let zone = TimeZone::get(ZONES[zone]).unwrap();
            for at in [self.start() - 5 * DAY, self.middle(), self.now() + 30 * DAY] {
                let at = Timestamp::from_second(at).unwrap();
                let offset = zone.to_offset(at).seconds();
                if offset % 60 != 0 {
                    tick = 30;
                }
                if offset % 30 != 0 {
                    return None;
                }
            }
        }
        let mut calendars: Vec<Vec<(i64, Wall)>> = vec![Vec::new(), Vec::new()];
        for (n, from, calendar) in self.calendars() {
            calendars[n].push((from, Wall::of(&calendar)));
        }
        Some(World {
            tick,
            calendars,
            versions: self.versions(),
            start: self.start(),
            priority: self.priority,
            conversation: self.conversation,
            facts: self.facts(),
            now: self.now(),
        })
    }

    pub fn catalogue(&self) -> Catalogue {
        let calendars: Vec<StoredCalendar> = self
            .calendars()
            .into_iter()
            .map(|(n, from, definition)| StoredCalendar {
                calendar: Uuid::from_u128(n as u128),
                version: Uuid::now_v7(),
                from_at: utc(from),
                definition,
            })
            .collect();
        let agreements: Vec<StoredAgreement> = self
            .versions()
            .iter()
            .map(|v| StoredAgreement {
                agreement: Uuid::from_u128(v.agreement as u128),
                version: Uuid::from_u128((v.agreement * 10 + v.number) as u128),
                from_at: utc(v.from),
                saved_at: utc(0),
                is_retired: false,
                definition: agreement(v),
            })
            .collect();
        Catalogue::of(&calendars, &agreements).unwrap()
    }

    pub fn history(&self) -> History {
        let begun = vec![
            Happened::Begun {
                reported_at: utc(self.start()),
                conversation: self.conversation,
            },
            Happened::Kind(KINDS[0].to_owned()),
            Happened::Priority(self.priority),
        ];
        let facts = self
            .facts()
            .into_iter()
            .map(|(at, fact)| (at, happened(&fact, at)));
        let all = [(self.start(), begun)].into_iter().chain(facts);
        let events = all.zip(1..).map(|((at, changes), position)| Event {
            at: utc(at),
            position,
            changes,
        });
        History {
            events: events.collect(),
            imported: false,
        }
    }

    /// The same under agreements that never change.
    pub fn steady(self) -> Self {
        let agreement_from = 1_000_000;
        Self {
            agreement_from,
            ..self
        }
    }

    pub fn instant(&self) -> Utc {
        utc(self.now())
    }
}

pub const KINDS: [&str; 2] = ["incident", "request"];

pub fn utc(seconds: i64) -> Utc {
    Utc::from_micros(seconds * 1_000_000)
}

fn written((from, to): &(u16, u16)) -> Window {
    let time = |minute: u16| match minute {
        1_440 => "24:00".to_owned(),
        minute => format!("{:02}:{:02}", minute % 1_440 / 60, minute % 60),
    };
    format!("{}-{}", time(*from), time(*to)).parse().unwrap()
}

fn agreement(version: &Version) -> Agreement {
    Agreement {
        name: "Random".to_owned(),
        kind: version.target.kind(),
        covers: Covers {
            record: KINDS[version.kind].to_owned(),
            priority: version.priority,
            ..Covers::default()
        },
        targets: [(version.target, version.span)].into(),
        calendar: Uuid::from_u128(version.calendar as u128),
        pauses: version.pauses.clone(),
        never_pauses_major: version.never_pauses_major,
        stops_at: if version.closes {
            StopsAt::Closed
        } else {
            StopsAt::Resolved
        },
        reopening: version.reopening,
        priority_change: version.change,
        steps: Vec::new(),
        goal: 95,
    }
}

fn happened(fact: &Fact, at: i64) -> Vec<Happened> {
    vec![match fact {
        Fact::Priority(priority) => Happened::Priority(*priority),
        Fact::Kind(kind) => Happened::Kind(KINDS[*kind].to_owned()),
        Fact::Major(major) => Happened::Major(*major),
        Fact::Hold(reason) => Happened::Hold {
            reason: (*reason).to_owned(),
            supplier: (*reason == "supplier").then_some(Uuid::from_u128(7)),
        },
        Fact::Team(team) => Happened::Team(team.map(|n| Uuid::from_u128(n.into()))),
        Fact::HoldEnded => Happened::HoldEnded,
        Fact::Contact => Happened::RequesterContact,
        Fact::Reply => Happened::StaffReply,
        Fact::Resolved => Happened::Resolved(utc(at)),
        Fact::Reopened => Happened::Reopened,
        Fact::Closed => Happened::Closed,
        Fact::Cancelled => Happened::Cancelled,
        Fact::Nothing => return Vec::new(),
    }]
}
