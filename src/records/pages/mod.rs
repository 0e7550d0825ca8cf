//! The pages of records: the queue, a record, and every verb as a resource under it.

mod assignment;
mod attachments;
mod conflict;
mod contacts;
mod entries;
mod family;
mod fields;
mod hold;
mod links;
mod local;
mod moves;
mod queue;
mod resolution;
mod show;
mod target;
mod tasks;
mod watchers;

pub use show::{Changed, Happened, History, Shown};

use actix_web::web::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    queue::routes(cfg);
    show::routes(cfg);
    entries::routes(cfg);
    fields::routes(cfg);
    assignment::routes(cfg);
    moves::routes(cfg);
    hold::routes(cfg);
    resolution::routes(cfg);
    watchers::routes(cfg);
    contacts::routes(cfg);
    links::routes(cfg);
    family::routes(cfg);
    attachments::routes(cfg);
    tasks::routes(cfg);
}
