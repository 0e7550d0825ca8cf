//! The pages of records: the queue, a record, and every verb as a resource under it.

mod queue;
mod show;

use actix_web::web::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    queue::routes(cfg);
    show::routes(cfg);
}
