//! Changes: planned, in nobody's way, authorised, carried out. Each on both databases.

mod affected;
mod approved;
mod around;
mod emergencies;
mod law;
mod moves;
mod pages;
mod report;
mod reviewed;
mod seen;
mod standard;

use andon::changes::{self, ChangeType, FreezeForm, MaintenanceForm, Outcome, PlanForm, Raise};
use andon::platform::db::Id;
use andon::platform::kernel::error::{Error, Result};
use andon::records::pages::written_local;
use andon::records::{Number, Record};
use time::Duration;

use crate::app::{App, Desk, Human};

/// A plan with everything, whose window begins and ends so many hours from now.
pub fn plan(app: &App, desk: &Desk, of: ChangeType, from: i64, to: i64) -> PlanForm {
    let zone = app
        .act(&desk.manager, |_, v, _| Ok(v.zone.clone()))
        .unwrap();
    let at = |hours| written_local(app.now().plus(Duration::hours(hours)), &zone);
    PlanForm {
        change_type: of.word().into(),
        environment: "production".into(),
        change_services: desk.mail.to_string(),
        window_starts_at: at(from),
        window_ends_at: at(to),
        implementer: desk.colleague.id.to_string(),
        rollout: "at_once".into(),
        implementation_plan: "Drain the first node".into(),
        test_plan: "Send a mail".into(),
        backout_plan: "Boot the former image".into(),
        backout_minutes: "25".into(),
        backout_rehearsed: true,
        risk_reach: "few".into(),
        risk_reversible: "tested".into(),
        risk_done_before: "often".into(),
        risk_steps: "one".into(),
        ..PlanForm::default()
    }
}

/// Raises a change as the agent.
pub fn raise(app: &App, desk: &Desk, title: &str, plan: PlanForm) -> Record {
    try_raise(app, &desk.agent, title, plan).unwrap()
}

pub fn try_raise(app: &App, who: &Human, title: &str, plan: PlanForm) -> Result<Record> {
    let command = Raise {
        title: title.into(),
        description: "Because it leaks".into(),
        plan,
        ..Raise::default()
    };
    app.act(who, |w, v, ctx| changes::raise(w, v, ctx, &command))
}

/// A normal change for tomorrow.
pub fn tomorrow(app: &App, desk: &Desk, title: &str) -> Record {
    raise(
        app,
        desk,
        title,
        plan(app, desk, ChangeType::Normal, 24, 26),
    )
}

/// A change of the agent's that went well and is closed: an emergency of three days ago.
pub fn successful(app: &App, desk: &Desk, title: &str) -> Record {
    successful_of(app, desk, title, &desk.mail.to_string(), "")
}

fn successful_of(app: &App, desk: &Desk, title: &str, services: &str, items: &str) -> Record {
    let number = written_up(app, desk, title, services, items, Outcome::Successful);
    app.act(&desk.manager, |w, v, ctx| {
        changes::answer_authority(w, v, ctx, number, true)?;
        changes::review(w, v, ctx, number, "It can be done again")?;
        changes::close(w, v, ctx, number)
    })
    .unwrap()
}

/// An emergency of three days ago, and how it went.
pub fn written_up(
    app: &App,
    desk: &Desk,
    title: &str,
    services: &str,
    items: &str,
    outcome: Outcome,
) -> Number {
    let planned = PlanForm {
        change_services: services.into(),
        change_items: items.into(),
        window_starts_at: String::new(),
        window_ends_at: String::new(),
        ..plan(app, desk, ChangeType::Emergency, 24, 26)
    };
    let number = raise(app, desk, title, planned).number();
    let ago = |hours| Some(app.now().minus(Duration::hours(hours)));
    let authority = changes::Authority {
        person: Some(desk.manager.id),
        at: ago(73),
        how: "On the phone".into(),
    };
    let ending = changes::Ending {
        outcome: Some(outcome),
        text: "As it went".into(),
        ended_at: ago(71),
    };
    app.act(&desk.agent, |w, v, ctx| {
        changes::write_up(w, v, ctx, number, &authority, ago(72), &ending)
    })
    .unwrap();
    number
}

/// A standard change that was authorised, proposed from a change of the agent's.
pub fn template(app: &App, desk: &Desk) -> Id<changes::Template> {
    template_of(app, desk, &desk.mail.to_string(), "")
}

/// The same of these services and items.
fn template_of(app: &App, desk: &Desk, services: &str, items: &str) -> Id<changes::Template> {
    let from = successful_of(app, desk, "Rotate certificates", services, items);
    let number = from.number();
    let template = app
        .act(&desk.agent, |w, v, ctx| {
            changes::propose_template(w, v, ctx, number, "Rotate certificates")
        })
        .unwrap();
    app.act(&desk.manager, |w, v, ctx| {
        changes::authorise_template(w, v, ctx, template.id)
    })
    .unwrap();
    template.id
}

/// A standard change that is scheduled, whose window begins and ends so many hours from now.
pub fn scheduled(app: &App, desk: &Desk, title: &str, from: i64, to: i64) -> Record {
    scheduled_of(app, desk, title, (from, to), &desk.mail.to_string(), "")
}

/// The same of these services and items.
pub fn scheduled_of(
    app: &App,
    desk: &Desk,
    title: &str,
    (from, to): (i64, i64),
    services: &str,
    items: &str,
) -> Record {
    let command = Raise {
        title: title.into(),
        template: Some(template_of(app, desk, services, items)),
        plan: plan(app, desk, ChangeType::Standard, from, to),
        ..Raise::default()
    };
    let raised = app
        .act(&desk.agent, |w, v, ctx| changes::raise(w, v, ctx, &command))
        .unwrap();
    app.act(&desk.agent, |w, v, ctx| {
        changes::schedule(w, v, ctx, raised.number())
    })
    .unwrap()
}

/// A freeze of everything between so many hours from now.
pub fn freeze(app: &App, desk: &Desk, name: &str, from: i64, to: i64) -> String {
    freeze_of(app, desk, name, from, to, "")
}

/// A freeze of some services; of all, where none is named.
pub fn freeze_of(app: &App, desk: &Desk, name: &str, from: i64, to: i64, services: &str) -> String {
    let zone = app
        .act(&desk.manager, |_, v, _| Ok(v.zone.clone()))
        .unwrap();
    let at = |hours| written_local(app.now().plus(Duration::hours(hours)), &zone);
    let form = FreezeForm {
        name: name.into(),
        freeze_reason: "Peak trading".into(),
        starts_at: at(from),
        ends_at: at(to),
        freeze_services: services.into(),
        ..FreezeForm::default()
    };
    app.act(&desk.manager, |w, v, ctx| {
        changes::add_freeze(w, v, ctx, &form)
    })
    .unwrap()
    .id
    .to_string()
}

/// Every night of production, from ten to two.
pub fn maintenance(app: &App, desk: &Desk) -> String {
    let form = MaintenanceForm {
        name: "Nights".into(),
        environment: "production".into(),
        zone: "Europe/Berlin".into(),
        maintenance_days: "0,1,2,3,4,5,6".into(),
        maintenance_opens: "22:00".into(),
        maintenance_minutes: "240".into(),
        ..MaintenanceForm::default()
    };
    app.act(&desk.manager, |w, v, ctx| {
        changes::add_maintenance(w, v, ctx, &form)
    })
    .unwrap()
    .id
    .to_string()
}

/// Something that is there, for whoever asks each address who may reach it.
pub fn there(app: &App, desk: &Desk, pattern: &str) -> String {
    match pattern {
        p if p.starts_with("/changes/freezes") => {
            // Several are asked for, each with a name of its own.
            let name = format!("Peak {}", uuid::Uuid::new_v4());
            freeze(app, desk, &name, 100, 200)
        }
        p if p.starts_with("/changes/maintenance") => maintenance(app, desk),
        p if p.ends_with("/authorisation") => {
            let from = successful(app, desk, "Rotate certificates");
            app.act(&desk.colleague, |w, v, ctx| {
                changes::propose_template(w, v, ctx, from.number(), "Proposed")
            })
            .unwrap()
            .id
            .to_string()
        }
        _ => template(app, desk).to_string(),
    }
}

/// What refuses: its key, wherever it stands.
pub fn why<T>(outcome: Result<T>) -> String {
    match outcome {
        Ok(_) => "done".into(),
        Err(Error::Refused(message)) => message.key.into(),
        Err(Error::Invalid(bad)) => bad
            .0
            .iter()
            .map(|(_, m)| m.key)
            .collect::<Vec<_>>()
            .join(" "),
        Err(Error::Forbidden(_)) => "forbidden".into(),
        Err(e) => format!("{e}"),
    }
}

pub fn start(app: &App, desk: &Desk, number: Number) -> Result<Record> {
    app.act(&desk.colleague, |w, v, ctx| {
        changes::start(w, v, ctx, number)
    })
}

pub fn finish(app: &App, desk: &Desk, number: Number) -> Record {
    let ending = changes::Ending {
        outcome: Some(changes::Outcome::Successful),
        text: String::new(),
        ended_at: None,
    };
    app.act(&desk.colleague, |w, v, ctx| {
        changes::finish(w, v, ctx, number, &ending)
    })
    .unwrap()
}
