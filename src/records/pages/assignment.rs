//! Giving a record to a team, a person, or oneself.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};

use super::conflict;
use super::entries::seen;
use super::fields::chosen;
use super::handoff;
use super::show::{Given, Panel, again};
use super::target::{SCOPE, Target};
use crate::people::{Done, Flash, Form, FormView, Visit};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Assign};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/assignment"), web::post().to(assign));
}

async fn assign(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form)?;
                let handed = !command.sentence.is_empty();
                actions::assign(w, v, ctx, target.practice, target.number, &command)?;
                let saved = if handed {
                    "record-handed-off"
                } else {
                    "assignment-saved"
                };
                Ok(Done::at(target.path()).saying(Flash::ok(saved)))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict::answer(r, v, target, "assignment", form, conflicts)
                }
                // The page of a record that has ended has no such form for what was typed.
                Some(Error::Refused(_)) if form.has("tried") => {
                    handoff::page(r, v, target, |shell| FormView::again(shell, form, error))
                }
                Some(Error::Refused(_)) => again(r, v, target, Given::Button(form, error)),
                error => again(r, v, target, Given::Panel(Panel::Assignment, form, error)),
            },
        )
        .await
}

fn command(form: &Form) -> Result<Assign> {
    let mut invalid = Invalid::default();
    let command = Assign {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        team: chosen(form, "team", &mut invalid),
        assignee: chosen(form, "assignee", &mut invalid),
        keep_person: handoff::keeps_person(form),
        sentence: handoff::sentence(form, &mut invalid),
    };
    invalid.or(command)
}
