//! Links to other records.

use actix_web::Responder;
use actix_web::web::{self, Path, ServiceConfig};

use super::show::{Given, again, press};
use super::target::{SCOPE, Target};
use crate::people::{Done, Flash, Form, Visit};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::{LinkType, Number, actions};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/links"), web::post().to(link))
        .route(
            &format!("{SCOPE}/links/{{link}}/removal"),
            web::post().to(unlink),
        );
}

async fn link(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let (to, link_type) = command(form)?;
                actions::link(w, v, ctx, target.number, to, link_type)?;
                Ok(Done::at(target.path()).saying(Flash::ok("link-added").arg("number", to)))
            },
            move |r, v, form, error| again(r, v, target, Given::Link(form, error)),
        )
        .await
}

fn command(form: &Form) -> Result<(Number, LinkType)> {
    let mut invalid = Invalid::default();
    let link_type = LinkType::from_word(form.value("link_type"));
    if link_type.is_none() {
        invalid.add("link_type", "error-unknown-choice");
    }
    let typed = form.value("link_to").trim();
    let to = typed.parse().ok();
    match (to, link_type) {
        (Some(to), Some(link_type)) => Ok((to, link_type)),
        (to, _) => {
            if to.is_none() {
                let message = if typed.is_empty() {
                    "error-required"
                } else {
                    "record-unknown"
                };
                invalid.add("link_to", message);
            }
            Err(Error::Invalid(invalid))
        }
    }
}

async fn unlink(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
    form: Form,
) -> impl Responder {
    let (_, _, link) = path.into_inner();
    press(visit, target, form, move |w, v, ctx, _| {
        let link = link.parse().map_err(|_| Error::NotFound)?;
        actions::unlink(w, v, ctx, target.number, link)?;
        Ok(Done::at(target.path()).saying(Flash::ok("link-removed")))
    })
    .await
}
