//! Problems and known errors: opened from incidents, published before the cause is known, offered with a
//! reason, fixed, verified, or accepted. Each on both databases.

mod fixes;
mod offered;
mod opened;

use andon::platform::db::Id;
use andon::problems::rules::known_errors::{Audience, Publication};
use andon::problems::{self, EditFactor, Publish};
use andon::records::{Kind, LinkType, Number, Record, actions};

use crate::app::{App, Desk, Human, LogCall};

/// A factor of a problem, for whoever asks each address who may reach it.
pub fn factor_on(app: &App, who: &Human, number: Number) -> String {
    factor(app, who, number, "process");
    app.read(|r| {
        use andon::schema::factors;
        use diesel::prelude::*;
        let newest: Id<Record> = factors::table
            .order(factors::at.desc())
            .select(factors::id)
            .first(r)?;
        Ok(newest.to_string())
    })
}

pub fn factor(app: &App, who: &Human, number: Number, code: &str) -> Record {
    let edit = EditFactor {
        code: code.into(),
        text: format!("Something of the kind {code}"),
        evidence: "The log of that night".into(),
    };
    app.act(who, |w, v, ctx| {
        problems::add_factor(w, v, ctx, number, &edit)
    })
    .unwrap()
}

/// A problem of the agent's.
pub fn problem(app: &App, desk: &Desk, title: &str) -> Record {
    let call = LogCall {
        assignee: Some(&desk.agent),
        ..LogCall::of(Kind::Problem, title)
    };
    app.log(&desk.agent, &call)
}

pub fn incident(app: &App, desk: &Desk, title: &str) -> Record {
    app.log(&desk.agent, &LogCall::incident(title).from(&desk.requester))
}

/// Links an incident to the problem that causes it.
pub fn caused(app: &App, desk: &Desk, incident: &Record, problem: &Record) {
    let (from, to) = (incident.number(), problem.number());
    app.act(&desk.agent, |w, v, ctx| {
        actions::link(w, v, ctx, from, to, LinkType::CausedBy)
    })
    .unwrap();
}

pub fn publication(audience: Audience) -> Publication {
    Publication {
        symptoms: "The cash drawer stays shut after the update".into(),
        workaround: "Plug the drawer into port B".into(),
        audience,
    }
}

/// Publishes the first version of a known error.
pub fn publish(app: &App, desk: &Desk, problem: &Record, audience: Audience) -> Record {
    let command = Publish {
        publication: publication(audience),
        seen: 0,
    };
    app.act(&desk.agent, |w, v, ctx| {
        problems::publish(w, v, ctx, problem.number(), &command)
    })
    .unwrap()
}

/// The state a problem is in now.
pub fn state(app: &App, problem: &Record) -> String {
    app.record(problem.id).state
}
