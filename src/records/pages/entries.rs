//! Saying something: a reply the requester reads, or a note only the desk does.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};

use super::show::{Given, again};
use super::target::{SCOPE, Target};
use crate::people::{Done, Flash, Form, Visit};
use crate::platform::kernel::error::{Invalid, Result};
use crate::records::actions::{self, Say};

/// Characters of an entry, and of a description.
pub const LONGEST_TEXT: usize = 100_000;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/entries"), web::post().to(send));
}

async fn send(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = say(form)?;
                // Nothing is public by default: who will read it must have been chosen.
                let flash = match form.value("audience") {
                    "public" => {
                        actions::reply(w, v, ctx, target.number, &command)?;
                        "reply-sent"
                    }
                    "note" => {
                        actions::note(w, v, ctx, target.number, &command)?;
                        "note-saved"
                    }
                    _ => return Invalid::one("body", "audience-needed").or(Done::at("")),
                };
                Ok(Done::at(target.path()).saying(Flash::ok(flash)))
            },
            move |r, v, form, error| again(r, v, target, Given::Composer(form, error)),
        )
        .await
}

fn say(form: &Form) -> Result<Say> {
    let mut invalid = Invalid::default();
    let command = Say {
        seen: seen(form),
        anyway: form.value("anyway") == "1",
        body: form.text("body", LONGEST_TEXT, &mut invalid),
        files: form.files.clone(),
    };
    invalid.or(command)
}

/// How many facts the author of a form had seen; none when the form does not say.
pub fn seen(form: &Form) -> i64 {
    form.value("seen").parse().unwrap_or(0)
}
