//! The headers every answer carries, whatever made it: a page, a redirect, an error, a 404.
//!
//! * The policy, word for word, is the project's security baseline: nothing loads but our own
//!   script, style, images and fonts; nothing inline runs; nobody frames us.
//!   `Referrer-Policy` is `same-origin` and not `no-referrer`, because the latter makes browsers
//!   send `Origin: null` with our own forms (measured in Chromium, Firefox and WebKitGTK), which
//!   the origin guard would refuse.
//! * `Strict-Transport-Security` for one year, only where the public address is https: over plain
//!   HTTP browsers ignore it, and a desk tried out on loopback must not bind its host name.
//! * A room that knows better goes first: an existing `Content-Security-Policy` (downloads carry a
//!   stricter one) and an existing `Cache-Control` (static files with a hash in their name) stay.
//! * `Vary` is added to, never replaced: the compressor names `Accept-Encoding` there, and it may
//!   stand inside or outside this wrapper.
//!
//! Wrap it as the outermost middleware (the last `.wrap`). Answers actix-http writes by itself
//! before there is a request (a malformed request line) pass no middleware and carry nothing.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use futures_util::future::LocalBoxFuture;

/// The content security policy of pages.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'";

/// One year, the length browsers' preload lists ask for.
pub const HSTS: &str = "max-age=31536000; includeSubDomains";

/// What an answer to signing out adds, so that a shared machine keeps nothing.
pub const CLEAR_SITE_DATA: (&str, &str) =
    ("clear-site-data", "\"cache\", \"cookies\", \"storage\"");

/// Set always, whatever the answer already says.
const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (
        header::PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// What decides whether a write is accepted, so what a cache must tell apart.
const VARY: [&str; 2] = ["Sec-Fetch-Site", "Origin"];

/// The middleware.
#[derive(Debug, Clone, Copy)]
pub struct SecurityHeaders {
    https: bool,
}

impl SecurityHeaders {
    /// `https`: whether people reach us over TLS (`Origins::is_https`).
    pub fn new(https: bool) -> Self {
        Self { https }
    }
}

impl<S, B> Transform<S, ServiceRequest> for SecurityHeaders
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = SecurityHeadersService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(SecurityHeadersService {
            inner: Rc::new(inner),
            https: self.https,
        }))
    }
}

pub struct SecurityHeadersService<S> {
    inner: Rc<S>,
    https: bool,
}

impl<S, B> Service<ServiceRequest> for SecurityHeadersService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let https = self.https;
        let answer = self.inner.call(req);
        Box::pin(async move {
            match answer.await {
                Ok(mut res) => {
                    secure(res.headers_mut(), https);
                    Ok(res)
                }
                Err(err) => Err(amend(err, |headers| secure(headers, https))),
            }
        })
    }
}

/// Puts the headers on. Public for answers that are made outside the app.
pub fn secure(headers: &mut HeaderMap, https: bool) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CSP),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HSTS),
        );
    }
    vary(headers);
}

/// Appends what is missing as a line of its own; several `Vary` lines are one list (RFC 9110).
fn vary(headers: &mut HeaderMap) {
    let said = |wanted: &str| {
        headers
            .get_all(header::VARY)
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .any(|name| name.trim() == "*" || name.trim().eq_ignore_ascii_case(wanted))
    };
    let missing: Vec<&str> = VARY.into_iter().filter(|name| !said(name)).collect();
    if missing.is_empty() {
        return;
    }
    if let Ok(line) = HeaderValue::from_str(&missing.join(", ")) {
        headers.append(header::VARY, line);
    }
}

/// An error that some inner middleware returned instead of answering: its answer is made now,
/// changed, and carried on inside the error. (The request cannot be kept for this: actix needs to
/// own it alone while it routes.)
pub(super) fn amend(err: Error, change: impl FnOnce(&mut HeaderMap)) -> Error {
    let mut answer = err.error_response();
    change(answer.headers_mut());
    InternalError::from_response(err, answer).into()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use actix_web::middleware::{Compress, from_fn};
    use actix_web::test as web_test;
    use actix_web::{App, HttpResponse, web};

    use super::*;

    fn all<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        headers.get_all(name).map(|v| v.to_str().unwrap()).collect()
    }

    fn assert_secured(headers: &HeaderMap) {
        for (name, value) in FIXED {
            assert_eq!(all(headers, name.as_str()), [value], "{name}");
        }
        assert_eq!(all(headers, "content-security-policy").len(), 1);
        assert_eq!(all(headers, "cache-control").len(), 1);
        let vary = all(headers, "vary").join(", ").to_lowercase();
        assert_eq!(vary.matches("sec-fetch-site").count(), 1, "{vary}");
        assert_eq!(vary.matches("origin").count(), 1, "{vary}");
    }

    async fn refuse(
        _req: ServiceRequest,
        _next: actix_web::middleware::Next<impl MessageBody>,
    ) -> Result<ServiceResponse, Error> {
        Err(actix_web::error::ErrorTooManyRequests("later"))
    }

    #[actix_web::test]
    async fn pages_errors_and_404s_carry_them() {
        let app = web_test::init_service(
            App::new()
                .route("/", web::get().to(|| async { "hello" }))
                .route(
                    "/broken",
                    web::get().to(|| async {
                        Err::<&str, _>(actix_web::error::ErrorInternalServerError("x"))
                    }),
                )
                .wrap(SecurityHeaders::new(true)),
        )
        .await;
        for (path, status) in [("/", 200), ("/broken", 500), ("/nowhere", 404)] {
            let req = web_test::TestRequest::get().uri(path).to_request();
            let res = web_test::call_service(&app, req).await;
            assert_eq!(res.status(), status);
            assert_secured(res.headers());
            assert_eq!(all(res.headers(), "content-security-policy"), [CSP]);
            assert_eq!(all(res.headers(), "cache-control"), ["no-store"]);
            assert_eq!(all(res.headers(), "strict-transport-security"), [HSTS]);
        }
    }

    #[actix_web::test]
    async fn an_error_of_an_inner_middleware_carries_them() {
        let app = web_test::init_service(
            App::new()
                .wrap(from_fn(refuse))
                .wrap(SecurityHeaders::new(false)),
        )
        .await;
        let err = web_test::try_call_service(&app, web_test::TestRequest::default().to_request())
            .await
            .unwrap_err();
        let res = err.error_response();
        assert_eq!(res.status(), 429);
        assert_secured(res.headers());
        assert!(all(res.headers(), "strict-transport-security").is_empty());
    }

    #[actix_web::test]
    async fn a_stricter_policy_and_a_cache_rule_stay() {
        let app = web_test::init_service(App::new().wrap(SecurityHeaders::new(false)).route(
            "/",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .insert_header(("content-security-policy", "sandbox; default-src 'none'"))
                    .insert_header(("cache-control", "public, max-age=31536000, immutable"))
                    .insert_header(("vary", "Accept-Language, origin"))
                    .finish()
            }),
        ))
        .await;
        let res = web_test::call_service(&app, web_test::TestRequest::default().to_request()).await;
        assert_secured(res.headers());
        assert_eq!(
            all(res.headers(), "content-security-policy"),
            ["sandbox; default-src 'none'"]
        );
        assert_eq!(
            all(res.headers(), "cache-control"),
            ["public, max-age=31536000, immutable"]
        );
        assert_eq!(
            all(res.headers(), "vary"),
            ["Accept-Language, origin", "Sec-Fetch-Site"]
        );
    }

    #[actix_web::test]
    async fn the_compressors_vary_stays_inside_and_outside() {
        let page = || async { "a page long enough to be worth it ".repeat(100) };
        let inside = web_test::init_service(
            App::new()
                .route("/", web::get().to(page))
                .wrap(Compress::default())
                .wrap(SecurityHeaders::new(false)),
        )
        .await;
        let outside = web_test::init_service(
            App::new()
                .route("/", web::get().to(page))
                .wrap(SecurityHeaders::new(false))
                .wrap(Compress::default()),
        )
        .await;
        let req = || {
            web_test::TestRequest::get()
                .insert_header(("accept-encoding", "gzip"))
                .to_request()
        };
        let first = web_test::call_service(&inside, req()).await;
        let second = web_test::call_service(&outside, req()).await;
        for headers in [first.headers(), second.headers()] {
            assert_secured(headers);
            assert_eq!(all(headers, "content-encoding"), ["gzip"]);
            let vary = all(headers, "vary").join(", ").to_lowercase();
            assert_eq!(vary.matches("accept-encoding").count(), 1, "{vary}");
        }
    }

    #[test]
    fn the_policy_is_one_clean_line() {
        assert!(!CSP.contains("  ") && !CSP.contains('\n') && !CSP.contains("unsafe"));
        assert!(CSP.starts_with("default-src 'none'; script-src 'self';"));
        assert!(CSP.ends_with("require-trusted-types-for 'script'"));
    }
}
