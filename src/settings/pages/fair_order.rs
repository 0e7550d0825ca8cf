//! The fair order: how long each class of work may wait, and which teams take work by it.

use actix_web::HttpResponse;
use askama::Template;

use super::{Choice, saved, shell};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Form, FormView, Shell, Visit, Visitor, list_teams};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::services::fields::FAIR_TEAMS;
use crate::settings::actions;
use crate::settings::model::FairOrder;

#[derive(Template)]
#[template(path = "settings/fair_order.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    /// The field of each class, and what the class is called.
    classes: Vec<(&'static str, String)>,
    teams: Vec<Choice>,
}

pub async fn show(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let now = actions::fair_order_now(r)?;
            let teams: Vec<String> = now.fair_teams.split(',').map(str::to_owned).collect();
            let form = FormView::fresh().preset_all(FAIR_TEAMS, &teams);
            let form = now
                .hours
                .iter()
                .fold(form, |form, (field, hours)| form.preset(field, hours));
            page(r, v, form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let teams: Vec<&str> = form.all(FAIR_TEAMS).filter(|id| !id.is_empty()).collect();
                let hours = actions::fair_classes().into_iter();
                let asked = FairOrder {
                    fair_teams: teams.join(","),
                    hours: hours
                        .map(|(_, field)| (field.to_owned(), form.value(field).to_owned()))
                        .collect(),
                };
                let edit = Edit::of(form, asked)?;
                let with_theirs = actions::edit_fair_order(w, v, ctx, &edit)?;
                Ok(saved("/settings/fair-order", with_theirs))
            },
            |r, v, form, error| {
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                page(r, v, view, meanwhile::seen_again(form, error))
            },
        )
        .await
}

fn page(r: &mut Db, v: &Visitor, form: FormView, seen: String) -> Result<Answer> {
    let shell = shell(v, "settings-fair-order")?;
    let classes = actions::fair_classes().into_iter();
    let classes = classes.map(|(word, field)| {
        let key = format!("allowance-of-{word}");
        (field, shell.t.s(&key).into_owned())
    });
    let teams = list_teams(r)?.into_iter();
    let teams = teams
        .map(|team| (team.id.to_string(), team))
        .filter(|(id, team)| team.disabled_at.is_none() || form.is(FAIR_TEAMS, id))
        .map(|(id, team)| (id, team.name));
    Ok(Answer::html(&Page {
        here: "fair-order",
        classes: classes.collect(),
        teams: teams.collect(),
        form,
        seen,
        shell,
    }))
}
