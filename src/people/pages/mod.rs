//! The pages of people: signing in and out, one-time links, parked forms, preferences.

mod confirm;
mod home;
mod parked;
mod password_link;
mod preferences;
mod setup;
mod sign_in;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, post, resource};
use askama::Template;

pub use confirm::confirm_password;
pub(super) use parked::too_long as too_long_to_park;
pub use setup::announce_first_administrator;

use super::answer::Answer;
use super::layout::Shell;
use super::visit::Visit;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::secrets::Token;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/").get(home::show))
        .service(resource("/login").get(sign_in::show).post(sign_in::sign_in))
        .route("/logout", post().to(sign_in::sign_out))
        .route("/parked", get().to(parked::list))
        .route("/parked/{id}/discard", post().to(parked::discard))
        .service(
            resource("/setup/{token}")
                .get(setup::show)
                .post(setup::set_up),
        )
        .service(
            resource("/password/{token}")
                .get(password_link::show)
                .post(password_link::set),
        )
        .service(
            resource("/preferences")
                .get(preferences::show)
                .post(preferences::save),
        )
        .route(
            "/preferences/password",
            post().to(preferences::change_password),
        )
        .route(
            "/preferences/sessions/others/end",
            post().to(preferences::end_others),
        )
        .route(
            "/preferences/sessions/{id}/end",
            post().to(preferences::end_one),
        );
}

/// A page nobody need be signed in for.
fn open_page(visit: &Visit, page: &impl Template, status: StatusCode) -> HttpResponse {
    visit.after_showing(Answer::html(page).with_status(status).into())
}

/// What an action is told where nobody is signed in.
fn open_ctx(visit: &Visit) -> Ctx {
    Ctx {
        request_id: visit.request_id().to_owned(),
        ..Ctx::system(visit.now, Door::Web)
    }
}

#[derive(Template)]
#[template(path = "people/link_gone.html")]
struct LinkGone {
    shell: Shell,
}

/// A link that never was, was used, or ran out: all the same page, which says what to do.
fn link_gone(visit: &Visit) -> HttpResponse {
    let page = LinkGone {
        shell: visit.shell("link-gone-title"),
    };
    open_page(visit, &page, StatusCode::NOT_FOUND)
}

/// The hash by which a link of this token is known.
fn token_hash(token: &str) -> Option<[u8; 32]> {
    Token::parse(token).map(|token| token.hash())
}

/// The hash of a password, made behind the gate for passwords.
async fn hash_password(
    visit: &Visit,
    password: &str,
) -> crate::platform::kernel::error::Result<String> {
    use crate::platform::kernel::error::{Error, Message};
    use crate::platform::kernel::secrets;
    let password = password.to_owned();
    match visit
        .site
        .passwords
        .run(move || secrets::hash_password(&password))
        .await
    {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(_)) => Err(Error::inward("a password could not be hashed")),
        Err(_) => Err(Error::Busy(Message::new("error-busy"))),
    }
}
