//! The pages of problems: opening one from incidents, its incidents, what contributed, its known error,
//! telling those who wait, its fix, accepting its risk; and, under an incident, what is known that helps
//! and which others are like it.

mod factors;
mod fix;
mod incident;
mod incidents;
mod known_error;
mod open;
mod resolution;
mod risk;
mod telling;
mod trends;

use actix_web::web::{ServiceConfig, get, post, resource};

use super::actions::Found;
use crate::people::{Shell, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::pages::Target;
use crate::records::{Number, state_icon, state_label};

/// One problem.
const ONE: &str = "/{kind:problems}/{number}";
/// What has a list of contributing factors.
const LISTED: &str = "/{kind:problems|postmortems}/{number}";
/// One incident.
const INCIDENT: &str = "/{kind:incidents}/{number}";

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/problems/new", get().to(open::new))
        .route("/problems/trends", get().to(trends::show))
        .route("/problems", post().to(open::open))
        .service(
            resource(format!("{ONE}/incidents"))
                .get(incidents::show)
                .post(incidents::save),
        )
        .service(
            resource(format!("{LISTED}/factors"))
                .get(factors::show)
                .post(factors::add),
        )
        .route(
            &format!("{LISTED}/factors/{{id}}"),
            post().to(factors::edit),
        )
        .route(
            &format!("{LISTED}/factors/{{id}}/removal"),
            post().to(factors::remove),
        )
        .service(
            resource(format!("{ONE}/known-error"))
                .get(known_error::show)
                .post(known_error::save),
        )
        .route(
            &format!("{ONE}/known-error/retirement"),
            post().to(known_error::retire),
        )
        .service(
            resource(format!("{ONE}/telling"))
                .get(telling::show)
                .post(telling::tell),
        )
        .service(
            resource(format!("{ONE}/fix"))
                .get(fix::show)
                .post(fix::save),
        )
        .service(
            resource(format!("{ONE}/linked-resolution"))
                .get(resolution::show)
                .post(resolution::resolve),
        )
        .service(
            resource(format!("{ONE}/risk"))
                .get(risk::show)
                .post(risk::accept),
        )
        .route(
            &format!("{INCIDENT}/workaround"),
            post().to(incident::use_it),
        )
        .route(
            &format!("{INCIDENT}/workaround/outcome"),
            post().to(incident::outcome),
        )
        .route(&format!("{INCIDENT}/similar"), get().to(incident::similar));
}

/// What stands over every page under a problem.
struct Top {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    found: Found,
}

impl Top {
    fn read(
        conn: &mut Db,
        visitor: &Visitor,
        target: Target,
        heading: &'static str,
    ) -> Result<Self> {
        let found = super::actions::found_listed(conn, visitor, target.number)?;
        Ok(Self {
            shell: visitor.shell("queue", visitor.words.s(heading)),
            path: target.path(),
            number: target.number.to_string(),
            title: found.record.title.clone(),
            found,
        })
    }
}

/// A record as a line of a list.
struct Line {
    number: String,
    href: String,
    title: String,
    state: String,
    icon: crate::platform::web::icon::Icon,
    /// Who asked for it, and other words.
    note: String,
}

impl Line {
    fn of(shell: &Shell, number: Number, title: &str, state: &str, note: String) -> Self {
        Self {
            number: number.to_string(),
            href: number.path(),
            title: title.to_owned(),
            state: state_label(shell.t, state).into_owned(),
            icon: state_icon(state),
            note,
        }
    }
}

/// The numbers of a field, however they are divided.
fn numbers(field: &'static str, typed: &str, invalid: &mut Invalid) -> Vec<Number> {
    let divided = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut found = Vec::new();
    for word in typed.split(divided).filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(number) => found.push(number),
            Err(()) => {
                let shown: String = word.chars().take(40).collect();
                let message = Message::new("problem-incident-unknown").arg("number", shown);
                invalid.add(field, message);
            }
        }
    }
    found
}

/// An id of a path: one that is none names nothing.
fn id<T>(text: &str) -> Result<crate::platform::db::Id<T>> {
    text.parse().map_err(|_| Error::NotFound)
}
