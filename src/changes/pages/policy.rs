//! The policy of changes: what stops one, and how soon a word is confirmed.

use actix_web::Responder;
use askama::Template;

use super::{joined, parted};
use crate::changes::actions::{self, PolicyForm};
use crate::changes::rules::conflicts::BLOCKING;
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::kernel::error::Result;

#[derive(Template)]
#[template(path = "changes/policy.html")]
struct Page {
    shell: Shell,
    ways: Vec<(&'static str, String)>,
    may_manage: bool,
    seen: String,
    form: FormView,
}

fn page(visitor: &Visitor, form: FormView, seen: String) -> Answer {
    let shell = visitor.shell("changes", visitor.words.s("change-policy"));
    let label = |word: &str| {
        let key = format!("change-blocks-{}", word.replace('_', "-"));
        shell.t.s(&key).into_owned()
    };
    Answer::html(&Page {
        ways: BLOCKING.iter().map(|word| (*word, label(word))).collect(),
        may_manage: visitor.has(Right::ManageChanges),
        seen,
        form,
        shell,
    })
}

/// `GET /changes/policy`.
pub async fn show(visit: Visit) -> impl Responder {
    visit
        .page(|r, v| -> Result<Answer> {
            v.needs(Right::Work)?;
            let now = actions::policy_form(r)?;
            let form = FormView::fresh()
                .preset_all("change_blocking", &parted(&now.change_blocking))
                .preset("change_confirm_hours", &now.change_confirm_hours);
            Ok(page(v, form, meanwhile::seen(&now)))
        })
        .await
}

/// `POST /changes/policy`.
pub async fn save(visit: Visit, form: Form) -> impl Responder {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::ManageChanges)?;
                let asked = PolicyForm {
                    change_blocking: joined(form, "change_blocking"),
                    change_confirm_hours: form.value("change_confirm_hours").to_owned(),
                };
                actions::edit_policy(w, v, ctx, &Edit::of(form, asked)?)?;
                Ok(Done::at("/changes/policy").saying(Flash::ok("saved")))
            },
            |_, v, form, error| {
                v.needs(Right::ManageChanges)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                Ok(page(v, view, meanwhile::seen_again(form, error)))
            },
        )
        .await
}
