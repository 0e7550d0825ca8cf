//! The approve page as an approver has it in the hand: 360 px, with and without JavaScript.

use std::path::Path;

use andon::approvals::Decision;

use super::*;
use crate::app::on_sqlite;
use crate::browser::Browser;
use crate::stories::sign_in;

fn approve(dark: bool, javascript: bool) {
    let Some(browser) = Browser::start((360, 740), dark, javascript) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = asked(&app, &desk);
        browser.goto(&format!("{}{}", app.address, page_of(&record)));
        sign_in(&browser, &app, &desk.approver);
        browser.goto(&format!("{}/approvals", app.address));
        assert!(browser.no_sideways_scroll());
        browser.click(".asked a");
        browser.wait_for("#decide");
        assert!(browser.no_sideways_scroll(), "{}", browser.width());
        browser.assert_accessible();
        let name = format!("approve-{dark}-{javascript}.png");
        browser.screenshot(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        // Two thumbs: both buttons are as high as one.
        let high = "return Math.min(...[...document.querySelectorAll('.decide .big')].map(b => b.offsetHeight))";
        if javascript {
            assert!(browser.evaluate(high, Vec::new()).as_i64().unwrap() >= 44);
        }
        browser.fill("#comment", "Fine by me");
        browser.click(".decide button[value=approve]");
        browser.wait_for(".flash");
        assert!(browser.source().contains("Your vote is counted"));
        assert_eq!(decision(&app, &record), None::<Decision>);
        browser.assert_no_csp_violations();
    });
}

#[test]
fn approving_on_a_telephone() {
    approve(false, true);
}

#[test]
fn approving_on_a_telephone_in_the_dark_without_a_script() {
    approve(true, false);
}
