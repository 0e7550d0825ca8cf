//! A short random name for each request: error pages show it, the log repeats it, so that a person
//! who reports a fault and the line that explains it find each other.
//!
//! 64 random bits as 16 hex digits: at 1,000 requests a second two of the same day meet with a
//! chance of about 1 in 5,000, and it is no secret. An id that arrives with a request is never
//! believed; it would let a stranger write into the log.
//!
//! One log line a request, written when the head of the answer is ready. It names the *pattern* of
//! the path (`/incidents/{number}`), never the path or the query string, because links for setting
//! up an account carry their token in the path and searches carry names.
//!
//! Wrap it inside the security headers and outside everything else.

use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use tracing::Instrument;

/// The header of the answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand, in its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    pub fn new() -> Self {
        Self(format!(
            "{:016x}",
            getrandom::u64().unwrap_or_else(|_| counted())
        ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id the middleware gave this request; `None` only where the middleware is not mounted.
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().cloned()
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Without a source of chance an id is still unique within the process.
fn counted() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The middleware.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestIds {
    quiet: &'static [&'static str],
}

impl RequestIds {
    pub fn new() -> Self {
        Self::default()
    }

    /// Patterns whose successes are logged at debug level only: health checks, static files.
    pub fn quiet(self, patterns: &'static [&'static str]) -> Self {
        Self { quiet: patterns }
    }
}

impl<S, B> Transform<S, ServiceRequest> for RequestIds
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = RequestIdsService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(RequestIdsService {
            inner: Rc::new(inner),
            quiet: self.quiet,
        }))
    }
}

pub struct RequestIdsService<S> {
    inner: Rc<S>,
    quiet: &'static [&'static str],
}

impl<S, B> Service<ServiceRequest> for RequestIdsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let id = RequestId::new();
        req.extensions_mut().insert(id.clone());
        let span = tracing::info_span!("request", request_id = %id);
        let mut line = Line {
            id,
            method: req.method().clone(),
            started: Instant::now(),
        };
        let (quiet, answer) = (self.quiet, span.in_scope(|| self.inner.call(req)));
        Box::pin(async move {
            match answer.instrument(span).await {
                Ok(mut res) => {
                    line.stamp(res.headers_mut());
                    line.write(
                        res.request().match_pattern().as_deref(),
                        res.status(),
                        quiet,
                    );
                    Ok(res)
                }
                Err(err) => {
                    line.write(None, err.as_response_error().status_code(), quiet);
                    Err(super::headers::amend(err, |headers| line.stamp(headers)))
                }
            }
        })
    }
}

/// What the log says of a request.
struct Line {
    id: RequestId,
    method: Method,
    started: Instant,
}

impl Line {
    fn stamp(&mut self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(self.id.as_str()) {
            headers.insert(HEADER, value);
        }
    }

    /// Failures of ours are warnings: what went wrong is logged as an error where it went wrong.
    fn write(&self, pattern: Option<&str>, status: StatusCode, quiet: &[&str]) {
        let (id, method, status) = (&self.id, &self.method, status.as_u16());
        let path = pattern.unwrap_or("(none)");
        let ms = self.started.elapsed().as_secs_f64() * 1000.0;
        let ms = (ms * 100.0).round() / 100.0;
        if status >= 500 {
            tracing::warn!(target: "andon::http", request_id = %id, %method, path, status, ms, "request");
        } else if status < 400 && quiet.contains(&path) {
            tracing::debug!(target: "andon::http", request_id = %id, %method, path, status, ms, "request");
        } else {
            tracing::info!(target: "andon::http", request_id = %id, %method, path, status, ms, "request");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::collections::HashSet;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use actix_web::test as web_test;
    use actix_web::{App, web};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
        let log = Log::default();
        let copy = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(tracing::Level::INFO)
            .with_writer(move || copy.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    async fn echo(req: HttpRequest) -> String {
        tracing::info!("inside");
        RequestId::of(&req).unwrap().to_string()
    }

    #[actix_web::test]
    async fn the_page_the_header_and_the_log_say_the_same_and_nothing_secret() {
        let (log, _guard) = listen();
        let app = web_test::init_service(
            App::new()
                .route("/setup/{token}", web::get().to(echo))
                .route("/healthz", web::get().to(|| async { "ok" }))
                .wrap(RequestIds::new().quiet(&["/healthz"])),
        )
        .await;
        let req = web_test::TestRequest::get()
            .uri("/setup/s3cret-token?q=Anna+Example")
            .insert_header(("x-request-id", "forged"))
            .to_request();
        let res = web_test::call_service(&app, req).await;
        let id = res
            .headers()
            .get("x-request-id")
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(web_test::read_body(res).await, id.as_bytes());
        assert!(id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()));

        let res = web_test::call_service(
            &app,
            web_test::TestRequest::with_uri("/lost/x").to_request(),
        )
        .await;
        assert_eq!(res.status(), 404);
        assert!(res.headers().contains_key("x-request-id"));
        web_test::call_service(
            &app,
            web_test::TestRequest::with_uri("/healthz").to_request(),
        )
        .await;

        let text = log.text();
        assert!(
            text.contains("path=\"/setup/{token}\"") && text.contains("status=200"),
            "{text}"
        );
        assert!(
            text.contains("method=GET") && text.contains("ms="),
            "{text}"
        );
        assert!(
            text.contains("path=\"(none)\"") && text.contains("status=404"),
            "{text}"
        );
        assert!(
            text.matches(&id).count() >= 2,
            "the handler's own line has it by the span: {text}"
        );
        for hidden in ["s3cret", "Anna", "forged", "lost", "healthz"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }

    #[actix_web::test]
    async fn an_error_of_an_inner_middleware_is_stamped_too() {
        let (log, _guard) = listen();
        let app = web_test::init_service(
            App::new()
                .wrap_fn(|_req, _srv| {
                    ready(Err::<ServiceResponse, _>(
                        actix_web::error::ErrorServiceUnavailable("x"),
                    ))
                })
                .wrap(RequestIds::new()),
        )
        .await;
        let err = web_test::try_call_service(&app, web_test::TestRequest::default().to_request())
            .await
            .unwrap_err();
        let res = err.error_response();
        assert_eq!(res.status(), 503);
        assert!(res.headers().contains_key("x-request-id"));
        assert!(log.text().contains("WARN") && log.text().contains("status=503"));
    }

    #[test]
    fn ids_differ() {
        let ids: HashSet<String> = (0..1000).map(|_| RequestId::new().0).collect();
        assert_eq!(ids.len(), 1000);
        assert_ne!(counted(), counted());
    }
}
