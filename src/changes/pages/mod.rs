//! The pages of changes: the plan, every act as a resource under the change, the calendar, and what is
//! set for all changes (freezes, maintenance windows, standard changes).

mod ask;
mod buttons;
mod calendar;
mod causes;
mod confirmations;
mod freezes;
mod maintenance;
mod parties;
mod plan;
mod policy;
mod report;
mod templates;

use std::collections::HashMap;

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::people::{Form, Team};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::services::Service;
use crate::{people, services};

/// Keys of the days of a week.
const WEEKDAYS: [&str; 7] = [
    "day-monday",
    "day-tuesday",
    "day-wednesday",
    "day-thursday",
    "day-friday",
    "day-saturday",
    "day-sunday",
];

/// One change.
const ONE: &str = "/{kind:changes}/{number}";

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/changes/new", get().to(plan::new))
        .route("/changes", post().to(plan::raise))
        .route("/changes/calendar", get().to(calendar::show))
        .route("/changes/report", get().to(report::show))
        .route("/changes/report.csv", get().to(report::csv))
        .route("/changes/freezes/new", get().to(freezes::new))
        .service(
            resource("/changes/freezes")
                .get(freezes::list)
                .post(freezes::add),
        )
        .service(
            resource("/changes/freezes/{id}")
                .get(freezes::show)
                .post(freezes::save),
        )
        .route("/changes/maintenance/new", get().to(maintenance::new))
        .service(
            resource("/changes/maintenance")
                .get(maintenance::list)
                .post(maintenance::add),
        )
        .service(
            resource("/changes/maintenance/{id}")
                .get(maintenance::show)
                .post(maintenance::save),
        )
        .service(
            resource("/changes/policy")
                .get(policy::show)
                .post(policy::save),
        )
        .route("/changes/confirmations", get().to(confirmations::list))
        .route("/changes/templates", get().to(templates::list))
        .route("/changes/templates/{id}", get().to(templates::show))
        .route(
            "/changes/templates/{id}/authorisation",
            post().to(templates::authorise),
        )
        .route(
            "/changes/templates/{id}/withdrawal",
            post().to(templates::withdraw),
        );
    one_change(cfg);
}

fn one_change(cfg: &mut ServiceConfig) {
    cfg.service(
        resource(format!("{ONE}/plan"))
            .get(plan::show)
            .post(plan::save),
    );
    for (path, act) in buttons::ALL {
        cfg.route(
            &format!("{ONE}/{path}"),
            post().to(move |visit, target, form| buttons::press(*act, visit, target, form)),
        );
    }
    for what in ask::What::ALL {
        cfg.service(
            resource(format!("{ONE}/{}", what.word()))
                .route(get().to(move |visit, target| ask::show(*what, visit, target)))
                .route(post().to(move |visit, target, form| ask::post(*what, visit, target, form))),
        );
    }
    cfg.route(&format!("{ONE}/passes/agreement"), post().to(ask::agree));
    cfg.service(
        resource(format!("{ONE}/parties"))
            .get(parties::show)
            .post(parties::save),
    );
    cfg.route(&format!("{ONE}/remarks"), post().to(parties::remark));
    cfg.route(&format!("{ONE}/answers"), post().to(parties::answer));
    cfg.service(
        resource(format!("{ONE}/causes"))
            .get(causes::show)
            .post(causes::link),
    );
}

/// An id of a path: one that is none names nothing.
fn id<T>(text: &str) -> Result<Id<T>> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Several choices of one field, with commas between.
fn joined(form: &Form, field: &str) -> String {
    let all: Vec<&str> = form.all(field).filter(|v| !v.is_empty()).collect();
    all.join(",")
}

/// The choices of a list with commas between.
fn parted(list: &str) -> Vec<String> {
    let all = list.split(',').filter(|one| !one.is_empty());
    all.map(str::to_owned).collect()
}

/// What every service is called.
fn service_names(conn: &mut Db) -> Result<HashMap<Id<Service>, String>> {
    let all = services::list_services(conn)?.into_iter();
    Ok(all.map(|s| (s.id, s.name)).collect())
}

/// What every team is called.
fn team_names(conn: &mut Db) -> Result<HashMap<Id<Team>, String>> {
    let all = people::list_teams(conn)?.into_iter();
    Ok(all.map(|t| (t.id, t.name)).collect())
}

/// Services in use, and those chosen already.
fn service_choices(conn: &mut Db, chosen: &str) -> Result<Vec<(String, String)>> {
    let all = services::list_services(conn)?.into_iter();
    let all = all.filter(|s| s.disabled_at.is_none() || chosen.contains(&s.id.to_string()));
    Ok(all.map(|s| (s.id.to_string(), s.name)).collect())
}

/// Whoever works here, by name.
fn people_choices(conn: &mut Db) -> Result<Vec<(String, String)>> {
    let all = people::list_agents(conn)?.into_iter();
    Ok(all.map(|p| (p.id.to_string(), p.name)).collect())
}
