//! Suppliers.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{id, saved, shell};
use crate::items::{Supplier, find_supplier, list_suppliers};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::Read;
use crate::platform::kernel::error::Result;
use crate::settings::actions;
use crate::settings::model::SupplierForm;

#[derive(Template)]
#[template(path = "settings/suppliers.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Supplier>,
}

#[derive(Template)]
#[template(path = "settings/supplier.html")]
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
            let shell = shell(v, "settings-suppliers")?;
            Ok(Answer::html(&ListPage {
                shell,
                here: "suppliers",
                rows: list_suppliers(r)?,
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
                let added = actions::add_supplier(w, v, ctx, &given(form))?;
                Ok(Done::at("/settings/suppliers")
                    .saying(Flash::ok("supplier-added").arg("name", added.name)))
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
            shell(v, "settings-suppliers")?;
            let found = find_supplier(r, id(&path)?)?;
            let now = SupplierForm::of(&found);
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
                let settled = actions::edit_supplier(w, v, ctx, id(&to)?, &edit)?;
                Ok(saved("/settings/suppliers", settled.with_theirs))
            },
            move |r: &mut Read<'_>, v, form, error| {
                v.needs(Right::Administer)?;
                let found = find_supplier(r, id::<Supplier>(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(v, Some(&found), view, seen)
            },
        )
        .await
}

fn given(form: &Form) -> SupplierForm {
    SupplierForm {
        name: form.value("name").to_owned(),
        phone: form.value("phone").to_owned(),
        mail: form.value("mail").to_owned(),
        disabled: form.has("disabled"),
    }
}

fn present(form: FormView, now: &SupplierForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset("phone", &now.phone)
        .preset("mail", &now.mail);
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

fn page(v: &Visitor, present: Option<&Supplier>, form: FormView, seen: String) -> Result<Answer> {
    let shell = shell(v, "settings-supplier-new")?;
    let (shell, action) = match present {
        Some(found) => (
            shell.titled(&found.name),
            format!("/settings/suppliers/{}", found.id),
        ),
        None => (shell, "/settings/suppliers".to_owned()),
    };
    Ok(Answer::html(&Page {
        here: "suppliers",
        form,
        seen,
        action,
        is_new: present.is_none(),
        shell,
    }))
}
