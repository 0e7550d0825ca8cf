//! Why is it due then: a clock's time, piece by piece.

use uuid::Uuid;

use super::catalogue::Catalogue;
use super::count::counted;
use super::history::History;
use super::model::{Clock, Phase};
use super::run::{How, Stretch};
use super::tell::Told;
use super::track::Track;
use crate::platform::db::Utc;
use crate::service_levels::terms::{Span, Target};

/// More open and closed pieces than this between two facts are told in one.
const MOST: usize = 120;

/// What time was to a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Ran,
    /// Waiting for what this code of a hold says.
    Paused(String),
    OutsideHours,
    /// Resolved, and opened again later.
    Stopped,
}

/// A piece of a clock's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub from: Utc,
    pub to: Utc,
    pub what: What,
    /// What of it counted; less than its length where many days are told in one.
    pub counted_micros: i64,
    /// Position of the fact that began it; `None` where only the calendar opened or closed.
    pub caused_by: Option<i64>,
    /// The version of the agreement that was in force.
    pub agreement_version: Uuid,
    pub calendar_version: Uuid,
    /// Not yet: how it will run until it is due, if nothing happens.
    pub is_ahead: bool,
}

/// A clock, and how it came to stand where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub clock: Clock,
    pub segments: Vec<Segment>,
}

/// Explains one clock. `None` when there is no such clock.
pub fn explain(
    history: &History,
    catalogue: &Catalogue,
    now: Utc,
    (target, cycle, part): (Target, i32, i32),
) -> Option<Explanation> {
    let track = Track::of(history)?;
    let told = counted(catalogue, &track, target, now).into_iter();
    let mut told = told.filter(|t| (t.clock.cycle, t.clock.part) == (cycle, part));
    let told = told.next()?;
    let segments = segments(&told, now);
    let clock = told.clock;
    Some(Explanation { clock, segments })
}

fn segments(told: &Told, now: Utc) -> Vec<Segment> {
    let mut segments = Vec::new();
    let clock = &told.clock;
    let open = matches!(clock.phase, Phase::Running | Phase::Paused);
    let until = clock.stopped_at.unwrap_or(match open {
        true => now.max(told.run.cursor),
        false => told.until,
    });
    let mut stretches = told.run.stretches.clone();
    let present = Stretch {
        from: told.run.cursor,
        to: until,
        how: told.run.how(),
        moment: told.run.moment,
        under: told.terms.version.id,
    };
    stretches.extend((open && present.from < present.to).then_some(present));
    for stretch in &stretches {
        let (from, to) = (stretch.from.max(told.run.anchor), stretch.to.min(until));
        if from < to {
            add(
                told,
                Stretch {
                    from,
                    to,
                    ..*stretch
                },
                false,
                &mut segments,
            );
        }
    }
    if open && clock.due_at > until && clock.due_at < Utc::FAR {
        let ahead = Stretch {
            from: until,
            to: clock.due_at,
            ..present
        };
        add(told, ahead, true, &mut segments);
    }
    segments
}

fn add(told: &Told, stretch: Stretch, is_ahead: bool, segments: &mut Vec<Segment>) {
    let run = &told.run;
    let terms = &told.terms;
    let moment = run.track.moments.get(stretch.moment);
    let fact = moment.map(|m| m.position).filter(|_| !is_ahead);
    let mut push = |from, to, what, counted_micros, caused_by, calendar_version| {
        segments.push(Segment {
            from,
            to,
            what,
            counted_micros,
            caused_by,
            agreement_version: stretch.under,
            calendar_version,
            is_ahead,
        });
    };
    let (from, to) = (stretch.from, stretch.to);
    let calendar = terms.calendar_version(from);
    match run.counts(&stretch, terms) {
        How::Off => push(from, to, What::Stopped, 0, fact, calendar),
        How::Paused | How::Undecided => {
            let hold = moment.and_then(|m| m.facts.hold.as_ref());
            let reason = hold.map(|h| h.reason.clone()).unwrap_or_default();
            push(
                from,
                to,
                What::Paused(reason),
                0,
                hold.map(|h| h.by),
                calendar,
            );
        }
        How::Counts if matches!(terms.span, Span::Clock { .. }) => {
            let length = to.micros() - from.micros();
            push(from, to, What::Ran, length, fact, calendar);
        }
        How::Counts => {
            let known = told.known;
            let open = terms.timeline().intervals(from, to, known, MOST + 1);
            if open.len() > MOST {
                let counted = terms.timeline().between(from, to, known);
                push(from, to, What::Ran, counted, fact, calendar);
                return;
            }
            let mut at = from;
            for (opens, closes, version) in open {
                if at < opens {
                    push(at, opens, What::OutsideHours, 0, None, version);
                }
                let by = fact.filter(|_| opens == from);
                let length = closes.micros() - opens.micros();
                push(opens, closes, What::Ran, length, by, version);
                at = closes;
            }
            if at < to {
                push(at, to, What::OutsideHours, 0, None, calendar);
            }
        }
    }
}
