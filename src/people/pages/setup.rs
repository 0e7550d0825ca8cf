//! The set-up of a desk: a link printed once at start makes the first administrator.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{hash_password, link_gone, open_ctx, open_page, token_hash};
use crate::people::actions;
use crate::people::answer::see_other;
use crate::people::form::Form;
use crate::people::form_view::FormView;
use crate::people::layout::{Flash, Shell};
use crate::people::model::{PersonForm, Roles};
use crate::people::site::Site;
use crate::people::visit::Visit;
use crate::people::{rules, zones};
use crate::platform::kernel::error::{Error, Invalid, Result};

#[derive(Template)]
#[template(path = "people/setup.html")]
struct Setup {
    shell: Shell,
    form: FormView,
    zones: &'static [&'static str],
}

/// Prints the set-up link where there is no administrator yet.
pub async fn announce_first_administrator(site: &Site) -> Result<()> {
    let now = site.clock.now();
    let token = site
        .store
        .write(move |w| actions::make_setup_link(w, now))
        .await?;
    if let Some(token) = token {
        println!(
            "There is no administrator yet. Make one here (the link works once, for 7 days):\n  \
             {}/setup/{}",
            site.public_url,
            token.to_text()
        );
    }
    Ok(())
}

pub async fn show(visit: Visit, token: web::Path<String>) -> HttpResponse {
    match is_open(&visit, &token).await {
        Ok(()) => {
            let page = page(&visit, FormView::fresh().preset("zone", "UTC"));
            open_page(&visit, &page, StatusCode::OK)
        }
        Err(Error::NotFound) => link_gone(&visit),
        Err(e) => visit.error(&e).await,
    }
}

pub async fn set_up(visit: Visit, token: web::Path<String>, form: Form) -> HttpResponse {
    match make(&visit, &token, &form).await {
        Ok(()) => visit.with_flash(see_other("/login"), &Flash::ok("setup-done")),
        Err(Error::NotFound) => link_gone(&visit),
        Err(e @ Error::Invalid(_)) => {
            let view = FormView::again(&visit.shell("setup-title"), &form, Some(&e));
            open_page(
                &visit,
                &page(&visit, view),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(e) => visit.error(&e).await,
    }
}

fn page(visit: &Visit, form: FormView) -> Setup {
    Setup {
        shell: visit.shell("setup-title"),
        form,
        zones: zones::COMMON,
    }
}

async fn is_open(visit: &Visit, token: &str) -> Result<()> {
    let hash = token_hash(token).ok_or(Error::NotFound)?;
    let now = visit.now;
    visit
        .site
        .store
        .read(move |r| actions::setup_is_open(r, &hash, now))
        .await
}

async fn make(visit: &Visit, token: &str, form: &Form) -> Result<()> {
    is_open(visit, token).await?;
    let hash = token_hash(token).ok_or(Error::NotFound)?;
    let given = PersonForm {
        name: form.value("name").to_owned(),
        mail: form.value("mail").to_owned(),
        language: visit.words().tag().to_owned(),
        zone: form.value("zone").to_owned(),
        // Whoever administers signs in, so the mail address is asked for.
        roles: Roles::ADMINISTRATOR,
        ..PersonForm::default()
    };
    let mut invalid = Invalid::default();
    for checked in [
        rules::person(&given).map(drop),
        rules::new_password(
            form.value("password"),
            form.value("password_again"),
            &[&given.name, &given.mail],
        ),
    ] {
        if let Err(Error::Invalid(wrong)) = checked {
            invalid.0.extend(wrong.0);
        }
    }
    invalid.or(())?;
    let password = hash_password(visit, form.value("password")).await?;
    let ctx = open_ctx(visit);
    visit
        .site
        .store
        .write(move |w| actions::first_administrator(w, &ctx, &hash, &given, &password).map(drop))
        .await
}
