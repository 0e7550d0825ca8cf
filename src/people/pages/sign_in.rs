//! Signing in and out.
//!
//! Unknown, disabled and mistyped cost the same time and get the same answer. The password is
//! checked between two transactions, behind a gate of its own: one reads who it is, one begins the
//! session.

use std::collections::HashMap;
use std::sync::PoisonError;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::open_page;
use crate::people::actions::{self, Checked};
use crate::people::answer::see_other;
use crate::people::form::Form;
use crate::people::layout::Shell;
use crate::people::store;
use crate::people::visit::Visit;
use crate::platform::kernel::error::{Error, Invalid, Message};
use crate::platform::kernel::secrets::{self, GateError, Token};
use crate::platform::kernel::text;
use crate::platform::web::headers::CLEAR_SITE_DATA;
use crate::platform::web::origin;
use crate::platform::web::throttle::{Try, Wait};

/// How much of what a browser says of itself is kept.
const DEVICE_MAX: usize = 300;

#[derive(Template)]
#[template(path = "people/login.html")]
struct Login {
    shell: Shell,
    mail: String,
    next: String,
    parked: bool,
    problem: Option<String>,
}

pub async fn show(visit: Visit, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let asking = visit.clone();
    match visit.site.store.read(move |r| asking.visitor(r)).await {
        Ok(_) => return see_other("/"),
        Err(Error::SignIn) => {}
        Err(e) => return visit.error(&e).await,
    }
    let page = Login {
        shell: visit.shell("sign-in"),
        mail: String::new(),
        next: next_of(query.get("next").map_or("", String::as_str)),
        parked: query.contains_key("parked"),
        problem: None,
    };
    open_page(&visit, &page, StatusCode::OK)
}

/// Why somebody is not signed in.
enum Refused {
    Wrong,
    Wait(Wait),
    Busy(u64),
    Failed(Error),
}

pub async fn sign_in(req: HttpRequest, visit: Visit, form: Form) -> HttpResponse {
    let next = next_of(form.value("next"));
    match attempt(&req, &visit, &form).await {
        Ok((token, has_parked)) => {
            let to = if has_parked {
                "/parked"
            } else if next.is_empty() {
                "/"
            } else {
                &next
            };
            let mut response = see_other(to);
            let _ = response.add_cookie(&session_cookie(&visit, token.to_text()));
            response
        }
        Err(Refused::Failed(e)) => visit.error(&e).await,
        Err(refused) => refusal(&visit, &form, next, &refused),
    }
}

/// Who it is, whether the password is theirs, and a session.
async fn attempt(req: &HttpRequest, visit: &Visit, form: &Form) -> Result<(Token, bool), Refused> {
    let site = &visit.site;
    let address = origin::client_ip_of(req, &site.trusted_proxies);
    let typed = form.line("mail", 254, &mut Invalid::default());
    let tried = throttle(visit)
        .begin(&typed, address, visit.now.time())
        .map_err(Refused::Wait)?;
    let checked = check(visit, form, typed, tried).await?;
    let device = req
        .headers()
        .get(header::USER_AGENT)
        .map(|v| {
            String::from_utf8_lossy(v.as_bytes())
                .chars()
                .take(DEVICE_MAX)
                .collect::<String>()
        })
        .unwrap_or_default();
    let checked = Checked {
        address: address.to_string(),
        device: text::clean_line(&device, DEVICE_MAX).unwrap_or_default(),
        ..checked
    };
    let token = Token::new().map_err(|_| Refused::Failed(Error::inward("no randomness")))?;
    let hash = secrets::sha256(token.to_text().as_bytes());
    let (now, limits) = (visit.now, site.limits);
    let begun = site
        .store
        .write(move |w| {
            let person = actions::sign_in(w, &checked, &hash, now, limits)?;
            Ok(!store::list_parked(w, person.id, now)?.is_empty())
        })
        .await;
    match begun {
        Ok(has_parked) => {
            throttle(visit).succeeded(tried, visit.now.time());
            Ok((token, has_parked))
        }
        Err(Error::SignIn) => Err(Refused::Wrong),
        Err(e) => Err(Refused::Failed(e)),
    }
}

async fn check(visit: &Visit, form: &Form, mail: String, tried: Try) -> Result<Checked, Refused> {
    let site = &visit.site;
    let asking = visit.clone();
    let (person, replaces) = site
        .store
        .read(move |r| {
            let person = match mail.is_empty() {
                true => None,
                false => store::find_person_by_mail(r, &mail)?,
            };
            let before = asking.visitor(r).ok().map(|v| v.session);
            Ok((person.filter(|p| p.disabled_at.is_none()), before))
        })
        .await
        .map_err(Refused::Failed)?;
    let stored = person.as_ref().and_then(|p| p.password_hash.clone());
    let given = form.value("password").to_owned();
    let against = stored.clone();
    let outcome = site
        .passwords
        .run(move || {
            let verified = secrets::verify_password(against.as_deref(), &given);
            let rehashed = verified
                .needs_rehash
                .then(|| secrets::hash_password(&given).ok())
                .flatten();
            (verified.ok, rehashed)
        })
        .await;
    match (outcome, person, stored) {
        (Ok((true, rehashed)), Some(person), Some(against)) => Ok(Checked {
            person: person.id,
            against,
            rehashed,
            replaces,
            address: String::new(),
            device: String::new(),
        }),
        (Ok(_), _, _) => Err(Refused::Wrong),
        (Err(e), _, _) => {
            throttle(visit).undo(tried);
            Err(match e {
                GateError::Busy {
                    retry_after_seconds,
                } => Refused::Busy(retry_after_seconds),
                GateError::Broken => Refused::Failed(Error::inward("a password check broke off")),
            })
        }
    }
}

fn refusal(visit: &Visit, form: &Form, next: String, refused: &Refused) -> HttpResponse {
    let (status, message, wait) = match refused {
        Refused::Wait(wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            Message::new(wait.key()).arg("minutes", wait.minutes()),
            Some(wait.seconds().to_string()),
        ),
        Refused::Busy(seconds) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Message::new("error-busy"),
            Some(seconds.to_string()),
        ),
        Refused::Wrong | Refused::Failed(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Message::new("sign-in-wrong"),
            None,
        ),
    };
    let shell = visit.shell("sign-in");
    let problem = Some(shell.say(&message));
    let page = Login {
        shell,
        mail: form.value("mail").to_owned(),
        next,
        parked: false,
        problem,
    };
    let mut response = open_page(visit, &page, status);
    if let Some(seconds) = wait.and_then(|s| HeaderValue::from_str(&s).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

pub async fn sign_out(visit: Visit) -> HttpResponse {
    let ended = visit
        .write(|w, v, ctx| actions::sign_out(w, v, ctx.now))
        .await;
    if let Err(e) = ended
        && !matches!(e, Error::SignIn)
    {
        return visit.error(&e).await;
    }
    let mut response = see_other("/login");
    let mut gone = session_cookie(&visit, String::new());
    gone.make_removal();
    let _ = response.add_cookie(&gone);
    let (name, value) = CLEAR_SITE_DATA;
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(header::HeaderName::from_static(name), value);
    }
    response
}

fn session_cookie(visit: &Visit, value: String) -> Cookie<'static> {
    Cookie::build(visit.site.cookie_name(), value)
        .path("/")
        .http_only(true)
        .secure(visit.site.https)
        .same_site(SameSite::Lax)
        .finish()
}

/// Where to go on to, if that is a path of ours; else nowhere in particular.
fn next_of(asked: &str) -> String {
    origin::safe_next(asked).unwrap_or_default().to_owned()
}

fn throttle(visit: &Visit) -> std::sync::MutexGuard<'_, crate::platform::web::throttle::Throttle> {
    visit
        .site
        .throttle
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
