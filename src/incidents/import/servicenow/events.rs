//! The source's history in the words of the one action that takes it.
//!
//! The differences that one row told are one event: somebody saved a form once. What records have no
//! field for stays in the journal, by names that begin with `source_`.

use super::history::{History, SourceFact, StateTo, What};
use super::words::{self, Field, Level, SourceState};
use crate::journal::Value;
use crate::platform::db::Utc;
use crate::records::Channel;
use crate::records::actions::history::{
    self as told, Ended, Enter, Event, Grade, RowKey, Set, Waits, Who,
};
use crate::services::CodeList;

/// Characters of a title.
const MAX_TITLE: usize = 300;
/// The channel of an incident whose source names none that is known: it was not spoken.
pub const OTHER_CHANNEL: Channel = Channel::Portal;

/// The history as the action takes it.
pub fn told(history: &History) -> told::History {
    let rows = history.rows.iter().map(|(key, _)| RowKey {
        revision: key.mod_count.to_string(),
        hash: key.hash,
    });
    let mut events: Vec<Event> = Vec::new();
    let mut row = 0;
    for fact in &history.facts {
        // Facts and rows stand in the same order.
        let ahead = history.rows.iter().skip(row);
        row += ahead
            .take_while(|(key, line)| (key, line) != (&fact.row, &fact.line))
            .count();
        if events.last().is_none_or(|event| event.row != row) {
            events.push(Event {
                row,
                at: Some(utc(fact.occurred_at)),
                actor: fact.actor.clone().unwrap_or_else(|| history.source.clone()),
                sets: Vec::new(),
            });
        }
        if let Some(event) = events.last_mut() {
            sets(history, fact, &mut event.sets);
        }
    }
    final_values(history, &mut events);
    told::History {
        source: history.source.clone(),
        external_id: history.number.clone(),
        rows: rows.collect(),
        events,
        revised: None,
    }
}

fn utc(at: time::OffsetDateTime) -> Utc {
    Utc::from_time(at)
}

/// The last row has the last word on what a row of this source repeats from the end of the story.
fn final_values(history: &History, events: &mut Vec<Event>) {
    let last_row = history.rows.len().saturating_sub(1);
    let sets = [
        Set::Reassignments(count(history.reassignments)),
        Set::Reopens(count(history.reopens)),
        Set::ResolvedAt(history.resolved_at.map(utc)),
        Set::ClosedAt(history.closed_at.map(utc)),
    ];
    match events.last_mut() {
        Some(event) if event.row == last_row => event.sets.extend(sets),
        Some(_) => {
            let (at, by) = history.last_update();
            let event = Event {
                row: last_row,
                at: Some(utc(at)),
                actor: by.unwrap_or(&history.source).to_owned(),
                sets: sets.into(),
            };
            // Where the final values say nothing new, the action drops it.
            events.push(event);
        }
        None => {}
    }
}

fn count(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn sets(history: &History, fact: &SourceFact, out: &mut Vec<Set>) {
    match &fact.what {
        What::Opened(opened) => {
            out.push(Set::ReportedAt(utc(opened.reported_at)));
            for (field, value) in &opened.values {
                field_sets(*field, None, Some(value), out);
            }
            state_sets(history, None, &opened.state_label, None, opened.state, out);
        }
        What::StateChanged {
            from_label,
            to_label,
            from,
            to,
        } => state_sets(history, Some(from_label), to_label, Some(*from), *to, out),
        What::Assigned {
            team_before,
            team_after,
            person_before,
            person_after,
        } => {
            if team_before != team_after {
                out.push(Set::Team(team_after.clone()));
            }
            if person_before != person_after {
                out.push(Set::Assignee(person_after.clone().map(Who::named)));
            }
        }
        What::FieldChanged {
            field,
            before,
            after,
        } => field_sets(*field, before.as_deref(), after.as_deref(), out),
    }
}

/// The state with its label, and the times that follow from being done or not.
fn state_sets(
    history: &History,
    from_label: Option<&str>,
    to_label: &str,
    from: Option<SourceState>,
    to: StateTo,
    out: &mut Vec<Set>,
) {
    out.push(Set::Told {
        field: "source_state",
        before: from_label.map_or(Value::Nothing, Value::word),
        after: Value::word(to_label),
    });
    let StateTo::Mapped(state) = to else {
        return;
    };
    let was_done = matches!(from, Some(SourceState::Resolved | SourceState::Closed));
    let enter = |state, waits, ended| {
        Set::State(Box::new(Enter {
            state,
            waits,
            ended,
        }))
    };
    match state {
        SourceState::New => out.push(enter("new", None, None)),
        SourceState::InProgress => out.push(enter("in_progress", None, None)),
        SourceState::Waiting(hold) => {
            let waits = Waits {
                behaviour: hold.behaviour(),
                supplier: match hold {
                    words::Hold::Supplier => history.value(Field::Vendor).unwrap_or_default(),
                    _ => "",
                }
                .to_owned(),
            };
            out.push(enter("waiting", Some(waits), None));
        }
        SourceState::Resolved | SourceState::Closed => {
            let is_closed = state == SourceState::Closed;
            let word = if is_closed { "closed" } else { "resolved" };
            out.push(enter(word, None, ended(history)));
            out.push(Set::ResolvedAt(history.resolved_at.map(utc)));
            let closed_at = history.closed_at.map(utc).filter(|_| is_closed);
            out.push(Set::ClosedAt(closed_at));
            return;
        }
    }
    if was_done {
        out.push(Set::ResolvedAt(None));
        out.push(Set::ClosedAt(None));
    }
}

fn ended(history: &History) -> Option<Ended> {
    Some(Ended {
        list: CodeList::Resolution,
        code: history.resolution_code.clone()?,
        text: String::new(),
        by: history.resolved_by.clone().map(Who::named),
    })
}

fn field_sets(field: Field, before: Option<&str>, after: Option<&str>, out: &mut Vec<Set>) {
    let owned = || after.map(str::to_owned);
    let grade = || after.and_then(Level::from_label).map(grade);
    let number = || after.and_then(|n| n.parse().ok());
    match field {
        Field::Requester => out.push(Set::Requester(owned().map(Who::named))),
        Field::Category => out.push(Set::Category(owned())),
        Field::Team => out.push(Set::Team(owned())),
        Field::Assignee => out.push(Set::Assignee(owned().map(Who::named))),
        Field::Title => out.extend(after.map(|t| Set::Title(t.chars().take(MAX_TITLE).collect()))),
        Field::Impact => out.extend(grade().map(Set::Impact)),
        Field::Urgency => out.extend(grade().map(Set::Urgency)),
        Field::Priority => out.extend(grade().map(Set::Priority)),
        Field::Reassignments => out.extend(number().map(Set::Reassignments)),
        Field::Reopens => out.extend(number().map(Set::Reopens)),
        Field::Channel => {
            let known = after.and_then(words::Channel::from_label);
            let channel = known.map_or(OTHER_CHANNEL, channel);
            out.push(Set::Channel(channel));
            if known.is_none() {
                out.push(told_only("source_channel", before, after));
            }
        }
        Field::OpenedBy => out.push(told_only("source_opened_by", before, after)),
        Field::Location => out.push(told_only("source_location", before, after)),
        Field::Subcategory => out.push(told_only("source_subcategory", before, after)),
        Field::Symptom => out.push(told_only("source_symptom", before, after)),
        Field::ConfigurationItem => {
            out.push(told_only("source_configuration_item", before, after));
        }
        Field::Knowledge => out.push(told_only("source_knowledge", before, after)),
        Field::PriorityConfirmed => {
            out.push(told_only("source_priority_confirmed", before, after));
        }
        Field::Notify => out.push(told_only("source_notify", before, after)),
        Field::Problem => out.push(told_only("source_problem", before, after)),
        Field::Rfc => out.push(told_only("source_rfc", before, after)),
        Field::Vendor => out.push(told_only("source_vendor", before, after)),
        Field::CausedBy => out.push(told_only("source_caused_by", before, after)),
        // Final values: `ended` has them.
        Field::ResolutionCode | Field::ResolvedBy => {}
    }
}

fn told_only(field: &'static str, before: Option<&str>, after: Option<&str>) -> Set {
    let value = |text: Option<&str>| text.map_or(Value::Nothing, Value::text);
    Set::Told {
        field,
        before: value(before),
        after: value(after),
    }
}

/// `3 - Moderate`: level 3, called Moderate.
fn grade(level: Level) -> Grade {
    let name = level.label.split_once(" - ").map(|(_, name)| name.trim());
    Grade {
        level: level.number.into(),
        name: match name {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => level.number.to_string(),
        },
    }
}

fn channel(channel: words::Channel) -> Channel {
    match channel {
        words::Channel::Phone => Channel::Phone,
        words::Channel::WalkUp => Channel::WalkUp,
        words::Channel::Mail => Channel::Mail,
        words::Channel::Portal => Channel::Portal,
        words::Channel::Chat => Channel::Chat,
        words::Channel::Monitoring => Channel::Monitoring,
    }
}
