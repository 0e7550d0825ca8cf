//! Who follows a record.

use actix_web::Responder;
use actix_web::web::{self, Path, ServiceConfig};

use super::show::{Given, Panel, again, press};
use super::target::{SCOPE, Target};
use crate::people::{Done, Flash, Form, Visit};
use crate::platform::kernel::error::{Error, Invalid};
use crate::records::actions;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/watchers"), web::post().to(watch))
        .route(
            &format!("{SCOPE}/watchers/{{person}}/removal"),
            web::post().to(unwatch),
        );
}

async fn watch(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let person = form.parsed("watcher", &mut invalid);
                if person.is_none() && invalid.is_empty() {
                    invalid.add("watcher", "error-choose");
                }
                invalid.or(())?;
                if let Some(person) = person {
                    actions::watch(w, v, ctx, target.number, person)?;
                }
                Ok(Done::at(target.path()).saying(Flash::ok("watcher-added")))
            },
            move |r, v, form, error| again(r, v, target, Given::Panel(Panel::Watcher, form, error)),
        )
        .await
}

async fn unwatch(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
    form: Form,
) -> impl Responder {
    let (_, _, person) = path.into_inner();
    press(visit, target, form, move |w, v, ctx, _| {
        let person = person.parse().map_err(|_| Error::NotFound)?;
        actions::unwatch(w, v, ctx, target.number, person)?;
        Ok(Done::at(target.path()).saying(Flash::ok("watcher-removed")))
    })
    .await
}
