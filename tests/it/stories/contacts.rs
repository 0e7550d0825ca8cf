//! Twelve calls for one outage, and a caller who phones again, by keyboard.

use std::io::Write as _;

use andon::people::Roles;
use andon::records::Kind;
use andon::records::actions::{self, HoldCommand};

use super::sign_in;
use crate::app::{LogCall, on_sqlite};
use crate::browser::Browser;
use crate::life_cycle::record_in;

fn tell(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

#[test]
fn twelve_calls_for_one_outage_give_one_incident() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let first = app.human("Karla Caller01", Roles::NONE);
        for n in 2..=12 {
            app.human(&format!("Karla Caller{n:02}"), Roles::NONE);
        }
        // The outage as monitoring saw it: all twelve who call are affected besides.
        app.log(
            &desk.agent,
            &LogCall::incident("Card readers decline every payment"),
        );
        sign_in(&browser, &app, &desk.agent);
        browser.wait_url("/queue*");
        browser.press("c");
        browser.wait_url("/calls/new");
        let mut most = 0;
        for n in 1..=12 {
            browser.wait_for("#req");
            browser.until("the caller to be asked for", || browser.focused("#req"));
            browser.forget_presses();
            browser.typed(&format!("caller{n:02}"));
            browser.wait_for("#people input[type=radio]");
            browser.press("Enter");
            browser.until("the title to be next", || browser.focused("#title"));
            browser.typed("Card readers decline payments");
            browser.wait_for("#seen button[name=join]");
            browser.press("Down");
            browser.until("the incident to be chosen", || {
                browser.focused("#seen button[name=join]")
            });
            browser.press("Enter");
            browser.until("the contact", || {
                app.count("SELECT count(*) FROM entries") == i64::from(n)
            });
            browser.wait_url("/calls/new?joined=INC-1");
            assert!(browser.text("main").contains("INC-1"));
            assert_eq!(browser.value("#title"), "", "the next form is empty");
            tell(&format!(
                "Call {n}: {} key presses: {}",
                browser.presses(),
                browser.pressed()
            ));
            most = most.max(browser.presses());
        }
        assert!(most <= 8, "{most} presses");
        assert_eq!(app.count("SELECT count(*) FROM records"), 1);
        assert_eq!(
            app.count("SELECT count(*) FROM involved WHERE role = 'affected'"),
            12
        );
        // The first calls again; nobody is counted twice.
        browser.typed("caller01");
        browser.wait_for("#people input[type=radio]");
        browser.press("Enter");
        browser.until("their record", || browser.text("#seen").contains("INC-1"));
        assert!(browser.text("#seen").contains(&first.name));
        // The seventh's name finds it at once, and a contact is one key from there.
        browser.goto(&format!("{}/search?q=caller07", app.address));
        browser.wait_for(".results > li");
        assert!(browser.text(".results").contains("INC-1"));
        browser.press("p");
        browser.wait_url("/incidents/INC-1/contacts");
        browser.assert_no_csp_violations();
    });
}

#[test]
fn a_held_records_caller_phones_and_chases() {
    let Some(browser) = Browser::start((1440, 900), false, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let command = HoldCommand {
            reason: "requester".into(),
            question: "Which floor?".into(),
            ..HoldCommand::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            let practice = andon::follow::practice_of(Kind::Incident);
            actions::hold(w, v, ctx, practice, record.number(), &command)
        })
        .unwrap();
        sign_in(&browser, &app, &desk.agent);
        app.travel(time::Duration::minutes(47));
        browser.goto(&format!("{}{}", app.address, app.path(&record)));
        let contact = |text: &str| {
            browser.wait_for(".thread");
            browser.press("p");
            browser.wait_url("/incidents/INC-*/contacts");
            browser.until("the text to be next", || browser.focused("#contact_text"));
            browser.typed(text);
            browser.press("Control+Enter");
            browser.wait_for(".thread");
            browser.until("the contact", || browser.text(".thread").contains(text));
        };
        contact("The third, by the window");
        assert_eq!(app.record(record.id).state, "in_progress");
        let ended = "SELECT count(*) FROM holds h JOIN entries e ON e.record_id = h.record_id \
                     WHERE e.audience = 'contact' AND h.ended_at = e.at";
        assert_eq!(app.count(ended), 1, "the hold ends at that minute");
        assert!(!browser.text(".head").contains("Chased"));
        contact("Is anybody coming?");
        contact("Hello?");
        assert!(browser.text(".head").contains("Chased 2 times"));
        browser.goto(&format!("{}/queue?view=open", app.address));
        assert!(browser.text(".queue").contains("Chased 2 times"));
        browser.assert_no_csp_violations();
    });
}
