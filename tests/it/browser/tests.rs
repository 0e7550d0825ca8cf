//! The driver itself, against a small server of fixed pages with the strictest policy.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use super::*;

const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>A form</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head>
<body><main><h1>A form</h1><form action="/sent"><label>Name <input name="name" autofocus></label>
<label>Kind <select name="kind"><option value="a">A</option><option value="b">B</option></select></label>
<button>Send</button></form><noscript><p id="plain">No script</p></noscript>
<p id="script" hidden>Script</p><p id="dark">Dark</p></main></body></html>"#;
const SENT: &str = r#"<!doctype html><html lang="en"><head><title>Sent</title><link rel="icon" href="data:,"></head>
<body><main><h1>Sent</h1></main></body></html>"#;
const BAD: &str = r#"<!doctype html><html><head><title>Bad</title><link rel="icon" href="data:,"></head>
<body><main><h1>Bad</h1><script>document.title = "ran"</script><p style="width: 2000px">wide</p>
<table width="2000"><tr><td>wide</td></tr></table><img src="data:,"></main></body></html>"#;
const STYLE: &str = "#dark { display: none } @media (prefers-color-scheme: dark) { #dark { display: block } body { background: #000; color: #fff } }";
const SCRIPT: &str = r#"document.querySelector('#script').hidden = false;
document.addEventListener('keydown', e => {  if (e.ctrlKey && e.key === 'Enter') { e.preventDefault(); document.forms[0].requestSubmit(); } });"#;
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// Serves until the process ends.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap())
                    .lines()
                    .map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.find(String::is_empty);
                let path = first.split(' ').nth(1).unwrap_or_default();
                let (kind, body) = match path.split('?').next().unwrap_or_default() {
                    "/style.css" => ("text/css", STYLE),
                    "/script.js" => ("text/javascript", SCRIPT),
                    "/sent" => ("text/html", SENT),
                    "/bad" => ("text/html", BAD),
                    _ => ("text/html", PAGE),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
                     Content-Security-Policy: {POLICY}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            });
        }
    });
    format!("http://{address}")
}

#[test]
fn keys_are_real_and_counted_apart_from_characters() {
    let Some(browser) = Browser::start((1280, 800), false, true) else {
        return;
    };
    browser.goto(&format!("{}/form", serve()));
    assert_eq!(browser.title(), "A form");
    browser.wait_for("#script");
    assert!(browser.focused("input[name=name]"));
    browser.typed("Ana Lima ü €");
    browser.press("Tab");
    assert!(browser.focused("select"));
    browser.press("Down");
    browser.press("Shift+Tab");
    assert_eq!(browser.value("input[name=name]"), "Ana Lima ü €");
    assert_eq!(browser.value("select"), "b");
    browser.press("Control+Enter");
    browser.wait_url("/sent?name=Ana*&kind=b");
    assert_eq!(
        (browser.presses(), browser.pressed().as_str()),
        (4, "Tab · Down · Shift+Tab · Control+Enter")
    );
    assert_eq!(browser.text("h1"), "Sent");
    assert!(!browser.exists("form") && !browser.visible("form"));
}

#[test]
fn checks_pass_under_the_strictest_policy() {
    let Some(browser) = Browser::start((360, 740), true, true) else {
        return;
    };
    browser.goto(&format!("{}/form", serve()));
    assert_eq!(browser.width(), 360);
    assert!(browser.visible("#dark") && browser.no_sideways_scroll());
    assert_eq!(browser.axe(), Vec::<String>::new());
    browser.assert_accessible();
    browser.assert_no_csp_violations();
}

#[test]
fn checks_fail_where_they_should() {
    let Some(browser) = Browser::start((360, 740), false, true) else {
        return;
    };
    browser.goto(&format!("{}/bad", serve()));
    assert_eq!(
        browser.title(),
        "Bad",
        "an inline script ran against the policy"
    );
    assert!(!browser.visible("#dark") && !browser.no_sideways_scroll());
    let violations = browser
        .console()
        .into_iter()
        .filter(Entry::is_csp_violation)
        .count();
    assert_eq!(violations, 2, "{:#?}", browser.console());
    if driver::axe_source().is_some() {
        let found = browser.axe();
        assert!(
            found.contains(&"html-has-lang: html".to_owned()),
            "{found:#?}"
        );
        assert!(found.contains(&"image-alt: img".to_owned()), "{found:#?}");
    }
}

#[test]
fn without_javascript_pages_are_plain_and_checks_still_work() {
    let Some(browser) = Browser::start((390, 800), true, false) else {
        return;
    };
    let server = serve();
    browser.goto(&format!("{server}/form"));
    assert!(browser.visible("#plain") && !browser.visible("#script") && browser.visible("#dark"));
    browser.fill("input[name=name]", "first");
    browser.fill("input[name=name]", "Ana");
    browser.choose("select", "b");
    assert_eq!(browser.axe(), Vec::<String>::new());
    browser.click("button");
    browser.wait_url("/sent?name=Ana&kind=b");
    browser.back();
    assert!(browser.visible("#plain") && !browser.visible("#script"));
    browser.assert_no_csp_violations();
}

#[test]
fn patterns_match_paths() {
    assert!(matches(
        "/incidents/INC-*",
        path_of("http://x:1/incidents/INC-7?a")
    ));
    assert!(
        matches("*", "")
            && matches("/a*c", "/abc")
            && !matches("/a*c", "/abd")
            && !matches("/a", "/ab")
    );
    assert_eq!(
        (path_of("http://x"), path_of("http://x/y?z")),
        ("/", "/y?z")
    );
}
