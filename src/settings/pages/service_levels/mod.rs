//! Calendars and agreements: read by whoever answers for the desk, changed by administrators.

mod agreement;
mod agreements;
mod calendar;
mod calendars;
mod effect;
mod examples;
mod said;
mod trying;

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::people::{Form, Right, Shell, Visitor};
use crate::platform::db::Utc;
use crate::platform::kernel::error::{Error, Result};
use crate::records::pages::read_local;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/calendars/new", get().to(calendar::new))
        .service(
            resource("/settings/calendars")
                .get(calendars::list)
                .post(calendar::add),
        )
        .service(
            resource("/settings/calendars/{id}")
                .get(calendars::show)
                .post(calendar::save),
        )
        .route("/settings/calendars/{id}/form", get().to(calendar::edit))
        .route(
            "/settings/calendars/{id}/retirement",
            post().to(calendars::retire),
        )
        .route("/settings/agreements/new", get().to(agreement::new))
        .route("/settings/agreements/examples", get().to(examples::answer))
        .service(
            resource("/settings/agreements")
                .get(agreements::list)
                .post(agreement::add),
        )
        .service(
            resource("/settings/agreements/{id}")
                .get(agreements::show)
                .post(agreement::save),
        )
        .route("/settings/agreements/{id}/form", get().to(agreement::edit))
        .route(
            "/settings/agreements/{id}/retirement",
            post().to(agreements::retire),
        );
}

/// The frame of a page that whoever answers for the desk may read.
fn reader(v: &Visitor, title: &str) -> Result<Shell> {
    v.needs(Right::Manage)?;
    Ok(v.shell("settings", v.words.s(title)))
}

/// From when on it is to hold, as it was typed; from now on where nothing was.
fn from_of(v: &Visitor, form: &Form) -> Result<Option<Utc>> {
    let text = form.value("from").trim();
    if text.is_empty() {
        return Ok(None);
    }
    read_local(text, &v.zone)
        .map(Some)
        .ok_or_else(|| Error::invalid("from", "levels-from-not-understood"))
}
