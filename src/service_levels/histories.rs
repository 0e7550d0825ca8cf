//! From the journal to what a clock is moved by: the facts of records, read as [`History`].

use std::collections::HashMap;

use serde_json::Value as Json;
use uuid::Uuid;

use super::clock::{Event, Happened, History};
use crate::journal::{self, Moment};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::ctx::Door;
use crate::platform::kernel::error::Result;

/// Facts that move no clock, by the last word of their names: they are not read at all.
const IDLE: [&str; 10] = [
    "noted",
    "attached",
    "watched",
    "unwatched",
    "linked",
    "unlinked",
    "affected_added",
    "affected_removed",
    "breached",
    "escalated",
];

/// The fields of a fact that may move a clock.
const MOVING: [&str; 15] = [
    "reported_at",
    "channel",
    "kind",
    "priority",
    "service",
    "requester_organisation",
    "category",
    "team",
    "assignee",
    "major",
    "hold_reason",
    "resolved_at",
    "state",
    "entry_audience",
    "restricted",
];

/// Channels on which somebody was spoken to when the record was logged.
const CONVERSATIONS: [&str; 3] = ["phone", "walk_up", "chat"];

/// Whether a fact may move a clock, or what its row says beside it. `name` is the fact's name, `data`
/// what it holds.
pub fn moves_clocks(name: &str, data: &Json) -> bool {
    let what = name.rsplit('.').next().unwrap_or_default();
    let set = data.get("set").and_then(Json::as_object);
    !IDLE.contains(&what)
        && !name.starts_with("task.")
        && set.is_some_and(|set| MOVING.iter().any(|field| set.contains_key(*field)))
}

/// The histories of records, by id. A record without facts has none.
pub fn histories(conn: &mut Db, records: &[Uuid]) -> Result<HashMap<Uuid, History>> {
    let mut told: HashMap<Uuid, (History, Reading)> = HashMap::new();
    let moments = journal::moments(conn, records, &IDLE)?;
    for moment in moments {
        let (history, reading) = told.entry(moment.subject.uuid()).or_default();
        if moment.position == 1 {
            history.imported = moment.door == Door::Imported.word();
        }
        let changes = reading.read(&moment);
        if !changes.is_empty() {
            history.events.push(Event {
                at: moment.occurred_at,
                position: moment.position,
                changes,
            });
        }
    }
    Ok(told.into_iter().map(|(id, (h, _))| (id, h)).collect())
}

/// What is remembered of a record from fact to fact.
#[derive(Default)]
struct Reading {
    requester: Option<Uuid>,
    reported_at: Option<Utc>,
    conversation: bool,
}

impl Reading {
    fn read(&mut self, moment: &Moment) -> Vec<Happened> {
        let data: Json = serde_json::from_str(&moment.data).unwrap_or_default();
        let Some(set) = data.get("set").and_then(Json::as_object) else {
            return Vec::new();
        };
        let after = |field: &str| set.get(field).and_then(|pair| pair.get(1));
        let id = |field: &str| after(field).map(id_of);
        let text = |field: &str| after(field).and_then(Json::as_str);
        let mut out = Vec::new();
        if let Some(requester) = id("requester") {
            self.requester = requester;
        }
        if let Some(channel) = text("channel") {
            self.conversation = CONVERSATIONS.contains(&channel);
        }
        let reported = after("reported_at").and_then(at_of);
        self.reported_at = reported.or(self.reported_at);
        if let Some(reported_at) = self.reported_at
            && (reported.is_some() || after("channel").is_some())
        {
            out.push(Happened::Begun {
                reported_at,
                conversation: self.conversation,
            });
        }
        if let Some(kind) = text("kind") {
            out.push(Happened::Kind(kind.to_owned()));
        }
        if let Some(priority) = after("priority").and_then(Json::as_i64) {
            out.push(Happened::Priority(priority as i32));
        }
        out.extend(id("service").map(Happened::Service));
        out.extend(id("requester_organisation").map(Happened::Organisation));
        out.extend(id("category").map(Happened::Category));
        out.extend(id("team").map(Happened::Team));
        out.extend(id("assignee").map(Happened::Assignee));
        if let Some(major) = after("major") {
            out.push(Happened::Major(major.as_bool().unwrap_or_default()));
        }
        out.extend(held(set));
        out.extend(ended(set, moment.occurred_at));
        out.extend(self.said(moment, set));
        out
    }

    /// Who wrote decides what an entry is: staff answers, the requester gets in touch.
    fn said(&self, moment: &Moment, set: &serde_json::Map<String, Json>) -> Option<Happened> {
        let after = |field: &str| set.get(field).and_then(|pair| pair.get(1));
        let from = after("contact_from").map(id_of);
        if let Some(from) = from {
            return (from.is_some() && from == self.requester)
                .then_some(Happened::RequesterContact);
        }
        if after("entry_audience").and_then(Json::as_str) != Some("public") {
            return None;
        }
        let author = moment.actor_id.map(|id| id.uuid())?;
        if Some(author) == self.requester {
            return Some(Happened::RequesterContact);
        }
        let outsider = after("entry_by_staff") == Some(&Json::Bool(false));
        (!outsider).then_some(Happened::StaffReply)
    }
}

fn held(set: &serde_json::Map<String, Json>) -> Option<Happened> {
    let pair = set.get("hold_reason")?;
    let code = pair.get(1).and_then(|after| after.get("id"));
    Some(match code.and_then(Json::as_str) {
        None => Happened::HoldEnded,
        Some(code) => {
            let supplier = set.get("hold_supplier").and_then(|pair| pair.get(1));
            Happened::Hold {
                reason: code.to_owned(),
                // One that is a row; a text somebody typed names nobody with a contract.
                supplier: supplier.and_then(id_of),
            }
        }
    })
}

/// An action item is never resolved: it is *done*, which waits for somebody to verify it, and that closes
/// it; what will not be done is *declined*.
fn ended(set: &serde_json::Map<String, Json>, at: Utc) -> Vec<Happened> {
    let mut out = Vec::new();
    if let Some(pair) = set.get("resolved_at") {
        let (before, after) = (pair.get(0).and_then(at_of), pair.get(1).and_then(at_of));
        match (before, after) {
            (_, Some(at)) => out.push(Happened::Resolved(at)),
            (Some(_), None) => out.push(Happened::Reopened),
            (None, None) => {}
        }
    }
    let state = |place| set.get("state")?.get(place)?.as_str();
    match (state(0), state(1)) {
        (_, Some("closed" | "verified")) => out.push(Happened::Closed),
        (_, Some("cancelled" | "rejected" | "declined")) => out.push(Happened::Cancelled),
        (_, Some("done")) => out.push(Happened::Resolved(at)),
        (Some("done"), Some(_)) => out.push(Happened::Reopened),
        _ => {}
    }
    out
}

fn id_of(value: &Json) -> Option<Uuid> {
    value.get("id")?.as_str()?.parse().ok()
}

fn at_of(value: &Json) -> Option<Utc> {
    Utc::parse(value.get("at")?.as_str()?)
}
