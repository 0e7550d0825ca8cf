//! A row of a mapped table in the words of the one action that takes histories.
//!
//! Such a row is a record's present state, with three times at most: it was opened, perhaps resolved,
//! perhaps closed. A row that has changed since it was taken is told as one event of now.

use super::MappedRow;
use crate::platform::db::Utc;
use crate::records::actions::history::{
    Ended, Enter, Event, Grade, History, RowKey, Set, Waits, Who,
};
use crate::records::{Channel, Group, Practice};
use crate::services::CodeList;

/// The record's history as far as one row tells it.
pub fn told(row: &MappedRow, practice: &'static Practice) -> History {
    let event = |at, sets| Event {
        row: 0,
        at,
        actor: row.source.clone(),
        sets,
    };
    let opened = Utc::from_time(row.opened_at);
    let resolved = row.resolved_at.map(Utc::from_time);
    let closed = row.closed_at.map(Utc::from_time);
    let is_done = practice
        .state(row.state.state)
        .is_some_and(|state| state.group == Group::Done);

    let mut first = fields(row);
    let mut events = Vec::new();
    if !is_done {
        first.push(enter(row, row.state.state));
        first.extend([Set::ResolvedAt(resolved), Set::ClosedAt(closed)]);
    }
    events.push(event(Some(opened), first));
    if is_done {
        events.extend(ends(row, practice).map(|(at, sets)| event(Some(at), sets)));
    }
    let mut now = fields(row);
    now.push(enter(row, row.state.state));
    now.extend([Set::ResolvedAt(resolved), Set::ClosedAt(closed)]);
    History {
        source: row.source.clone(),
        external_id: row.number.clone(),
        rows: vec![RowKey {
            revision: String::new(),
            hash: row.fingerprint,
        }],
        events,
        revised: Some(event(None, now)),
    }
}

/// How it came to be done: resolved first where the row has a time for it and the practice a state.
fn ends(
    row: &MappedRow,
    practice: &'static Practice,
) -> impl Iterator<Item = (Utc, Vec<Set>)> + use<> {
    let opened = Utc::from_time(row.opened_at);
    let resolved = row.resolved_at.map(Utc::from_time);
    let closed = row.closed_at.map(Utc::from_time);
    let solved = practice.resolved_state();
    let mut out = Vec::new();
    if let (Some(at), Some(state), "closed") = (resolved, solved, row.state.state) {
        out.push((at, vec![enter(row, state), Set::ResolvedAt(resolved)]));
    }
    let at = if solved == Some(row.state.state) {
        resolved.or(closed)
    } else {
        closed.or(resolved)
    };
    let last = vec![
        enter(row, row.state.state),
        Set::ResolvedAt(resolved),
        Set::ClosedAt(closed),
    ];
    out.push((at.unwrap_or(opened), last));
    out.into_iter()
}

fn enter(row: &MappedRow, state: &'static str) -> Set {
    let waits = row.state.hold.filter(|_| state == row.state.state);
    let list = match state {
        "cancelled" | "rejected" => CodeList::Cancellation,
        _ => CodeList::Resolution,
    };
    let has_end = row.resolution_code.is_some() || row.resolution_text.is_some();
    Set::State(Box::new(Enter {
        state,
        waits: waits.map(|behaviour| Waits {
            behaviour,
            supplier: String::new(),
        }),
        ended: has_end.then(|| Ended {
            list,
            code: row.resolution_code.clone().unwrap_or_default(),
            text: row.resolution_text.clone().unwrap_or_default(),
            by: row.assignee.clone().map(Who::named),
        }),
    }))
}

fn fields(row: &MappedRow) -> Vec<Set> {
    let grade = |level: Option<u8>| {
        level.map(|level| Grade {
            level: level.into(),
            name: level.to_string(),
        })
    };
    let mut sets = vec![
        Set::ReportedAt(Utc::from_time(row.opened_at)),
        Set::Title(row.title.clone()),
        Set::Description(row.description.clone().unwrap_or_default()),
        Set::Requester(requester(row)),
        Set::Team(row.team.clone()),
        Set::Assignee(row.assignee.clone().map(Who::named)),
        Set::Service(row.service.clone()),
        Set::Category(row.category.clone()),
    ];
    let word = row.channel.map(|word| word.replace('-', "_"));
    sets.extend(word.and_then(|w| Channel::from_word(&w)).map(Set::Channel));
    sets.extend(grade(row.impact).map(Set::Impact));
    sets.extend(grade(row.urgency).map(Set::Urgency));
    sets.extend(grade(row.priority).map(Set::Priority));
    sets
}

fn requester(row: &MappedRow) -> Option<Who> {
    let mail = row.requester_mail.clone();
    let name = row.requester.clone().or_else(|| mail.clone())?;
    Some(Who {
        name,
        mail: mail.unwrap_or_default(),
    })
}
