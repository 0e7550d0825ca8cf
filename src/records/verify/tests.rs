//! The list of what is compared, held to the list of what is written.

use super::*;
use crate::platform::db::Utc;
use crate::records::model::{Channel, PrioritySource};
use crate::service_levels::ClockState;

/// What verifying compares is what `labels` writes, by name and by value.
#[test]
fn the_fields_compared_are_the_fields_written() {
    let at = Utc::from_micros(7);
    let record = Record {
        id: Id::nil(),
        kind: Kind::Problem,
        number: 3,
        title: "a".into(),
        requester_id: None,
        service_id: None,
        category_id: None,
        team_id: None,
        assignee_id: None,
        channel: Channel::Mail,
        impact: 1,
        urgency: 2,
        priority: 3,
        priority_source: PrioritySource::Override,
        priority_reason: "b".into(),
        state: "new".into(),
        state_group: Group::Open,
        is_open: true,
        created_at: at,
        reported_at: at,
        updated_at: at,
        next_due_at: at,
        next_risk_at: at,
        clock_state: ClockState::None,
        resolved_at: Some(at),
        closed_at: None,
        reassignments: 4,
        reopens: 5,
        version: 6,
        facts: 6,
        facts_head: Vec::new(),
        description: "c".into(),
        item_id: None,
        location_id: None,
        parent_id: None,
        children: 0,
        open_children: 0,
        kind_changes: 0,
        is_major: false,
        has_instants: false,
        is_restricted: false,
        owner_team_id: None,
        handoffs: 6,
        entered_at: at,
        virtual_deadline: Utc::FAR,
        paused_since: None,
    };
    let row = Row {
        id: record.id,
        kind: record.kind.word().into(),
        number: record.number,
        title: record.title.clone(),
        requester_id: None,
        service_id: None,
        category_id: None,
        team_id: None,
        assignee_id: None,
        channel: record.channel.word().into(),
        impact: record.impact,
        urgency: record.urgency,
        priority: record.priority,
        priority_source: record.priority_source.word().into(),
        priority_reason: record.priority_reason.clone(),
        state: record.state.clone(),
        state_group: record.state_group.word().into(),
        is_open: record.is_open,
        created_at: at,
        reported_at: at,
        updated_at: at,
        resolved_at: record.resolved_at,
        closed_at: record.closed_at,
        reassignments: record.reassignments,
        reopens: record.reopens,
        version: record.version,
        facts: record.facts,
        facts_head: Vec::new(),
        description: record.description.clone(),
        item_id: None,
        location_id: None,
        parent_id: None,
        children: 0,
        open_children: 0,
        kind_changes: 0,
        is_restricted: record.is_restricted,
        owner_team_id: None,
        handoffs: 6,
    };
    let compared = fields_of(&row);
    let plain = labels::plain_fields(&record);
    assert_eq!(compared.get(..plain.len()), Some(plain.as_slice()));
    let names: Vec<&str> = compared.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, FIELDS);
}
