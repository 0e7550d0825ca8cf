//! The pages of records: the queue, a record, and every verb as a resource under it.

mod assignment;
mod attachments;
mod clocks;
mod conflict;
mod contacts;
mod entries;
mod family;
mod fields;
mod handoff;
mod hold;
mod kind;
mod kinds;
mod links;
mod local;
mod moved;
mod moves;
mod queue;
mod resolution;
mod restriction;
mod show;
mod target;
mod tasks;
mod watchers;

pub use conflict::answer as conflict;
pub use entries::{LONGEST_TEXT, seen};
pub use family::{MemberView, PlanView};
pub use fields::{LONGEST_LINE, chosen, is_given};
pub use local::{read as read_local, written as written_local};
pub use show::{Changed, Happened, History, Shown, press, show as record, tell};
pub use target::{SCOPE, Target};

use actix_web::web::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    queue::routes(cfg);
    show::routes(cfg);
    entries::routes(cfg);
    fields::routes(cfg);
    assignment::routes(cfg);
    moves::routes(cfg);
    handoff::routes(cfg);
    clocks::routes(cfg);
    hold::routes(cfg);
    kind::routes(cfg);
    kinds::routes(cfg);
    resolution::routes(cfg);
    restriction::routes(cfg);
    watchers::routes(cfg);
    contacts::routes(cfg);
    links::routes(cfg);
    family::routes(cfg);
    attachments::routes(cfg);
    tasks::routes(cfg);
}
