//! Everything again without JavaScript.

use super::sign_in;
use crate::app::on_sqlite;
use crate::browser::Browser;

#[test]
fn a_call_is_logged_worked_and_closed_without_javascript() {
    let Some(browser) = Browser::start((1280, 900), false, false) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}/calls/new", app.address));
        browser.fill("#req", "rita");
        browser.click("button[value=find]");
        browser.wait_for("#people input[type=radio]");
        browser.click("#people input[type=radio]");
        browser.fill("#title", "No paper");
        browser.click("button[value=save]");
        browser.wait_url("/incidents/INC-*");
        let path = browser.url();
        let state = || {
            app.database
                .lines("SELECT state AS line FROM records")
                .remove(0)
        };
        browser.click("form[action$='/assignment'] button");
        browser.until("the record to be mine", || state() == "assigned");
        browser.fill("#body", "On the way.");
        browser.click(".composer footer .btn.solid");
        browser.until("the reply", || {
            browser.text(".thread").contains("On the way.")
        });
        browser.goto(&format!("{path}?edit=title#edit"));
        browser.fill("#title", "No paper in 3.14");
        browser.click("#edit button");
        browser.until("the title", || browser.text("h1").contains("3.14"));
        browser.goto(&format!("{path}/resolution"));
        browser.click("input[name=resolution_code][value=fixed]");
        browser.fill("#resolution_text", "Put paper in.");
        browser.click("form[action$='/resolution'] button.solid");
        browser.until("the end", || state() == "resolved");
        if !browser.visible("form[action$='/closure'] button") {
            browser.click(".menu:not(.user) > summary");
        }
        browser.click("form[action$='/closure'] button");
        browser.until("the record to close", || state() == "closed");
        browser.goto(&format!("{}/search?q=paper", app.address));
        assert!(browser.text("main").contains("No paper in 3.14"));
        browser.goto(&format!("{}/queue?view=open&show=all", app.address));
        browser.wait_for(".queue tbody tr");
    });
}
