//! A problem by keyboard: its fix is a change, which goes well; the problem is watched, and those who
//! waited for it are resolved together, as it is shown before.

use time::Duration;

use super::{sign_in, tab_to};
use crate::app::{App, Human, on_sqlite};
use crate::browser::Browser;
use crate::changes::{scheduled, start};
use crate::problems::{caused, incident, problem, state};

/// The next one signs in at the same window.
fn hand_over(browser: &Browser, app: &App, person: &Human) {
    browser.click(".menu.user > summary");
    browser.click("form[action='/logout'] button");
    browser.wait_for("#login");
    sign_in(browser, app, person);
}

/// Chooses what begins with a letter, of the list that has the focus.
fn choose(browser: &Browser, css: &str, begins: &str, value: &str) {
    tab_to(browser, css);
    browser.typed(begins);
    browser.until(value, || browser.value(css) == value);
}

#[test]
fn a_fix_that_went_well_resolves_what_waited_in_one_press() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        let waiting = ["Drawer one stays shut", "Drawer two stays shut"];
        let waiting = waiting.map(|title| incident(&app, &desk, title));
        for one in &waiting {
            caused(&app, &desk, one, &known);
        }
        let change = scheduled(&app, &desk, "Replace the driver", 1, 3).number();
        let at = |path: &str| format!("{}{}{path}", app.address, known.number().path());

        sign_in(&browser, &app, &desk.agent);
        browser.goto(&at(""));
        browser.wait_for("#body");
        browser.press("o");
        tab_to(&browser, ".head a[href$='/fix']");
        browser.press("Enter");
        browser.wait_for("#change");
        tab_to(&browser, "#change");
        browser.typed(&change.to_string());
        browser.press("Enter");
        browser.until("the plan", || state(&app, &known) == "fix_planned");

        // The change goes well.
        app.travel(Duration::minutes(70));
        start(&app, &desk, change).unwrap();
        assert_eq!(state(&app, &known), "fix_in_progress");
        app.travel(Duration::minutes(20));
        sign_in(&browser, &app, &desk.colleague);
        browser.goto(&format!("{}{}/outcome", app.address, change.path()));
        browser.wait_for("#outcome");
        choose(&browser, "#outcome", "Su", "successful");
        tab_to(&browser, "#outcome_text");
        browser.typed("Both drawers open again.");
        browser.press("Control+Enter");
        browser.until("the fix to be watched", || {
            state(&app, &known) == "verifying"
        });
        browser.wait_for(".flash");

        // What will happen is on the page that does it.
        hand_over(&browser, &app, &desk.agent);
        browser.goto(&at(""));
        browser.wait_for("#body");
        browser.press("o");
        tab_to(&browser, ".head a[href$='/linked-resolution']");
        browser.press("Enter");
        browser.wait_for("#resolution_code");
        let shown = browser.text("main");
        for number in ["INC-1", "INC-2"] {
            assert!(shown.contains(number), "{shown}");
        }
        browser.assert_accessible();
        assert!(browser.no_sideways_scroll());
        choose(&browser, "#resolution_code", "Fixed", "fixed");
        tab_to(&browser, "#resolution_text");
        browser.typed("The driver was replaced.");
        browser.press("Control+Enter");
        let resolved = || {
            waiting
                .iter()
                .all(|one| app.record(one.id).state == "resolved")
        };
        browser.until("both ends", resolved);
        browser.wait_for(".flash");

        // It held: the problem is resolved by itself when its days are over.
        assert_eq!(state(&app, &known), "verifying");
        app.travel(Duration::days(15));
        app.work();
        assert_eq!(state(&app, &known), "resolved");
        browser.assert_no_csp_violations();
        crate::instants::verified(&app);
    });
}
