//! What holds for every answer: its headers, where a write may come from, where it may lead.

use crate::app::{App, Client, Page, each_database, each_database_with, on_sqlite};

/// The policy of pages, word for word.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     object-src 'none'; require-trusted-types-for 'script'";

#[track_caller]
fn assert_headers(page: &Page) {
    let one = |name: &str| {
        let all: Vec<&str> = page
            .headers
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
            .collect();
        assert_eq!(all.len(), 1, "{} {name}: {all:?}", page.path);
        all[0].to_owned()
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=()",
        ),
    ] {
        assert_eq!(one(name), value, "{} {name}", page.path);
    }
    let policy = one("content-security-policy");
    assert_eq!(policy, POLICY, "{}", page.path);
    let caching = one("cache-control");
    if page.path.starts_with("/static/") && page.status == 200 {
        assert!(caching.contains("immutable"), "{caching}");
    } else {
        assert_eq!(caching, "no-store", "{}", page.path);
    }
    assert_eq!(one("x-request-id").len(), 16);
    assert!(page.header("server").is_none() && page.header("x-powered-by").is_none());
}

fn stylesheet(client: &Client) -> String {
    let page = client.page("/login").doc();
    let found = page
        .all("link")
        .find(|(_, e)| e.attr("rel") == Some("stylesheet"))
        .and_then(|(_, e)| e.attr("href").map(str::to_owned));
    found.expect("a stylesheet")
}

#[test]
fn every_answer_carries_the_headers() {
    each_database(|app| {
        let desk = app.desk();
        let nobody = app.anonymous();
        let agent = app.visit(&desk.agent);
        let css = stylesheet(&nobody);
        for (client, path, status) in [
            (&nobody, "/login", 200),
            (&nobody, "/queue", 303),
            (&nobody, "/", 303),
            (&nobody, "/healthz", 200),
            (&nobody, "/readyz", 200),
            (&nobody, "/no/such/page", 404),
            (&nobody, "/static/none/none.css", 404),
            (&nobody, "/setup/none", 404),
            (&nobody, css.as_str(), 200),
            (&agent, "/preferences", 200),
            (&agent, "/incidents/INC-1", 404),
            (&agent, "/settings", 403),
            (&agent, "/no/such/page", 404),
        ] {
            let page = client.get(path);
            assert_eq!(page.status, status, "{path}");
            assert_headers(&page);
        }
        // Errors of other methods and of forms too.
        assert_headers(&nobody.post("/login", &[("mail", "x")]).expect(422));
        assert_headers(&nobody.post_with("/login", &[], &[]).expect(403));
        assert_headers(&agent.post("/no/such/page", &[]).expect(404));
        assert_headers(&agent.raw(
            "DELETE",
            "/queue",
            &[("Sec-Fetch-Site", "same-origin")],
            "",
            b"",
        ));
        assert_headers(&agent.raw(
            "PUT",
            "/login",
            &[("Sec-Fetch-Site", "same-origin")],
            "text/plain",
            b"x",
        ));
    });
}

#[test]
fn error_pages_name_the_request_and_help() {
    on_sqlite(|app| {
        let desk = app.desk();
        let agent = app.visit(&desk.agent);
        let page = agent.get("/incidents/INC-4711").expect(404);
        let id = page.header("x-request-id").unwrap();
        assert!(page.text().contains(id), "{}", page.text());
        assert!(
            !page.doc().links().is_empty(),
            "an error page leads somewhere"
        );
    });
}

/// Writes are ours or nobody's.
#[test]
fn writes_from_elsewhere_are_refused() {
    each_database(|app| {
        let desk = app.desk();
        let agent = app.visit(&desk.agent);
        let (own, port) = (
            app.address.clone(),
            app.address.rsplit(':').next().unwrap().to_owned(),
        );
        let localhost = format!("http://localhost:{port}");
        let other_port = "http://127.0.0.1:1".to_owned();
        let https = own.replace("http://", "https://");
        let tries: Vec<(Vec<(&str, &str)>, bool)> = vec![
            (vec![("Sec-Fetch-Site", "same-origin")], true),
            (
                vec![
                    ("Sec-Fetch-Site", "same-origin"),
                    ("Origin", "https://evil.example"),
                ],
                true,
            ),
            (vec![("Origin", &own)], true),
            (vec![("Origin", &localhost)], true),
            (vec![], false),
            (vec![("Sec-Fetch-Site", "cross-site")], false),
            (vec![("Sec-Fetch-Site", "same-site")], false),
            (vec![("Sec-Fetch-Site", "none")], false),
            (vec![("Sec-Fetch-Site", "")], false),
            (vec![("Sec-Fetch-Site", "SAME-ORIGIN")], false),
            (
                vec![("Sec-Fetch-Site", "cross-site"), ("Origin", &own)],
                false,
            ),
            (
                vec![
                    ("Sec-Fetch-Site", "same-origin"),
                    ("Sec-Fetch-Site", "cross-site"),
                ],
                false,
            ),
            (vec![("Origin", "https://evil.example")], false),
            (vec![("Origin", "null")], false),
            (vec![("Origin", "")], false),
            (vec![("Origin", &other_port)], false),
            (vec![("Origin", &https)], false),
            (vec![("Referer", &own)], false),
        ];
        for (headers, allowed) in tries {
            let facts = app.count("SELECT count(*) FROM facts");
            let form = agent.page("/preferences").form("/preferences");
            let fields: Vec<(&str, &str)> = form
                .fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .chain([("zone", "Europe/Berlin")])
                .collect();
            let answer = agent.post_with("/preferences", &fields, &headers);
            let status = if allowed { 303 } else { 403 };
            assert_eq!(answer.status, status, "{headers:?}: {}", answer.text());
            if !allowed {
                assert_eq!(app.count("SELECT count(*) FROM facts"), facts);
            }
        }
        // No other method writes by another way.
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = agent.raw(method, "/preferences", &[], "text/plain", b"x");
            assert_eq!(answer.status, 403, "{method}");
        }
    });
}

#[test]
fn behind_a_proxy_only_the_public_address_is_ours() {
    each_database_with(
        |serve| serve.public_url = Some("https://desk.example.org".into()),
        |app| {
            let nobody = app.anonymous();
            let from = |origin: &str| {
                nobody
                    .post_with("/login", &[], &[("Origin", origin)])
                    .status
            };
            assert_eq!(from("https://desk.example.org"), 422);
            assert_eq!(from("http://desk.example.org"), 403);
            assert_eq!(from("https://desk.example.org.evil.example"), 403);
            assert_eq!(from(&app.address), 403);
        },
    );
}

/// `next` leads to our own paths or nowhere.
#[test]
fn signing_in_leads_nowhere_else() {
    on_sqlite(|app| {
        let desk = app.desk();
        app.set_password(&desk.agent, "quiet otters paint 7 fences");
        for (next, to) in [
            ("/queue?view=mine", "/queue?view=mine"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("/\t/evil.example", "/"),
            ("\\\\evil.example", "/"),
        ] {
            let client = app.anonymous();
            let query = andon::people::percent_encode(next);
            let form = client.page(&format!("/login?next={query}")).form("/login");
            // A field somebody changed on the way is checked as the query is.
            let form = form
                .set("mail", &desk.agent.mail)
                .set("password", "quiet otters paint 7 fences")
                .set("next", next);
            assert_eq!(client.send(&form).location(), to, "{next:?}");
        }
    });
}

#[test]
fn a_cookie_full_of_nonsense_is_nobody() {
    on_sqlite(|app: App| {
        let client = app.anonymous();
        let long = "x".repeat(3_000);
        for value in ["", "nonsense", "%00%0d%0a", "\"", &long, "a=b=c"] {
            client.set_cookie("andon", value);
            assert_eq!(client.get("/preferences").status, 303, "{value:?}");
        }
        // A flash is words of ours, whatever the cookie says.
        client.set_cookie(
            "flash",
            "%7B%22lamp%22%3A%22ok%22%2C%22key%22%3A%22%3Cscript%3E%22%2C%22args%22%3A%5B%5D%7D",
        );
        let page = client.page("/login");
        assert!(!page.html().contains("<script>"), "{}", page.html());
        client.set_cookie("flash", "%7Bnonsense");
        client.page("/login");
    });
}
