//! Calendars and agreements as administrators set them up: in pages, tried before they are saved; from a
//! file; kept in versions that the journal can make again.

mod file;
mod pages;

use andon::platform::db::Id;
use andon::service_levels::{Agreement, Calendar, Kept};
use serde_json::json;

use crate::app::{App, Desk};
use crate::clocks::{agreement, always, calendar};

/// A calendar with an agreement that counts in it, and one that nothing uses.
pub struct Defined {
    pub used: Id<Kept<Calendar>>,
    pub spare: Id<Kept<Calendar>>,
    pub agreement: Id<Kept<Agreement>>,
}

pub fn defined(app: &App, desk: &Desk) -> Defined {
    let who = &desk.administrator;
    let used = always(app, who);
    let hours = ["09:00-17:00"];
    let week = json!({"monday": hours, "tuesday": hours});
    let spare = calendar(
        app,
        who,
        json!({"name": "Spare hours", "zone": "Europe/Berlin", "week": week,
            "holidays": [{"date": "2026-12-28", "name": "Somebody's day"}],
            "closures": [{"from": "2026-12-21 09:00", "to": "2026-12-21 12:00", "name": "Stocktaking"}]}),
    );
    let targets = json!({"first_response": "30 clock minutes", "resolution": "4 clock hours"});
    let more = json!({"covers": {"record": "incident", "priority": 1}, "steps": [
        {"target": "resolution", "when": {"percent": 75}, "tell": ["assignee", {"person": desk.manager.id}]}
    ]});
    let agreement = agreement(app, who, used, "Critical incidents", targets, more);
    Defined {
        used,
        spare,
        agreement,
    }
}

/// What `andon verify` finds of calendars and agreements: nothing, or what it names. (The desk of the
/// stories itself was put there without facts.)
pub fn verified(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    app.read(|r| {
        let mut told = |line: &str| lines.push(line.to_owned());
        andon::app::verify::look(r, &[], &mut told)?;
        Ok(())
    });
    lines.retain(|line| line.starts_with("agreement ") || line.starts_with("calendar "));
    lines
}
