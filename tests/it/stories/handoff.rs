//! A hand-off by keyboard: to another team with a sentence, and back again with a reason.

use andon::records::Kind;

use super::{sign_in, tab_to};
use crate::app::on_sqlite;
use crate::browser::Browser;
use crate::life_cycle::record_in;

#[test]
fn a_record_is_handed_off_and_sent_back_by_keyboard() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        let team = || app.record(record.id).team_id;
        // The colleague is in both teams.
        sign_in(&browser, &app, &desk.colleague);
        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        browser.press("h");
        browser.wait_url("/incidents/INC-*/handoff");
        browser.until("the team to have the focus", || browser.focused("#team"));
        browser.typed("Net");
        browser.press("Tab");
        browser.typed("Another cable, another port.");
        browser.press("Tab");
        browser.typed("A look at the switch, please.");
        browser.press("Control+Enter");
        browser.until("the hand-off", || team() == Some(desk.network));
        browser.wait_for(".flash");
        let thread = browser.text(".thread");
        for text in [
            "Handed off: Service desk → Network",
            "Another cable, another port.",
            "A look at the switch, please.",
        ] {
            assert!(thread.contains(text), "{thread}");
        }
        tab_to(&browser, "a[href$='/handoff/return']");
        browser.press("Enter");
        browser.wait_url("/incidents/INC-*/handoff/return");
        tab_to(&browser, "#reason");
        browser.typed("The switch is fine.");
        browser.press("Control+Enter");
        browser.until("it to come back", || team() == Some(desk.desk));
        browser.wait_for(".flash");
        assert!(browser.text(".thread").contains("The switch is fine."));
        browser.assert_no_csp_violations();
    });
}
