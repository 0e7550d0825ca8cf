//! The queue: every list of records, its filters, its CSV, and taking the next record.

mod ask;
mod csv;
mod filters;
mod lamps;
mod page;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::people::{Answer, Done, Flash, Form, Visit};
use crate::records::Practices;
use crate::records::actions;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/queue", web::get().to(show))
        .route("/queue.csv", web::get().to(csv::download))
        .route("/queue/filters", web::get().to(filter))
        .route("/queue/next", web::post().to(next));
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

/// Takes the most urgent, oldest unassigned record of the visitor's teams.
async fn next(visit: Visit, form: Form, practices: web::Data<Practices>) -> HttpResponse {
    let practices = *practices.get_ref();
    visit
        .submit(
            form,
            move |w, visitor, ctx, _| {
                let record = actions::take_next(w, visitor, ctx, practices.0)?;
                let number = record.number();
                Ok(Done::at(number.path()).saying(Flash::ok("queue-taken").arg("number", number)))
            },
            move |r, visitor, form, error| -> Result<Answer, _> {
                page::again(r, visitor, practices, form, error)
            },
        )
        .await
}
