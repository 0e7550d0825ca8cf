//! What approvers are asked about.

use super::Found;
use crate::approvals::{Case, Content, Part};
use crate::changes::store;
use crate::journal;
use crate::people::{self, Person};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Record};
use crate::services::{self, Service};
use crate::tasks;

/// What approvers are asked about: all that a change says, in parts.
pub fn case(conn: &mut Db, found: &Found) -> Result<Case> {
    let (record, c) = (&found.record, &found.change);
    let mut content: Vec<Content> = Vec::new();
    let mut say = |part: Part, label: &str, text: String| {
        if !text.is_empty() {
            content.push(Content {
                part,
                label: label.to_owned(),
                text,
            });
        }
    };
    say(
        Part::Scope,
        "field-change-type",
        c.change_type.word().to_owned(),
    );
    say(Part::Scope, "field-title", record.title.clone());
    say(Part::Scope, "field-description", record.description.clone());
    say(Part::Scope, "field-environment", c.environment.clone());
    let mut names = Vec::new();
    for id in &found.scope.services {
        let service = services::find_service(conn, *id)?;
        names.push(identified(&service.name, service.id));
    }
    say(Part::Scope, "field-change-services", names.join(", "));
    // Not among what may move inside the bounds of the window.
    say(
        Part::Scope,
        "field-outage-minutes",
        c.outage_minutes.to_string(),
    );
    let items = store::items_by_ids(conn, &found.scope.items)?;
    let items: Vec<String> = items
        .into_iter()
        .map(|item| identified(&item.name, item.id))
        .collect();
    say(Part::Items, "field-change-items", items.join(", "));
    for (label, text) in [
        ("field-implementation-plan", c.implementation_plan.clone()),
        ("field-test-plan", c.test_plan.clone()),
        ("field-backout-plan", c.backout_plan.clone()),
        ("field-rollout", c.rollout.word().to_owned()),
        ("field-observe-minutes", c.observe_minutes.to_string()),
        ("field-backout-minutes", c.backout_minutes.to_string()),
        ("field-backout-rehearsed", c.backout_rehearsed.to_string()),
    ] {
        say(Part::Plans, label, text);
    }
    for task in tasks::list_of(conn, record.id.cast())? {
        let who = task.task.holder().map(|holder| holder.to_string());
        let who = who.unwrap_or_default();
        say(Part::Plans, "tasks", format!("{} {who}", task.task.title));
    }
    for (label, answer) in [
        ("field-risk", &c.risk),
        ("field-risk-reach", &c.risk_reach),
        ("field-risk-reversible", &c.risk_reversible),
        ("field-risk-done-before", &c.risk_done_before),
        ("field-risk-steps", &c.risk_steps),
    ] {
        say(Part::Risk, label, answer.clone());
    }
    for (label, id) in [
        ("field-implementer", c.implementer_id),
        ("field-verifier", c.verifier_id),
    ] {
        if let Some(id) = id {
            let name = people::find_person(conn, id)?.name;
            say(Part::Implementer, label, identified(&name, id));
        }
    }
    // What is approved is the bounds: the window may move inside them.
    let bounds = match c.bounds_starts_at {
        Some(_) => ["field-bounds-starts-at", "field-bounds-ends-at"],
        None => ["field-window-starts-at", "field-window-ends-at"],
    };
    let span = c.bounds();
    let ends = [span.map(|span| span.starts), span.map(|span| span.ends)];
    for (label, at) in bounds.into_iter().zip(ends) {
        let at = at.map_or_else(String::new, Utc::rfc3339);
        say(Part::Window, label, at);
    }
    let raised_by = raised_by(conn, record.id)?;
    let touched = store::services_touched(conn, &found.scope)?;
    let criticality = most_critical(conn, &touched)?;
    Ok(Case {
        record: record.id,
        revision: c.revision,
        kind: Kind::Change,
        change_type: Some(c.change_type.word().to_owned()),
        risk: (!c.risk.is_empty()).then(|| c.risk.clone()),
        environment: (!c.environment.is_empty()).then(|| c.environment.clone()),
        criticality,
        services: touched,
        items: found.scope.items.clone(),
        requester: record.requester_id,
        // Whoever raised it stays so, whoever is named as its requester since.
        excluded: c.implementer_id.into_iter().chain(raised_by).collect(),
        content,
        decide_by: c.window_starts_at,
        bounds: c.bounds().map(|span| (span.starts, span.ends)),
    })
}

/// The criticality of the most critical of some services.
pub fn most_critical(conn: &mut Db, services: &[Id<Service>]) -> Result<Option<i32>> {
    let mut most: Option<i32> = None;
    for id in services {
        let of = services::find_service(conn, *id)?.criticality;
        most = Some(most.map_or(of, |most| most.min(of)));
    }
    Ok(most)
}

/// A name that two may have, with what tells them apart.
fn identified<T>(name: &str, id: Id<T>) -> String {
    format!("{name} ({id})")
}

/// Who raised a change: nobody becomes somebody else by an edit.
pub fn raised_by(conn: &mut Db, record: Id<Record>) -> Result<Option<Id<Person>>> {
    let begun = journal::begun(conn, record.uuid())?;
    Ok(begun.and_then(|begun| begun.by_id).map(Id::cast))
}
