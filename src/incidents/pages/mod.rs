//! Logging a call: the page, what it asks while somebody types, and the post that makes the record.
//! The pages of a record that exists are `records`'; what only an incident has is said on its own:
//! when things happened, and whether it is major.

mod answers;
mod call;
mod choices;
mod command;
mod instants;
mod lookups;
mod major;
mod view;

use actix_web::web::{self, ServiceConfig};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/calls/new", web::get().to(call::open))
        .route("/calls", web::get().to(call::begin))
        .route("/calls", web::post().to(call::log))
        .route("/calls/new/people", web::get().to(answers::people))
        .route("/calls/new/seen", web::get().to(answers::seen))
        .route("/calls/new/preview", web::get().to(answers::preview));
    instants::routes(cfg);
    major::routes(cfg);
}

/// The parameters of an address, as they came. Unknown ones are nobody's, bad ones are empty.
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn of(query: web::Query<Vec<(String, String)>>) -> Self {
        Self(query.into_inner())
    }

    pub fn value(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.as_str())
    }

    /// A value that is understood, or nothing.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.value(name).trim().parse().ok()
    }
}
