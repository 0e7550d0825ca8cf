//! Where requests may come from: our own addresses, the write guard, the client's address behind
//! proxies, and the paths we may send somebody on to.
//!
//! A cookie goes along with a form that a foreign page sends us, so the browser is asked who sent
//! it. Browsers since 2020–2023 say so in `Sec-Fetch-Site`, which no page can forge; they leave it
//! out over plain HTTP off loopback, and there `Origin` decides. Anything but a plain yes is no:
//! two headers where there should be one, `none` (an address typed by hand never writes), `null`.
//! Reading needs no guard because no GET writes; a test of the routes keeps that true. (OWASP's
//! CSRF cheat sheet: Fetch Metadata with the Origin fallback; no tokens, so none can leak.)

use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;

mod client;

pub use client::{Net, client_ip, client_ip_of};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The addresses under which people reach us. The first is the one we write into links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    list: Vec<String>,
    https: bool,
    loopback: bool,
}

impl Origins {
    /// Parses `http(s)://host[:port]`. On loopback `localhost`, `127.0.0.1` and `[::1]` are one.
    pub fn from_public_url(url: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("public_url \"{}\": {what}", url.escape_debug());
        let (scheme, rest) = url.split_once("://").ok_or_else(|| {
            wrong("write the whole address, for example https://desk.example.org")
        })?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(wrong("it must start with http:// or https://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(wrong(
                "it must end after the host and port; a path is not supported",
            ));
        }
        if rest.contains('@') {
            return Err(wrong("it must not contain a user name"));
        }
        let (host, port) = split_port(rest).ok_or_else(|| wrong("the port is not a number"))?;
        let host = host.to_ascii_lowercase();
        let address = parse_host(&host).ok_or_else(|| {
            wrong(
                "the host is not a name of letters, digits, dots and hyphens or an IP address \
                   (write international names as xn--…)",
            )
        })?;
        let port = match port {
            Some(0) => return Err(wrong("the port must be 1 to 65535")),
            Some(443) if https => None,
            Some(80) if !https => None,
            port => port,
        };
        let scheme = if https { "https" } else { "http" };
        let origin = |host: &str| match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        let loopback = address.map_or(host == "localhost", |ip| ip.is_loopback());
        let mut list = vec![origin(&host)];
        if loopback {
            for other in ["localhost", "127.0.0.1", "[::1]"].map(origin) {
                if !list.contains(&other) {
                    list.push(other);
                }
            }
        }
        Ok(Self {
            list,
            https,
            loopback,
        })
    }

    pub fn is_https(&self) -> bool {
        self.https
    }

    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The address for links in pages and mail, without a slash at the end.
    pub fn public_url(&self) -> &str {
        self.list.first().map_or("", String::as_str)
    }

    /// Whether an `Origin` header names us. Browsers send scheme and host in lower case.
    pub fn contains(&self, origin: &str) -> bool {
        self.list.iter().any(|o| o == origin)
    }
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`; `None` when what follows the colon is no port.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let colon = match text.rfind(']') {
        Some(end) if text.ends_with(']') => return (end + 1 == text.len()).then_some((text, None)),
        Some(end) => text.get(end + 1..)?.starts_with(':').then_some(end + 1)?,
        None => match text.find(':') {
            Some(colon) => colon,
            None => return Some((text, None)),
        },
    };
    let digits = text.get(colon + 1..)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((text.get(..colon)?, Some(digits.parse().ok()?)))
}

/// `Some(Some(ip))` for an address, `Some(None)` for a name, `None` for neither.
fn parse_host(host: &str) -> Option<Option<IpAddr>> {
    if let Some(v6) = host.strip_prefix('[') {
        return v6
            .strip_suffix(']')?
            .parse()
            .ok()
            .filter(IpAddr::is_ipv6)
            .map(Some);
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        return ip.is_ipv4().then_some(Some(ip));
    }
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    // A last label of digits only would be read as a (broken) IPv4 address by browsers.
    let named = host
        .rsplit('.')
        .next()
        .is_some_and(|l| !l.bytes().all(|b| b.is_ascii_digit()));
    (host.len() <= 253 && named && host.split('.').all(label)).then_some(None)
}

/// What `andon serve` may start with. Without a `public_url` the listening address is the public
/// one. Plain HTTP off loopback, where passwords would cross a network in the clear, is accepted
/// only when somebody said so.
pub fn check(
    public_url: Option<&str>,
    listen: SocketAddr,
    insecure_http: bool,
) -> Result<Origins, String> {
    let origins = match public_url {
        Some(url) => Origins::from_public_url(url)?,
        None if listen.ip().is_unspecified() => {
            return Err(format!(
                "listening on {listen}, every address of this machine: set public_url to the \
                 address people type, for example https://desk.example.org"
            ));
        }
        None => Origins::from_public_url(&format!("http://{listen}"))?,
    };
    if origins.https || insecure_http || (origins.loopback && listen.ip().is_loopback()) {
        return Ok(origins);
    }
    Err(format!(
        "{} listening on {listen} would send passwords over the network unencrypted: put a TLS \
         proxy in front and set public_url to its https address, or, on a network you trust, \
         start with --insecure-http",
        origins.public_url()
    ))
}

/// Why a write was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// The browser says that another site sent it (`Sec-Fetch-Site`).
    Site,
    /// The `Origin` is not one of ours; usually `public_url` is not what people type.
    Origin,
    /// Neither header: a very old browser, or a program.
    Unsigned,
}

/// Decides on one request; reads only the method and the two headers.
pub fn judge(method: &Method, headers: &HeaderMap, origins: &Origins) -> Result<(), Foreign> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let single = |name: HeaderName| {
        let mut all = headers.get_all(name);
        all.next().map(|one| {
            if all.next().is_none() {
                one.as_bytes()
            } else {
                b""
            }
        })
    };
    match (single(SEC_FETCH_SITE), single(header::ORIGIN)) {
        (Some(b"same-origin"), _) => Ok(()),
        (Some(_), _) => Err(Foreign::Site),
        (None, Some(origin)) if std::str::from_utf8(origin).is_ok_and(|o| origins.contains(o)) => {
            Ok(())
        }
        (None, Some(_)) => Err(Foreign::Origin),
        (None, None) => Err(Foreign::Unsigned),
    }
}

/// Makes the page that says no. Its status is set to 403 whatever it says.
pub type Page = fn(&HttpRequest, Foreign) -> HttpResponse;

/// The middleware that guards writes.
#[derive(Clone)]
pub struct Guard {
    origins: Arc<Origins>,
    page: Page,
}

impl Guard {
    pub fn new(origins: Arc<Origins>, page: Page) -> Self {
        Self { origins, page }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Guard
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type InitError = ();
    type Transform = GuardService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(GuardService {
            inner: Rc::new(inner),
            guard: self.clone(),
        }))
    }
}

pub struct GuardService<S> {
    inner: Rc<S>,
    guard: Guard,
}

impl<S, B> Service<ServiceRequest> for GuardService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        if let Err(why) = judge(req.method(), req.headers(), &self.guard.origins) {
            tracing::info!(
                target: "andon::http", ?why, method = %req.method(),
                origin = ?req.headers().get(header::ORIGIN), "write from elsewhere refused"
            );
            let mut res = (self.guard.page)(req.request(), why);
            *res.status_mut() = StatusCode::FORBIDDEN;
            let res = req
                .into_response(res.map_into_boxed_body())
                .map_into_right_body();
            return Box::pin(ready(Ok(res)));
        }
        let answer = self.inner.call(req);
        Box::pin(async move { answer.await.map(ServiceResponse::map_into_left_body) })
    }
}

/// Longest path we redirect to; actix refuses longer request lines long before it matters.
pub const NEXT_MAX: usize = 2_000;

/// A path of ours to go on to after signing in: it starts with one slash that no second slash or
/// backslash follows (browsers read both as another host) and has no control characters (browsers
/// drop tabs and line ends, which would join such a pair).
pub fn safe_next(next: &str) -> Option<&str> {
    let mut chars = next.chars();
    let ours = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    let clean = next.len() <= NEXT_MAX && !next.chars().any(char::is_control);
    (ours && clean).then_some(next)
}

#[cfg(test)]
mod tests;
