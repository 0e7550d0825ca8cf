//! What a change says, as those who approve it read it.

use crate::approvals::{Content, Part, Shape, identified};
use crate::changes::store;
use crate::people;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::services;
use crate::tasks::{self, Holder};

use super::Found;

/// All that a change says, in parts, as approvers read it.
pub fn content(conn: &mut Db, found: &Found) -> Result<Vec<Content>> {
    let (record, c) = (&found.record, &found.change);
    let mut services = Vec::new();
    for id in &found.scope.services {
        let service = services::find_service(conn, *id)?;
        services.push(identified(&service.name, service.id));
    }
    let items = store::items_by_ids(conn, &found.scope.items)?;
    let items = items.iter().map(|item| identified(&item.name, item.id));
    let items = items.collect::<Vec<_>>().join(", ");
    let mut said = vec![
        word(
            Part::Scope,
            "field-change-type",
            "change-type",
            c.change_type.word(),
        ),
        text(Part::Scope, "field-title", &record.title),
        text(Part::Scope, "field-description", &record.description),
        word(
            Part::Scope,
            "field-environment",
            "environment",
            &c.environment,
        ),
        names(Part::Scope, "field-change-services", services.join(", ")),
        // Not among what may move inside the bounds of the window.
        text(
            Part::Scope,
            "field-outage-minutes",
            &c.outage_minutes.to_string(),
        ),
        names(Part::Items, "field-change-items", items),
        text(
            Part::Plans,
            "field-implementation-plan",
            &c.implementation_plan,
        ),
        text(Part::Plans, "field-test-plan", &c.test_plan),
        text(Part::Plans, "field-backout-plan", &c.backout_plan),
        word(Part::Plans, "field-rollout", "rollout", c.rollout.word()),
        text(
            Part::Plans,
            "field-observe-minutes",
            &c.observe_minutes.to_string(),
        ),
        text(
            Part::Plans,
            "field-backout-minutes",
            &c.backout_minutes.to_string(),
        ),
        said(
            Part::Plans,
            "field-backout-rehearsed",
            Shape::Word,
            (if c.backout_rehearsed { "yes" } else { "no" }).to_owned(),
        ),
        word(Part::Risk, "field-risk", "risk", &c.risk),
        word(Part::Risk, "field-risk-reach", "risk-reach", &c.risk_reach),
        word(
            Part::Risk,
            "field-risk-reversible",
            "risk-reversible",
            &c.risk_reversible,
        ),
        word(
            Part::Risk,
            "field-risk-done-before",
            "risk-done-before",
            &c.risk_done_before,
        ),
        word(Part::Risk, "field-risk-steps", "risk-steps", &c.risk_steps),
    ];
    for task in tasks::list_of(conn, record.id.cast())? {
        said.push(text(Part::Plans, "field-task", &task.task.title));
        let who = match task.task.holder() {
            Some(Holder::Person(id)) => identified(&people::find_person(conn, id)?.name, id),
            Some(Holder::Team(id)) => identified(&people::team_name(conn, id)?, id),
            None => String::new(),
        };
        said.push(names(Part::Plans, "field-task-who", who));
    }
    for (label, id) in [
        ("field-implementer", c.implementer_id),
        ("field-verifier", c.verifier_id),
    ] {
        if let Some(id) = id {
            let name = people::find_person(conn, id)?.name;
            said.push(names(Part::Implementer, label, identified(&name, id)));
        }
    }
    // Where there are bounds they are approved: the window may move inside them.
    let window = match c.bounds_starts_at {
        Some(_) => Shape::Movable,
        None => Shape::Instant,
    };
    for (label, shape, at) in [
        ("field-window-starts-at", window, c.window_starts_at),
        ("field-window-ends-at", window, c.window_ends_at),
        ("field-bounds-starts-at", Shape::Instant, c.bounds_starts_at),
        ("field-bounds-ends-at", Shape::Instant, c.bounds_ends_at),
    ] {
        let at = at.map_or_else(String::new, Utc::rfc3339);
        said.push(self::said(Part::Window, label, shape, at));
    }
    said.retain(|content| !content.text.is_empty());
    Ok(said)
}

fn said(part: Part, label: &str, shape: Shape, text: String) -> Content {
    Content {
        part,
        label: label.to_owned(),
        shape,
        text,
    }
}

fn text(part: Part, label: &str, text: &str) -> Content {
    said(part, label, Shape::Text, text.to_owned())
}

fn names(part: Part, label: &str, names: String) -> Content {
    said(part, label, Shape::Names, names)
}

/// One word of several, by its key in the catalogue.
fn word(part: Part, label: &str, of: &str, word: &str) -> Content {
    let key = match word {
        "" => String::new(),
        word => format!("{of}-{}", word.replace('_', "-")),
    };
    said(part, label, Shape::Word, key)
}
