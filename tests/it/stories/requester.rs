//! A requester on a telephone, without JavaScript: what is asked, the answer, confirming it.

use super::sign_in;
use crate::app::{App, Desk, on_sqlite};
use crate::browser::Browser;
use crate::library::library;
use crate::life_cycle::record_in;
use andon::follow::practice_of;
use andon::records::actions::{self, HoldCommand};
use andon::records::{Kind, Record};

/// Fits, and everybody can use it.
#[track_caller]
fn holds(browser: &Browser) {
    assert!(browser.no_sideways_scroll(), "{}", browser.url());
    assert_eq!(browser.axe(), Vec::<String>::new(), "{}", browser.url());
}

fn asked(app: &App, desk: &Desk) -> Record {
    let record = record_in(app, desk, Kind::Incident, "in_progress");
    let command = HoldCommand {
        reason: "requester".into(),
        question: "Which printer is it?".into(),
        ..HoldCommand::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(
            w,
            v,
            ctx,
            practice_of(record.kind),
            record.number(),
            &command,
        )
    })
    .unwrap()
}

#[test]
fn a_requester_answers_confirms_and_asks_again_on_a_telephone_without_javascript() {
    let Some(browser) = Browser::start((360, 740), false, false) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        let asked = asked(&app, &desk);
        let solved = record_in(&app, &desk, Kind::Incident, "resolved");
        sign_in(&browser, &app, &desk.requester);
        browser.wait_url("/portal");
        holds(&browser);
        let page = |record: &Record| format!("{}{}", app.address, record.number().portal_path());
        let state = |record: &Record| app.record(record.id).state;
        browser.goto(&page(&asked));
        assert!(browser.text("#question").contains("Which printer is it?"));
        holds(&browser);
        browser.fill("#body", "The one in 3.14.");
        browser.click("#reply button");
        browser.until("the answer", || state(&asked) == "in_progress");
        browser.goto(&page(&solved));
        holds(&browser);
        browser.click("form[action$='/confirmation'] button");
        browser.until("the confirmation", || state(&solved) == "closed");
        browser.goto(&page(&solved));
        browser.click("#acts summary");
        browser.fill("#what", "It is back.");
        holds(&browser);
        browser.click("form[action$='/recurrence'] button");
        browser.wait_url("/portal/INC-3");
        assert!(browser.text(".thread").contains("It is back."));
    });
}

#[test]
fn requesters_pages_fit_and_are_usable_in_light_and_dark() {
    for (size, dark) in [((360, 740), true), ((1440, 900), false)] {
        let Some(browser) = Browser::start(size, dark, true) else {
            return;
        };
        on_sqlite(|app| {
            let desk = app.desk();
            let library = library(&app, &desk);
            sign_in(&browser, &app, &desk.requester);
            browser.wait_url("/portal");
            holds(&browser);
            let mut paths = app.visit(&desk.requester).page("/portal").doc().links();
            paths.retain(|path| path.starts_with("/portal/"));
            assert!(paths.len() > 7, "{paths:?}");
            paths.push(library.foreign.number().portal_path());
            for path in paths {
                browser.goto(&format!("{}{path}", app.address));
                holds(&browser);
            }
            browser.assert_no_csp_violations();
        });
    }
}
