//! A family by keyboard: a child put under the outage, what will happen looked at, all of them
//! resolved in one press; and another call that ends as a duplicate.

use super::{sign_in, tab_to};
use crate::app::{LogCall, on_sqlite};
use crate::browser::Browser;

#[test]
fn an_outage_and_its_child_are_resolved_in_one_press() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let log = |title: &str| {
            let call = LogCall::incident(title).from(&desk.requester);
            app.log(&desk.agent, &call)
        };
        let (outage, reader, till) = (log("Outage"), log("Reader 7"), log("The till is dead"));
        let state = |id| app.record(id).state;
        sign_in(&browser, &app, &desk.agent);
        let open = |record| {
            browser.goto(&format!("{}{}", app.address, app.path(record)));
            browser.wait_for("#body");
        };

        // The reader stands under the outage.
        open(&reader);
        tab_to(&browser, "#family summary");
        browser.press("Enter");
        browser.wait_for("#family details[open]");
        tab_to(&browser, "#family_number");
        browser.typed("inc-1");
        browser.press("Enter");
        browser.until("the parent", || {
            app.record(reader.id).parent_id == Some(outage.id)
        });
        browser.wait_for(".flash");

        // The till is the same in other words.
        open(&till);
        tab_to(&browser, ".head details.menu summary");
        browser.press("Enter");
        tab_to(&browser, "a[href$='/duplicate']");
        browser.press("Enter");
        browser.wait_url("/incidents/INC-3/duplicate");
        browser.until("the number to have the focus", || {
            browser.focused("#original")
        });
        browser.typed("INC-1");
        browser.press("Enter");
        browser.until("the end", || state(till.id) == "cancelled");
        browser.wait_url("/incidents/INC-1*");
        browser.wait_for(".flash");

        // What will happen is on the page that does it.
        browser.press("e");
        browser.wait_url("/incidents/INC-1/resolution*");
        browser.wait_for("#family-carried");
        let shown = browser.text("#family-carried");
        assert!(
            shown.contains("INC-2") && shown.contains(&desk.requester.name),
            "{shown}"
        );
        browser.assert_accessible();
        assert!(browser.no_sideways_scroll());
        browser.until("the code to have the focus", || {
            browser.focused("input[name=resolution_code]")
        });
        browser.press("Space");
        browser.press("Tab");
        browser.typed("The acquirer renewed its certificate.");
        browser.press("Control+Enter");
        browser.until("both ends", || {
            state(outage.id) == "resolved" && state(reader.id) == "resolved"
        });
        browser.assert_no_csp_violations();
    });
}
