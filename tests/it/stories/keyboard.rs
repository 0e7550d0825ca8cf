//! Working on a record by keyboard, and keys that can be switched off.

use andon::records::Kind;

use super::{sign_in, tab_to};
use crate::app::{LogCall, on_sqlite};
use crate::browser::Browser;
use crate::life_cycle::record_in;

#[test]
fn a_record_goes_from_new_to_closed_by_keyboard() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall {
                team: Some(desk.desk),
                ..LogCall::incident("No paper in 3.14").from(&desk.requester)
            },
        );
        let state = || app.record(record.id).state;
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}/queue?view=open", app.address));
        browser.wait_for(".queue tbody tr");
        browser.press("j");
        browser.press("Enter");
        browser.wait_url("/incidents/INC-*");
        browser.press("m");
        browser.until("the record to be mine", || state() == "assigned");
        browser.wait_for(".steps [aria-current=step]");
        tab_to(&browser, "form[action$='/progress'] button");
        browser.press("Enter");
        browser.until("work to begin", || state() == "in_progress");
        browser.wait_for("#body");
        browser.press("r");
        browser.until("the reply to have the focus", || browser.focused("#body"));
        browser.typed("Somebody is on the way.");
        browser.press("Control+Enter");
        browser.until("the reply", || {
            browser.text(".thread").contains("on the way")
        });
        browser.press("n");
        browser.until("the note to have the focus", || browser.focused("#body"));
        browser.typed("Third time this week.");
        browser.press("Control+Enter");
        browser.until("the note", || {
            browser.text(".thread").contains("Third time")
        });
        let audiences = app
            .database
            .lines("SELECT audience AS line FROM entries ORDER BY at, id");
        assert_eq!(audiences, ["public", "internal"]);
        browser.press("e");
        browser.wait_url("/incidents/INC-*/resolution*");
        browser.until("the code to have the focus", || {
            browser.focused("input[name=resolution_code]")
        });
        browser.press("Space");
        browser.press("Tab");
        browser.typed("Put paper in.");
        browser.press("Control+Enter");
        browser.until("the end", || state() == "resolved");
        browser.wait_for("#body");
        tab_to(
            &browser,
            "form[action$='/closure'] button, .menu:not(.user) > summary",
        );
        // In the menu it takes a second press; asked of the page, since the close may be under way.
        let in_menu = !browser.focused("form[action$='/closure'] button");
        browser.press("Enter");
        if in_menu {
            tab_to(&browser, "form[action$='/closure'] button");
            browser.press("Enter");
        }
        browser.until("the record to close", || state() == "closed");
        browser.assert_no_csp_violations();
    });
}

#[test]
fn a_reply_is_sent_and_the_record_resolved_by_one_chord() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}{}", app.address, app.path(&record)));
        browser.forget_presses();
        browser.press("r");
        browser.until("the reply to have the focus", || browser.focused("#body"));
        browser.typed("There is paper in it again.");
        browser.press("Control+Shift+Enter");
        browser.until("the code to have the focus", || {
            browser.focused("#resolution_code")
        });
        assert_eq!(browser.value("#body"), "There is paper in it again.");
        browser.press("a");
        browser.press("Control+Enter");
        browser.until("the end", || app.record(record.id).state == "resolved");
        assert_eq!(browser.presses(), 4, "{}", browser.pressed());
        browser.wait_for("#body");
        browser.assert_no_csp_violations();
    });
}

#[test]
fn a_hold_on_the_requester_without_a_question_is_refused_with_the_text_kept() {
    let Some(browser) = Browser::start((1280, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}{}/hold", app.address, app.path(&record)));
        // First meant for a supplier, then for the requester after all; and no question.
        tab_to(&browser, "input[name=hold_reason]");
        while !browser.focused("input[value=supplier]") {
            browser.press("Down");
        }
        tab_to(&browser, "#supplier");
        browser.typed("Acme");
        browser.press("Tab");
        browser.typed("4711 ü");
        while !browser.focused("input[name=hold_reason]") {
            browser.press("Shift+Tab");
        }
        while !browser.focused("input[value=requester]") {
            browser.press("Up");
        }
        browser.press("Control+Enter");
        browser.wait_for("#form-errors, #question-e");
        assert!(browser.exists("#question[aria-invalid=true]"));
        assert_eq!(browser.value("#supplier"), "Acme");
        assert_eq!(browser.value("#supplier_case"), "4711 ü");
        assert!(browser.exists("input[value=requester]:checked"));
        assert_eq!(app.record(record.id).state, "in_progress");
        // Asked, it holds, and the question is a public reply.
        browser.fill("#question", "Which printer?");
        browser.click("form[action$='/hold'] button.solid");
        browser.until("the hold", || app.record(record.id).state == "waiting");
        let said = app
            .database
            .lines("SELECT audience || ' ' || body AS line FROM entries");
        assert_eq!(said, ["public Which printer?"]);
    });
}

#[test]
fn single_letter_keys_can_be_switched_off() {
    let Some(browser) = Browser::start((1280, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}/preferences", app.address));
        assert!(browser.exists("input[name=single_keys]:checked"));
        browser.click("input[name=single_keys]");
        browser.click("#choices button");
        browser.wait_for(".flash");
        browser.goto(&format!("{}/queue", app.address));
        for key in ["c", "/", "?", "j"] {
            browser.press(key);
        }
        assert!(browser.url().contains("/queue"));
        assert!(!browser.focused("#q") && !browser.visible("#keys"));
        // Chords are not single letters: they stay.
        browser.goto(&format!("{}/calls/new", app.address));
        browser.click("input[name=matrix]");
        browser.choose("#channel", "monitoring");
        browser.fill("#title", "By chord");
        browser.press("Control+Enter");
        browser.wait_url("/incidents/INC-*");
    });
}
