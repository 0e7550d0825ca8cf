//! `/`: the queue for those who work there, what waits for their yes for those who approve, their own
//! records for everybody else.

use actix_web::HttpResponse;

use crate::people::answer::see_other;
use crate::people::policy::Right;
use crate::people::visit::Visit;
use crate::people::visitor::Visitor;

pub async fn show(visit: Visit) -> HttpResponse {
    let rights = |v: &Visitor| (v.has(Right::Work), v.has(Right::Approve));
    match visit.read(move |_, v| Ok(rights(v))).await {
        // A flash waits for the page that follows.
        Ok((true, _)) => see_other("/queue"),
        Ok((false, true)) => see_other("/approvals"),
        Ok((false, false)) => see_other("/portal"),
        Err(e) => visit.error(&e).await,
    }
}
