//! Organisations.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{id, saved, shell};
use crate::people::actions::{self, By};
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    Answer, Done, Flash, Form, FormView, Organisation, OrganisationForm, Right, Shell, Visit,
    Visitor, find_organisation, list_organisations,
};
use crate::platform::db::Read;
use crate::platform::kernel::error::Result;

#[derive(Template)]
#[template(path = "settings/organisations.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Organisation>,
}

#[derive(Template)]
#[template(path = "settings/organisation.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    is_new: bool,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-organisations")?;
            Ok(Answer::html(&ListPage {
                shell,
                here: "organisations",
                rows: list_organisations(r)?,
            }))
        })
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|_, v| page(v, None, FormView::fresh(), String::new()))
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let added = actions::add_organisation(w, By::Visitor(v), ctx, &given(form))?;
                Ok(Done::at("/settings/organisations")
                    .saying(Flash::ok("organisation-added").arg("name", added.name)))
            },
            |_, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-organisations")?;
            let found = find_organisation(r, id(&path)?)?;
            let now = OrganisationForm::of(&found);
            let form = present(FormView::fresh(), &now);
            page(v, Some(&found), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let edit = Edit::of(form, given(form))?;
                let settled = actions::edit_organisation(w, By::Visitor(v), ctx, id(&to)?, &edit)?;
                Ok(saved("/settings/organisations", settled.with_theirs))
            },
            move |r: &mut Read<'_>, v, form, error| {
                v.needs(Right::Administer)?;
                let found = find_organisation(r, id::<Organisation>(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(v, Some(&found), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> OrganisationForm {
    OrganisationForm {
        name: form.value("name").to_owned(),
        disabled: form.has("disabled"),
    }
}

fn present(form: FormView, now: &OrganisationForm) -> FormView {
    let form = form.preset("name", &now.name);
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

fn page(
    v: &Visitor,
    present: Option<&Organisation>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-organisation-new")?;
    let (shell, action) = match present {
        Some(found) => (
            shell.titled(&found.name),
            format!("/settings/organisations/{}", found.id),
        ),
        None => (shell, "/settings/organisations".to_owned()),
    };
    Ok(Answer::html(&Page {
        here: "organisations",
        form,
        seen,
        action,
        is_new: present.is_none(),
        shell,
    }))
}
