//! Categories.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, id, saved, shell, team_choices};
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Team, Visit, Visitor,
};
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::{Invalid, Result};
use crate::services::{Category, find_category, list_categories};
use crate::settings::actions;
use crate::settings::model::CategoryForm;

#[derive(Template)]
#[template(path = "settings/categories.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: Id<Category>,
    name: String,
    team: String,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "settings/category.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    is_new: bool,
    teams: Vec<Choice>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-categories")?;
            let teams: HashMap<Id<Team>, String> = people::list_teams(r)?
                .into_iter()
                .map(|t| (t.id, t.name))
                .collect();
            let rows = list_categories(r)?
                .into_iter()
                .map(|c| Row {
                    id: c.id,
                    team: c
                        .team_id
                        .and_then(|id| teams.get(&id).cloned())
                        .unwrap_or_default(),
                    disabled: c.disabled_at.is_some(),
                    name: c.name,
                })
                .collect();
            Ok(Answer::html(&ListPage {
                shell,
                here: "categories",
                rows,
            }))
        })
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| page(r, v, None, FormView::fresh(), String::new()))
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let category = actions::add_category(w, v, ctx, &given(form)?)?;
                Ok(Done::at("/settings/categories")
                    .saying(Flash::ok("category-added").arg("name", category.name)))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-categories")?;
            let category = find_category(r, id(&path)?)?;
            let now = CategoryForm::of(&category);
            let form = present(FormView::fresh(), &now);
            page(r, v, Some(&category), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let edit = Edit::of(form, given(form)?)?;
                let settled = actions::edit_category(w, v, ctx, id(&to)?, &edit)?;
                Ok(saved("/settings/categories", settled.with_theirs))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let category = find_category(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&category), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> Result<CategoryForm> {
    let mut invalid = Invalid::default();
    let team = form.parsed("team", &mut invalid);
    invalid.or(CategoryForm {
        name: form.value("name").to_owned(),
        team,
        disabled: form.has("disabled"),
    })
}

fn present(form: FormView, now: &CategoryForm) -> FormView {
    let form = form.preset("name", &now.name).preset(
        "team",
        now.team.map(|id| id.to_string()).unwrap_or_default(),
    );
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    category: Option<&Category>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-category-new")?;
    let (shell, action) = match category {
        Some(c) => (
            shell.titled(&c.name),
            format!("/settings/categories/{}", c.id),
        ),
        None => (shell, "/settings/categories".to_owned()),
    };
    Ok(Answer::html(&Page {
        shell,
        here: "categories",
        form,
        seen,
        action,
        is_new: category.is_none(),
        teams: team_choices(r, category.and_then(|c| c.team_id))?,
    }))
}
