//! Clocks on a desk that people work at: what they are due by, what stops them, what is late, who is
//! told. On both databases.

mod lamps;
mod promises;
pub mod proof;
mod real;
mod walk;
mod worker;

use andon::platform::db::{Id, Utc};
use andon::records::Record;
use andon::service_levels::actions::{save_agreement, save_calendar};
use andon::service_levels::{Agreement, Calendar, Kept, Wanted};
use serde_json::{Value, json};

use crate::app::{App, Human};

/// A calendar that is always open.
pub fn always(app: &App, who: &Human) -> Id<Kept<Calendar>> {
    let day = ["00:00-24:00"];
    calendar(
        app,
        who,
        json!({"name": "Always", "zone": "UTC", "week": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
            "saturday": day, "sunday": day,
        }}),
    )
}

pub fn calendar(app: &App, who: &Human, definition: Value) -> Id<Kept<Calendar>> {
    let id = Id::new();
    let definition: Calendar = serde_json::from_value(definition).expect("a calendar");
    app.act(who, |w, visitor, ctx| {
        let wanted = Wanted {
            id,
            definition: definition.clone(),
            from: None,
            is_retired: false,
        };
        save_calendar(w, visitor, ctx, wanted)
    })
    .expect("a saved calendar");
    id
}

/// An agreement over incidents in a calendar; `more` adds to what it says.
pub fn agreement(
    app: &App,
    who: &Human,
    calendar: Id<Kept<Calendar>>,
    name: &str,
    targets: Value,
    more: Value,
) -> Id<Kept<Agreement>> {
    let mut all = json!({
        "name": name, "kind": "sla", "covers": {"record": "incident"}, "targets": targets,
        "calendar": calendar.to_string(), "pauses": ["requester"], "goal": 95,
    });
    for (field, value) in more.as_object().expect("fields") {
        all[field] = value.clone();
    }
    let id = Id::new();
    let definition: Agreement = serde_json::from_value(all).expect("an agreement");
    app.act(who, |w, visitor, ctx| {
        let wanted = Wanted {
            id,
            definition: definition.clone(),
            from: None,
            is_retired: false,
        };
        save_agreement(w, visitor, ctx, wanted)
    })
    .expect("a saved agreement");
    id
}

/// The clocks of a record: target, outcome, and minutes from an instant to what is due and what was
/// late.
pub fn clocks(app: &App, record: Id<Record>, since: Utc) -> Vec<String> {
    use andon::schema::clocks;
    use diesel::prelude::*;
    type Row = (String, i32, i32, String, Utc, Option<Utc>, Option<Utc>);
    let rows: Vec<Row> = app.read(|r| {
        Ok(clocks::table
            .filter(clocks::record_id.eq(record))
            .order((clocks::target, clocks::cycle, clocks::part))
            .select((
                clocks::target,
                clocks::cycle,
                clocks::part,
                clocks::outcome,
                clocks::due_at,
                clocks::stopped_at,
                clocks::breached_at,
            ))
            .load(r)?)
    });
    let minute = |at: Utc| match at {
        Utc::FAR => "-".to_owned(),
        at => ((at.micros() - since.micros()) / 60_000_000).to_string(),
    };
    let maybe = |at: Option<Utc>| at.map_or_else(|| "-".to_owned(), minute);
    rows.into_iter()
        .map(|(target, cycle, part, outcome, due, stopped, breached)| {
            format!(
                "{target} {cycle}.{part} {outcome} due {} stopped {} breached {}",
                minute(due),
                maybe(stopped),
                maybe(breached)
            )
        })
        .collect()
}
