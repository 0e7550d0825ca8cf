//! Tasks by keyboard: two added, one done, resolving refused by name, the other done, resolved.

use andon::records::Kind;

use super::{sign_in, tab_to};
use crate::app::on_sqlite;
use crate::browser::Browser;
use crate::life_cycle::record_in;

#[test]
fn a_record_with_two_tasks_is_resolved_by_keyboard() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        let open = || app.count("SELECT count(*) FROM tasks WHERE state = 'open'");
        sign_in(&browser, &app, &desk.agent);
        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        for (n, title) in ["Call the shop", "Order a part"].into_iter().enumerate() {
            browser.press("t");
            browser.until("the title to have the focus", || {
                browser.focused("#task_title")
            });
            browser.typed(title);
            // Who: Me stands first below Nobody.
            browser.press("Tab");
            browser.press("Down");
            tab_to(&browser, "input[name=task_blocking]");
            browser.press("Space");
            browser.press("Control+Enter");
            browser.until("the task", || open() == n as i64 + 1);
            browser.wait_for(".flash");
        }
        let lines = app.database.lines(
            "SELECT title || ' ' || blocking || ' ' || (assignee_id IS NOT NULL) AS line FROM tasks ORDER BY place",
        );
        assert_eq!(lines, ["Call the shop 1 1", "Order a part 1 1"]);
        // Saving leads to the new task; Tab would go on from there.
        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        tab_to(&browser, "form[action$='/done'] button");
        browser.press("Enter");
        browser.until("the first to be done", || open() == 1);
        browser.wait_for(".tasks details.fold");

        browser.press("e");
        browser.wait_url("/incidents/INC-*/resolution*");
        browser.wait_for("#blocked");
        assert!(browser.text("#blocked").contains("“Order a part”"));
        tab_to(&browser, "input[name=resolution_code]");
        browser.press("Space");
        browser.press("Tab");
        browser.typed("Put a new part in.");
        browser.press("Control+Enter");
        browser.until("the refusal", || {
            browser.exists("#form-errors")
                && browser.text("#form-errors").contains("“Order a part”")
        });
        assert_eq!(browser.value("#resolution_text"), "Put a new part in.");
        assert_eq!(app.record(record.id).state, "in_progress");

        browser.goto(&format!("{}{path}", app.address));
        browser.wait_for("#body");
        tab_to(&browser, "form[action$='/done'] button");
        browser.press("Enter");
        browser.until("the other to be done", || open() == 0);
        browser.wait_for(".flash");
        browser.press("e");
        browser.wait_url("/incidents/INC-*/resolution*");
        browser.until("the code to have the focus", || {
            browser.focused("input[name=resolution_code]")
        });
        browser.press("Space");
        browser.press("Tab");
        browser.typed("Put a new part in.");
        browser.press("Control+Enter");
        browser.until("the end", || app.record(record.id).state == "resolved");
        browser.assert_no_csp_violations();
    });
}
