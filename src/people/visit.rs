//! A request's way in: who is asking, and the transaction they ask in.
//!
//! [`Visit`] is taken from the request without touching the database. Its [`Visitor`] (session,
//! person, roles, teams) is read inside the very transaction that answers, so a right withdrawn a
//! moment ago counts.

use std::sync::{Arc, OnceLock};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::layout::{Flash, Shell};
use super::model::Person;
use super::session;
use super::site::Site;
use super::store;
use super::visitor::Visitor;
use crate::platform::db::{Db, Id, Read, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::platform::kernel::zone::Zone;
use crate::platform::web::request_id::RequestId;
use crate::platform::words::Words;

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
    /// Who it turned out to be, once a transaction has read it: an error page speaks their language.
    known: Arc<OnceLock<Visitor>>,
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
            known: Arc::default(),
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
            Err(e) => self.error(&e).await,
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
        let (session, person, known) = session::find(conn, &hash)?.ok_or(Error::SignIn)?;
        let seen = self.site.seen.of(session.id);
        if person.disabled_at.is_some() || !session.is_live(self.now, seen, self.site.limits) {
            return Err(Error::SignIn);
        }
        self.site.seen.note(session.id, self.now);
        let mut visitor = Visitor::offline(&person, store::teams_of(conn, person.id)?, self.now);
        visitor.session = session.id;
        visitor.unread = known.unread;
        visitor.leads = known.leads;
        if visitor.has(super::Right::Work) {
            let lines = &self.site.lines;
            visitor.line = match self.method_is_get {
                true => Some(lines.at(conn, self.now)?),
                false => lines.last(),
            };
        }
        visitor.flash = self.flash.clone();
        let _ = self.known.set(visitor.clone());
        Ok(visitor)
    }

    /// The person of a session that has ended: for whom a form is parked.
    pub(super) fn former_person(&self, conn: &mut Db) -> Result<Option<Id<Person>>> {
        let Some(hash) = self.token_hash else {
            return Ok(None);
        };
        Ok(session::find(conn, &hash)?
            .filter(|(_, p, _)| p.disabled_at.is_none())
            .map(|(_, p, _)| p.id))
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

    /// Who is signed in, as far as a transaction has read it or (with `ask`) one can still do so.
    pub(super) async fn known(&self, ask: bool) -> Option<Visitor> {
        if ask && self.known.get().is_none() && self.token_hash.is_some() {
            let _ = self.read(|_, _| Ok(())).await;
        }
        self.known.get().cloned()
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
            can_approve: false,
            can_manage: false,
            can_administer: false,
            unread: 0,
            line: None,
            flash: self.flash.clone(),
            now: self.now,
            zone: Zone::utc(),
            search: String::new(),
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
