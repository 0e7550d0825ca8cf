//! Turning an incident into a request by keyboard; the old number leads to it.

use andon::records::Kind;

use super::sign_in;
use crate::app::on_sqlite;
use crate::browser::Browser;
use crate::life_cycle::record_in;

#[test]
fn an_incident_is_made_a_request_by_keyboard_and_the_old_number_leads_to_it() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        browser.forget_presses();
        browser.press("o");
        browser.until("the menu", || browser.visible("a[data-key=s]"));
        browser.press("s");
        browser.wait_url("/incidents/INC-1/kind");
        browser.until("the reason to have the focus", || {
            browser.focused("#kind_reason")
        });
        browser.press("Control+Enter");
        browser.wait_url("/requests/REQ-1*");
        browser.wait_for(".flash");
        assert_eq!(browser.presses(), 3, "{}", browser.pressed());
        assert_eq!(app.record(record.id).state, "in_fulfilment");
        // The old number, typed into the search.
        browser.press("/");
        browser.until("the search to have the focus", || browser.focused("#q"));
        browser.typed("inc1");
        browser.press("Enter");
        browser.wait_url("/requests/REQ-1");
        browser.goto(&format!("{}{path}?tab=history", app.address));
        browser.wait_url("/requests/REQ-1?tab=history");
        // And a problem from it.
        browser.wait_for(".hist");
        browser.press("o");
        browser.until("the menu", || browser.visible("a[data-key=b]"));
        browser.press("b");
        browser.wait_url("/calls/new?kind=problem*");
        browser.until("the title to have the focus", || browser.focused("#title"));
        browser.press("Control+Enter");
        browser.wait_url("/problems/PRB-1*");
        browser.assert_no_csp_violations();
    });
}
