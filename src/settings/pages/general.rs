//! Settings that are a value each.

use actix_web::HttpResponse;
use askama::Template;

use super::{saved, shell};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, COMMON_ZONES, Form, FormView, Shell, Visit, Visitor};
use crate::platform::kernel::error::Result;
use crate::settings::actions;
use crate::settings::model::General;

#[derive(Template)]
#[template(path = "settings/general.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    zones: &'static [&'static str],
}

pub async fn show(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let now = actions::general_now(r)?;
            let form = FormView::fresh()
                .preset("close_after_days", &now.close_after_days)
                .preset("zone", &now.zone);
            page(v, form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let asked = General {
                    close_after_days: form.value("close_after_days").to_owned(),
                    zone: form.value("zone").to_owned(),
                };
                let edit = Edit::of(form, asked)?;
                let with_theirs = actions::edit_general(w, v, ctx, &edit)?;
                Ok(saved("/settings/general", with_theirs))
            },
            |_, v, form, error| {
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                page(v, view, meanwhile::seen_again(form, error))
            },
        )
        .await
}

fn page(v: &Visitor, form: FormView, seen: String) -> Result<Answer> {
    Ok(Answer::html(&Page {
        shell: shell(v, "settings-general")?,
        here: "general",
        form,
        seen,
        zones: COMMON_ZONES,
    }))
}
