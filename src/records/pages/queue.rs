//! The queue: every list of records, its filters, its CSV, and taking the next record.

mod ask;
mod csv;
mod filters;
mod lamps;
mod next;
mod page;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::people::Visit;
use crate::records::Practices;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/queue", web::get().to(show))
        .route("/queue.csv", web::get().to(csv::download))
        .route("/queue/filters", web::get().to(filter))
        .service(
            web::resource("/queue/next")
                .get(next::show)
                .post(next::take),
        );
}

async fn show(visit: Visit, request: HttpRequest, practices: web::Data<Practices>) -> HttpResponse {
    let query = request.query_string().to_owned();
    let practices = *practices.get_ref();
    visit
        .page(move |r, visitor| page::answer(r, visitor, practices, &query))
        .await
}

async fn filter(
    visit: Visit,
    request: HttpRequest,
    practices: web::Data<Practices>,
) -> HttpResponse {
    let query = request.query_string().to_owned();
    let practices = *practices.get_ref();
    visit
        .page(move |r, visitor| filters::answer(r, visitor, practices, &query))
        .await
}
