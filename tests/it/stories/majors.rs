//! A major incident by keyboard: declared from the record's menu, its mitigation said with its source.

use andon::records::Kind;

use super::{sign_in, tab_to};
use crate::app::on_sqlite;
use crate::browser::Browser;
use crate::life_cycle::record_in;

#[test]
fn an_incident_is_declared_major_and_mitigated_by_keyboard() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        sign_in(&browser, &app, &desk.manager);
        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        tab_to(&browser, ".acts summary");
        browser.press("Enter");
        tab_to(&browser, ".acts a[href$='/major']");
        browser.press("Enter");
        browser.wait_for("#major_reason");
        tab_to(&browser, "#major_reason");
        browser.typed("Card payments fail in 14 stores.");
        // The lead and the time of the next word are proposed.
        browser.press("Control+Enter");
        browser.until("the incident to be major", || {
            app.record(record.id).is_major
        });
        browser.wait_for(".flash.major");
        assert!(browser.text(".flash.major").contains("14 stores"));

        tab_to(&browser, ".acts summary");
        browser.press("Enter");
        tab_to(&browser, ".acts a[href$='/instants']");
        browser.press("Enter");
        browser.wait_for("#mitigated_at");
        tab_to(&browser, "#mitigated_at");
        // Day and month are the same, so that it does not matter which comes first.
        browser.typed("02022020");
        browser.press("Tab");
        browser.typed("0304A");
        browser.until("the time", || {
            browser.value("#mitigated_at") == "2020-02-02T03:04"
        });
        tab_to(&browser, "#mitigated_source");
        browser.press("Down");
        tab_to(&browser, "#mitigated_note");
        browser.typed("Backup line");
        browser.press("Control+Enter");
        let mitigated = || {
            app.database.lines("SELECT source || ' ' || note AS line FROM incident_instants WHERE which = 'mitigated'")
        };
        browser.until("the instant", || mitigated() == ["person Backup line"]);
        browser.wait_for(".rail");
        assert!(browser.text(".rail").contains("Backup line"));
        browser.assert_no_csp_violations();
    });
}
