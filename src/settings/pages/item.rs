//! A configuration item: added, edited, and what it depends on.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::items::environment;
use super::{Choice, id, saved, shell, simple, team_choices};
use crate::items::{
    self, Environment, Item, Reach, find_item, find_items_named, needs_of, reached_from,
};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::services::{self, Service};
use crate::settings::actions;
use crate::settings::model::ItemForm;

/// How many items a page names that this one depends on.
const SHOWN: usize = 100;
/// How many items a typed name finds.
const FOUND: i64 = 20;

#[derive(Template)]
#[template(path = "settings/item.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    teams: Vec<Choice>,
    services: Vec<Choice>,
    environments: Vec<Choice>,
    item: Option<Present>,
}

/// What the page of an item that is there shows beside the form.
struct Present {
    id: Id<Item>,
    needs: Vec<Item>,
    /// There are more than are shown.
    more_needs: bool,
    reach: Reach,
    /// The form that adds what it depends on.
    need: FormView,
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| page(r, v, None, FormView::fresh(), String::new(), None))
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let item = actions::add_item(w, v, ctx, &given(form)?)?;
                Ok(Done::at(format!("/settings/items/{}", item.id))
                    .saying(Flash::ok("item-added").arg("name", item.name)))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new(), None)
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-items")?;
            let item = find_item(r, id(&path)?)?;
            let now = ItemForm::of(&item);
            let form = present(FormView::fresh(), &now);
            page(r, v, Some(&item), form, meanwhile::seen(&now), None)
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
                let settled = actions::edit_item(w, v, ctx, id(&to)?, &edit)?;
                let to = format!("/settings/items/{}", settled.value.id);
                Ok(saved(to, settled.with_theirs))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let item = find_item(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&item), view, seen, None)
            },
        )
        .await
}

/// What an item depends on is named as people name it.
pub async fn add_need(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                v.needs(Right::Administer)?;
                let item = find_item(w, id(&to)?)?;
                let mut invalid = Invalid::default();
                let typed = form.required("needs", 200, &mut invalid);
                invalid.or(())?;
                let found = find_items_named(w, &typed, FOUND)?;
                let meant = items::rules::meant(&typed, &found);
                let meant = meant.map_err(|why| Error::invalid("needs", why))?;
                let needs = actions::add_need(w, v, ctx, item.id, meant.id)?;
                Ok(Done::at(format!("/settings/items/{}", item.id))
                    .saying(Flash::ok("item-need-added").arg("name", needs.name)))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let item = find_item(r, id(&of)?)?;
                let now = ItemForm::of(&item);
                let view = FormView::again(&v.shell("", ""), form, error);
                let own = present(FormView::fresh(), &now);
                page(r, v, Some(&item), own, meanwhile::seen(&now), Some(view))
            },
        )
        .await
}

pub async fn remove_need(
    visit: Visit,
    path: web::Path<(String, String)>,
    form: Form,
) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        v.needs(Right::Administer)?;
        let (item, needs) = &*path;
        let item = id(item)?;
        let needs = actions::remove_need(w, v, ctx, item, id(needs)?)?;
        Ok(Done::at(format!("/settings/items/{item}"))
            .saying(Flash::ok("item-need-removed").arg("name", needs.name)))
    })
    .await
}

fn given(form: &Form) -> Result<ItemForm> {
    let mut invalid = Invalid::default();
    let team = form.parsed("team", &mut invalid);
    let service = form.parsed("service", &mut invalid);
    invalid.or(ItemForm {
        name: form.value("name").to_owned(),
        class: form.value("class").to_owned(),
        environment: form.value("environment").to_owned(),
        team,
        service,
        disabled: form.has("disabled"),
    })
}

fn present(form: FormView, now: &ItemForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset("class", &now.class)
        .preset("environment", &now.environment)
        .preset(
            "team",
            now.team.map(|id| id.to_string()).unwrap_or_default(),
        )
        .preset(
            "service",
            now.service.map(|id| id.to_string()).unwrap_or_default(),
        );
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

/// The services to choose from: enabled ones, and the present one.
fn service_choices(r: &mut Db, present: Option<Id<Service>>) -> Result<Vec<Choice>> {
    Ok(services::list_services(r)?
        .into_iter()
        .filter(|s| s.disabled_at.is_none() || Some(s.id) == present)
        .map(|s| (s.id.to_string(), s.name))
        .collect())
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    item: Option<&Item>,
    form: FormView,
    seen: String,
    need: Option<FormView>,
) -> Result<Answer> {
    let shell = shell(v, "settings-item-new")?;
    let (shell, action) = match item {
        Some(item) => (
            shell.titled(&item.name),
            format!("/settings/items/{}", item.id),
        ),
        None => (shell, "/settings/items".to_owned()),
    };
    let beside = match item {
        None => None,
        Some(item) => {
            let mut needs = needs_of(r, item.id, SHOWN as i64 + 1)?;
            let more_needs = needs.len() > SHOWN;
            needs.truncate(SHOWN);
            Some(Present {
                id: item.id,
                needs,
                more_needs,
                reach: reached_from(r, item.id)?,
                need: need.unwrap_or_else(FormView::fresh),
            })
        }
    };
    Ok(Answer::html(&Page {
        here: "items",
        form,
        seen,
        action,
        teams: team_choices(r, item.and_then(|i| i.team_id))?,
        services: service_choices(r, item.and_then(|i| i.service_id))?,
        environments: Environment::ALL
            .iter()
            .map(|e| (e.word().to_owned(), environment(&shell, e.word())))
            .collect(),
        item: beside,
        shell,
    }))
}
