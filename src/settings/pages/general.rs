//! Settings that are a value each.

use actix_web::HttpResponse;
use askama::Template;

use super::{Choice, saved, shell};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, COMMON_ZONES, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::services::{Scale, list_levels};
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
    impacts: Vec<Choice>,
    urgencies: Vec<Choice>,
}

pub async fn show(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let now = actions::general_now(r)?;
            let form = FormView::fresh()
                .preset("close_after_days", &now.close_after_days)
                .preset("zone", &now.zone)
                .preset("default_impact", &now.default_impact)
                .preset("default_urgency", &now.default_urgency);
            page(r, v, form, meanwhile::seen(&now))
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
                    default_impact: form.value("default_impact").to_owned(),
                    default_urgency: form.value("default_urgency").to_owned(),
                };
                let edit = Edit::of(form, asked)?;
                let with_theirs = actions::edit_general(w, v, ctx, &edit)?;
                Ok(saved("/settings/general", with_theirs))
            },
            |r, v, form, error| {
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                page(r, v, view, meanwhile::seen_again(form, error))
            },
        )
        .await
}

fn page(r: &mut Db, v: &Visitor, form: FormView, seen: String) -> Result<Answer> {
    let mut choices = |scale: Scale| -> Result<Vec<Choice>> {
        Ok(list_levels(r, scale)?
            .into_iter()
            .map(|level| (level.level.to_string(), level.name))
            .collect())
    };
    Ok(Answer::html(&Page {
        shell: shell(v, "settings-general")?,
        here: "general",
        form,
        seen,
        zones: COMMON_ZONES,
        impacts: choices(Scale::Impact)?,
        urgencies: choices(Scale::Urgency)?,
    }))
}
