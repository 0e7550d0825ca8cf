//! A history made ready: moments in the order of time, and how the record stood from each one on.

use std::sync::Arc;

use uuid::Uuid;

use super::history::{Event, Happened, History, ON_REQUESTER};
use crate::platform::db::Utc;

/// Where a record is in its life, as far as clocks ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Open,
    Resolved,
    /// Whether it was resolved before.
    Closed {
        resolved: bool,
    },
    Cancelled,
}

/// What a record waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) reason: String,
    pub(super) supplier: Option<Uuid>,
    /// Position of the fact that began it.
    pub(super) by: i64,
}

/// How a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) kind: String,
    pub(super) priority: i32,
    pub(super) service: Option<Uuid>,
    pub(super) organisation: Option<Uuid>,
    pub(super) category: Option<Uuid>,
    pub(super) team: Option<Uuid>,
    pub(super) assignee: Option<Uuid>,
    pub(super) major: bool,
    pub(super) hold: Option<Hold>,
    pub(super) life: Life,
}

/// Something happened; what of it is more than how the record stands.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) at: Utc,
    pub(super) position: i64,
    /// How it stands from here on.
    pub(super) facts: Arc<Facts>,
    pub(super) replied: bool,
    pub(super) reopened: bool,
}

/// A record's moments; the first one is its beginning.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) reported_at: Utc,
    /// When that was written down: nothing was late before.
    pub(super) begun_at: Utc,
    pub(super) conversation: bool,
    pub(super) imported: bool,
    pub(super) moments: Vec<Moment>,
}

impl Track {
    /// `None` without a beginning.
    pub(super) fn of(history: &History) -> Option<Self> {
        let begun = |c: &Happened| match c {
            Happened::Begun {
                reported_at,
                conversation,
            } => Some((*reported_at, *conversation)),
            _ => None,
        };
        let first = |e: &Event| e.changes.iter().find_map(begun);
        let start = history.events.iter().position(|e| first(e).is_some())?;
        let events = history.events.get(start..)?;
        let (reported_at, conversation) = events.first().and_then(first)?;
        let mut track = Self {
            reported_at,
            begun_at: events
                .first()
                .map_or(reported_at, |e| e.at.max(reported_at)),
            conversation,
            imported: history.imported,
            moments: Vec::with_capacity(events.len() + 1),
        };
        track.fill(events);
        Some(track)
    }

    fn fill(&mut self, events: &[Event]) {
        let mut facts = Arc::new(Facts {
            kind: String::new(),
            priority: 0,
            service: None,
            organisation: None,
            category: None,
            team: None,
            assignee: None,
            major: false,
            hold: None,
            life: Life::Open,
        });
        for entry in ordered(events, self.reported_at, self.imported) {
            let mut replied = false;
            let mut reopened = false;
            for change in entry.changes.iter().copied() {
                match change {
                    Happened::StaffReply => replied = true,
                    Happened::Reopened => reopened |= facts.life != Life::Open,
                    _ => {}
                }
                apply(&mut facts, change, entry.position);
            }
            self.moments.push(Moment {
                at: entry.at,
                position: entry.position,
                facts: Arc::clone(&facts),
                replied,
                reopened,
            });
        }
    }
}

/// Changes at one instant by one fact.
struct Entry<'a> {
    at: Utc,
    position: i64,
    changes: Vec<&'a Happened>,
}

/// The facts in the order in which they count. How a record was logged counts from when it was
/// reported; the value of `resolved_at` stands where it says, not before the last re-opening.
fn ordered(events: &[Event], reported_at: Utc, imported: bool) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry> = Vec::with_capacity(events.len() + 2);
    let mut before = reported_at;
    let mut reopened = reported_at;
    let mut last_stop = None;
    for (n, event) in events.iter().enumerate() {
        let position = event.position;
        let mut entry = |at, changes| {
            entries.push(Entry {
                at,
                position,
                changes,
            });
        };
        let at = event.at.max(before);
        before = at;
        if n == 0 {
            entry(reported_at, said(event, is_standing));
        }
        if event.changes.contains(&Happened::Reopened) {
            (reopened, last_stop) = (at, None);
        }
        let mut rest = said(event, |c| {
            !(n == 0 && is_standing(c)) && resolved(c).is_none()
        });
        if let Some(value) = event.changes.iter().find_map(resolved) {
            last_stop = stop_of(value, at, reopened, events.get(n + 1..), imported);
            let stops = said(event, |c| resolved(c).is_some());
            match last_stop {
                Some(stop) if stop == at => rest.extend(stops),
                Some(stop) => entry(stop, stops),
                None => {}
            }
        }
        // An imported record is not closed before its stop.
        let stop = last_stop.filter(|_| imported && event.changes.contains(&Happened::Closed));
        entry(stop.map_or(at, |stop| stop.max(at)), rest);
    }
    entries.sort_by_key(|e| e.at);
    entries
}

fn said(event: &Event, which: impl Fn(&Happened) -> bool) -> Vec<&Happened> {
    event.changes.iter().filter(|c| which(c)).collect()
}

/// What says how a record stands, not what became of it.
fn is_standing(change: &Happened) -> bool {
    use Happened::*;
    matches!(
        change,
        Begun { .. }
            | Kind(_)
            | Priority(_)
            | Service(_)
            | Organisation(_)
            | Category(_)
            | Team(_)
            | Assignee(_)
            | Major(_)
    )
}

fn resolved(change: &Happened) -> Option<Utc> {
    match change {
        Happened::Resolved(value) => Some(*value),
        _ => None,
    }
}

/// Where a resolution counts from. `None` where an imported record was re-opened before it: then it
/// belongs to a later one.
fn stop_of(
    value: Utc,
    at: Utc,
    reopened: Utc,
    later: Option<&[Event]>,
    imported: bool,
) -> Option<Utc> {
    if !imported || value <= at {
        return Some(value.min(at).max(reopened));
    }
    let reopens = |e: &&Event| e.changes.contains(&Happened::Reopened);
    let again = later.into_iter().flatten().find(reopens);
    again.is_none_or(|e| e.at > value).then_some(value)
}

fn apply(facts: &mut Arc<Facts>, change: &Happened, by: i64) {
    if matches!(change, Happened::StaffReply | Happened::Begun { .. }) {
        return;
    }
    let on_requester = |f: &Facts| f.hold.as_ref().is_some_and(|h| h.reason == ON_REQUESTER);
    if *change == Happened::RequesterContact && !on_requester(facts) {
        return;
    }
    let facts = Arc::make_mut(facts);
    match change {
        Happened::Kind(kind) => facts.kind.clone_from(kind),
        Happened::Priority(priority) => facts.priority = *priority,
        Happened::Service(service) => facts.service = *service,
        Happened::Organisation(organisation) => facts.organisation = *organisation,
        Happened::Category(category) => facts.category = *category,
        Happened::Team(team) => facts.team = *team,
        Happened::Assignee(assignee) => facts.assignee = *assignee,
        Happened::Major(major) => facts.major = *major,
        Happened::Hold { reason, supplier } => {
            let same = facts
                .hold
                .as_ref()
                .filter(|h| h.reason == *reason && h.supplier == *supplier);
            let by = same.map_or(by, |h| h.by);
            let reason = reason.clone();
            facts.hold = Some(Hold {
                reason,
                supplier: *supplier,
                by,
            });
        }
        Happened::HoldEnded | Happened::RequesterContact => facts.hold = None,
        Happened::Resolved(_) => lives(facts, Life::Resolved),
        Happened::Reopened => lives(facts, Life::Open),
        Happened::Closed => {
            let resolved = facts.life == Life::Resolved;
            lives(facts, Life::Closed { resolved });
        }
        Happened::Cancelled => lives(facts, Life::Cancelled),
        Happened::StaffReply | Happened::Begun { .. } => {}
    }
}

/// What is over stays as it is until it is opened again. Nothing that is over, and nothing that was
/// just opened again, waits for anybody.
fn lives(facts: &mut Facts, life: Life) {
    let over = matches!(facts.life, Life::Closed { .. } | Life::Cancelled);
    if life == Life::Open || !over {
        facts.life = life;
        facts.hold = None;
    }
}
