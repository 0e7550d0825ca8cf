#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use actix_web::test as web_test;
use actix_web::{App, web};

use super::*;

#[test]
fn public_urls() {
    for (url, public, https, loopback) in [
        (
            "https://desk.example.org",
            "https://desk.example.org",
            true,
            false,
        ),
        (
            "HTTPS://Desk.Example.org:443/",
            "https://desk.example.org",
            true,
            false,
        ),
        ("http://desk:8080", "http://desk:8080", false, false),
        ("http://192.0.2.7:80", "http://192.0.2.7", false, false),
        (
            "https://[2001:db8::1]:8443",
            "https://[2001:db8::1]:8443",
            true,
            false,
        ),
        (
            "http://localhost:7000",
            "http://localhost:7000",
            false,
            true,
        ),
        (
            "http://127.0.0.1:7000",
            "http://127.0.0.1:7000",
            false,
            true,
        ),
        ("http://[::1]:7000", "http://[::1]:7000", false, true),
    ] {
        let o = Origins::from_public_url(url).unwrap();
        assert_eq!(
            (o.public_url(), o.is_https(), o.is_loopback()),
            (public, https, loopback)
        );
    }
    for url in [
        "",
        "desk.example.org",
        "ftp://desk",
        "https://",
        "https://:443",
        "https://desk/path",
        "https://desk?x",
        "https://desk#x",
        "https://a@desk",
        "https://desk:0",
        "https://desk:",
        "https://desk:99999",
        "https://desk:x",
        "https://de sk",
        "https://-desk",
        "https://a..b",
        "https://[::1",
        "https://[1.2.3.4]",
        "https://::1",
        "https://dësk",
        "https://1.2.3",
        "https://desk\n",
        "https://[::1]x",
        "javascript:alert(1)",
        "https://desk//",
        "http://*",
    ] {
        let err = Origins::from_public_url(url).unwrap_err();
        assert!(
            err.starts_with("public_url \"") && !err.contains('\n'),
            "{url}: {err}"
        );
    }
}

#[test]
fn on_loopback_three_names_are_one_and_only_at_that_port() {
    for url in [
        "http://localhost:7000",
        "http://127.0.0.1:7000",
        "http://[::1]:7000",
    ] {
        let o = Origins::from_public_url(url).unwrap();
        assert_eq!(o.public_url(), url);
        assert_eq!(o.list.len(), 3);
        for ours in [
            "http://localhost:7000",
            "http://127.0.0.1:7000",
            "http://[::1]:7000",
        ] {
            assert!(o.contains(ours));
        }
        assert!(!o.contains("http://localhost:7001") && !o.contains("https://localhost:7000"));
    }
    let o = Origins::from_public_url("https://desk.example.org").unwrap();
    for foreign in [
        "null",
        "",
        "https://desk.example.org.evil.example",
        "http://desk.example.org",
        "https://desk.example.org:444",
        "https://desk.example.org/",
        "*",
    ] {
        assert!(!o.contains(foreign), "{foreign}");
    }
}

#[test]
fn plain_http_off_loopback_needs_the_flag() {
    let at = |a: &str| a.parse::<SocketAddr>().unwrap();
    assert_eq!(
        check(None, at("127.0.0.1:7000"), false)
            .unwrap()
            .public_url(),
        "http://127.0.0.1:7000"
    );
    assert!(check(None, at("[::1]:7000"), false).unwrap().is_loopback());
    assert!(
        check(Some("https://desk.example.org"), at("0.0.0.0:80"), false)
            .unwrap()
            .is_https()
    );
    assert!(check(Some("http://desk:8080"), at("127.0.0.1:8080"), true).is_ok());
    assert!(check(None, at("192.0.2.1:80"), true).is_ok());
    for (url, listen) in [
        (Some("http://desk:8080"), "127.0.0.1:8080"),
        (Some("http://localhost:8080"), "0.0.0.0:8080"),
        (None, "192.0.2.1:80"),
    ] {
        assert!(
            check(url, at(listen), false)
                .unwrap_err()
                .contains("--insecure-http")
        );
    }
    assert!(
        check(None, at("0.0.0.0:80"), true)
            .unwrap_err()
            .contains("set public_url")
    );
}

fn judged(method: &str, headers: &[(&'static str, &'static str)]) -> Result<(), Foreign> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_static(name),
            header::HeaderValue::from_static(value),
        );
    }
    let ours = Origins::from_public_url("https://desk.example.org").unwrap();
    judge(&Method::from_bytes(method.as_bytes()).unwrap(), &map, &ours)
}

#[test]
fn only_a_plain_yes_is_a_yes() {
    const SITE: &str = "sec-fetch-site";
    const US: (&str, &str) = ("origin", "https://desk.example.org");
    for method in ["GET", "HEAD", "OPTIONS"] {
        assert_eq!(judged(method, &[(SITE, "cross-site")]), Ok(()));
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
        assert_eq!(judged(method, &[(SITE, "same-origin")]), Ok(()));
        assert_eq!(judged(method, &[US]), Ok(()));
        for site in [
            "none",
            "same-site",
            "cross-site",
            "",
            "Same-Origin",
            "same-origin, x",
        ] {
            assert_eq!(
                judged(method, &[(SITE, site), US]),
                Err(Foreign::Site),
                "{site}"
            );
        }
        let twice = [(SITE, "same-origin"), (SITE, "same-origin"), US];
        assert_eq!(judged(method, &twice), Err(Foreign::Site));
        for origin in [
            "null",
            "",
            "https://evil.example",
            "http://desk.example.org",
        ] {
            assert_eq!(judged(method, &[("origin", origin)]), Err(Foreign::Origin));
        }
        assert_eq!(judged(method, &[US, US]), Err(Foreign::Origin));
        assert_eq!(judged(method, &[]), Err(Foreign::Unsigned));
    }
}

#[actix_web::test]
async fn the_guard_stands_before_the_handler() {
    fn page(_: &HttpRequest, why: Foreign) -> HttpResponse {
        HttpResponse::Ok().body(format!("{why:?}"))
    }
    let ours = Arc::new(Origins::from_public_url("http://127.0.0.1:7000").unwrap());
    let app = web_test::init_service(
        App::new()
            .route("/", web::post().to(|| async { "written" }))
            .wrap(Guard::new(ours, page)),
    )
    .await;
    let post = |name: &'static str, value: &'static str| {
        web_test::TestRequest::post()
            .insert_header((name, value))
            .to_request()
    };
    let res = web_test::call_service(&app, post("origin", "http://localhost:7000")).await;
    assert_eq!(web_test::read_body(res).await, "written");
    let res = web_test::call_service(&app, post("sec-fetch-site", "none")).await;
    assert_eq!(res.status(), 403);
    assert_eq!(web_test::read_body(res).await, "Site");
    let res = web_test::call_service(&app, post("origin", "null")).await;
    assert_eq!(web_test::read_body(res).await, "Origin");
}

#[test]
fn next_is_a_path_of_ours() {
    for good in [
        "/",
        "/queue",
        "/incidents/INC-1?x=1#y",
        "/search?q=//a\\b",
        "/ü",
        "/a//b",
    ] {
        assert_eq!(safe_next(good), Some(good));
    }
    let long = format!("/{}", "a".repeat(NEXT_MAX));
    for bad in [
        "",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "///x",
        "http://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "./x",
        "../x",
        " /x",
        "\t//x",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\0",
        "?next=/",
        "#x",
        "/x\u{85}y",
        "data:text/html,x",
        "mailto:a@b",
        &long,
        "%2f%2fevil",
        "@evil.example",
        "/\u{7f}",
    ] {
        assert_eq!(safe_next(bad), None, "{bad:?}");
    }
}
