//! Saying something: a reply the requester reads, or a note only the desk does.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};

use super::resolution;
use super::show::{Given, again};
use super::target::{SCOPE, Target};
use crate::people::{Done, Flash, Form, Visit, Visitor};
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Say};

/// Characters of an entry, and of a description.
pub const LONGEST_TEXT: usize = 100_000;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/entries"), web::post().to(send));
}

/// `do` = `resolve` ends the record with the reply; its first press without script only asks how.
async fn send(visit: Visit, target: Target, mut form: Form) -> impl Responder {
    if resolves(&form) && !form.has("resolution_code") {
        form.fields.push(("show_again".into(), "1".into()));
    }
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let flash = carry_out(w, v, ctx, target, form)?;
                Ok(Done::at(target.path()).saying(Flash::ok(flash)))
            },
            move |r, v, form, error| again(r, v, target, Given::Composer(form, error)),
        )
        .await
}

fn resolves(form: &Form) -> bool {
    form.value("do") == "resolve"
}

/// Nothing is public by default: who will read it must have been chosen.
fn carry_out(
    w: &mut Write<'_>,
    v: &Visitor,
    ctx: &Ctx,
    target: Target,
    form: &Form,
) -> Result<&'static str> {
    let number = target.number;
    let say = say(form);
    let ending = resolution::typed(form);
    match (form.value("audience"), resolves(form)) {
        ("public", true) => {
            let (say, ending) = (say?, ending?);
            actions::reply_and_resolve(w, v, ctx, target.practice, number, &say, &ending)?;
            Ok("reply-sent-and-resolved")
        }
        ("note", true) => Err(Error::invalid("body", "resolve-with-reply-only")),
        // A solution that was typed and then sent by the other button is not dropped unsaid.
        ("public" | "note", false) if ending.as_ref().is_ok_and(|e| !e.text.is_empty()) => {
            Err(Error::invalid("resolution_text", "sent-or-resolved"))
        }
        ("public", false) => actions::reply(w, v, ctx, number, &say?).map(|_| "reply-sent"),
        ("note", false) => actions::note(w, v, ctx, number, &say?).map(|_| "note-saved"),
        _ => Err(Error::invalid("body", "audience-needed")),
    }
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
