//! A one-time link by which a person sets their password. It signs nobody in.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{hash_password, link_gone, open_ctx, open_page, token_hash};
use crate::people::answer::see_other;
use crate::people::form::Form;
use crate::people::form_view::FormView;
use crate::people::layout::{Flash, Shell};
use crate::people::model::Person;
use crate::people::visit::Visit;
use crate::people::{actions, rules};
use crate::platform::kernel::error::{Error, Result};

#[derive(Template)]
#[template(path = "people/password_link.html")]
struct Page {
    shell: Shell,
    form: FormView,
    name: String,
    mail: String,
}

pub async fn show(visit: Visit, token: web::Path<String>) -> HttpResponse {
    match holder(&visit, &token).await {
        Ok(person) => answer(&visit, &person, FormView::fresh(), StatusCode::OK),
        Err(Error::NotFound) => link_gone(&visit),
        Err(e) => visit.error(&e).await,
    }
}

pub async fn set(visit: Visit, token: web::Path<String>, form: Form) -> HttpResponse {
    let person = match holder(&visit, &token).await {
        Ok(person) => person,
        Err(Error::NotFound) => return link_gone(&visit),
        Err(e) => return visit.error(&e).await,
    };
    match keep(&visit, &token, &form, &person).await {
        Ok(()) => visit.with_flash(see_other("/login"), &Flash::ok("password-set-sign-in")),
        Err(Error::NotFound) => link_gone(&visit),
        Err(e @ Error::Invalid(_)) => {
            let view = FormView::again(&visit.shell("password-link-title"), &form, Some(&e));
            answer(&visit, &person, view, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(e) => visit.error(&e).await,
    }
}

fn answer(visit: &Visit, person: &Person, form: FormView, status: StatusCode) -> HttpResponse {
    let page = Page {
        shell: visit.shell("password-link-title"),
        form,
        name: person.name.clone(),
        mail: person.mail.clone(),
    };
    open_page(visit, &page, status)
}

async fn holder(visit: &Visit, token: &str) -> Result<Person> {
    let hash = token_hash(token).ok_or(Error::NotFound)?;
    let now = visit.now;
    visit
        .site
        .store
        .read(move |r| actions::link_holder(r, &hash, now))
        .await
}

async fn keep(visit: &Visit, token: &str, form: &Form, person: &Person) -> Result<()> {
    let hash = token_hash(token).ok_or(Error::NotFound)?;
    let password = form.value("password");
    rules::new_password(
        password,
        form.value("password_again"),
        &[&person.name, &person.mail],
    )?;
    let password = hash_password(visit, password).await?;
    let ctx = open_ctx(visit);
    visit
        .site
        .store
        .write(move |w| actions::use_password_link(w, &ctx, &hash, &password).map(drop))
        .await
}
