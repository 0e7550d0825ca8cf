//! The acts that need no form: a button, and the change's page again.

use actix_web::Responder;

use crate::changes::actions;
use crate::people::{Done, Flash, Form, Visit};
use crate::records::pages::{Target, press as button};

/// An act of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    Assess,
    Submit,
    Revise,
    Schedule,
    Start,
    Close,
    Confirm,
    Refuse,
}

/// Each with its resource under the change.
pub const ALL: &[(&str, Button)] = &[
    ("assessment", Button::Assess),
    ("submission", Button::Submit),
    ("revision", Button::Revise),
    ("scheduling", Button::Schedule),
    ("start", Button::Start),
    ("closing", Button::Close),
    ("authority/confirmation", Button::Confirm),
    ("authority/refusal", Button::Refuse),
];

pub async fn press(act: Button, visit: Visit, target: Target, form: Form) -> impl Responder {
    button(visit, target, form, move |w, v, ctx, _| {
        let number = target.number;
        let said = match act {
            Button::Assess => actions::assess(w, v, ctx, number).map(|_| "change-assessed"),
            Button::Submit => actions::submit(w, v, ctx, number).map(|_| "change-submitted"),
            Button::Revise => actions::revise(w, v, ctx, number).map(|_| "change-revised"),
            Button::Schedule => actions::schedule(w, v, ctx, number).map(|_| "change-scheduled"),
            Button::Start => actions::start(w, v, ctx, number).map(|_| "change-started"),
            Button::Close => actions::close(w, v, ctx, number).map(|_| "change-closed"),
            Button::Confirm => actions::answer_authority(w, v, ctx, number, true)
                .map(|_| "change-authority-confirmed"),
            Button::Refuse => actions::answer_authority(w, v, ctx, number, false)
                .map(|_| "change-authority-was-refused"),
        }?;
        Ok(Done::at(target.path()).saying(Flash::ok(said)))
    })
    .await
}
