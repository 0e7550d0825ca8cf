//! Stylesheet, script, icons: the files a page needs besides itself, carried inside the binary.
//!
//! One binary means nothing to deploy beside it, so `static/` is embedded. The parts of the
//! stylesheet and of the script are joined once, in name order, into one file each; there is no
//! other build step. Every file is served under a hash of its content: a browser keeps it for ever
//! and a new release is a new address. Both forms, plain and gzipped, are made once at start and
//! handed out without copying.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{self, AcceptEncoding, Encoding, Header as _, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// Embeds files of one folder below `static/`, as (name, content), in the order they are joined.
macro_rules! embed {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$((
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/", $folder, "/", $name)),
        )),+]
    };
}

type Files = &'static [(&'static str, &'static str)];

const CSS: Files = embed!("css":
    "00-layers.css",
    "10-reset.css",
    "20-tokens.css",
    "30-base.css",
    "40-layout.css",
    "41-shell.css",
    "49-text.css",
    "50-approval.css",
    "50-badge.css",
    "50-button.css",
    "50-change.css",
    "50-choice.css",
    "50-clock.css",
    "50-composer.css",
    "50-dialog.css",
    "50-empty.css",
    "50-facts.css",
    "50-flash.css",
    "50-form.css",
    "50-gate.css",
    "50-icon.css",
    "50-list.css",
    "50-matrix.css",
    "50-menu.css",
    "50-picks.css",
    "50-queue.css",
    "50-report.css",
    "50-steps.css",
    "50-table.css",
    "50-task.css",
    "50-thread.css",
    "90-utilities.css",
    "95-print.css",
);

const JS: Files = embed!("js":
    "00-base.js",
    "10-theme.js",
    "20-keys.js",
    "30-menus.js",
    "40-forms.js",
    "50-call.js",
    "60-clocks.js",
    "60-examples.js",
);

const IMG: Files = embed!("img":
    "favicon.svg",
    "icons.svg",
);

const CSS_TYPE: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
const JS_TYPE: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");
const SVG_TYPE: HeaderValue = HeaderValue::from_static("image/svg+xml; charset=utf-8");

/// The address carries the content's hash, so what lies there never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// `/favicon.ico` is asked for by name, without a hash: it may change with a release.
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

struct Asset {
    name: &'static str,
    hash: &'static str,
    url: &'static str,
    content_type: HeaderValue,
    plain: Bytes,
    /// Absent where compressing would not make it smaller.
    gzip: Option<Bytes>,
}

impl Asset {
    /// Assets live as long as the process, so their memory is given away once instead of counted.
    fn new(name: &'static str, content_type: HeaderValue, content: String) -> Self {
        let hash: &'static str = short_hash(content.as_bytes()).leak();
        let url: &'static str = format!("/static/{hash}/{name}").leak();
        let content: &'static [u8] = content.leak().as_bytes();
        let gzip = gzipped(content)
            .filter(|smaller| smaller.len() < content.len())
            .map(|smaller| Bytes::from_static(smaller.leak()));
        Self {
            name,
            hash,
            url,
            content_type,
            plain: Bytes::from_static(content),
            gzip,
        }
    }

    fn answer(&self, request: &HttpRequest, keep: HeaderValue) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CONTENT_TYPE, self.content_type.clone()))
            .insert_header((header::CACHE_CONTROL, keep))
            .insert_header((header::VARY, HeaderValue::from_static("accept-encoding")))
            .insert_header((
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ));
        match self.gzip.as_ref().filter(|_| accepts_gzip(request)) {
            // Saying the encoding here also tells the compressing middleware to leave it alone.
            Some(gzip) => response
                .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")))
                .body(gzip.clone()),
            None => response.body(self.plain.clone()),
        }
    }
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets = vec![
        Asset::new("andon.css", CSS_TYPE, joined(CSS)),
        Asset::new("andon.js", JS_TYPE, joined(JS)),
    ];
    assets.extend(
        IMG.iter()
            .map(|&(name, content)| Asset::new(name, SVG_TYPE, content.to_owned())),
    );
    assets
});

/// Where a page finds an asset: `url("andon.css")` is `/static/0123456789abcdef/andon.css`.
///
/// The names are `andon.css`, `andon.js`, `icons.svg` and `favicon.svg`. A name that does not exist
/// gives an address that answers 404, which shows at once.
pub fn url(name: &str) -> &'static str {
    find(name).map_or("/static/unknown", |asset| asset.url)
}

/// `GET /static/{hash}/{name}`, and the address browsers try for an icon on their own.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/static/{hash}/{name}")
            .route(web::get().to(asset))
            .route(web::head().to(asset)),
    )
    .service(
        web::resource("/favicon.ico")
            .route(web::get().to(favicon))
            .route(web::head().to(favicon)),
    );
}

async fn asset(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    find(&name)
        .filter(|asset| asset.hash == hash)
        .map_or_else(not_found, |asset| asset.answer(&request, FOR_EVER))
}

async fn favicon(request: HttpRequest) -> HttpResponse {
    find("favicon.svg").map_or_else(not_found, |asset| asset.answer(&request, FOR_A_DAY))
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

fn joined(files: Files) -> String {
    let mut whole = String::new();
    for (_, content) in files {
        whole.push_str(content);
        // A part that forgets its last line break must not swallow the next one's first line.
        if !content.ends_with('\n') {
            whole.push('\n');
        }
    }
    whole
}

fn short_hash(content: &[u8]) -> String {
    let mut text = String::with_capacity(16);
    for byte in Sha256::digest(content).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn gzipped(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

fn accepts_gzip(request: &HttpRequest) -> bool {
    // Without the header nothing was promised; an unreadable one promises nothing either.
    request.headers().contains_key(header::ACCEPT_ENCODING)
        && AcceptEncoding::parse(request).is_ok_and(|accepted| {
            accepted.negotiate([Encoding::gzip(), Encoding::identity()].iter())
                == Some(Encoding::gzip())
        })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::io::Read as _;
    use std::path::Path;

    use actix_web::body::to_bytes;
    use actix_web::dev::ServiceResponse;
    use actix_web::middleware::Compress;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, http::StatusCode};
    use flate2::read::GzDecoder;

    use super::*;

    async fn get(
        path: &str,
        accept: Option<&str>,
    ) -> ServiceResponse<impl actix_web::body::MessageBody> {
        // Under the compressing middleware, as in the product.
        let app = init_service(App::new().wrap(Compress::default()).configure(routes)).await;
        let mut request = TestRequest::get().uri(path);
        if let Some(accept) = accept {
            request = request.insert_header((header::ACCEPT_ENCODING, accept));
        }
        call_service(&app, request.to_request()).await
    }

    async fn body(response: ServiceResponse<impl actix_web::body::MessageBody>) -> Vec<u8> {
        let Ok(bytes) = to_bytes(response.into_body()).await else {
            panic!("the body did not arrive");
        };
        bytes.to_vec()
    }

    fn header_of(
        response: &ServiceResponse<impl actix_web::body::MessageBody>,
        name: header::HeaderName,
    ) -> Option<&str> {
        response.headers().get(name).map(|v| v.to_str().unwrap())
    }

    /// A file that is written but not listed would be missing without a word.
    #[test]
    fn every_file_on_disk_is_listed_in_order() {
        for (folder, files) in [("css", CSS), ("js", JS), ("img", IMG)] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("static")
                .join(folder);
            let mut on_disk: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            on_disk.sort();
            let listed: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
            assert_eq!(listed, on_disk, "static/{folder}");
        }
    }

    #[test]
    fn the_budget_is_kept() {
        assert!(find("andon.css").unwrap().plain.len() <= 52 * 1024);
        // Two of them for examples of an agreement and times that run out, one for what is known of a call
        // while it is logged.
        assert!(find("andon.js").unwrap().plain.len() <= 23 * 1024);
    }

    /// What the content security policy would block in a browser is caught here first.
    #[test]
    fn scripts_parse_no_html_and_set_no_style_attribute() {
        for (name, content) in JS {
            for word in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "localStorage",
                "\"style\"",
                ".style.",
            ] {
                assert!(!content.contains(word), "{word} in {name}");
            }
        }
    }

    #[actix_web::test]
    async fn an_asset_is_served_under_its_hash_for_ever() {
        let parts = joined(CSS);
        for (name, content_type) in [
            ("andon.css", "text/css; charset=utf-8"),
            ("andon.js", "text/javascript; charset=utf-8"),
            ("icons.svg", "image/svg+xml; charset=utf-8"),
            ("favicon.svg", "image/svg+xml; charset=utf-8"),
        ] {
            let response = get(url(name), None).await;
            assert_eq!(response.status(), StatusCode::OK, "{name}");
            assert_eq!(
                header_of(&response, header::CONTENT_TYPE),
                Some(content_type)
            );
            assert_eq!(
                header_of(&response, header::CACHE_CONTROL),
                Some("public, max-age=31536000, immutable")
            );
            assert_eq!(
                header_of(&response, header::X_CONTENT_TYPE_OPTIONS),
                Some("nosniff")
            );
            assert_eq!(header_of(&response, header::CONTENT_ENCODING), None);
            let bytes = body(response).await;
            assert_eq!(bytes, find(name).unwrap().plain);
            if name == "andon.css" {
                assert_eq!(bytes, parts.as_bytes());
            }
        }
    }

    #[actix_web::test]
    async fn a_browser_that_reads_gzip_gets_it_once_compressed() {
        for accept in ["gzip", "gzip, deflate, br, zstd", "br;q=1, gzip;q=0.8"] {
            let response = get(url("andon.css"), Some(accept)).await;
            assert_eq!(header_of(&response, header::CONTENT_ENCODING), Some("gzip"));
            assert_eq!(header_of(&response, header::VARY), Some("accept-encoding"));
            let mut plain = Vec::new();
            GzDecoder::new(body(response).await.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            assert_eq!(plain, joined(CSS).as_bytes());
        }
    }

    #[actix_web::test]
    async fn a_browser_that_refuses_gzip_does_not_get_it() {
        for accept in ["identity", "gzip;q=0", "identity, gzip;q=0"] {
            let response = get(url("andon.css"), Some(accept)).await;
            assert_eq!(header_of(&response, header::CONTENT_ENCODING), None);
            assert_eq!(body(response).await, joined(CSS).as_bytes());
        }
    }

    #[actix_web::test]
    async fn anything_else_does_not_exist() {
        let css = find("andon.css").unwrap().hash;
        for path in [
            "/static/0000000000000000/andon.css".to_owned(),
            format!("/static/{css}/andon.js"),
            format!("/static/{css}/10-reset.css"),
            format!("/static/{css}/"),
            format!("/static/{css}/../icons.svg"),
            "/static/andon.css".to_owned(),
            url("no such thing").to_owned(),
        ] {
            assert_eq!(
                get(&path, None).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }

    #[actix_web::test]
    async fn browsers_find_an_icon_on_their_own() {
        let response = get("/favicon.ico", None).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            header_of(&response, header::CACHE_CONTROL),
            Some("public, max-age=86400")
        );
        assert!(body(response).await.starts_with(b"<svg"));
    }

    #[test]
    fn the_hash_follows_the_content() {
        assert_eq!(short_hash(b""), "e3b0c44298fc1c14");
        assert_ne!(short_hash(b"a"), short_hash(b"b"));
    }
}
