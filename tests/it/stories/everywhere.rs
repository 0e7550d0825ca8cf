//! What holds on every page: it fits a telephone, everybody can use it, its policy is kept, in light
//! and in dark.

use std::collections::BTreeSet;

use super::sign_in;
use crate::agreements::defined;
use crate::app::{App, Client, Desk, crawl, on_sqlite};
use crate::browser::Browser;
use crate::library::library;

/// A path of each shape an administrator who also works can reach, and of the pages that come after a
/// mistake.
fn paths(app: &App, desk: &Desk, client: &Client) -> Vec<String> {
    let library = library(app, desk);
    defined(app, desk);
    let mut shapes = BTreeSet::new();
    let mut found: Vec<String> = Vec::new();
    let starts = [
        "/queue",
        "/settings",
        &library.path,
        "/calls/new",
        "/search?q=printer",
        "/preferences",
        "/parked",
    ];
    for page in crawl(client, &starts, 800) {
        let html = page
            .header("content-type")
            .is_some_and(|t| t.starts_with("text/html"));
        // Digits and ids aside, and of a query only which parameters it has.
        let (path, query) = page.path.split_once('?').unwrap_or((&page.path, ""));
        let names: BTreeSet<&str> = query
            .split('&')
            .map(|p| p.split('=').next().unwrap_or_default())
            .collect();
        let shape: String = path
            .split('/')
            .map(|part| {
                if part.chars().any(|c| c.is_ascii_digit()) {
                    "*"
                } else {
                    part
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        if page.status == 200 && html && shapes.insert(format!("{shape}?{names:?}")) {
            found.push(page.path);
        }
    }
    for part in ["handoff", "hold", "resolution", "cancellation", "duplicate"] {
        found.push(format!("{}/{part}", library.path));
    }
    for panel in [
        "title",
        "description",
        "priority",
        "assignment",
        "owner_team",
        "requester",
        "service",
        "task",
    ] {
        found.push(format!("{}?edit={panel}", library.path));
    }
    found.push("/search?q=nothingofthekind".into());
    found.push("/queue?colour=red&sort=shoe".into());
    found.push("/incidents/INC-4711".into());
    found.sort();
    found.dedup();
    found
}

fn check(size: (u32, u32), dark: bool) {
    let Some(browser) = Browser::start(size, dark, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let administrator = app.visit(&desk.administrator);
        let paths = paths(&app, &desk, &administrator);
        assert!(paths.len() > 30, "{paths:#?}");
        let mut wrong = Vec::new();
        let mut look = |browser: &Browser, path: &str| {
            browser.goto(&format!("{}{path}", app.address));
            if !browser.no_sideways_scroll() {
                wrong.push(format!("{path}: wider than {}", size.0));
            }
            wrong.extend(browser.axe().into_iter().map(|w| format!("{path}: {w}")));
        };
        look(&browser, "/login");
        look(&browser, "/setup/none");
        sign_in(&browser, &app, &desk.administrator);
        for path in &paths {
            look(&browser, path);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        browser.assert_no_csp_violations();
    });
}

#[test]
fn every_page_on_a_telephone_in_light() {
    check((360, 740), false);
}

#[test]
fn every_page_on_a_telephone_in_dark() {
    check((360, 740), true);
}

#[test]
fn every_page_on_a_desk_in_light() {
    check((1440, 900), false);
}

#[test]
fn every_page_on_a_desk_in_dark() {
    check((1440, 900), true);
}
