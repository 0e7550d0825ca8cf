//! A call, by keyboard alone, while somebody speaks.

use std::io::Write as _;

use andon::records::{Number, Record};

use super::sign_in;
use crate::app::{App, LogCall, on_sqlite};
use crate::browser::Browser;

/// The record whose page is open.
fn shown(browser: &Browser, app: &App) -> Record {
    let url = browser.url();
    let number = url.rsplit('/').next().unwrap_or_default();
    let number: Number = number.split(['?', '#']).next().unwrap().parse().unwrap();
    let desk = andon::people::Visitor::command(app.now());
    app.read(|r| andon::records::find_visible(r, &desk, number))
}

/// Past the capture of passing tests: the number is what the story is about.
fn tell(browser: &Browser, what: &str) {
    let line = format!(
        "{what}: {} key presses: {}\n",
        browser.presses(),
        browser.pressed()
    );
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[test]
fn a_call_is_logged_within_twelve_key_presses() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        app.log(
            &desk.agent,
            &LogCall::incident("The printer is on fire").from(&desk.requester),
        );
        sign_in(&browser, &app, &desk.agent);
        browser.wait_url("/queue*");
        browser.press("c");
        browser.wait_url("/calls/new");
        browser.wait_for("#req");
        assert!(browser.focused("#req"), "the caller is asked for first");
        browser.typed("rey");
        browser.wait_for("#people input[type=radio]");
        browser.press("Enter");
        browser.until("the title to be next", || browser.focused("#title"));
        browser.typed("The printer prints blanks");
        // What they have open already, and what is like it, stands there while the title is typed.
        browser.until("what was seen before", || {
            browser
                .text("#seen")
                .matches("The printer is on fire")
                .count()
                == 2
        });
        browser.press("Tab");
        browser.press("e");
        assert!(browser.focused("#service"));
        browser.press("Tab");
        browser.press("Tab");
        assert!(browser.focused("#description"));
        browser.typed("Every page since this morning.");
        browser.press_times("Tab", 4);
        assert!(
            browser.focused("input[name=matrix]"),
            "{}",
            browser.pressed()
        );
        browser.press("Up");
        // Priority and team, before anything is saved.
        browser.until("the service's team", || {
            browser.text("#preview").contains("Network")
        });
        let chosen = browser.text("#preview [data-priority]");
        browser.press("Control+Enter");
        browser.wait_url("/incidents/INC-*");
        tell(&browser, "Logging a call");
        assert!(browser.presses() <= 12, "{}", browser.pressed());

        let record = shown(&browser, &app);
        assert_eq!(record.title, "The printer prints blanks");
        assert_eq!(record.description, "Every page since this morning.");
        assert_eq!(record.requester_id, Some(desk.requester.id));
        assert_eq!(record.service_id, Some(desk.mail));
        assert_eq!(record.team_id, Some(desk.network));
        assert_eq!(format!("P{}", record.priority), chosen);
        browser.assert_no_csp_violations();
    });
}

#[test]
fn a_password_call_is_solved_in_one_save() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        sign_in(&browser, &app, &desk.agent);
        browser.wait_url("/queue*");
        browser.press("c");
        browser.wait_for("#req");
        browser.typed("rita");
        browser.wait_for("#people input[type=radio]");
        browser.press("Enter");
        browser.until("the title to be next", || browser.focused("#title"));
        browser.typed("Cannot sign in after the holidays");
        browser.press("Control+Shift+Enter");
        browser.until("the solution to be asked for", || {
            browser.focused("#resolution_code")
        });
        browser.press("a");
        browser.press("Tab");
        browser.typed("Set a new password with them.");
        browser.press("Control+Enter");
        browser.wait_url("/incidents/INC-*");
        tell(&browser, "Solving a call");
        let record = shown(&browser, &app);
        assert_eq!(record.state, "resolved");
        let facts = app
            .database
            .lines("SELECT name AS line FROM facts WHERE subject_kind = 'record' ORDER BY seq");
        for fact in ["incident.created", "incident.resolved"] {
            assert_eq!(facts.iter().filter(|f| *f == fact).count(), 1, "{facts:?}");
        }
        assert_eq!(
            app.count("SELECT count(*) FROM incidents WHERE first_contact"),
            1
        );
    });
}

#[test]
fn save_and_next_opens_an_empty_form() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}/calls/new", app.address));
        browser.fill("#title", "The first of many");
        browser.click("button[value=next]");
        browser.wait_url("/calls/new?logged=INC-*");
        assert_eq!(browser.value("#title"), "");
        assert!(browser.text("main").contains("INC-1"));
    });
}
