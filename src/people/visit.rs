//! A request's way in: who is asking, and the transaction they ask in.
//!
//! [`Visit`] is taken from the request without touching the database. Its [`Visitor`] (session,
//! person, roles, teams) is read inside the very transaction that answers, so a right withdrawn a
//! moment ago counts. Errors become pages here, in one place.

use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use askama::Template;

use super::answer::{Answer, see_other};
use super::layout::{Flash, Shell, initials};
use super::model::{Person, Roles, Team};
use super::session::{self, Session};
use super::site::Site;
use super::store;
use crate::platform::db::{Db, Id, Read, Utc, Write};
use crate::platform::kernel::ctx::{Actor, Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::platform::kernel::zone::Zone;
use crate::platform::web::request_id::RequestId;
use crate::platform::words::Words;

/// The signed-in person behind a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub id: Id<Person>,
    pub name: String,
    pub roles: Roles,
    pub teams: Vec<Id<Team>>,
    pub session: Id<Session>,
    pub words: Words,
    pub zone: Zone,
    pub now: Utc,
    theme: String,
    single_keys: bool,
    flash: Option<Flash>,
}

impl Visitor {
    /// Somebody who is not at a browser: a command, a worker, a test of a policy.
    pub fn offline(person: &Person, teams: Vec<Id<Team>>, now: Utc) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            roles: person.roles(),
            teams,
            session: Id::nil(),
            words: Words::of(&person.language),
            zone: Zone::named(&person.zone).unwrap_or_else(Zone::utc),
            now,
            theme: person.theme.clone(),
            single_keys: person.single_keys,
            flash: None,
        }
    }

    /// Whoever runs a command beside the database: they hold the file, so they see everything.
    pub fn command(now: Utc) -> Self {
        Self {
            id: Id::nil(),
            name: "command".into(),
            roles: Roles::ADMINISTRATOR,
            teams: Vec::new(),
            session: Id::nil(),
            words: Words::of("en"),
            zone: Zone::utc(),
            now,
            theme: "auto".into(),
            single_keys: false,
            flash: None,
        }
    }

    pub fn actor(&self) -> Actor {
        Actor {
            id: Some(self.id.uuid()),
            label: self.name.clone(),
        }
    }

    /// The frame of a page for this person; `nav` is the menu item it belongs to.
    pub fn shell(&self, nav: &'static str, title: impl Into<String>) -> Shell {
        Shell {
            t: self.words,
            title: title.into(),
            nav,
            theme: self.theme.clone(),
            single_keys: self.single_keys,
            person: Some((self.name.clone(), initials(&self.name))),
            can_work: self.has(super::Right::Work),
            can_administer: self.has(super::Right::Administer),
            flash: self.flash.clone(),
            now: self.now,
            zone: self.zone.clone(),
            search: String::new(),
        }
    }
}

/// A request before anybody knows who sent it.
#[derive(Clone)]
pub struct Visit {
    pub site: Arc<Site>,
    pub now: Utc,
    pub path: String,
    pub method_is_get: bool,
    token_hash: Option<[u8; 32]>,
    request_id: String,
    words: Words,
    flash: Option<Flash>,
    takes_gzip: bool,
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, actix_web::Error>>;

    fn from_request(req: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(
            Self::of(req).ok_or_else(|| actix_web::error::ErrorInternalServerError("no site")),
        )
    }
}

impl Visit {
    fn of(req: &HttpRequest) -> Option<Self> {
        let site = req.app_data::<web::Data<Site>>()?.clone().into_inner();
        let language = req
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("en");
        let words = Words::of(language);
        Some(Self {
            now: site.clock.now(),
            path: req
                .uri()
                .path_and_query()
                .map_or("/", |p| p.as_str())
                .to_owned(),
            method_is_get: req.method().is_safe(),
            token_hash: req
                .cookie(site.cookie_name())
                .map(|c| secrets::sha256(c.value().as_bytes())),
            request_id: req
                .extensions()
                .get::<RequestId>()
                .map(|id| id.as_str().to_owned())
                .unwrap_or_default(),
            words,
            takes_gzip: takes_gzip(req),
            flash: req
                .cookie("flash")
                .and_then(|c| serde_json::from_str(&percent_decode(c.value())).ok())
                // Whoever sends the cookie chooses the key; only messages there are can be shown.
                .filter(|flash: &Flash| words.has(&flash.key)),
            site,
        })
    }

    /// Answers a GET with a page made in one reading transaction.
    pub async fn page<F>(&self, f: F) -> HttpResponse
    where
        F: FnOnce(&mut Read<'_>, &Visitor) -> Result<Answer> + Send + 'static,
    {
        let visit = self.clone();
        let read = move |r: &mut Read<'_>| {
            let visitor = visit.visitor(r)?;
            f(r, &visitor)
        };
        let takes_gzip = self.takes_gzip;
        let pack = move |answer: Answer| if takes_gzip { answer.packed() } else { answer };
        match self.site.store.read_then(read, pack).await {
            Ok(answer) => self.after_showing(answer.into()),
            Err(e) => self.error(&e),
        }
    }

    /// Reads as the person behind the request.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Read<'_>, &Visitor) -> Result<T> + Send + 'static,
    {
        let visit = self.clone();
        self.site
            .store
            .read(move |r| {
                let visitor = visit.visitor(r)?;
                f(r, &visitor)
            })
            .await
    }

    /// Runs an action as the person behind the request. `f` may run more than once.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T> + Send + 'static,
    {
        let visit = self.clone();
        self.site
            .store
            .write(move |w| {
                let visitor = visit.visitor(w)?;
                let ctx = visit.ctx(&visitor);
                f(w, &visitor, &ctx)
            })
            .await
    }

    /// Session, person and rights, read in the transaction of the answer.
    pub fn visitor(&self, conn: &mut Db) -> Result<Visitor> {
        let hash = self.token_hash.ok_or(Error::SignIn)?;
        let (session, person) = session::find(conn, &hash)?.ok_or(Error::SignIn)?;
        let seen = self.site.seen.of(session.id);
        if person.disabled_at.is_some() || !session.is_live(self.now, seen, self.site.limits) {
            return Err(Error::SignIn);
        }
        self.site.seen.note(session.id, self.now);
        let mut visitor = Visitor::offline(&person, store::teams_of(conn, person.id)?, self.now);
        visitor.session = session.id;
        visitor.flash = self.flash.clone();
        Ok(visitor)
    }

    /// The person of a session that has ended: for whom a form is parked.
    pub(super) fn former_person(&self, conn: &mut Db) -> Result<Option<Id<Person>>> {
        let Some(hash) = self.token_hash else {
            return Ok(None);
        };
        Ok(session::find(conn, &hash)?
            .filter(|(_, p)| p.disabled_at.is_none())
            .map(|(_, p)| p.id))
    }

    fn ctx(&self, visitor: &Visitor) -> Ctx {
        Ctx {
            now: self.now,
            actor: visitor.actor(),
            on_behalf_of: None,
            door: Door::Web,
            request_id: self.request_id.clone(),
        }
    }

    /// The frame of a page nobody is signed in on.
    pub fn shell(&self, title: &str) -> Shell {
        Shell {
            t: self.words,
            title: self.words.s(title).into_owned(),
            nav: "",
            theme: "auto".into(),
            single_keys: false,
            person: None,
            can_work: false,
            can_administer: false,
            flash: self.flash.clone(),
            now: self.now,
            zone: Zone::utc(),
            search: String::new(),
        }
    }

    /// An error as a page (or, for somebody not signed in, the way to sign in).
    pub fn error(&self, e: &Error) -> HttpResponse {
        let (status, key) = match e {
            Error::SignIn => return self.sign_in(),
            Error::Repeated(location) => return see_other(location),
            Error::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
            Error::Forbidden(_) => (StatusCode::FORBIDDEN, "error-forbidden"),
            Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            Error::Refused(_) => (StatusCode::CONFLICT, "error-refused"),
            Error::Stale(_) | Error::News(_) => (StatusCode::CONFLICT, "error-stale"),
            Error::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "error-busy"),
            Error::Raced => (StatusCode::SERVICE_UNAVAILABLE, "error-busy"),
            Error::Database(_) | Error::Inward(_) => {
                tracing::error!(request_id = %self.request_id, error = %e, "request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "error-inward")
            }
        };
        let detail = match e {
            Error::Refused(m) | Error::Forbidden(m) | Error::Busy(m) => Some(m.clone()),
            Error::Invalid(invalid) => invalid.0.first().map(|(_, m)| m.clone()),
            _ => None,
        };
        let shell = self.shell(key);
        let detail = detail
            .map(|m| shell.say(&m))
            .filter(|text| *text != shell.title);
        let page = ErrorPage {
            shell,
            detail,
            request_id: self.request_id.clone(),
        };
        let mut response = HttpResponse::from(Answer::html(&page).with_status(status));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// To the sign-in page, and from there back to where a reader was going.
    fn sign_in(&self) -> HttpResponse {
        if self.method_is_get && self.path != "/" {
            see_other(&format!("/login?next={}", percent_encode(&self.path)))
        } else {
            see_other("/login")
        }
    }

    /// A flash is shown once.
    pub fn after_showing(&self, mut response: HttpResponse) -> HttpResponse {
        if self.flash.is_some() {
            let mut gone = Cookie::build("flash", "")
                .path("/")
                .http_only(true)
                .finish();
            gone.make_removal();
            let _ = response.add_cookie(&gone);
        }
        if !self.site.diagnostics {
            response.headers_mut().remove("Server-Timing");
        }
        response
    }

    /// Attaches a message for the next page.
    pub fn with_flash(&self, mut response: HttpResponse, flash: &Flash) -> HttpResponse {
        let value = serde_json::to_string(flash)
            .map(|v| percent_encode(&v))
            .unwrap_or_default();
        let cookie = Cookie::build("flash", value)
            .path("/")
            .http_only(true)
            .secure(self.site.https)
            .same_site(SameSite::Lax)
            .max_age(actix_web::cookie::time::Duration::minutes(2))
            .finish();
        let _ = response.add_cookie(&cookie);
        response
    }

    pub fn words(&self) -> Words {
        self.words
    }

    pub fn request_id(&self) -> &str {
        &self.request_id
    }
}

#[derive(Template)]
#[template(path = "layout/error.html")]
struct ErrorPage {
    shell: Shell,
    detail: Option<String>,
    request_id: String,
}

/// Whether the browser takes gzip (one that names it with `q=0` does not).
fn takes_gzip(req: &HttpRequest) -> bool {
    let accepted = req.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
        let refused = ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&parameters.trim());
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Percent-encodes everything but unreserved characters (RFC 3986).
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| tail.get(..2)).flatten();
        match hex
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok())
        {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
