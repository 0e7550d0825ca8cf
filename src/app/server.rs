//! The HTTP server: middleware in order, limits, graceful stop.

use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::Compress;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use super::config::Config;
use super::{routes, state};
use crate::follow;
use crate::people::{Site, Visit};
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::web::headers::SecurityHeaders;
use crate::platform::web::origin::{Foreign, Guard, Origins};
use crate::platform::web::request_id::RequestIds;
use crate::records::Practices;

/// Blocking threads of each worker. The store's gates let no more in than there are connections, so
/// more threads would only take turns; each keeps some 5 MB of what it last worked with.
const BLOCKING_THREADS: usize = 3;

/// A server that is listening, and what to stop it with.
pub struct Running {
    pub addresses: Vec<std::net::SocketAddr>,
    pub server: actix_web::dev::Server,
    pub site: web::Data<Site>,
}

/// Binds the address and starts answering. The workers are the caller's to start: what happens by
/// itself has a time of its own.
pub fn start(config: &Config, store: Store, clock: Clock) -> Result<Running> {
    let listener = std::net::TcpListener::bind(config.listen)
        .map_err(|e| Error::inward(format!("cannot listen on {}: {e}", config.listen)))?;
    let bound = listener.local_addr()?;
    let mut site = state::site(config, store, clock)?;
    // Port 0 means that only now it is known what people type, unless a proxy stands before us.
    if config.listen.port() == 0 && !config.public_url.is_https() {
        site.public_url = format!("http://{bound}");
    }
    let origins = Arc::new(Origins::from_public_url(&site.public_url).map_err(Error::Inward)?);
    let site = web::Data::new(site);
    let https = site.https;
    let shared = site.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::Data::new(Practices(follow::practice_of)))
            .wrap(Guard::new(origins.clone(), foreign))
            .wrap(RequestIds::new().quiet(&["/healthz", "/readyz"]))
            .wrap(Compress::default())
            .wrap(SecurityHeaders::new(https))
            .configure(routes::all)
            .default_service(web::to(not_found))
    })
    .workers(config.workers)
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(75))
    // Otherwise the rest of a page waits for the browser to confirm its head (Nagle): up to 40 ms.
    .tcp_nodelay(true)
    .shutdown_timeout(20)
    .disable_signals()
    .listen(listener)?;
    let addresses = server.addrs();
    let server = server.run();
    Ok(Running {
        addresses,
        server,
        site,
    })
}

/// `/healthz`: the process answers. `/readyz`: the database does too.
pub fn health(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/healthz",
        web::get().to(async || {
            HttpResponse::Ok()
                .content_type("text/plain; charset=utf-8")
                .body("ok")
        }),
    );
    cfg.route("/readyz", web::get().to(ready));
}

async fn ready(site: web::Data<Site>) -> HttpResponse {
    let answered = site
        .store
        .read(|r| crate::services::setting(r, "close_after_days").map(drop))
        .await;
    match answered {
        Ok(()) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("ready"),
        Err(e) => {
            tracing::warn!(error = %e, "not ready");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .body("not ready")
        }
    }
}

async fn not_found(visit: Visit) -> HttpResponse {
    visit.error(&Error::NotFound).await
}

/// What a write from another site is told.
fn foreign(_: &HttpRequest, _: Foreign) -> HttpResponse {
    let words = crate::platform::words::Words::of("en");
    HttpResponse::Forbidden()
        .content_type("text/plain; charset=utf-8")
        .body(words.s("error-foreign-form").into_owned())
}
