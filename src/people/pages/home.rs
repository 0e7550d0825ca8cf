//! `/`: the queue for those who work there, their own records for everybody else.

use actix_web::HttpResponse;

use crate::people::answer::see_other;
use crate::people::policy::Right;
use crate::people::visit::Visit;

pub async fn show(visit: Visit) -> HttpResponse {
    match visit.read(|_, v| Ok(v.has(Right::Work))).await {
        // A flash waits for the page that follows.
        Ok(true) => see_other("/queue"),
        Ok(false) => see_other("/portal"),
        Err(e) => visit.error(&e).await,
    }
}
